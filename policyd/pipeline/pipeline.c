#include "policyd/pipeline/pipeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/decode/decode.h"
#include "policyd/fields/fields.h"
#include "policyd/pipeline/continuity.h"
#include "proto/wire/stream_reader.h"

enum { SCRATCH_BYTES = 8 << 20 };    /* conversions of one event: every text field at most once or twice */

struct pipeline {
	pipeline_visit *visit;
	void *ctx;
	enum status visit_status;        /* sticks: what the visitor refused with */
	struct stream_reader *reader;
	struct decoder *decoder;
	struct state *state;
	struct arena *scratch;
	struct ledger *ledger;
	struct pipeline_stats stats;
	struct continuity continuity;
	uint64_t gap;                    /* lost since an alert said so */
	uint64_t event_number, previous_100ns;
	uint64_t stream_records;
	const struct pods *pods;
	const bool *shed;                /* event kinds that are not evaluated now; NULL: none */
	uint64_t shed_untold;
	bool live;
	uint64_t connection;             /* as HELLO named it; 0: none */
};

static void show_event(struct pipeline *p, struct event *ev)
{
	struct fields_ctx fields = { .ev = ev, .state = p->state, .pods = p->pods, .number = ++p->event_number,
		.first_100ns = p->stats.first_100ns, .previous_100ns = p->previous_100ns };
	struct event_view view = { .ctx = &fields, .type = (uint16_t)(ev->kind - 1), .scratch = p->scratch };

	ev->lost_before = p->gap;
	p->previous_100ns = ev->rec->time_100ns;
	p->stats.by_kind[ev->kind]++;
	if (p->visit_status == ST_OK)
		p->visit_status = p->visit(p->ctx, &view, ev);
	arena_reset(p->scratch);
}

/* A held event whose twin did not come, or not yet: it was counted as held. */
static void on_held_event(void *ctx, struct event *ev)
{
	struct pipeline *p = ctx;

	p->ledger->fate[LEDGER_JOINED]--;
	p->ledger->fate[LEDGER_EVALUATED]++;
	show_event(p, ev);
}

/* Losses are events too, so that rules can match them. */
static void show_loss(struct pipeline *p, const struct stream_loss *loss)
{
	char events[24], buffers[24];
	const char *reason = loss_reason_name(loss->reason);
	struct named_value values[] = {
		{ { "session", 7 }, loss->session },
		{ { "reason", 6 }, { reason, strlen(reason) } },
		{ { "events_lost", 11 }, { events, 0 } },
		{ { "buffers_lost", 12 }, { buffers, 0 } },
	};
	struct record rec = { .kind = RECORD_NAMED, .pid = UINT32_MAX, .tid = UINT32_MAX, .pointer_bytes = 8,
		.time_100ns = loss->until_100ns ? loss->until_100ns : p->stats.last_100ns,
		.values = values, .value_count = sizeof values / sizeof values[0] };
	struct event ev = { .kind = EVENT_events_lost, .rec = &rec };

	values[2].value.len = (size_t)snprintf(events, sizeof events, "%" PRIu64, loss->events_lost);
	values[3].value.len = (size_t)snprintf(buffers, sizeof buffers, "%" PRIu64, loss->buffers_lost);
	p->ledger->synthetic++;
	p->gap += loss->events_lost ? loss->events_lost : loss->buffers_lost;
	show_event(p, &ev);
}

static enum status on_loss(void *ctx, const struct stream_loss *told)
{
	struct pipeline *p = ctx;
	struct stream_loss loss = *told;

	continuity_loss(&p->continuity, &loss);
	if (loss.events_lost == 0 && loss.buffers_lost == 0)
		return ST_OK;
	ledger_add_loss(p->ledger, &loss);
	state_note_loss(p->state);
	show_loss(p, &loss);
	return p->visit_status;
}

static void note_missing(struct pipeline *p, uint64_t missing, uint64_t until_100ns)
{
	struct stream_loss loss = { .session = { "stream", 6 }, .reason = LOSS_SEQUENCE_GAP, .events_lost = missing,
		.until_100ns = until_100ns };

	if (missing)
		on_loss(p, &loss);
}

static void note_time(struct pipeline_stats *s, uint64_t time_100ns)
{
	if (s->first_100ns == 0 || time_100ns < s->first_100ns)
		s->first_100ns = time_100ns;
	if (time_100ns > s->last_100ns)
		s->last_100ns = time_100ns;
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct pipeline *p = ctx;
	struct event ev;
	enum status st;
	uint64_t missing;

	if (!continuity_record(&p->continuity, r->seq, &missing)) {
		p->ledger->repeated++;
		return p->visit_status;
	}
	note_missing(p, missing, r->time_100ns);
	p->ledger->received++;
	p->stream_records++;
	note_time(&p->stats, r->time_100ns);
	state_advance(p->state, r->time_100ns, on_held_event, p);
	st = decode_record(p->decoder, r, &ev);
	if (st == ST_UNSUPPORTED && decode_by_id(r, &ev)) {
		ledger_note_by_id(p->ledger, r);
	} else if (st != ST_OK) {
		ledger_add_undecodable(p->ledger, r, st);
		return p->visit_status;
	}
	switch (state_apply_event(p->state, &ev)) {
	case STATE_EVALUATE:
		if (p->shed && p->shed[ev.kind]) {
			p->ledger->fate[LEDGER_SHED]++;
			p->shed_untold++;
			break;
		}
		p->ledger->fate[LEDGER_EVALUATED]++;
		show_event(p, &ev);
		break;
	case STATE_ONLY:
		p->ledger->fate[LEDGER_STATE_ONLY]++;
		break;
	case STATE_HELD:
		p->ledger->fate[LEDGER_JOINED]++;
		break;
	}
	return p->visit_status;
}

static enum status on_hello(void *ctx, const struct stream_hello *hello)
{
	struct pipeline *p = ctx;
	uint64_t before, missing = continuity_hello(&p->continuity, hello, &before);

	state_flush(p->state, on_held_event, p);
	state_apply_hello(p->state, hello);
	p->live = hello->source == SOURCE_ETW_LIVE;
	p->ledger->before += before;
	p->connection = hello->stream_id ? hello->connection : 0;
	note_missing(p, missing, p->stats.last_100ns);
	return p->visit_status;
}

static enum status on_snapshot(void *ctx, const struct stream_snapshot *snapshot)
{
	struct pipeline *p = ctx;

	p->stats.snapshots++;
	state_apply_snapshot(p->state, snapshot);
	return ST_OK;
}

static enum status on_heartbeat(void *ctx, const struct stream_heartbeat *heartbeat)
{
	struct pipeline *p = ctx;

	p->stats.heartbeats++;
	state_heartbeat(p->state, heartbeat->time_100ns, on_held_event, p);
	return p->visit_status;
}

static enum status on_end(void *ctx, const struct stream_end *end)
{
	struct pipeline *p = ctx;

	p->ledger->announced += end->records_total;
	return ST_OK;
}

static const struct stream_callbacks callbacks = {
	.hello = on_hello,
	.record = on_record,
	.loss = on_loss,
	.snapshot = on_snapshot,
	.heartbeat = on_heartbeat,
	.end = on_end,
};

struct pipeline *pipeline_create(const struct state_limits *limits, pipeline_visit *visit, void *ctx)
{
	struct pipeline *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->visit = visit;
	p->ctx = ctx;
	p->decoder = decoder_create();
	p->state = state_create(limits);
	p->scratch = arena_create(SCRATCH_BYTES);
	p->ledger = ledger_create();
	if (p->decoder && p->state && p->scratch && p->ledger)
		return p;
	pipeline_destroy(p);
	return NULL;
}

void pipeline_destroy(struct pipeline *p)
{
	if (!p)
		return;
	stream_reader_destroy(p->reader);
	decoder_destroy(p->decoder);
	state_destroy(p->state);
	arena_destroy(p->scratch);
	ledger_destroy(p->ledger);
	free(p);
}

enum status pipeline_begin(struct pipeline *p, struct diag *why)
{
	stream_reader_destroy(p->reader);
	p->reader = stream_reader_create(&callbacks, p);
	continuity_begin(&p->continuity);
	p->stream_records = 0;
	p->connection = 0;
	return p->reader ? ST_OK : diag_set(why, ST_NOMEM, "out of memory");
}

enum status pipeline_feed(struct pipeline *p, const void *ptr, size_t len, struct diag *why)
{
	return stream_reader_feed(p->reader, ptr, len, why);
}

enum status pipeline_finish(struct pipeline *p, struct diag *why)
{
	enum status st = stream_reader_finish(p->reader, why);

	state_flush(p->state, on_held_event, p);
	pipeline_tell_shed(p);
	if (!stream_reader_ended(p->reader))
		p->ledger->streams_without_end++;
	return st != ST_OK ? st : p->visit_status;
}

uint64_t pipeline_received(const struct pipeline *p, uint64_t *out_connection)
{
	struct stream_reader_stats s;

	stream_reader_get_stats(p->reader, &s);
	*out_connection = p->connection;
	return s.bytes;
}

bool pipeline_is_live(const struct pipeline *p)
{
	return p->live;
}

void pipeline_set_pods(struct pipeline *p, const struct pods *pods)
{
	p->pods = pods;
}

void pipeline_set_shed(struct pipeline *p, const bool *kinds)
{
	p->shed = kinds;
}

void pipeline_tell_shed(struct pipeline *p)
{
	struct stream_loss loss = { .session = { "policyd", 7 }, .reason = LOSS_SHED, .events_lost = p->shed_untold };

	if (p->shed_untold == 0)
		return;
	p->shed_untold = 0;
	show_loss(p, &loss);
}

void pipeline_clear_gap(struct pipeline *p)
{
	p->gap = 0;
}

const struct ledger *pipeline_ledger(const struct pipeline *p)
{
	return p->ledger;
}

const struct pipeline_stats *pipeline_stats(const struct pipeline *p)
{
	return &p->stats;
}

const struct state *pipeline_state(const struct pipeline *p)
{
	return p->state;
}
