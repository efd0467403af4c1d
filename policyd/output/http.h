/* http: POST requests over connections that are kept, several at a time. The only place of libcurl. TLS 1.2 at least,
 * against the system's certificates and an extra file; CONNECT proxies. Redirections are not followed: an agent tells its
 * alerts to the one it was pointed at. A client belongs to one thread. */
#ifndef VITRINE_OUTPUT_HTTP_H
#define VITRINE_OUTPUT_HTTP_H

#include "policyd/output/sink.h"
#include "proto/base/buf.h"

enum {
	HTTP_PARALLEL = 8,                     /* requests on the way at once; falcosidekick takes one alert a request */
	HTTP_TIMEOUT_MS = 30 * 1000,
	HTTP_CONNECT_TIMEOUT_MS = 10 * 1000,
	HTTP_MAX_ANSWER_BYTES = 64 * 1024,     /* of an answer's body; what is longer is read and thrown away */
};

struct http_client;

struct http_client_config {
	const struct output_config *output;    /* its http and tls; borrowed */
	const struct sink_env *env;
	const char *user_agent, *content_type; /* where the configuration names no other agent */
	bool gzip;                             /* bodies are compressed already; says so */
};

struct http_request {
	const void *body;
	size_t len;
};

/* Zeroed by the caller, body initialised (or max_bytes 0 for none). */
struct http_answer {
	int status;                            /* 0: none came, or it broke off */
	uint32_t retry_after_ms;
	bool protobuf;                         /* Content-Type of the body is application/x-protobuf */
	struct buf body;
	char error[256];                       /* why there is no status */
};

enum status http_client_create(const struct http_client_config *c, struct http_client **out, struct diag *why);
void http_client_destroy(struct http_client *c);    /* NULL is fine */

/* Returns when each has its answer. After a first one that must wait (no answer, 429, 503, ...) no more are begun: the
 * rest keeps status 0 without an error. */
void http_post_all(struct http_client *c, const struct http_request *requests, struct http_answer *answers, size_t count);

enum http_outcome { HTTP_ACCEPTED, HTTP_TRY_AGAIN, HTTP_REFUSED };
/* Source: opentelemetry-proto docs/specification.md, "Failures": 429, 502, 503, 504 and no answer are tried again. So is
 * 407, by which a proxy wants another password. */
enum http_outcome http_outcome(int status);

/* Marks alert i by answer i; retry time and the first error too. */
void http_mark(struct sink_result *r, size_t i, const struct http_answer *a);

#endif
