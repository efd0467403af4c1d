/* control_server: the control pipe's server side: connections, frames, limits. What a request does is a row of the
 * table it is given; what is permitted before HELLO is HELLO alone. A client that hangs, floods or sends garbage loses its
 * own connection and nothing else. Loop thread only. */
#ifndef VITRINE_CONTROL_SERVER_H
#define VITRINE_CONTROL_SERVER_H

#include <uv.h>

#include "proto/base/buf.h"
#include "proto/wire/control_codec.h"

enum {
	CONTROL_HELLO_MS = 5000,              /* a connection must have said HELLO by then */
	CONTROL_FRAME_MS = 10000,             /* a frame that was begun must have come whole */
	CONTROL_STALL_MS = 30000,             /* queued answers must have moved */
	CONTROL_REQUESTS_PER_TICK = 100,      /* of one client; more wait for the next tick */
	CONTROL_REQUEST_NS = 50000,           /* one that takes longer counts as several: 5 ms of the loop for a client a tick */
	CONTROL_TICK_MS = 500,
	CONTROL_QUEUE_BYTES = 16 << 20,       /* answers of one client that wait: a whole list of 10,000 rules fits */
	CONTROL_TAIL_BYTES = 1 << 20,         /* alerts of one client that wait; then they are counted only */
	CONTROL_PART_BYTES = 256 << 10,       /* one part of a long body */
};

struct control_server;
struct control_client;

enum control_phase { CONTROL_NEW = 1, CONTROL_READY = 2 };

typedef void control_handle(void *ctx, struct control_client *client, const struct control_request *request);

struct control_row {
	int kind;                             /* enum control_kind */
	unsigned allowed_in;                  /* mask of enum control_phase */
	control_handle *handle;
};

struct control_options {
	uv_loop_t *loop;
	const char *path;
	size_t max_clients;
	const struct control_row *rows;       /* all but HELLO, which the server answers itself */
	size_t row_count;
	const char *hello;                    /* JSON body of the answer to HELLO */
	void *ctx;
};

struct control_stats {
	uint64_t connections, refused_peer, refused_full, malformed, too_slow, requests, tail_missed;
	size_t clients;
};

/* ST_SYSTEM: the pipe cannot be made. *out is also set then, unless NULL: close and release it. */
enum status control_server_open(const struct control_options *o, struct control_server **out, struct diag *why);
void control_server_close(struct control_server *s);      /* NULL is fine */
void control_server_release(struct control_server *s);    /* after the loop has ended */
const struct control_stats *control_server_stats(const struct control_server *s);

/* Answers; the client is closed when it does not take them. Body in as many parts as needed. */
void control_reply(struct control_client *c, const struct control_request *request, struct view body);
void control_reply_failed(struct control_client *c, uint64_t id, const char *message);
/* From now on control_push reaches this client, as answers to this request. */
void control_subscribe(struct control_client *c, uint64_t id);
/* Every subscriber gets this body, or has it counted as missed. */
void control_push(struct control_server *s, const char *body, size_t len);
size_t control_subscribers(const struct control_server *s);

/* An answer that comes later: the client is named by a number, since it may be gone by then. */
uint64_t control_client_number(const struct control_client *c);
struct control_client *control_find_client(struct control_server *s, uint64_t number);    /* NULL: gone */

#endif
