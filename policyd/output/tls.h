/* tls: byte streams to a peer over TCP, with or without TLS 1.2 and later. The only place of OpenSSL. One thread. */
#ifndef VITRINE_OUTPUT_TLS_H
#define VITRINE_OUTPUT_TLS_H

#include "policyd/output/sink.h"

enum { TLS_TIMEOUT_MS = 30 * 1000 };

/* Adds the certificates of a PEM file to what a libcurl handle trusts: ssl_ctx is its SSL_CTX. */
bool tls_trust_file(void *ssl_ctx, const char *path);

struct tls_peer {
	const char *host;                      /* also the name its certificate must have */
	uint16_t port;
	const struct output_tls *tls;          /* NULL: plain TCP */
	uint32_t timeout_ms;                   /* of a connect or a write; 0: TLS_TIMEOUT_MS */
	const struct sink_env *env;
};

struct tls_stream;

/* ST_SYSTEM: not reached, or not who it should be; ST_MALFORMED: a certificate file of ours does not serve. */
enum status tls_connect(const struct tls_peer *peer, struct tls_stream **out, struct diag *why);
/* All of it was handed to the system. False: the connection is of no use any more. */
bool tls_write(struct tls_stream *s, const void *ptr, size_t len);
/* The peer has closed or reset it, as far as can be known without waiting. What it sends is thrown away. */
bool tls_is_closed(struct tls_stream *s);
void tls_close(struct tls_stream *s);          /* says goodbye first; NULL is fine */

#endif
