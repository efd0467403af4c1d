#include "tests/support/pipe_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "proto/host/os_file.h"
#include "proto/host/pipe.h"
#include "proto/host/thread.h"
#include "proto/wire/stream_reader.h"

enum { READ_BYTES = 64 << 10, WAIT_MS = 10000 };

struct pipe_reader {
	uv_loop_t loop;
	uv_pipe_t pipe;
	uv_timer_t tick;
	struct stream_reader *stream;
	struct pipe_seen seen;
	char room[READ_BYTES];
};

void pipe_test_name(char out[PIPE_NAME_BYTES])
{
	static unsigned used;
	char folder[PIPE_NAME_BYTES - 40] = "";
	size_t len = sizeof folder;

#ifdef _WIN32
	(void)len;
	snprintf(folder, sizeof folder, "\\\\.\\pipe");
#else
	uv_os_tmpdir(folder, &len);
#endif
	snprintf(out, PIPE_NAME_BYTES, "%s%cvitrine-%d-%u", folder, folder[0] == '\\' ? '\\' : '/', (int)uv_os_getpid(), used++);
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	struct pipe_reader *r = ctx;

	r->seen.hello = (struct stream_hello){ .schema_version = h->schema_version, .os_build = h->os_build, .source = h->source,
		.stream_id = h->stream_id, .connection = h->connection, .first_seq = h->first_seq, .received_seq = h->received_seq };
	return ST_OK;
}

static enum status on_record(void *ctx, const struct record *rec)
{
	struct pipe_seen *s = &((struct pipe_reader *)ctx)->seen;

	if (s->records++ == 0)
		s->first_seq = rec->seq;
	else
		s->out_of_order += rec->seq != s->last_seq + 1;
	s->last_seq = rec->seq;
	return ST_OK;
}

static enum status on_loss(void *ctx, const struct stream_loss *l)
{
	struct pipe_seen *s = &((struct pipe_reader *)ctx)->seen;

	s->events_lost[l->reason] += l->events_lost;
	s->buffers_lost[l->reason] += l->buffers_lost;
	s->events_total[l->reason] = l->events_total;
	return ST_OK;
}

static enum status on_snapshot(void *ctx, const struct stream_snapshot *snap)
{
	struct pipe_seen *s = &((struct pipe_reader *)ctx)->seen;

	s->snapshots += snap->complete;
	s->processes += snap->process_count;
	return ST_OK;
}

static enum status on_heartbeat(void *ctx, const struct stream_heartbeat *h)
{
	(void)h;
	((struct pipe_reader *)ctx)->seen.heartbeats++;
	return ST_OK;
}

static enum status on_end(void *ctx, const struct stream_end *e)
{
	struct pipe_seen *s = &((struct pipe_reader *)ctx)->seen;

	s->end = *e;
	s->ends++;
	return ST_OK;
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct pipe_reader *r = handle->data;

	(void)suggested;
	*out = uv_buf_init(r->room, READ_BYTES);
}

static void on_read(uv_stream_t *handle, ssize_t n, const uv_buf_t *room)
{
	struct pipe_reader *r = handle->data;
	struct diag why = DIAG_INIT;

	if (n < 0) {
		r->seen.closed = true;
		uv_read_stop(handle);
		return;
	}
	r->seen.bytes += (uint64_t)n;
	r->seen.errors += stream_reader_feed(r->stream, room->base, (size_t)n, &why) != ST_OK;
}

static void on_tick(uv_timer_t *tick)
{
	(void)tick;    /* wakes the loop, so that time is looked at */
}

struct pipe_reader *pipe_reader_open(const char *name)
{
	static const struct stream_callbacks calls = { .hello = on_hello, .record = on_record, .loss = on_loss,
		.snapshot = on_snapshot, .heartbeat = on_heartbeat, .end = on_end };
	const struct pipe_target target = { .name = name, .direction = PIPE_OUT, .trust = PIPE_TRUST_ANY };
	struct pipe_reader *r = calloc(1, sizeof *r);
	int fd = -1;

	for (unsigned ms = 0; pipe_connect(&target, &fd, NULL) != ST_OK; ms += 5) {
		if (ms >= WAIT_MS) {
			free(r);
			return NULL;
		}
		thread_sleep_ms(5);
	}
	r->stream = stream_reader_create(&calls, r);
	uv_loop_init(&r->loop);
	uv_pipe_init(&r->loop, &r->pipe, 0);
	uv_timer_init(&r->loop, &r->tick);
	r->pipe.data = r;
	uv_pipe_open(&r->pipe, fd);
	uv_timer_start(&r->tick, on_tick, 20, 20);
	return r;
}

void pipe_reader_close(struct pipe_reader *r)
{
	if (!r)
		return;
	uv_close((uv_handle_t *)&r->pipe, NULL);
	uv_close((uv_handle_t *)&r->tick, NULL);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	uv_loop_close(&r->loop);
	stream_reader_destroy(r->stream);
	free(r);
}

const struct pipe_seen *pipe_reader_seen(const struct pipe_reader *r)
{
	return &r->seen;
}

bool pipe_reader_until(struct pipe_reader *r, pipe_reader_goal *goal, uint64_t number)
{
	uint64_t end = os_monotonic_ns() + WAIT_MS * UINT64_C(1000000);

	uv_read_start((uv_stream_t *)&r->pipe, on_room, on_read);
	while (!goal(&r->seen, number) && !r->seen.closed && os_monotonic_ns() < end)
		uv_run(&r->loop, UV_RUN_ONCE);
	uv_read_stop((uv_stream_t *)&r->pipe);
	return goal(&r->seen, number);
}

struct pipe_writer {
	uv_loop_t loop;
	uv_pipe_t pipe;
};

struct pipe_writer *pipe_writer_open(const char *name)
{
	const struct pipe_target target = { .name = name, .direction = PIPE_IN, .trust = PIPE_TRUST_ANY };
	struct pipe_writer *w = calloc(1, sizeof *w);
	int fd = -1;

	if (!w || pipe_connect(&target, &fd, NULL) != ST_OK) {
		free(w);
		return NULL;
	}
	uv_loop_init(&w->loop);
	uv_pipe_init(&w->loop, &w->pipe, 0);
	uv_pipe_open(&w->pipe, fd);
	return w;
}

static void on_written(uv_write_t *request, int err)
{
	*(int *)request->data = err;
}

bool pipe_writer_send(struct pipe_writer *w, const void *ptr, size_t len)
{
	uv_buf_t bytes = uv_buf_init((char *)(uintptr_t)ptr, (unsigned)len);
	int err = 1;
	uv_write_t request = { .data = &err };

	if (uv_write(&request, (uv_stream_t *)&w->pipe, &bytes, 1, on_written) != 0)
		return false;
	while (err == 1)
		uv_run(&w->loop, UV_RUN_ONCE);
	return err == 0;
}

void pipe_writer_close(struct pipe_writer *w)
{
	if (!w)
		return;
	uv_close((uv_handle_t *)&w->pipe, NULL);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	uv_loop_close(&w->loop);
	free(w);
}

bool pipe_has_records(const struct pipe_seen *seen, uint64_t count)
{
	return seen->records >= count;
}

bool pipe_has_heartbeats(const struct pipe_seen *seen, uint64_t count)
{
	return seen->heartbeats >= count;
}

bool pipe_has_snapshots(const struct pipe_seen *seen, uint64_t count)
{
	return seen->snapshots >= count;
}

bool pipe_has_ended(const struct pipe_seen *seen, uint64_t count)
{
	return seen->ends >= count;
}
