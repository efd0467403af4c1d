#include "collector/core/collector.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/request_pipe.h"
#include "collector/session/session_set.h"
#include "proto/base/clock.h"
#include "proto/base/log.h"
#include "proto/host/host_names.h"
#include "proto/host/os_file.h"
#include "proto/host/registry.h"
#include "proto/host/thread.h"

enum {
	SOURCES = OFFER_SESSION_COUNT + 1,    /* and the collector's own records */
	NOTICE_RING_BYTES = 1 << 20,         /* some five hundred */
	SNAPSHOT_BYTES = 64 << 20,           /* 16,384 processes with long command lines; HCS documents */
	SECOND_MS = 1000,
};

struct collector {
	const struct collector_options *o;
	struct ring *rings[SOURCES];
	struct session_set *sessions;
	struct sender *sender;
	struct thread *thread;
	struct pipe_end *events;
	struct request_pipe requests;
	struct loss_source {
		struct session_set *sessions;
		enum offer_session id;
	} losses[OFFER_SESSION_COUNT];
	uint32_t pause_ms;
	uint64_t committed, connection, check_ms, snapshot_ms;
	bool snapshot_wanted;
};

void collector_settings_init(struct collector_settings *s)
{
	*s = (struct collector_settings){ .event_pipe = PIPE_EVENTS, .request_pipe = PIPE_REQUESTS, .peer = SERVICE_POLICYD_ACCOUNT,
		.ring_mb = 16, .keep_s = 30 };
}

enum status collector_settings_read(struct collector_settings *s, struct diag *why)
{
	static const uint32_t ring_mb[] = { COLLECTOR_RING_MIN_MB, COLLECTOR_RING_MAX_MB }, keep_s[] = { 0, COLLECTOR_KEEP_MAX_S };
	struct registry_key *key;
	enum status st;

	collector_settings_init(s);
	st = registry_open_protected(REGISTRY_COLLECTOR, &key, why);
	if (st != ST_OK)
		return st == ST_NOT_FOUND ? ST_OK : st;
	registry_text(key, "EventPipe", s->event_pipe, sizeof s->event_pipe);
	registry_text(key, "RequestPipe", s->request_pipe, sizeof s->request_pipe);
	registry_text(key, "Peer", s->peer, sizeof s->peer);
	registry_number(key, "RingMb", ring_mb, &s->ring_mb);
	registry_number(key, "KeepSeconds", keep_s, &s->keep_s);
	registry_close(key);
	return ST_OK;
}

static uint64_t filetime_now(void)
{
	return filetime_from_unix_ns(os_wall_ns());
}

static void session_totals(void *ctx, uint64_t out[SENDER_LOSS_COUNT])
{
	const struct loss_source *source = ctx;
	struct session_losses l;

	session_set_losses(source->sessions, source->id, &l);
	out[SENDER_LOST_EVENTS] = l.events;
	out[SENDER_LOST_BUFFERS] = l.log_buffers;
	out[SENDER_LOST_REALTIME] = l.realtime_buffers;
}

static enum status open_pipes(struct collector *c, struct diag *why)
{
	const struct collector_settings *s = c->o->settings;
	struct pipe_options events = { .name = s->event_pipe, .direction = PIPE_OUT, .peer = s->peer[0] ? s->peer : NULL,
		.system_owner = c->o->service };
	struct pipe_options requests = events;
	enum status st = pipe_end_open(&events, &c->events, why);

	requests.name = s->request_pipe;
	requests.direction = PIPE_IN;
	return st == ST_OK ? pipe_end_open(&requests, &c->requests.pipe, why) : st;
}

static bool make_rings(struct collector *c)
{
	for (size_t i = 0; i < SOURCES; i++) {
		c->rings[i] = ring_create(i < OFFER_SESSION_COUNT ? (size_t)c->o->settings->ring_mb << 20 : NOTICE_RING_BYTES);
		if (!c->rings[i])
			return false;
	}
	return true;
}

static enum status make_parts(struct collector *c, struct diag *why)
{
	struct session_set_options sessions = { .api = c->o->api, .cpus = c->o->cpus, .now_100ns = filetime_now };
	struct sender_options sender = { .source_count = SOURCES, .pipe = c->events, .hello = c->o->hello,
		.keep_ms = c->o->settings->keep_s * 1000, .now_100ns = filetime_now };

	if (!make_rings(c))
		return diag_set(why, ST_NOMEM, "no memory for %d rings of %" PRIu32 " MiB", SOURCES, c->o->settings->ring_mb);
	memcpy(sessions.rings, c->rings, sizeof sessions.rings);
	sessions.notices = c->rings[OFFER_SESSION_COUNT];
	c->sessions = session_set_create(&sessions);
	for (size_t i = 0; i < OFFER_SESSION_COUNT; i++) {
		c->losses[i] = (struct loss_source){ c->sessions, (enum offer_session)i };
		sender.sources[i] = (struct sender_source){ session_names[i], c->rings[i], session_totals, &c->losses[i] };
	}
	sender.sources[OFFER_SESSION_COUNT] = (struct sender_source){ .name = "collector", .ring = c->rings[OFFER_SESSION_COUNT] };
	sender.hello.source = SOURCE_ETW_LIVE;
	sender.hello.stream_id = filetime_now();
	c->sender = c->sessions ? sender_create(&sender) : NULL;
	return c->sender ? thread_start(sender_run, c->sender, &c->thread, why) : diag_set(why, ST_NOMEM, "out of memory");
}

static void give_snapshot(struct collector *c)
{
	struct arena *a = arena_create(SNAPSHOT_BYTES);
	struct sender_snapshot *snapshot = a ? arena_zalloc(a, sizeof *snapshot) : NULL;
	enum status st = snapshot ? c->o->snapshot(c->o->ctx, a, &snapshot->rows) : ST_NOMEM;

	if (st != ST_OK) {
		log_line(LOG_LEVEL_WARNING, "no list of processes: %s", status_text(st));
		arena_destroy(a);
		return;
	}
	log_line(LOG_LEVEL_INFO, "snapshot: %zu processes, %zu container documents", snapshot->rows.process_count,
		snapshot->rows.container_count);
	snapshot->arena = a;
	snapshot->rows.time_100ns = filetime_now();
	snapshot->rows.complete = true;
	sender_give_snapshot(c->sender, snapshot);
}

/* A reader that just came knows nothing; one that asks too often waits. */
static void look_at_reader(struct collector *c, uint64_t now_ms)
{
	uint64_t connection = sender_connection(c->sender);

	if (connection != c->connection) {
		c->connection = connection;
		c->snapshot_wanted = true;
		session_set_rundown(c->sessions);
	}
	if (!c->snapshot_wanted || now_ms - c->snapshot_ms < SECOND_MS)
		return;
	c->snapshot_wanted = false;
	c->snapshot_ms = now_ms;
	if (c->o->snapshot)
		give_snapshot(c);
}

static void flush(struct collector *c)
{
	uint64_t committed = ring_committed(c->rings[OFFER_KERNEL]) + ring_committed(c->rings[OFFER_PROCESS]);
	uint32_t longer = c->pause_ms * 2 < COLLECTOR_IDLE_MS ? c->pause_ms * 2 : COLLECTOR_IDLE_MS;

	c->pause_ms = committed != c->committed ? COLLECTOR_FLUSH_MS : longer;
	c->committed = committed;
	session_set_flush(c->sessions);
}

static void serve(struct collector *c)
{
	struct requested wanted;
	uint64_t now_ms;

	request_pipe_poll(&c->requests, c->pause_ms, &wanted);
	now_ms = os_monotonic_ns() / 1000000;
	if (wanted.stats)
		sender_confirm(c->sender, wanted.connection, wanted.received_bytes);
	if (wanted.plan) {
		session_set_apply(c->sessions, &wanted.wanted);
		log_line(LOG_LEVEL_INFO, "what is collected follows the rules; %" PRIu64 " of what was asked for is not offered",
			wanted.wanted.unknown);
	}
	c->snapshot_wanted = c->snapshot_wanted || wanted.snapshot;
	look_at_reader(c, now_ms);
	flush(c);
	if (now_ms - c->check_ms < SECOND_MS)
		return;
	c->check_ms = now_ms;
	session_set_check(c->sessions);
}

/* taken = sent + not connected + waiting, for each of the sources and in all. */
static void write_ledger(const struct collector *c, struct buf *out)
{
	static const char *const kinds[SENDER_LOSS_COUNT] = { "etw_events", "etw_buffers", "realtime_buffers", "collector_queue",
		"not_connected" };
	struct sender_stats s;
	uint64_t taken = 0;

	sender_get_stats(c->sender, &s);
	for (size_t i = 0; i < SOURCES; i++)
		taken += ring_committed(c->rings[i]);
	buf_printf(out, "{\"taken\":%" PRIu64 ",\"sent\":%" PRIu64 ",\"waiting\":%" PRIu64 ",\"connections\":%" PRIu64 ",\"stalls\":%" PRIu64
		",\"requests_refused\":%" PRIu64 ",\"lost\":{", taken, s.sent, s.waiting, s.connection, s.stalls, c->requests.refused);
	for (size_t k = 0; k < SENDER_LOSS_COUNT; k++) {
		uint64_t sum = 0;

		for (size_t i = 0; i < SOURCES; i++)
			sum += s.lost[i][k];
		buf_printf(out, "%s\"%s\":%" PRIu64, k ? "," : "", kinds[k], sum);
	}
	buf_append_str(out, "}}");
}

static void release(struct collector *c)
{
	sender_destroy(c->sender);
	session_set_destroy(c->sessions);
	pipe_end_close(c->events);
	pipe_end_close(c->requests.pipe);
	for (size_t i = 0; i < SOURCES; i++)
		ring_destroy(c->rings[i]);
	free(c);
}

static void finish(struct collector *c)
{
	struct requested wanted;

	session_set_stop(c->sessions);
	sender_stop(c->sender);
	/* The last confirmations: the sender lingers for them. */
	for (unsigned ms = 0; ms < SENDER_LINGER_MS && c->requests.connected; ms += COLLECTOR_FLUSH_MS) {
		request_pipe_poll(&c->requests, COLLECTOR_FLUSH_MS, &wanted);
		if (wanted.stats)
			sender_confirm(c->sender, wanted.connection, wanted.received_bytes);
	}
	thread_join(c->thread);
}

enum status collector_run(const struct collector_options *o, struct buf *ledger, struct diag *why)
{
	struct collector *c = calloc(1, sizeof *c);
	struct plan first;
	enum status st;

	if (!c)
		return diag_set(why, ST_NOMEM, "out of memory");
	c->o = o;
	c->pause_ms = COLLECTOR_FLUSH_MS;
	st = open_pipes(c, why);
	if (st == ST_OK)
		st = make_parts(c, why);
	if (st != ST_OK)
		goto done;
	plan_init(&first);
	session_set_apply(c->sessions, &first);
	if (!session_set_is_up(c->sessions, OFFER_PROCESS) && !session_set_is_up(c->sessions, OFFER_KERNEL))
		log_line(LOG_LEVEL_ERROR, "no ETW: this system has none, or the collector may not use it; it stays up and tries again");
	while (!o->must_stop(o->ctx))
		serve(c);
	finish(c);
	write_ledger(c, ledger);
done:
	release(c);
	return st;
}
