#include "policyd/relay/api_server.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/relay/api_conn.h"
#include "proto/base/log.h"

enum { BACKLOG = 1024, TICK_MS = 1000 };

/* ---- one connection ---- */

static void on_closed(uv_handle_t *handle)
{
	struct api_conn *c = handle->data;

	*c->at = c->next;
	if (c->next)
		c->next->at = c->at;
	c->server->stats.connections--;
	tls_link_destroy(c->link);
	buf_release(&c->head);
	free(c);
}

void api_conn_drop(struct api_conn *c)
{
	if (c->state == CONN_CLOSED)
		return;
	c->server->stats.watches -= c->state == CONN_WATCHING;
	c->state = CONN_CLOSED;
	node_auth_cancel(c->server->config.auth, &c->wait);
	pod_index_unfollow(c->server->config.pods, &c->follower);
	uv_close((uv_handle_t *)&c->tcp, on_closed);
}

struct write {
	uv_write_t write;
	struct api_conn *conn;
	char bytes[];
};

static void on_written(uv_write_t *write, int err)
{
	struct write *w = (struct write *)(void *)write;
	struct api_conn *c = w->conn;

	free(w);
	if (err || (c->state == CONN_LEAVING && uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp) == 0))
		api_conn_drop(c);
}

void api_conn_flush(struct api_conn *c)
{
	size_t bytes = c->state == CONN_CLOSED ? 0 : tls_link_pending(c->link);
	struct write *w;
	uv_buf_t out;

	if (!bytes)
		return;
	w = malloc(sizeof *w + bytes);
	if (!w) {
		api_conn_drop(c);
		return;
	}
	w->conn = c;
	out = uv_buf_init(w->bytes, (unsigned)tls_link_take(c->link, w->bytes, bytes));
	if (uv_write(&w->write, (uv_stream_t *)&c->tcp, &out, 1, on_written) != 0) {
		free(w);
		api_conn_drop(c);
	}
}

bool api_conn_send(struct api_conn *c, const void *ptr, size_t len)
{
	if (c->state != CONN_CLOSED && tls_link_write(c->link, ptr, len))
		return true;
	api_conn_drop(c);
	return false;
}

void api_conn_done(struct api_conn *c)
{
	if (c->state == CONN_CLOSED)
		return;
	c->server->stats.watches -= c->state == CONN_WATCHING;
	pod_index_unfollow(c->server->config.pods, &c->follower);
	c->state = c->keep_alive ? CONN_READING : CONN_LEAVING;
	c->since_ms = uv_now(c->server->config.loop);
	if (!c->keep_alive)
		tls_link_goodbye(c->link);
	api_conn_flush(c);
	if (c->state == CONN_LEAVING && uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp) == 0)
		api_conn_drop(c);
}

static void look_at_head(struct api_conn *c)
{
	/* A request answered at once lets the next be looked at. */
	while (c->state == CONN_READING && c->head.len) {
		size_t before = c->head.len;

		api_answer_begin(c);
		if (c->state == CONN_READING && c->head.len == before)
			return;
	}
}

/* More than one request ahead is nobody's business. */
static void take_plain(struct api_conn *c, const char *ptr, size_t len)
{
	if (c->state == CONN_LEAVING)
		return;
	if (!buf_append(&c->head, ptr, len)) {
		c->server->stats.malformed++;
		api_conn_drop(c);
	}
}

static void take_cipher(struct api_conn *c, const char *ptr, size_t len)
{
	struct api_server *s = c->server;
	int n = -1;

	if (tls_link_feed(c->link, ptr, len)) {
		while (c->state != CONN_CLOSED && (n = tls_link_read(c->link, s->plain_room, sizeof s->plain_room)) > 0)
			take_plain(c, s->plain_room, (size_t)n);
	}
	api_conn_flush(c);                         /* of the handshake */
	look_at_head(c);
	if (n < 0)
		api_conn_drop(c);
	else
		api_conn_flush(c);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct api_conn *c = stream->data;

	if (n < 0)
		api_conn_drop(c);
	else if (n > 0 && c->state != CONN_CLOSED)
		take_cipher(c, room->base, (size_t)n);
}

/* One room for all: what is read is taken before the next is. */
static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct api_conn *c = handle->data;

	(void)suggested;
	*out = uv_buf_init(c->server->read_room, sizeof c->server->read_room);
}

static void on_connection(uv_stream_t *listener, int err)
{
	struct api_server *s = listener->data;
	struct api_conn *c = err ? NULL : calloc(1, sizeof *c);
	bool full = s->stats.connections >= API_MAX_CONNECTIONS;

	if (!c)
		return;
	uv_tcp_init(s->config.loop, &c->tcp);
	c->tcp.data = c;
	c->server = s;
	c->since_ms = uv_now(s->config.loop);
	buf_init(&c->head, API_MAX_HEAD_BYTES);
	c->at = &s->conns;
	c->next = s->conns;
	if (c->next)
		c->next->at = &c->next;
	s->conns = c;
	s->stats.connections++;
	s->stats.accepted++;
	s->stats.full += full;
	if (uv_accept(listener, (uv_stream_t *)&c->tcp) != 0 || full) {
		api_conn_drop(c);
		return;
	}
	uv_tcp_nodelay(&c->tcp, 1);
	uv_tcp_keepalive(&c->tcp, 1, 60);
	c->link = tls_link_create(s->side);
	if (!c->link || uv_read_start((uv_stream_t *)&c->tcp, on_room, on_read) != 0)
		api_conn_drop(c);
}

/* ---- the server ---- */

static bool is_late(const struct api_conn *c, uint64_t now_ms)
{
	uint64_t waited = now_ms - c->since_ms;

	return (c->state == CONN_READING && waited > (c->head.len || !c->keep_alive ? API_HANDSHAKE_MS : API_IDLE_MS)) ||
	       (c->state == CONN_LEAVING && waited > API_HANDSHAKE_MS);
}

static void on_tick(uv_timer_t *timer)
{
	struct api_server *s = timer->data;
	uint64_t now_ms = uv_now(s->config.loop);

	node_auth_expire(s->config.auth, now_ms);
	for (struct api_conn *c = s->conns; c; c = c->next) {
		if (is_late(c, now_ms)) {
			s->stats.timed_out += c->state != CONN_READING || c->head.len || !c->keep_alive;
			api_conn_drop(c);
		} else if (c->state == CONN_WATCHING) {
			api_answer_tick(c, now_ms);
		}
	}
}

static int listen_on(struct api_server *s, const struct sockaddr *address)
{
	struct sockaddr_storage bound;
	int len = sizeof bound, err;

	uv_tcp_init(s->config.loop, &s->listener);
	uv_timer_init(s->config.loop, &s->tick);
	s->listener.data = s->tick.data = s;
	s->opened = true;
	err = uv_tcp_bind(&s->listener, address, 0);
	if (!err)
		err = uv_listen((uv_stream_t *)&s->listener, BACKLOG, on_connection);
	if (!err)
		err = uv_tcp_getsockname(&s->listener, (struct sockaddr *)&bound, &len);
	/* The port stands at the same place in both families: RFC 3493 §3.3. */
	if (!err)
		s->port = ntohs(((const struct sockaddr_in *)(const void *)&bound)->sin_port);
	return err ? err : uv_timer_start(&s->tick, on_tick, TICK_MS, TICK_MS);
}

enum status api_server_open(const struct api_server_config *c, const struct tls_side *side, struct api_server **out, struct diag *why)
{
	struct api_server *s = calloc(1, sizeof *s);
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;
	int err;

	*out = s;
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->config = *c;
	s->side = side;
	buf_init(&s->text, API_MAX_ANSWER_BYTES);
	if (uv_ip4_addr(c->address, c->port, &v4) == 0)
		err = listen_on(s, (const struct sockaddr *)&v4);
	else if (uv_ip6_addr(c->address, c->port, &v6) == 0)
		err = listen_on(s, (const struct sockaddr *)&v6);
	else
		return diag_set(why, ST_SYSTEM, "%s is no address", c->address);
	if (err)
		return diag_set(why, ST_SYSTEM, "cannot listen on %s port %d: %s", c->address, c->port, uv_strerror(err));
	log_line(LOG_LEVEL_INFO, "relay: agents are served on %s port %d", c->address, s->port);
	return ST_OK;
}

void api_server_set_side(struct api_server *s, const struct tls_side *side)
{
	s->side = side;
}

void api_server_close(struct api_server *s)
{
	if (!s || s->closing)
		return;
	s->closing = true;
	for (struct api_conn *c = s->conns; c; c = c->next)
		api_conn_drop(c);
	if (!s->opened)
		return;
	uv_close((uv_handle_t *)&s->listener, NULL);
	uv_close((uv_handle_t *)&s->tick, NULL);
}

void api_server_release(struct api_server *s)
{
	if (!s)
		return;
	buf_release(&s->text);
	free(s);
}

int api_server_port(const struct api_server *s)
{
	return s->port;
}

const struct api_server_stats *api_server_stats(const struct api_server *s)
{
	return &s->stats;
}
