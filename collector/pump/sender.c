#include "collector/pump/sender.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "collector/pump/backlog.h"
#include "proto/base/log.h"
#include "proto/host/os_file.h"
#include "proto/host/thread.h"
#include "proto/wire/stream_writer.h"

enum {
	PASS_RECORDS = 1024,         /* between two looks at the clock and at rings that were empty */
	CONNECTION_BITS = 16,        /* of a confirmation; bytes have the rest: 256 TiB a connection */
	BYTE_BITS = 64 - CONNECTION_BITS,
	SECOND_MS = 1000,
};

struct loss_row {
	uint64_t total, told, confirmed;
	uint64_t told_at_100ns;
};

struct sender {
	struct sender_options o;
	struct backlog backlog;
	struct stream_writer *writer;    /* NULL: nobody is connected */
	struct loss_row losses[SENDER_MAX_SOURCES][SENDER_LOSS_COUNT];
	uint64_t bytes;                  /* of this connection */
	uint64_t losses_end;             /* bytes when losses were told last */
	uint64_t second_ms;              /* of the last heartbeat */
	uint64_t quiet_since_ms;
	uint64_t stop_ms;                /* when it was first seen that we should; 0: not yet */
	/* Written here, read by others. */
	_Atomic uint64_t connection, sent, total_bytes, frames, stalls, waiting;
	_Atomic uint64_t lost[SENDER_MAX_SOURCES][SENDER_LOSS_COUNT];
	_Atomic bool connected;
	/* Written by others. */
	_Atomic bool stop;
	_Atomic uint64_t confirmed;      /* low bits of the connection, then bytes */
	_Atomic(struct sender_snapshot *) snapshot;
};

static uint64_t now_ms(void)
{
	return os_monotonic_ns() / 1000000;
}

struct sender *sender_create(const struct sender_options *o)
{
	struct sender *s = calloc(1, sizeof *s);
	struct ring *rings[SENDER_MAX_SOURCES];

	if (!s)
		return NULL;
	s->o = *o;
	for (size_t i = 0; i < o->source_count; i++)
		rings[i] = o->sources[i].ring;
	backlog_init(&s->backlog, rings, o->source_count);
	return s;
}

static void free_snapshot(struct sender_snapshot *snapshot)
{
	if (snapshot)
		arena_destroy(snapshot->arena);
}

void sender_destroy(struct sender *s)
{
	if (!s)
		return;
	stream_writer_destroy(s->writer);
	free_snapshot(atomic_load(&s->snapshot));
	free(s);
}

/* Until it is written, the reader goes, takes nothing for too long, or we must end. */
static enum status write_frames(void *ctx, const void *bytes, size_t len)
{
	struct sender *s = ctx;
	uint64_t start = now_ms();
	enum pipe_result r;

	while ((r = pipe_end_write(s->o.pipe, bytes, len, 100)) == PIPE_TIMEOUT) {
		uint64_t waited = now_ms() - start;

		if (waited >= SENDER_STALL_MS || (atomic_load(&s->stop) && waited >= SENDER_STOP_MS / 2)) {
			atomic_fetch_add(&s->stalls, 1);
			return ST_STOPPED;
		}
	}
	if (r != PIPE_DONE)
		return ST_SYSTEM;
	s->bytes += len;
	atomic_fetch_add_explicit(&s->total_bytes, len, memory_order_relaxed);
	atomic_fetch_add_explicit(&s->frames, 1, memory_order_relaxed);
	/* A record that is being packed may be in this frame or the next: it is marked as sent with the next. */
	backlog_mark(&s->backlog, s->bytes);
	return ST_OK;
}

/* The client's connection is over. After an END the pipe itself is left to its owner: closed, it still holds what its
 * client has not read; disconnected, it would not (Windows). */
static void let_go(struct sender *s, bool ended)
{
	log_line(LOG_LEVEL_INFO, "event pipe: connection %llu has ended", (unsigned long long)atomic_load(&s->connection));
	/* First the pipe: a write that is under way still reads the writer's frame. */
	if (!ended)
		pipe_end_disconnect(s->o.pipe);
	stream_writer_destroy(s->writer);
	s->writer = NULL;
	atomic_store(&s->connected, false);
}

static void disconnect(struct sender *s)
{
	let_go(s, false);
}

static void take_totals(struct sender *s)
{
	for (size_t i = 0; i < s->o.source_count; i++) {
		const struct sender_source *source = &s->o.sources[i];
		uint64_t totals[SENDER_LOSS_COUNT] = { 0 };

		if (source->losses)
			source->losses(source->ctx, totals);
		totals[SENDER_LOST_QUEUE] = ring_refused(source->ring);
		totals[SENDER_NOT_CONNECTED] = s->backlog.not_sent[i];
		for (size_t k = 0; k < SENDER_LOSS_COUNT; k++) {
			s->losses[i][k].total = totals[k];
			atomic_store_explicit(&s->lost[i][k], totals[k], memory_order_relaxed);
		}
	}
}

static enum status tell_loss(struct sender *s, size_t source, size_t kind)
{
	static const enum loss_reason reasons[SENDER_LOSS_COUNT] = {
		[SENDER_LOST_EVENTS] = LOSS_ETW_EVENTS, [SENDER_LOST_BUFFERS] = LOSS_ETW_BUFFERS,
		[SENDER_LOST_REALTIME] = LOSS_REALTIME_BUFFERS, [SENDER_LOST_QUEUE] = LOSS_COLLECTOR_QUEUE,
		[SENDER_NOT_CONNECTED] = LOSS_NOT_CONNECTED,
	};
	const char *name = s->o.sources[source].name;
	struct loss_row *row = &s->losses[source][kind];
	struct stream_loss loss = { .session = { name, strlen(name) }, .reason = reasons[kind], .since_100ns = row->told_at_100ns,
		.until_100ns = s->o.now_100ns() };

	if (kind == SENDER_LOST_BUFFERS || kind == SENDER_LOST_REALTIME) {
		loss.buffers_lost = row->total - row->told;
		loss.buffers_total = row->total;
	} else {
		loss.events_lost = row->total - row->told;
		loss.events_total = row->total;
	}
	row->told = row->total;
	row->told_at_100ns = loss.until_100ns;
	return stream_writer_loss(s->writer, &loss);
}

static enum status tell_losses(struct sender *s)
{
	enum status st = ST_OK;

	take_totals(s);
	for (size_t n = 0; st == ST_OK && n < s->o.source_count * SENDER_LOSS_COUNT; n++) {
		struct loss_row *row = &s->losses[n / SENDER_LOSS_COUNT][n % SENDER_LOSS_COUNT];

		if (row->total == row->told)
			continue;
		st = tell_loss(s, n / SENDER_LOSS_COUNT, n % SENDER_LOSS_COUNT);
		s->losses_end = s->bytes;
	}
	return st;
}

static uint64_t events_lost(const struct sender *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s->o.source_count; i++)
		n += s->losses[i][SENDER_LOST_EVENTS].total + s->losses[i][SENDER_LOST_QUEUE].total + s->losses[i][SENDER_NOT_CONNECTED].total;
	return n;
}

static enum status greet(struct sender *s)
{
	struct stream_hello hello = s->o.hello;

	for (size_t n = 0; n < s->o.source_count * SENDER_LOSS_COUNT; n++) {
		struct loss_row *row = &s->losses[n / SENDER_LOSS_COUNT][n % SENDER_LOSS_COUNT];

		row->told = row->confirmed;
	}
	s->bytes = s->losses_end = 0;
	hello.first_seq = backlog_rewind(&s->backlog);
	hello.received_seq = s->backlog.confirmed_seq;
	hello.connection = atomic_fetch_add(&s->connection, 1) + 1;
	return stream_writer_hello(s->writer, &hello);
}

static bool connect(struct sender *s)
{
	if (pipe_end_accept(s->o.pipe, 0) != PIPE_DONE)
		return false;
	s->writer = stream_writer_create(write_frames, s);
	if (!s->writer) {
		pipe_end_disconnect(s->o.pipe);
		return false;
	}
	if (greet(s) != ST_OK || tell_losses(s) != ST_OK) {
		disconnect(s);
		return false;
	}
	atomic_store(&s->connected, true);
	log_line(LOG_LEVEL_INFO, "event pipe: connection %llu", (unsigned long long)atomic_load(&s->connection));
	return true;
}

static void take_confirmation(struct sender *s)
{
	uint64_t confirmed = atomic_load_explicit(&s->confirmed, memory_order_relaxed);
	uint64_t connection = atomic_load_explicit(&s->connection, memory_order_relaxed);
	uint64_t bytes = confirmed & ((UINT64_C(1) << BYTE_BITS) - 1);

	if (confirmed >> BYTE_BITS != (connection & ((1u << CONNECTION_BITS) - 1)))
		return;
	backlog_confirm(&s->backlog, bytes);
	for (size_t n = 0; bytes >= s->losses_end && n < s->o.source_count * SENDER_LOSS_COUNT; n++) {
		struct loss_row *row = &s->losses[n / SENDER_LOSS_COUNT][n % SENDER_LOSS_COUNT];

		row->confirmed = row->told;
	}
}

static enum status send_record(struct sender *s, struct event_entry *e, size_t ring)
{
	struct named_value values[NOTICE_MAX_VALUES];
	struct record r;
	enum status st;

	backlog_number(&s->backlog, e);
	event_entry_record(e, values, &r);
	st = stream_writer_record(s->writer, &r);
	if (st != ST_OK && st != ST_LIMIT)
		return st;
	backlog_pass(&s->backlog, ring);    /* larger than a frame: left out, its number tells */
	return ST_OK;
}

/* Some records; *out: how many. */
static enum status send_some(struct sender *s, size_t *out)
{
	struct event_entry *e;
	enum status st = ST_OK;
	size_t ring = 0;

	backlog_look(&s->backlog);
	for (*out = 0; st == ST_OK && *out < PASS_RECORDS && (e = backlog_first(&s->backlog, &ring)) != NULL; (*out)++)
		st = send_record(s, e, ring);
	atomic_store_explicit(&s->sent, s->backlog.last_seq, memory_order_relaxed);
	take_confirmation(s);
	backlog_relieve(&s->backlog);
	if (st == ST_OK && *out < PASS_RECORDS)
		st = stream_writer_flush(s->writer);    /* the rings are empty: what there is goes out */
	return st;
}

static enum status send_snapshot(struct sender *s)
{
	struct sender_snapshot *snapshot = atomic_exchange(&s->snapshot, NULL);
	enum status st = snapshot ? stream_writer_snapshot(s->writer, &snapshot->rows) : ST_OK;

	free_snapshot(snapshot);
	return st == ST_LIMIT ? ST_OK : st;
}

/* Once a second. */
static enum status send_heartbeat(struct sender *s)
{
	struct stream_heartbeat h = { .last_seq = s->backlog.last_seq, .time_100ns = s->o.now_100ns(),
		.records_sent = s->backlog.last_seq };
	enum status st;

	if (now_ms() - s->second_ms < SECOND_MS)
		return ST_OK;
	s->second_ms = now_ms();
	st = tell_losses(s);
	h.events_lost = events_lost(s);
	return st == ST_OK ? stream_writer_heartbeat(s->writer, &h) : st;
}

static enum status serve(struct sender *s, size_t *sent)
{
	enum status st = send_snapshot(s);

	*sent = 0;
	if (st == ST_OK)
		st = send_some(s, sent);
	return st == ST_OK ? send_heartbeat(s) : st;
}

static void keep_newest(struct sender *s)
{
	uint64_t now = s->o.now_100ns(), keep = (uint64_t)s->o.keep_ms * 10000;

	backlog_expire(&s->backlog, now > keep ? now - keep : 0);
	if (now_ms() - s->second_ms < SECOND_MS)
		return;
	s->second_ms = now_ms();
	take_totals(s);
}

static void pause_a_little(struct sender *s, bool busy)
{
	uint64_t now = now_ms();

	if (busy)
		s->quiet_since_ms = now;
	else
		thread_sleep_ms(now - s->quiet_since_ms < SECOND_MS ? SENDER_POLL_MS : SENDER_IDLE_POLL_MS);
}

static bool must_end(struct sender *s, bool busy)
{
	if (!atomic_load(&s->stop))
		return false;
	if (s->stop_ms == 0)
		s->stop_ms = now_ms();
	return !busy || now_ms() - s->stop_ms >= SENDER_STOP_MS;
}

/* A named pipe that is disconnected drops what its reader has not taken. */
static void linger(struct sender *s)
{
	uint64_t end = now_ms() + SENDER_LINGER_MS;

	while (s->backlog.mark_count && now_ms() < end) {
		thread_sleep_ms(SENDER_POLL_MS);
		take_confirmation(s);
	}
}

static void finish(struct sender *s)
{
	struct stream_end end = { .records_total = s->backlog.last_seq };
	bool ended = false;

	if (s->writer && tell_losses(s) == ST_OK) {
		end.events_lost_total = events_lost(s);
		for (size_t i = 0; i < s->o.source_count; i++)
			end.buffers_lost_total += s->losses[i][SENDER_LOST_BUFFERS].total + s->losses[i][SENDER_LOST_REALTIME].total;
		ended = stream_writer_end(s->writer, &end) == ST_OK;
		if (ended)
			linger(s);
	}
	take_totals(s);
	atomic_store(&s->waiting, backlog_waiting(&s->backlog));
	if (s->writer)
		let_go(s, ended);
}

void sender_run(void *sender)
{
	struct sender *s = sender;
	size_t sent = 0;

	do {
		pause_a_little(s, sent > 0);
		sent = 0;
		if (!s->writer && !connect(s))
			keep_newest(s);
		else if (serve(s, &sent) != ST_OK)
			disconnect(s);
	} while (!must_end(s, sent > 0));
	finish(s);
}

void sender_stop(struct sender *s)
{
	atomic_store(&s->stop, true);
}

uint64_t sender_connection(const struct sender *s)
{
	return atomic_load(&s->connection);
}

void sender_confirm(struct sender *s, uint64_t connection, uint64_t bytes)
{
	atomic_store_explicit(&s->confirmed, connection << BYTE_BITS | (bytes & ((UINT64_C(1) << BYTE_BITS) - 1)), memory_order_relaxed);
}

void sender_give_snapshot(struct sender *s, struct sender_snapshot *snapshot)
{
	free_snapshot(atomic_exchange(&s->snapshot, snapshot));
}

void sender_get_stats(const struct sender *s, struct sender_stats *out)
{
	*out = (struct sender_stats){ .connection = atomic_load(&s->connection), .connected = atomic_load(&s->connected),
		.sent = atomic_load(&s->sent), .bytes = atomic_load(&s->total_bytes), .frames = atomic_load(&s->frames),
		.stalls = atomic_load(&s->stalls), .waiting = atomic_load(&s->waiting) };
	for (size_t i = 0; i < s->o.source_count; i++) {
		for (size_t k = 0; k < SENDER_LOSS_COUNT; k++)
			out->lost[i][k] = atomic_load_explicit(&s->lost[i][k], memory_order_relaxed);
	}
}
