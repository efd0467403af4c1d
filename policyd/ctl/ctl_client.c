#include "policyd/ctl/ctl_client.h"

#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "proto/host/host_names.h"
#include "proto/host/interrupt.h"
#include "proto/host/pipe.h"
#include "proto/wire/frame.h"

enum { READ_BYTES = 64 << 10, TICK_MS = 100 };

struct ctl_client {
	uv_loop_t loop;
	uv_pipe_t pipe;
	uv_timer_t timer, tick;
	uv_write_t write;
	struct frame_parser *parser;
	struct arena *arena;
	uint64_t next_id;
	enum status st;                /* of the connection; sticks */
	struct diag why;
	bool done, timed_out;          /* of the call that waits */
	struct buf *body;
	ctl_show *show;
	void *ctx;
	int outcome;
	char room[READ_BYTES];
};

static void fail(struct ctl_client *c, enum status st, const char *text)
{
	if (c->st == ST_OK)
		c->st = diag_set(&c->why, st, "%s", text);
	c->done = true;
}

static enum status on_frame(void *ctx, const struct frame *f, struct diag *why)
{
	struct ctl_client *c = ctx;
	struct control_answer a;

	if (f->type != FRAME_ANSWER || control_decode_answer(f->body, c->arena, &a) != ST_OK)
		return diag_set(why, ST_MALFORMED, "the other side does not speak the control protocol");
	if (a.id != c->next_id || c->done) {
		arena_reset(c->arena);
		return ST_OK;    /* of a request that is not waited for any more */
	}
	c->outcome = a.outcome;
	if (a.outcome != CONTROL_DONE) {
		diag_set(&c->why, ST_MALFORMED, "%s", a.message);
		c->done = true;
	} else if (c->show) {
		c->done = !c->show(c->ctx, a.body, a.message);
	} else {
		buf_append(c->body, a.body.ptr, a.body.len);
		c->done = !a.more;
	}
	arena_reset(c->arena);
	return ST_OK;
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct ctl_client *c = handle->data;

	(void)suggested;
	*out = uv_buf_init(c->room, READ_BYTES);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct ctl_client *c = stream->data;
	struct diag why = DIAG_INIT;
	enum status st;

	if (n < 0) {
		fail(c, ST_TRUNCATED, "policyd closed the connection");
		return;
	}
	st = frame_parser_feed(c->parser, room->base, (size_t)n, &why);
	if (st != ST_OK)
		fail(c, st, why.text);
}

static void on_timer(uv_timer_t *timer)
{
	fail(timer->data, ST_SYSTEM, "policyd does not answer");
}

static void on_tick(uv_timer_t *timer)
{
	struct ctl_client *c = timer->data;

	if (interrupt_seen())
		c->done = true;
}

static void wait_until_done(struct ctl_client *c, uint64_t ms)
{
	c->done = c->st != ST_OK;
	if (ms)
		uv_timer_start(&c->timer, on_timer, ms, 0);
	while (!c->done)
		uv_run(&c->loop, UV_RUN_ONCE);
	uv_timer_stop(&c->timer);
}

static void on_sent(uv_write_t *write, int err)
{
	if (err)
		fail(write->data, ST_SYSTEM, uv_strerror(err));
	((struct ctl_client *)write->data)->done = true;
}

static enum status send_request(struct ctl_client *c, const struct control_request *request)
{
	struct control_request own = *request;
	struct buf bytes;
	uv_buf_t out;

	own.version = CONTROL_VERSION;
	own.id = ++c->next_id;
	buf_init(&bytes, CONTROL_MAX_REQUEST_BYTES + FRAME_HEADER_BYTES);
	if (control_encode_request(&own, &bytes) != ST_OK)
		fail(c, ST_LIMIT, "the request is too long");
	out = uv_buf_init((char *)bytes.data, (unsigned)bytes.len);
	c->write.data = c;
	/* The answer is not looked at before the request is out, so bytes may go then. */
	if (c->st == ST_OK && uv_write(&c->write, (uv_stream_t *)&c->pipe, &out, 1, on_sent) != 0)
		fail(c, ST_SYSTEM, "cannot write to policyd");
	wait_until_done(c, CTL_CONNECT_MS);
	buf_release(&bytes);
	return c->st;
}

static enum status outcome_of(struct ctl_client *c, struct diag *why)
{
	if (c->st == ST_OK && c->outcome == CONTROL_DONE)
		return ST_OK;
	if (why)
		*why = c->why;
	return c->st != ST_OK ? c->st : ST_MALFORMED;
}

enum status ctl_client_ask(struct ctl_client *c, const struct control_request *request, struct buf *body, struct diag *why)
{
	c->body = body;
	c->show = NULL;
	c->outcome = CONTROL_DONE;
	if (send_request(c, request) == ST_OK) {
		uv_read_start((uv_stream_t *)&c->pipe, on_room, on_read);
		wait_until_done(c, CTL_ANSWER_MS);
		uv_read_stop((uv_stream_t *)&c->pipe);
	}
	return outcome_of(c, why);
}

enum status ctl_client_follow(struct ctl_client *c, const struct control_request *request, ctl_show *show, void *ctx,
	struct diag *why)
{
	c->show = show;
	c->ctx = ctx;
	c->outcome = CONTROL_DONE;
	if (send_request(c, request) == ST_OK) {
		uv_timer_start(&c->tick, on_tick, TICK_MS, TICK_MS);
		uv_read_start((uv_stream_t *)&c->pipe, on_room, on_read);
		wait_until_done(c, 0);
		uv_read_stop((uv_stream_t *)&c->pipe);
		uv_timer_stop(&c->tick);
	}
	return outcome_of(c, why);
}

static enum status connect_to(struct ctl_client *c, const char *path, struct diag *why)
{
	const struct pipe_target target = { .name = path, .direction = PIPE_BOTH, .trust = PIPE_TRUST_FRIENDS,
		.service = SERVICE_POLICYD, .wait_ms = CTL_CONNECT_MS };
	enum status st;
	int fd;

	if (!c->parser || !c->arena)
		return diag_set(why, ST_NOMEM, "out of memory");
	st = pipe_connect(&target, &fd, why);
	if (st == ST_OK && uv_pipe_open(&c->pipe, fd) != 0)
		st = diag_set(why, ST_SYSTEM, "%s: the connection cannot be used", path);
	return st;
}

static enum status say_hello(struct ctl_client *c, const char *path, struct diag *why)
{
	const struct control_request hello = { .kind = CONTROL_HELLO };
	enum status st;
	struct buf body;

	buf_init(&body, CTL_BODY_BYTES);
	st = ctl_client_ask(c, &hello, &body, NULL);
	buf_release(&body);
	return st == ST_OK ? ST_OK : diag_set(why, st, "%s: %s", path, c->why.text);
}

enum status ctl_client_open(const char *path, struct ctl_client **out, struct diag *why)
{
	struct ctl_client *c = calloc(1, sizeof *c);
	enum status st;

	*out = NULL;
	if (!c || uv_loop_init(&c->loop) != 0) {
		free(c);
		return diag_set(why, ST_NOMEM, "out of memory");
	}
	c->parser = frame_parser_create(on_frame, c);
	c->arena = arena_create(CONTROL_ARENA_BYTES);
	uv_pipe_init(&c->loop, &c->pipe, 0);
	uv_timer_init(&c->loop, &c->timer);
	uv_timer_init(&c->loop, &c->tick);
	c->pipe.data = c->timer.data = c->tick.data = c;
	st = connect_to(c, path, why);
	if (st == ST_OK)
		st = say_hello(c, path, why);
	if (st == ST_OK)
		*out = c;
	else
		ctl_client_close(c);
	return st;
}

void ctl_client_close(struct ctl_client *c)
{
	if (!c)
		return;
	uv_close((uv_handle_t *)&c->pipe, NULL);
	uv_close((uv_handle_t *)&c->timer, NULL);
	uv_close((uv_handle_t *)&c->tick, NULL);
	uv_run(&c->loop, UV_RUN_DEFAULT);
	uv_loop_close(&c->loop);
	frame_parser_destroy(c->parser);
	arena_destroy(c->arena);
	free(c);
}
