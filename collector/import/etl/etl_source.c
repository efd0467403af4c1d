#include "collector/import/etl/etl_source.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "collector/import/etl/etl_file.h"
#include "collector/import/etl/etl_header.h"
#include "collector/import/etl/etl_record.h"
#include "collector/import/etl/etl_volumes.h"
#include "collector/import/etl/etl_window.h"

struct etl_source {
	struct record_source base;          /* first, so that a record_source is an etl_source */
	struct etl_file file;
	struct etl_window *window;
	struct etl_volumes *volumes;
	struct etl_header header;
	struct etl_clock clock;
	struct source_counters counters;
	const struct source_sink *sink;     /* during run */
	uint64_t last_ticks;                /* of the youngest record handed out */
	uint64_t damage_untold;             /* places not yet in a LOSS */
	bool hello_sent;
	atomic_bool stopping;
};

static struct etl_source *of(struct record_source *s)
{
	return (struct etl_source *)s;
}

static void on_damage(void *ctx, const struct source_damage *d)
{
	struct etl_source *s = ctx;

	s->counters.damaged_places++;
	s->counters.damaged_bytes += d->skipped_bytes;
	s->damage_untold++;
	s->sink->damage(s->sink->ctx, d);
}

static enum status tell_loss(struct etl_source *s, enum loss_reason reason, uint64_t events, uint64_t buffers)
{
	struct stream_loss loss = { .session = { .ptr = s->header.session, .len = s->header.session_len } };

	if (!events && !buffers)
		return ST_OK;
	loss.reason = reason;
	loss.events_lost = events;
	loss.buffers_lost = buffers;
	loss.since_100ns = s->header.clock.start_100ns;
	loss.until_100ns = s->header.end_100ns;
	return s->sink->loss(s->sink->ctx, &loss);
}

/* The header counts what the session lost before it wrote the file, not where. It is told first, so that no alert of
 * this recording claims to be without a gap. A file that was never closed has zeros there; then each buffer flagged
 * as following a loss stands for one event at least. */
static enum status tell_header_loss(struct etl_source *s)
{
	enum status st;

	s->counters.events_lost += s->header.events_lost;
	s->counters.buffers_lost += s->header.buffers_lost;
	st = tell_loss(s, LOSS_ETW_EVENTS, s->header.events_lost, 0);
	return st == ST_OK ? tell_loss(s, LOSS_ETW_BUFFERS, 0, s->header.buffers_lost) : st;
}

static enum status tell_hello(struct etl_source *s)
{
	static const enum stream_clock clocks[] = { CLOCK_QPC, CLOCK_QPC, CLOCK_SYSTEM_TIME, CLOCK_CPU_CYCLES };
	struct stream_hello h = { .schema_version = STREAM_SCHEMA_VERSION, .source = SOURCE_ETL_FILE };
	enum status st;

	if (s->hello_sent)
		return ST_OK;
	s->hello_sent = true;
	h.os_build = s->header.os_build;
	h.boot_time_100ns = s->header.boot_100ns;
	h.clock = CLOCK_UNKNOWN;
	if (!s->clock.approximate && s->header.clock.kind < sizeof clocks / sizeof clocks[0])
		h.clock = clocks[s->header.clock.kind];
	h.pointer_bytes = (uint8_t)(s->header.pointer_bytes == 4 || s->header.pointer_bytes == 8 ? s->header.pointer_bytes : 0);
	h.device_paths = etl_volumes_rows(s->volumes, &h.device_path_count);
	st = s->sink->hello(s->sink->ctx, &h);
	return st == ST_OK ? tell_header_loss(s) : st;
}

static enum status tell_damage(struct etl_source *s)
{
	uint64_t places = s->damage_untold;

	s->damage_untold = 0;
	return tell_loss(s, LOSS_DAMAGE, 0, places);
}

/* A loss the session wrote down as a record of its own (evntrace.h RT_LostEvent: opcodes 32 event, 33 buffer, 34 file).
 * The record itself is handed out too. */
static enum status tell_recorded_loss(struct etl_source *s, const struct record *r)
{
	static const struct guid lost_event_class =
		GUID_INIT(0x6a399ae0, 0x4bc6, 0x4de9, 0x87, 0x0b, 0x36, 0x57, 0xf8, 0x94, 0x7e, 0x7e);
	enum { LOST_EVENT = 32 };
	bool is_event = r->opcode == LOST_EVENT;

	if (!(r->flags & RECORD_CLASSIC) || !guid_equal(&r->provider, &lost_event_class))
		return ST_OK;
	s->counters.events_lost += is_event;
	s->counters.buffers_lost += !is_event;
	return tell_loss(s, is_event ? LOSS_ETW_EVENTS : LOSS_ETW_BUFFERS, is_event, !is_event);
}

static enum status hand_out(struct etl_source *s, const struct etl_mark *m, const struct etl_block *from)
{
	struct record r;
	enum status st;

	if (etl_record_parse(m, &r, &s->counters.extended_items) != ST_OK) {
		s->counters.bad_records++;
		on_damage(s, &(struct source_damage){ .offset = from->offset + ETL_BUFFER_HEADER_BYTES + m->pos,
			.skipped_bytes = m->raw.len, .what = "a record's extended items do not fit it" });
		return ST_OK;
	}
	r.time_100ns = etl_clock_100ns(&s->clock, m->ticks);
	if (s->clock.approximate)
		r.flags |= RECORD_FORGED_CLOCK;
	r.cpu = from->cpu;
	r.os_build = s->header.os_build;
	if (m->ticks < s->last_ticks)
		s->counters.late_records++;
	else
		s->last_ticks = m->ticks;
	s->counters.records++;
	st = tell_recorded_loss(s, &r);
	return st == ST_OK ? s->sink->record(s->sink->ctx, &r) : st;
}

/* Hands out the oldest records until the window has room again, or, at the end, until it is empty. */
static enum status drain(struct etl_source *s, bool whole)
{
	const struct etl_block *from;
	struct etl_mark m;
	enum status st = ST_OK;

	while (st == ST_OK && (whole || etl_window_full(s->window)) && !atomic_load_explicit(&s->stopping, memory_order_relaxed)) {
		if (!etl_window_take(s->window, &m, &from))
			break;
		st = tell_hello(s);
		if (st == ST_OK && s->damage_untold)
			st = tell_damage(s);
		if (st == ST_OK)
			st = hand_out(s, &m, from);
	}
	return st;
}

static void add_block(struct etl_source *s, struct etl_block *b)
{
	uint64_t at = b->offset + ETL_BUFFER_HEADER_BYTES;
	uint32_t len = b->len;
	bool cut = b->cut;
	struct etl_walk walk;

	if (!s->hello_sent)
		etl_volumes_scan(s->volumes, b);
	etl_window_add(s->window, b, &walk);
	s->counters.wpp_messages += walk.count[ETL_KIND_WPP];
	s->counters.error_records += walk.count[ETL_KIND_ERROR];
	s->counters.unknown_records += walk.count[ETL_KIND_UNKNOWN];
	if (walk.damage && !cut)
		on_damage(s, &(struct source_damage){ .offset = at + walk.damage_pos, .skipped_bytes = len - walk.damage_pos,
			.what = walk.damage });
}

/* The first buffer's first record describes the file. Without it times are guesses, and say so. */
static void read_header(struct etl_source *s, const struct etl_block *b)
{
	struct etl_cursor c = etl_cursor_of(b, 0, b->len);
	struct etl_mark m;

	if (!etl_cursor_next(&c, &m) || !etl_header_parse(&m, &s->header))
		on_damage(s, &(struct source_damage){ .offset = b->offset, .skipped_bytes = 0,
			.what = "no trace header: build, start and clock are not known" });
	else if (s->header.buffer_bytes == s->file.first_bytes)    /* a relogged file has buffers of any size */
		s->file.grid_bytes = s->file.first_bytes;
	s->clock = etl_clock_of(&s->header.clock);
}

static void check_end(struct etl_source *s)
{
	uint64_t offset = byte_input_offset(s->file.in);
	const struct etl_header *h = &s->header;

	s->counters.special_buffers = s->file.special_buffers;
	if (s->file.cut || byte_input_end_status(s->file.in, NULL) == ST_STOPPED)
		return;
	if (byte_input_end_status(s->file.in, NULL) != ST_OK) {
		on_damage(s, &(struct source_damage){ .offset = offset, .what = "the input cannot be read further" });
		return;
	}
	if (h->end_100ns && !(h->mode & ETL_MODE_CIRCULAR) && h->buffers_written > s->file.buffer_count)
		on_damage(s, &(struct source_damage){ .offset = offset,
			.skipped_bytes = (h->buffers_written - s->file.buffer_count) * h->buffer_bytes,
			.what = "the file has fewer buffers than its header says" });
}

static enum status read_blocks(struct etl_source *s)
{
	struct etl_block *b;
	enum status st = ST_OK;
	bool first = true;

	while (st == ST_OK && !atomic_load(&s->stopping)) {
		st = etl_file_next(&s->file, &b);
		if (st != ST_OK || !b)
			break;
		if (first)
			read_header(s, b);
		first = false;
		add_block(s, b);
		st = drain(s, false);
	}
	return st;
}

static enum status etl_run(struct record_source *base, const struct source_sink *sink, struct diag *why)
{
	struct etl_source *s = of(base);
	enum status st;

	s->sink = sink;
	s->clock = etl_clock_of(&s->header.clock);
	st = read_blocks(s);
	if (st == ST_OK && !atomic_load(&s->stopping))
		check_end(s);
	if (st == ST_OK)
		st = drain(s, true);
	if (st == ST_OK)
		st = tell_hello(s);
	if (st == ST_OK)
		st = tell_damage(s);
	if (st == ST_OK && !s->header.end_100ns && !s->header.events_lost && s->file.lossy_buffers) {
		s->counters.events_lost += s->file.lossy_buffers;
		st = tell_loss(s, LOSS_ETW_EVENTS, s->file.lossy_buffers, 0);
	}
	if (st == ST_OK && atomic_load(&s->stopping))
		st = ST_STOPPED;
	if (st == ST_NOMEM)
		diag_set(why, st, "out of memory");
	return st;
}

static void etl_stop(struct record_source *base)
{
	atomic_store(&of(base)->stopping, true);
}

static const struct source_counters *etl_counters(const struct record_source *base)
{
	return &((const struct etl_source *)base)->counters;
}

static void etl_close(struct record_source *base)
{
	struct etl_source *s = of(base);

	if (!s)
		return;
	etl_file_release(&s->file);
	etl_window_destroy(s->window);
	etl_volumes_destroy(s->volumes);
	free(s);
}

bool etl_probe(struct view head)
{
	struct etl_buffer_header h;

	return etl_buffer_header_parse(head, false, &h) && h.type == ETL_BUFFER_HEADER;
}

enum status etl_source_open(struct byte_input *in, struct record_source **out, struct diag *why)
{
	struct etl_source *s = calloc(1, sizeof *s);

	*out = NULL;
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->base = (struct record_source){
		.name = "etl", .run = etl_run, .stop = etl_stop, .counters = etl_counters, .close = etl_close
	};
	etl_file_init(&s->file, in, on_damage, s);
	s->window = etl_window_create(ETL_WINDOW_BYTES);
	s->volumes = etl_volumes_create();
	if (!s->window || !s->volumes) {
		etl_close(&s->base);
		return diag_set(why, ST_NOMEM, "out of memory");
	}
	*out = &s->base;
	return ST_OK;
}
