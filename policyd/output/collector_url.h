/* collector_url: what COLLECTOR_URL and COLLECTOR_PORT of the installer mean: an OTLP endpoint. Any thread. */
#ifndef VITRINE_OUTPUT_COLLECTOR_URL_H
#define VITRINE_OUTPUT_COLLECTOR_URL_H

#include <stddef.h>

#include "proto/base/status.h"

enum { COLLECTOR_DEFAULT_PORT = 6443, COLLECTOR_URL_MAX_BYTES = 1024 };

/* url: a host ("collector.example", "10.0.0.5", "[fd00::1]", with ":PORT" or not), or a URL whose scheme, port and path
 * win over the defaults https, `port` and /v1/logs. port: NULL or "": COLLECTOR_DEFAULT_PORT.
 * ST_MALFORMED: not a host or URL of http or https, a user or password in it (they belong in ACCESS_KEY), or no port. */
enum status collector_url_endpoint(const char *url, const char *port, char out[COLLECTOR_URL_MAX_BYTES], struct diag *why);

#endif
