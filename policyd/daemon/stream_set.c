#include "policyd/daemon/stream_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/daemon/busiest.h"
#include "proto/base/log.h"
#include "proto/host/os_file.h"

void stream_set_init(struct stream_set *s, uv_loop_t *loop, struct judge *judge, const struct config *c)
{
	*s = (struct stream_set){ .loop = loop, .judge = judge };
	s->limits = (struct state_limits){ .max_procs = (uint32_t)c->state.max_processes,
		.max_names = (uint32_t)c->state.max_names, .max_threads = (uint32_t)c->state.max_threads };
	if (uv_random(NULL, NULL, &s->limits.hash_seed, sizeof s->limits.hash_seed, 0, NULL) != 0)
		s->limits.hash_seed = os_monotonic_ns();
}

static enum status visit(void *ctx, const struct event_view *view, const struct event *ev)
{
	struct stream *st = ctx;

	st->newest_100ns = ev->rec->time_100ns;
	if (st->set->busiest)
		busiest_add(st->set->busiest, ev);
	judge_attach(st->set->judge, st->pipeline);
	return judge_visit(st->set->judge, view, ev);
}

static void destroy(struct stream *st)
{
	if (!st)
		return;
	pipeline_destroy(st->pipeline);
	free(st->room);
	free(st);
}

static struct stream *create(struct stream_set *s)
{
	struct stream *st = s->count < STREAM_SET_MAX ? calloc(1, sizeof *st) : NULL;

	if (!st)
		return NULL;
	st->set = s;
	st->pipeline = pipeline_create(&s->limits, visit, st);
	st->room = malloc(STREAM_READ_BYTES);
	if (st->pipeline && st->room) {
		pipeline_set_pods(st->pipeline, s->pods);
		s->streams[s->count++] = st;
		return st;
	}
	destroy(st);
	return NULL;
}

/* An idle slot, one of the same input if there is one. */
static struct stream *find_idle(struct stream_set *s, size_t input)
{
	struct stream *any = NULL;

	for (size_t i = 0; i < s->count; i++) {
		struct stream *st = s->streams[i];

		if (st->connected || st->closing)
			continue;
		if (st->input == input)
			return st;
		any = st;
	}
	return s->count < STREAM_SET_MAX ? NULL : any;
}

struct stream *stream_set_take(struct stream_set *s, size_t input, const char *name)
{
	struct stream *st = find_idle(s, input);
	struct diag why = DIAG_INIT;

	if (!st)
		st = create(s);
	if (!st || pipeline_begin(st->pipeline, &why) != ST_OK) {
		s->refused++;
		log_line(LOG_LEVEL_ERROR, "%s: no room for another stream (at most %d)", name, STREAM_SET_MAX);
		return NULL;
	}
	snprintf(st->name, sizeof st->name, "%s", name);
	st->input = input;
	st->id = ++s->next_id;
	st->connected = true;
	st->bytes = 0;
	uv_pipe_init(s->loop, &st->pipe, 0);
	st->pipe.data = st;
	return st;
}

static void tell_ended(struct stream *st, bool clean)
{
	if (st->set->ended)
		st->set->ended(st->set->ctx, st->input, clean);
}

static void on_closed(uv_handle_t *handle)
{
	struct stream *st = handle->data;

	st->closing = false;
	st->connected = false;
	tell_ended(st, true);
}

static void close_handle(struct stream *st)
{
	if (st->closing)
		return;
	st->closing = true;
	if (!uv_is_closing((uv_handle_t *)&st->pipe))
		uv_close((uv_handle_t *)&st->pipe, on_closed);
}

void stream_drop(struct stream *st)
{
	close_handle(st);
}

/* End of the connection, for whatever reason: held events are evaluated, the ledger closes. */
static void finish(struct stream *st, enum status failed, const struct diag *failure)
{
	struct diag why = DIAG_INIT;
	char text[1024];
	enum status ended = pipeline_finish(st->pipeline, &why);

	if (failed != ST_OK)
		diag_format(failure, text, sizeof text);
	else if (ended != ST_OK)
		diag_format(&why, text, sizeof text);
	if (failed != ST_OK || ended != ST_OK) {
		st->errors++;
		log_line(LOG_LEVEL_WARNING, "stream %llu (%s): closed: %s", (unsigned long long)st->id, st->name, text);
	} else {
		log_line(LOG_LEVEL_INFO, "stream %llu (%s): at its end", (unsigned long long)st->id, st->name);
	}
	close_handle(st);
}

static void feed(struct stream *st, const void *ptr, size_t len)
{
	struct diag why = DIAG_INIT;
	enum status got;

	st->bytes += len;
	got = pipeline_feed(st->pipeline, ptr, len, &why);
	if (got != ST_OK)
		finish(st, got, &why);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct stream *st = handle->data;

	(void)suggested;
	*out = uv_buf_init(st->room, STREAM_READ_BYTES);
}

static void on_read(uv_stream_t *handle, ssize_t n, const uv_buf_t *room)
{
	struct stream *st = handle->data;
	struct diag why = DIAG_INIT;

	if (n > 0) {
		feed(st, room->base, (size_t)n);
	} else if (n == UV_EOF) {
		finish(st, ST_OK, NULL);
	} else if (n < 0) {
		diag_set(&why, ST_SYSTEM, "%s", uv_strerror((int)n));
		finish(st, ST_SYSTEM, &why);
	}
}

bool stream_start(struct stream *st)
{
	int err = uv_read_start((uv_stream_t *)&st->pipe, on_room, on_read);

	if (err) {
		log_line(LOG_LEVEL_ERROR, "%s: cannot be read: %s", st->name, uv_strerror(err));
		close_handle(st);
		return false;
	}
	st->connections++;
	log_line(LOG_LEVEL_INFO, "stream %llu (%s): connected", (unsigned long long)st->id, st->name);
	return true;
}

static void on_file_read(uv_fs_t *request)
{
	struct stream *st = request->data;
	ssize_t n = request->result;

	uv_fs_req_cleanup(request);
	if (st->closing)
		return;
	on_read((uv_stream_t *)&st->pipe, n == 0 ? UV_EOF : n, &(uv_buf_t){ .base = st->room, .len = STREAM_READ_BYTES });
	if (n > 0 && !st->closing)
		stream_start_file(st, st->file);
}

bool stream_start_file(struct stream *st, uv_file file)
{
	uv_buf_t room = uv_buf_init(st->room, STREAM_READ_BYTES);

	st->file_read.data = st;
	st->file = file;
	return uv_fs_read(st->set->loop, &st->file_read, file, &room, 1, -1, on_file_read) == 0;
}

void stream_set_close(struct stream_set *s)
{
	s->ended = NULL;
	for (size_t i = 0; i < s->count; i++) {
		if (s->streams[i]->connected && !s->streams[i]->closing)
			finish(s->streams[i], ST_OK, NULL);
	}
}

void stream_set_release(struct stream_set *s)
{
	for (size_t i = 0; i < s->count; i++)
		destroy(s->streams[i]);
	s->count = 0;
}

size_t stream_set_connected(const struct stream_set *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += s->streams[i]->connected;
	return n;
}
