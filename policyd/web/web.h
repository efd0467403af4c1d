/* web: a small HTTP/1.1 server for probes and Prometheus: GET and HEAD of a few paths, one request a connection, bounded in
 * bytes, time and number. Loop thread only. */
#ifndef VITRINE_WEB_WEB_H
#define VITRINE_WEB_WEB_H

#include <uv.h>

#include "proto/base/buf.h"
#include "proto/base/status.h"

enum {
	WEB_MAX_CONNECTIONS = 32,      /* a probe, a scraper, and some who look */
	WEB_MAX_REQUEST_BYTES = 8192,  /* request line and headers; proxies add some */
	WEB_REQUEST_MS = 10000,        /* from the first moment to the last byte */
	WEB_MAX_ANSWER_BYTES = 16 << 20,
};

/* Fills the body and sets the type. Returns the HTTP status. */
typedef int web_answer(void *ctx, struct buf *body, const char **type);

struct web_page {
	const char *path;              /* NULL ends the table */
	web_answer *answer;
};

struct web_options {
	uv_loop_t *loop;
	const char *address;           /* IPv4 or IPv6 */
	int port;                      /* 0: any free one */
	const struct web_page *pages;  /* until a row without path; must outlive the server */
	void *ctx;
};

struct web_stats {
	uint64_t requests, refused, too_slow;
	size_t connections;
};

struct web;

/* ST_SYSTEM: cannot listen there. *out is also set then, unless NULL: close and release it. */
enum status web_open(const struct web_options *o, struct web **out, struct diag *why);
void web_close(struct web *w);      /* NULL is fine */
void web_release(struct web *w);    /* after the loop has ended */
int web_port(const struct web *w);
const struct web_stats *web_stats(const struct web *w);

/* What a request's first line asks for. False: no HTTP/1 request. path, query: start and length within `line`; the query
 * without its question mark. */
struct web_request {
	const char *path, *query;
	size_t path_len, query_len;
	bool head, other_method;
};
bool web_parse_request(const char *line, size_t len, struct web_request *out);

#endif
