/* service_names: port numbers by service name. A fixed table, so that a rule means the same on every system. */
#ifndef VITRINE_ENGINE_SERVICE_NAMES_H
#define VITRINE_ENGINE_SERVICE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False: unknown name. Source of names and numbers: IANA Service Name and Transport Protocol Port Number Registry. */
bool service_port(const char *name, size_t len, uint16_t *port);

#endif
