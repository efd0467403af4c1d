/* certificate: a certificate for the relay's own name, with a CA made for it alone, whose key is thrown away: nobody can make a
 * second one. Any thread. */
#ifndef VITRINE_RELAY_CERTIFICATE_H
#define VITRINE_RELAY_CERTIFICATE_H

#include "proto/base/buf.h"

enum {
	CERTIFICATE_DAYS = 3650,
	CERTIFICATE_RENEW_DAYS = 365,          /* left: then an upgrade of the chart makes a new one */
	CERTIFICATE_MAX_BYTES = 16 << 10,
};

/* PEM. */
struct certificate {
	struct buf ca, cert, key;
};

/* host: RELAY.NAMESPACE.svc; the certificate is for that and for the same with .cluster.local. ST_LIMIT: too long a name;
 * ST_NOMEM: OpenSSL could not. */
enum status certificate_make(const char *host, int days, struct certificate *out);
void certificate_release(struct certificate *c);       /* the key is wiped */

/* Whether a certificate, as PEM in base64 as Secrets hold it, is for that host and lasts for so many days more. */
bool certificate_serves(const char *base64, size_t len, const char *host, int days);

#endif
