/* http_loop: HTTP requests on a libuv loop, whose answers may be long or never end: the body comes in pieces. TLS 1.2 at
 * least; redirections are not followed. The only place of libcurl beside policyd/output. Loop thread only. */
#ifndef VITRINE_HTTP_LOOP_H
#define VITRINE_HTTP_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "proto/base/bytes.h"
#include "proto/base/status.h"

enum {
	HTTP_LOOP_MAX_CALLS = 64,              /* at once; more are refused: the caller has a queue or a bound of its own */
	HTTP_LOOP_CONNECT_MS = 10 * 1000,
	HTTP_LOOP_MAX_SECRET_BYTES = 16 << 10, /* a token of the Kubernetes API has 1 to 2 KiB */
};

struct http_loop;
struct http_call;

/* How a call ended. */
struct http_loop_end {
	int status;                            /* of HTTP; 0: no answer came, or it broke off */
	uint32_t retry_after_ms;               /* 0: not said */
	char error[256];                       /* why there is no status, or why the body broke off; "" else */
};

struct http_loop_request {
	const char *url;
	const char *method;                    /* NULL: GET, with a body POST */
	const char *bearer;                    /* NULL: none */
	const char *accept, *content_type;     /* NULL: none */
	const void *body;                      /* copied */
	size_t body_len;
	const char *ca_file;                   /* alone trusted; NULL: the system's certificates */
	const char *cert_file, *key_file;      /* own certificate; NULL: none */
	struct view ca_pem, cert_pem, key_pem; /* the same from memory, copied; empty: none */
	const char *proxy;                     /* NULL: as the environment says */
	const char *connect_to;                /* "ADDRESS" dialled instead of the URL's host, whose name is still checked; NULL: none */
	bool insecure;                         /* takes any certificate */
	uint32_t idle_ms;                      /* without a byte for so long it is given up (whole seconds); 0: never */
	uint32_t total_ms;                     /* 0: no end */
	/* The head of the answer has come; NULL: nobody asks. The body of a watch may be long in coming. */
	void (*answered)(void *ctx, int status);
	/* A piece of the body; status: of the answer. False: enough, break off. */
	bool (*piece)(void *ctx, int status, const char *ptr, size_t len);
	/* Once, unless cancelled. It may begin other calls. */
	void (*done)(void *ctx, const struct http_loop_end *end);
	void *ctx;
};

/* user_agent: must outlive it. ST_NOMEM. */
enum status http_loop_create(uv_loop_t *loop, const char *user_agent, struct http_loop **out);
void http_loop_close(struct http_loop *h);         /* cancels what is open; not from within `piece`; NULL is fine */
void http_loop_release(struct http_loop *h);       /* after the loop has ended */

/* The request's texts are copied. ST_LIMIT: too many calls, or a text too long or with line breaks; ST_MALFORMED: no URL of
 * http or https; ST_NOMEM. */
enum status http_loop_begin(struct http_loop *h, const struct http_loop_request *r, struct http_call **out);
/* Its functions are not called any more. Also from within them; not after `done`. NULL is fine. */
void http_call_cancel(struct http_call *c);

#endif
