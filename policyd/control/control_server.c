#include "policyd/control/control_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/log.h"
#include "proto/host/pipe_server.h"
#include "proto/wire/frame.h"

enum { READ_BYTES = 16 << 10 };

struct control_client {
	uv_pipe_t pipe;
	struct control_server *server;
	struct control_client *next;
	uint64_t number;
	unsigned phase;                       /* one of enum control_phase */
	struct frame_parser *parser;
	uint64_t opened_ms, moved_ms;         /* loop time: connected; queue last got shorter, or was empty */
	uint64_t frame_since_ms;              /* 0: no frame is half received */
	size_t queued_bytes;
	uint64_t requests_left;               /* until the next tick; a request that took long counts as several */
	bool closing, paused, subscribed;
	uint64_t subscription, missed;
	char room[READ_BYTES];
};

struct control_server {
	struct control_options options;
	struct pipe_server *listener;
	uv_timer_t tick;
	struct control_client *clients;
	struct control_stats stats;
	struct arena *arena;
	uint64_t next_number;
	size_t subscribers;
	struct log_limit log_limit;
	bool has_timer, closing;
};

struct outgoing {
	uv_write_t write;
	struct control_client *client;
	struct buf bytes;
};

/* What a client did wrong; anybody who may connect can do it as often as they like. */
static void complain(struct control_client *c, const char *what, const char *why)
{
	if (log_limit_passes(&c->server->log_limit, uv_now(c->server->options.loop)))
		log_line(LOG_LEVEL_WARNING, "control client %llu: %s: %s", (unsigned long long)c->number, what, why);
}

static void on_client_closed(uv_handle_t *handle)
{
	struct control_client *c = handle->data, **link = &c->server->clients;

	while (*link && *link != c)
		link = &(*link)->next;
	if (*link)
		*link = c->next;
	c->server->stats.clients--;
	frame_parser_destroy(c->parser);
	free(c);
}

static void close_client(struct control_client *c)
{
	if (c->closing)
		return;
	c->closing = true;
	if (c->subscribed)
		c->server->subscribers--;
	c->subscribed = false;
	uv_close((uv_handle_t *)&c->pipe, on_client_closed);
}

static void on_written(uv_write_t *write, int err)
{
	struct outgoing *o = write->data;
	struct control_client *c = o->client;

	c->queued_bytes -= o->bytes.len;
	c->moved_ms = uv_now(c->server->options.loop);
	buf_release(&o->bytes);
	free(o);
	if (err)
		close_client(c);
}

static void send_answer(struct control_client *c, const struct control_answer *a)
{
	struct outgoing *o = c->closing ? NULL : calloc(1, sizeof *o);
	uv_buf_t bytes;

	if (!o)
		return;
	buf_init(&o->bytes, LIMIT_FRAME_BODY_BYTES + FRAME_HEADER_BYTES);
	o->client = c;
	o->write.data = o;
	if (control_encode_answer(a, &o->bytes) != ST_OK || c->queued_bytes + o->bytes.len > CONTROL_QUEUE_BYTES)
		goto failed;
	bytes = uv_buf_init((char *)o->bytes.data, (unsigned)o->bytes.len);
	if (c->queued_bytes == 0)
		c->moved_ms = uv_now(c->server->options.loop);
	c->queued_bytes += o->bytes.len;
	if (uv_write(&o->write, (uv_stream_t *)&c->pipe, &bytes, 1, on_written) == 0)
		return;
	c->queued_bytes -= o->bytes.len;
failed:
	buf_release(&o->bytes);
	free(o);
	c->server->stats.too_slow++;
	close_client(c);
}

void control_reply(struct control_client *c, const struct control_request *request, struct view body)
{
	do {
		size_t n = body.len < CONTROL_PART_BYTES ? body.len : CONTROL_PART_BYTES;
		struct control_answer a = { .id = request->id, .outcome = CONTROL_DONE, .body = { body.ptr, n },
			.more = n < body.len };

		send_answer(c, &a);
		body.ptr += n;
		body.len -= n;
	} while (body.len && !c->closing);
}

void control_reply_failed(struct control_client *c, uint64_t id, const char *message)
{
	struct control_answer a = { .id = id, .outcome = CONTROL_FAILED, .message = message };

	send_answer(c, &a);
}

void control_subscribe(struct control_client *c, uint64_t id)
{
	if (!c->subscribed)
		c->server->subscribers++;
	c->subscribed = true;
	c->subscription = id;
}

void control_push(struct control_server *s, const char *body, size_t len)
{
	for (struct control_client *c = s->clients; c; c = c->next) {
		struct control_answer a = { .id = c->subscription, .body = { (const uint8_t *)body, len }, .more = true };

		if (!c->subscribed || c->closing)
			continue;
		if (c->queued_bytes + len > CONTROL_TAIL_BYTES) {
			c->missed++;
			s->stats.tail_missed++;
			continue;
		}
		if (c->missed)
			a.message = "alerts were left out: the connection is too slow";
		c->missed = 0;
		send_answer(c, &a);
	}
}

size_t control_subscribers(const struct control_server *s)
{
	return s ? s->subscribers : 0;
}

uint64_t control_client_number(const struct control_client *c)
{
	return c->number;
}

struct control_client *control_find_client(struct control_server *s, uint64_t number)
{
	for (struct control_client *c = s->clients; c; c = c->next) {
		if (c->number == number)
			return c->closing ? NULL : c;
	}
	return NULL;
}

const struct control_stats *control_server_stats(const struct control_server *s)
{
	return &s->stats;
}

static void refuse(struct control_client *c, uint64_t id, const char *why)
{
	struct control_answer a = { .id = id, .outcome = CONTROL_REFUSED, .message = why };

	send_answer(c, &a);
}

static void dispatch(struct control_client *c, const struct control_request *r)
{
	const struct control_options *o = &c->server->options;

	c->server->stats.requests++;
	if (r->kind == CONTROL_HELLO && c->phase == CONTROL_NEW) {
		if (r->version != CONTROL_VERSION) {
			refuse(c, r->id, "another version of the control protocol; policyctl and policyd must fit");
			return;
		}
		c->phase = CONTROL_READY;
		control_reply(c, r, (struct view){ (const uint8_t *)o->hello, strlen(o->hello) });
		return;
	}
	for (size_t i = 0; i < o->row_count; i++) {
		if (o->rows[i].kind != r->kind)
			continue;
		if (o->rows[i].allowed_in & c->phase)
			o->rows[i].handle(o->ctx, c, r);
		else
			refuse(c, r->id, "not permitted now: HELLO comes first");
		return;
	}
	refuse(c, r->id, "this request is not known here");
}

static enum status on_frame(void *ctx, const struct frame *f, struct diag *why)
{
	struct control_client *c = ctx;
	struct control_request request;
	uint64_t start_ns, cost = 1;
	enum status st = f->type == FRAME_REQUEST ? control_decode_request(f->body, c->server->arena, &request) : ST_MALFORMED;

	if (st != ST_OK)
		return diag_set(why, st, "not a request");
	if (c->closing)
		return ST_STOPPED;
	if (c->requests_left == 0) {
		refuse(c, request.id, "too many requests at once");
	} else {
		start_ns = uv_hrtime();
		dispatch(c, &request);
		cost += (uv_hrtime() - start_ns) / CONTROL_REQUEST_NS;
		c->requests_left -= cost < c->requests_left ? cost : c->requests_left;
	}
	arena_reset(c->server->arena);
	return ST_OK;
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct control_client *c = handle->data;

	(void)suggested;
	*out = uv_buf_init(c->room, READ_BYTES);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct control_client *c = stream->data;
	struct diag why = DIAG_INIT, none = DIAG_INIT;

	if (n == 0 || c->closing)
		return;
	if (n < 0) {
		close_client(c);
		return;
	}
	if (frame_parser_feed(c->parser, room->base, (size_t)n, &why) != ST_OK) {
		if (c->closing)
			return;
		c->server->stats.malformed++;
		complain(c, "closed", why.text);
		close_client(c);
		return;
	}
	if (frame_parser_finish(c->parser, &none) == ST_OK)
		c->frame_since_ms = 0;
	else if (c->frame_since_ms == 0)
		c->frame_since_ms = uv_now(c->server->options.loop);
	if (!c->closing && (c->requests_left == 0 || c->queued_bytes > CONTROL_TAIL_BYTES)) {
		c->paused = true;
		uv_read_stop(stream);
	}
}

/* Which bound of time a client has passed; NULL: none. */
static const char *too_slow(const struct control_client *c, uint64_t now)
{
	if (c->phase == CONTROL_NEW && now - c->opened_ms > CONTROL_HELLO_MS)
		return "no HELLO in time";
	if (c->frame_since_ms && now - c->frame_since_ms > CONTROL_FRAME_MS)
		return "a request that does not end";
	if (c->queued_bytes && now - c->moved_ms > CONTROL_STALL_MS)
		return "answers are not taken";
	return NULL;
}

static void on_tick(uv_timer_t *timer)
{
	struct control_server *s = timer->data;
	uint64_t now = uv_now(s->options.loop);

	log_limit_tell(&s->log_limit, now, "control clients");
	for (struct control_client *c = s->clients; c; c = c->next) {
		const char *why = c->closing ? NULL : too_slow(c, now);

		if (why) {
			s->stats.too_slow++;
			complain(c, "closed", why);
			close_client(c);
			continue;
		}
		c->requests_left = CONTROL_REQUESTS_PER_TICK;
		if (c->paused && !c->closing && c->queued_bytes <= CONTROL_TAIL_BYTES) {
			c->paused = false;
			uv_read_start((uv_stream_t *)&c->pipe, on_room, on_read);
		}
	}
}

static bool admit(struct control_client *c)
{
	struct control_server *s = c->server;
	struct diag why = DIAG_INIT;
	enum status st = pipe_server_accept(s->listener, &c->pipe, &why);

	if (st == ST_UNSUPPORTED) {
		s->stats.refused_peer++;
		complain(c, "refused", why.text);
	}
	if (st != ST_OK)
		return false;
	if (s->stats.clients > s->options.max_clients) {
		s->stats.refused_full++;
		complain(c, "refused", "too many clients");
		return false;
	}
	return true;
}

static void on_connection(void *ctx, int err)
{
	struct control_server *s = ctx;
	struct control_client *c = err ? NULL : calloc(1, sizeof *c);

	if (!c)
		return;
	uv_pipe_init(s->options.loop, &c->pipe, 0);
	c->pipe.data = c;
	c->server = s;
	c->number = ++s->next_number;
	c->phase = CONTROL_NEW;
	c->opened_ms = uv_now(s->options.loop);
	c->requests_left = CONTROL_REQUESTS_PER_TICK;
	c->parser = frame_parser_create(on_frame, c);
	c->next = s->clients;
	s->clients = c;
	s->stats.clients++;
	s->stats.connections++;
	if (c->parser)
		frame_parser_set_max_body(c->parser, CONTROL_MAX_REQUEST_BYTES);
	if (!c->parser || !admit(c) ||
		uv_read_start((uv_stream_t *)&c->pipe, on_room, on_read) != 0)
		close_client(c);
}

enum status control_server_open(const struct control_options *o, struct control_server **out, struct diag *why)
{
	struct control_server *s = calloc(1, sizeof *s);
	const struct pipe_options pipe = { .name = o->path, .direction = PIPE_BOTH };
	enum status st;

	*out = s;
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->options = *o;
	s->arena = arena_create(CONTROL_ARENA_BYTES);
	if (!s->arena)
		return diag_set(why, ST_NOMEM, "out of memory");
	st = pipe_server_open(o->loop, &pipe, &s->listener, why);
	if (st != ST_OK)
		return st;
	uv_timer_init(o->loop, &s->tick);
	s->tick.data = s;
	s->has_timer = true;
	uv_timer_start(&s->tick, on_tick, CONTROL_TICK_MS, CONTROL_TICK_MS);
	return pipe_server_listen(s->listener, on_connection, s, why);
}

void control_server_close(struct control_server *s)
{
	if (!s || s->closing)
		return;
	s->closing = true;
	for (struct control_client *c = s->clients; c; c = c->next)
		close_client(c);
	pipe_server_close(s->listener);
	if (s->has_timer)
		uv_close((uv_handle_t *)&s->tick, NULL);
}

void control_server_release(struct control_server *s)
{
	if (!s)
		return;
	arena_destroy(s->arena);
	free(s);
}
