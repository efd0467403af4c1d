/* api_conn: one connection of api_server, as its own files see it: bytes in and out in api_server.c, what is answered in
 * api_answer.c. */
#ifndef VITRINE_RELAY_API_CONN_H
#define VITRINE_RELAY_API_CONN_H

#include "policyd/relay/api_request.h"
#include "policyd/relay/api_server.h"

enum conn_state {
	CONN_READING,          /* a request is coming, or may come */
	CONN_ASKING,           /* who it is from */
	CONN_WATCHING,
	CONN_LEAVING,          /* all is said: closed when it is sent */
	CONN_CLOSED,
};

struct api_conn {
	uv_tcp_t tcp;
	struct api_server *server;
	struct api_conn *next, **at;
	struct tls_link *link;
	enum conn_state state;
	struct buf head;                       /* what was read and not understood yet */
	uint64_t since_ms;                     /* of the state */
	uint64_t watch_ends_ms, bookmark_ms;
	bool keep_alive, bookmarks, head_only;
	struct auth_wait wait;
	struct index_follower follower;
};

struct api_server {
	struct api_server_config config;
	const struct tls_side *side;
	uv_tcp_t listener;
	uv_timer_t tick;
	struct api_conn *conns;
	struct api_server_stats stats;
	struct buf text;                       /* of an answer being made */
	bool opened, closing;
	int port;
	char read_room[64 << 10], plain_room[16 << 10];
};

/* Says something. False: it could not, and the connection is closed now. */
bool api_conn_send(struct api_conn *c, const void *ptr, size_t len);
/* Has everything sent that was said. */
void api_conn_flush(struct api_conn *c);
/* The answer is whole: the next request, or goodbye. */
void api_conn_done(struct api_conn *c);
/* At once; also from within a follower's function. */
void api_conn_drop(struct api_conn *c);

/* In api_answer.c. The head of a request is there: answers it, now or when it is known who asks. */
void api_answer_begin(struct api_conn *c);
/* Once a second. */
void api_answer_tick(struct api_conn *c, uint64_t now_ms);

#endif
