/* tls_link: TLS 1.2 and later over bytes that somebody else moves. The only place of OpenSSL in the relay. One thread. */
#ifndef VITRINE_RELAY_TLS_LINK_H
#define VITRINE_RELAY_TLS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/status.h"

struct tls_side;
struct tls_link;

/* The side of a server: certificate chain and key, PEM files. ST_MALFORMED: they do not serve; ST_NOMEM. */
enum status tls_side_server(const char *cert_file, const char *key_file, struct tls_side **out, struct diag *why);
/* The side of a client that trusts the CA file only, for `host`. */
enum status tls_side_client(const char *ca_file, const char *host, struct tls_side **out, struct diag *why);
void tls_side_destroy(struct tls_side *s);             /* links made of it go on; NULL is fine */
/* When the own certificate ends, in seconds since 1970; 0: it has none. */
int64_t tls_side_expires(const struct tls_side *s);

struct tls_link *tls_link_create(const struct tls_side *s);    /* NULL: out of memory */
void tls_link_destroy(struct tls_link *l);             /* NULL is fine */

/* Bytes from the other side. False: no memory. */
bool tls_link_feed(struct tls_link *l, const void *ptr, size_t len);
/* What the other side said: bytes put out; 0: nothing more now; -1: it has said goodbye, or what came is no TLS. */
int tls_link_read(struct tls_link *l, void *out, size_t bytes);
/* Says something. False: hands are not shaken yet, or it is over. */
bool tls_link_write(struct tls_link *l, const void *ptr, size_t len);
void tls_link_goodbye(struct tls_link *l);
/* Bytes to move to the other side; then that many are taken away. */
size_t tls_link_pending(const struct tls_link *l);
size_t tls_link_take(struct tls_link *l, void *out, size_t bytes);

/* SHA-256, for looking secrets up without keeping them. */
enum { TLS_DIGEST_BYTES = 32 };
bool tls_digest(const void *ptr, size_t len, uint8_t out[TLS_DIGEST_BYTES]);

#endif
