#include "policyd/daemon/collector_link.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/needs/needs.h"
#include "proto/base/log.h"
#include "proto/host/host_names.h"
#include "proto/host/pipe.h"

enum {
	RETRY_FIRST_TICKS = 1, RETRY_LAST_TICKS = 40,    /* pauses grow to ten seconds */
	SNAPSHOT_TICKS = 8,          /* the container service lists a new container a little after the kernel tells of it */
	MESSAGE_ROWS = NEEDS_MAX_ROWS + 2,
};

struct collector_link {
	struct collector_links *all;
	const struct config_input *config;
	size_t input;
	uv_pipe_t pipe;
	bool connected, closing, writing, told;
	unsigned retry_in, pause;
	bool mask_due;
	unsigned snapshot_in;        /* ticks; 0: none is due */
	uint64_t containers;         /* known when it was looked last */
	uint64_t connection, bytes;  /* told last */
	uv_write_t request;
	uint8_t room[MESSAGE_ROWS * COLLECTOR_REQUEST_BYTES];
	size_t used;
};

struct collector_links {
	struct collector_links_options o;
	struct collector_link *items;
	size_t count;
	bool closing;
};

struct collector_links *collector_links_open(const struct collector_links_options *o)
{
	struct collector_links *l = calloc(1, sizeof *l);
	size_t inputs = o->config->inputs.count;

	if (!l)
		return NULL;
	l->o = *o;
	l->items = calloc(inputs + 1, sizeof *l->items);
	if (!l->items) {
		free(l);
		return NULL;
	}
	for (size_t i = 0; i < inputs; i++) {
		const struct config_input *in = &o->config->inputs.items[i];

		if (in->requests)
			l->items[l->count++] = (struct collector_link){ .all = l, .config = in, .input = i, .pause = RETRY_FIRST_TICKS };
	}
	return l;
}

static void on_closed(uv_handle_t *handle)
{
	struct collector_link *k = handle->data;

	k->connected = k->closing = k->writing = false;
}

static void drop(struct collector_link *k)
{
	if (!k->connected || k->closing)
		return;
	k->closing = true;
	uv_close((uv_handle_t *)&k->pipe, on_closed);
}

static void try_later(struct collector_link *k, const char *why)
{
	if (!k->told)
		log_line(LOG_LEVEL_WARNING, "%s; tried again until it is there", why);
	k->told = true;
	k->retry_in = k->pause;
	k->pause = k->pause * 2 < RETRY_LAST_TICKS ? k->pause * 2 : RETRY_LAST_TICKS;
}

static void open_pipe(struct collector_link *k)
{
	const struct pipe_target target = { .name = k->config->requests, .direction = PIPE_IN, .service = SERVICE_COLLECTOR,
		.trust = k->config->check_server ? (k->config->service ? PIPE_TRUST_SERVICE : PIPE_TRUST_FRIENDS) : PIPE_TRUST_ANY };
	struct diag why = DIAG_INIT;
	int fd;

	if (k->retry_in && --k->retry_in)
		return;
	if (pipe_connect(&target, &fd, &why) != ST_OK) {
		try_later(k, why.text);
		return;
	}
	uv_pipe_init(k->all->o.streams->loop, &k->pipe, 0);
	k->pipe.data = k;
	k->connected = true;
	if (uv_pipe_open(&k->pipe, fd) != 0) {
		drop(k);
		try_later(k, "the request pipe cannot be used");
		return;
	}
	k->told = false;
	k->pause = RETRY_FIRST_TICKS;
	k->mask_due = true;
	k->connection = 0;
}

static void put(struct collector_link *k, const struct collector_request *q)
{
	if (k->used + COLLECTOR_REQUEST_BYTES > sizeof k->room)
		return;
	collector_request_encode(q, k->room + k->used);
	k->used += COLLECTOR_REQUEST_BYTES;
}

static void put_mask(struct collector_link *k)
{
	struct collector_request rows[NEEDS_MAX_ROWS];
	struct needs n;
	size_t count, ids = 0;

	needs_of_runs(judge_rules_runs(judge_current(k->all->o.judge)), &n);
	count = needs_mask(&n, rows);
	for (size_t i = 0; i < count; i++) {
		put(k, &rows[i]);
		ids += rows[i].id_count;
	}
	k->mask_due = false;
	log_line(LOG_LEVEL_INFO, "%s: the rules need %zu events of %zu providers", k->config->requests, ids, count);
}

static const struct stream *stream_of(const struct collector_link *k)
{
	const struct stream_set *s = k->all->o.streams;

	for (size_t i = 0; i < s->count; i++) {
		if (s->streams[i]->input == k->input && s->streams[i]->connected)
			return s->streams[i];
	}
	return NULL;
}

static void put_received(struct collector_link *k, const struct stream *st)
{
	struct collector_request q = { .kind = COLLECTOR_REQUEST_STATS };

	q.received_bytes = pipeline_received(st->pipeline, &q.connection);
	if (!q.connection || (q.connection == k->connection && q.received_bytes == k->bytes))
		return;
	k->connection = q.connection;
	k->bytes = q.received_bytes;
	put(k, &q);
}

/* A container that the kernel told of has no name until the container service is asked. */
static void put_snapshot(struct collector_link *k, const struct stream *st)
{
	const struct collector_request q = { .kind = COLLECTOR_REQUEST_SNAPSHOT };
	struct state_stats now;

	state_get_stats(pipeline_state(st->pipeline), &now);
	if (now.containers > k->containers)
		k->snapshot_in = SNAPSHOT_TICKS;
	k->containers = now.containers;
	if (k->snapshot_in && --k->snapshot_in == 0)
		put(k, &q);
}

static void on_written(uv_write_t *request, int err)
{
	struct collector_link *k = request->data;

	k->writing = false;
	k->used = 0;
	if (err)
		drop(k);
}

static void tick(struct collector_link *k)
{
	const struct stream *st = stream_of(k);
	uv_buf_t bytes;

	if (!k->connected && !k->closing)
		open_pipe(k);
	if (!k->connected || k->closing || k->writing)
		return;
	if (k->mask_due)
		put_mask(k);
	if (st) {
		put_received(k, st);
		put_snapshot(k, st);
	}
	if (k->used == 0)
		return;
	k->request.data = k;
	k->writing = true;
	bytes = uv_buf_init((char *)k->room, (unsigned)k->used);
	if (uv_write(&k->request, (uv_stream_t *)&k->pipe, &bytes, 1, on_written) != 0)
		drop(k);
}

void collector_links_tick(struct collector_links *l)
{
	for (size_t i = 0; !l->closing && i < l->count; i++)
		tick(&l->items[i]);
}

void collector_links_rules_changed(struct collector_links *l)
{
	for (size_t i = 0; i < l->count; i++)
		l->items[i].mask_due = true;
}

void collector_links_close(struct collector_links *l)
{
	for (size_t i = 0; l && i < l->count; i++)
		drop(&l->items[i]);
	if (l)
		l->closing = true;
}

void collector_links_release(struct collector_links *l)
{
	if (!l)
		return;
	free(l->items);
	free(l);
}
