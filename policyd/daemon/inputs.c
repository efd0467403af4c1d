#include "policyd/daemon/inputs.h"

#include <stdlib.h>

#include "proto/base/log.h"
#include "proto/host/host_names.h"
#include "proto/host/pipe_server.h"

enum { RETRY_FIRST_MS = 100, RETRY_LAST_MS = 10000 };

struct input {
	struct inputs *all;
	const struct config_input *config;
	size_t index;
	struct pipe_server *listener;
	uv_timer_t retry;
	uint64_t pause_ms;
	bool has_timer, waiting;    /* waiting: a connection could not be taken, since no slot was free */
};

struct inputs {
	struct inputs_options options;
	struct input *items;
	size_t count;
	bool closing;
};

static void on_connection(void *ctx, int err)
{
	struct diag why = DIAG_INIT;
	struct input *in = ctx;
	struct stream *st;

	if (err < 0) {
		log_line(LOG_LEVEL_WARNING, "%s: a connection failed: %s", in->config->listen, uv_strerror(err));
		return;
	}
	st = stream_set_take(in->all->options.streams, in->index, in->config->listen);
	in->waiting = !st;
	if (!st)
		return;    /* on_ended takes it */
	if (pipe_server_accept(in->listener, &st->pipe, &why) == ST_OK) {
		stream_start(st);
		return;
	}
	log_line(LOG_LEVEL_WARNING, "%s: a connection is refused: %s", in->config->listen, why.text);
	stream_drop(st);
}

static enum status open_listener(struct input *in, struct diag *why)
{
	const struct pipe_options pipe = { .name = in->config->listen, .direction = PIPE_IN };
	enum status st = pipe_server_open(in->all->options.streams->loop, &pipe, &in->listener, why);

	return st == ST_OK ? pipe_server_listen(in->listener, on_connection, in, why) : st;
}

static void try_connect(uv_timer_t *timer);

static void retry_later(struct input *in)
{
	if (in->all->closing)
		return;
	uv_timer_start(&in->retry, try_connect, in->pause_ms, 0);
	in->pause_ms = in->pause_ms * 2 > RETRY_LAST_MS ? RETRY_LAST_MS : in->pause_ms * 2;
}

static void connect_failed(struct input *in, struct stream *st, const char *why)
{
	if (in->pause_ms == RETRY_FIRST_MS)
		log_line(LOG_LEVEL_WARNING, "%s; tried again until it is there", why);
	stream_drop(st);    /* on_ended tries again */
}

static void try_connect(uv_timer_t *timer)
{
	struct input *in = timer->data;
	const struct pipe_target target = { .name = in->config->connect, .direction = PIPE_OUT, .service = SERVICE_COLLECTOR,
		.trust = in->config->check_server ? (in->config->service ? PIPE_TRUST_SERVICE : PIPE_TRUST_FRIENDS) : PIPE_TRUST_ANY };
	struct diag why = DIAG_INIT;
	struct stream *st;
	int fd;

	st = stream_set_take(in->all->options.streams, in->index, in->config->connect);
	if (!st) {
		retry_later(in);
		return;
	}
	if (pipe_connect(&target, &fd, &why) != ST_OK || uv_pipe_open(&st->pipe, fd) != 0) {
		connect_failed(in, st, why.text[0] ? why.text : "the connection cannot be used");
		return;
	}
	in->pause_ms = RETRY_FIRST_MS;
	stream_start(st);
}

static enum status open_connector(struct input *in)
{
	uv_timer_init(in->all->options.streams->loop, &in->retry);
	in->retry.data = in;
	in->has_timer = true;
	in->pause_ms = RETRY_FIRST_MS;
	try_connect(&in->retry);
	return ST_OK;
}

static enum status open_standard_input(struct input *in, struct diag *why)
{
	struct stream *st = stream_set_take(in->all->options.streams, in->index, "standard input");
	uv_handle_type type = uv_guess_handle(0);
	int err = 0;

	if (!st)
		return diag_set(why, ST_NOMEM, "out of memory");
	if (type == UV_FILE) {
		if (stream_start_file(st, 0))
			return ST_OK;
		stream_drop(st);
		return diag_set(why, ST_SYSTEM, "standard input: cannot be read");
	}
	if (type == UV_TTY || type == UV_UNKNOWN_HANDLE)
		err = UV_ENOTSUP;
	if (!err)
		err = uv_pipe_open(&st->pipe, 0);
	if (!err && stream_start(st))
		return ST_OK;
	stream_drop(st);
	return diag_set(why, ST_SYSTEM, "standard input: neither a file nor a pipe");
}

static bool all_are_standard_input(const struct inputs *all)
{
	for (size_t i = 0; i < all->count; i++) {
		if (!all->items[i].config->standard_input)
			return false;
	}
	return true;
}

static void on_ended(void *ctx, size_t index, bool clean)
{
	struct inputs *all = ctx;
	struct input *in = &all->items[index];

	(void)clean;
	if (all->closing)
		return;
	for (size_t i = 0; i < all->count; i++) {
		if (all->items[i].waiting)
			on_connection(&all->items[i], 0);
	}
	if (in->config->connect)
		retry_later(in);
	if (in->config->standard_input && all_are_standard_input(all))
		all->options.ended(all->options.ctx);
}

static enum status open_one(struct input *in, struct diag *why)
{
	if (in->config->listen)
		return open_listener(in, why);
	if (in->config->connect)
		return open_connector(in);
	return in->config->standard_input ? open_standard_input(in, why) : ST_OK;
}

enum status inputs_open(const struct inputs_options *o, struct inputs **out, struct diag *why)
{
	struct inputs *all = calloc(1, sizeof *all);
	enum status st = ST_OK;

	*out = all;
	if (!all)
		return diag_set(why, ST_NOMEM, "out of memory");
	all->options = *o;
	all->items = calloc(o->config->inputs.count + 1, sizeof *all->items);
	if (!all->items)
		return diag_set(why, ST_NOMEM, "out of memory");
	all->count = o->config->inputs.count;
	o->streams->ended = on_ended;
	o->streams->ctx = all;
	for (size_t i = 0; i < all->count; i++)
		all->items[i] = (struct input){ .all = all, .config = &o->config->inputs.items[i], .index = i };
	for (size_t i = 0; i < all->count && st == ST_OK; i++)
		st = open_one(&all->items[i], why);
	return st;
}

void inputs_close(struct inputs *in)
{
	for (size_t i = 0; in && i < in->count; i++) {
		struct input *one = &in->items[i];

		pipe_server_close(one->listener);
		if (one->has_timer)
			uv_close((uv_handle_t *)&one->retry, NULL);
	}
	if (in)
		in->closing = true;
}

void inputs_release(struct inputs *in)
{
	if (!in)
		return;
	free(in->items);
	free(in);
}
