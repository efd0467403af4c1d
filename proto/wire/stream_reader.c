#include "proto/wire/stream_reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/arena.h"
#include "proto/base/limits.h"
#include "proto/wire/frame.h"
#include "proto/wire/frame_codec.h"
#include "proto/wire/record_codec.h"
#include "proto/wire/row_table.h"

struct stream_reader {
	struct stream_callbacks calls;
	void *ctx;
	struct frame_parser *frames;
	struct row_table *providers, *names;
	struct arena *arena;             /* of one frame */
	struct stream_reader_stats stats;
	uint32_t schema_version;         /* 0: no HELLO yet */
	uint32_t os_build;
	char host[LIMIT_NAME_BYTES];
	size_t host_len;
	bool ended;
	struct records_cursor cursor;
};

typedef enum status frame_reader(struct stream_reader *r, const struct frame *f, struct diag *why);

static enum status refuse(const struct frame *f, enum status st, const char *what, struct diag *why)
{
	if (st == ST_OK)
		return ST_OK;
	return diag_set_at(why, st, f->offset, "%s frame: %s", what, status_text(st));
}

static enum status fill_tables(struct stream_reader *r, const struct stream_hello *h)
{
	enum status st = ST_OK;

	row_table_clear(r->providers);
	row_table_clear(r->names);
	for (size_t i = 0; st == ST_OK && i < h->provider_count; i++)
		st = row_table_append(r->providers, &h->providers[i]);
	return st;
}

static enum status read_hello(struct stream_reader *r, const struct frame *f, struct diag *why)
{
	struct stream_hello h;
	enum status st = frame_codec_decode_hello(f->body, r->arena, &h);

	if (st != ST_OK)
		return refuse(f, st, "HELLO", why);
	if (h.schema_version != STREAM_SCHEMA_VERSION || (r->schema_version && h.schema_version != r->schema_version))
		return diag_set_at(why, ST_UNSUPPORTED, f->offset,
			"stream has schema version %" PRIu32 ", this program reads %d", h.schema_version,
			STREAM_SCHEMA_VERSION);
	if ((st = fill_tables(r, &h)) != ST_OK)
		return refuse(f, st, "HELLO", why);
	r->schema_version = h.schema_version;
	r->os_build = h.os_build;
	r->host_len = h.host_name.len;
	memcpy(r->host, h.host_name.ptr, h.host_name.len);
	return r->calls.hello ? r->calls.hello(r->ctx, &h) : ST_OK;
}

/* Looks a name up; row 0 leaves *out as it is. */
static bool fill_name(const struct stream_reader *r, uint32_t row, struct text_view *out)
{
	const struct stream_provider *name = row_table_get(r->names, row);

	if (name)
		*out = name->name;
	return name || row == 0;
}

/* Rows must be known before a record refers to them. */
static enum status hand_out_record(struct stream_reader *r, struct records_item *item)
{
	const struct stream_provider *p = row_table_get(r->providers, item->rows.provider);
	struct record *rec = &item->record;

	rec->os_build = r->os_build;
	rec->host = (struct text_view){ r->host, r->host_len };
	if (p) {
		rec->provider = p->guid;
		rec->provider_name = p->name;
	}
	if (!p && item->rows.provider != 0)
		return ST_MALFORMED;
	if (!fill_name(r, item->rows.channel, &rec->channel) || !fill_name(r, item->rows.host, &rec->host))
		return ST_MALFORMED;
	r->stats.records++;
	return ST_OK;
}

static enum status apply_item(struct stream_reader *r, struct records_item *item)
{
	struct stream_provider name = { .name = item->name };

	switch (item->kind) {
	case RECORDS_RESET:
		row_table_clear(r->providers);
		row_table_clear(r->names);
		return ST_OK;
	case RECORDS_PROVIDER:
		return row_table_append(r->providers, &item->provider);
	case RECORDS_NAME:
		return row_table_append(r->names, &name);
	default:
		return hand_out_record(r, item);
	}
}

static enum status read_records(struct stream_reader *r, const struct frame *f, struct diag *why)
{
	struct records_cursor *c = &r->cursor;
	struct records_item item;
	enum status st = ST_OK;

	records_cursor_init(c, f->body);
	while (records_cursor_next(c, &item)) {
		if ((st = apply_item(r, &item)) != ST_OK)
			return refuse(f, st, "RECORDS", why);
		if (item.kind == RECORDS_RECORD && r->calls.record)
			st = r->calls.record(r->ctx, &item.record);
		if (st != ST_OK)
			return st;
	}
	return refuse(f, c->status, "RECORDS", why);
}

static enum status read_loss(struct stream_reader *r, const struct frame *f, struct diag *why)
{
	struct stream_loss l;
	enum status st = frame_codec_decode_loss(f->body, r->arena, &l);

	if (st != ST_OK)
		return refuse(f, st, "LOSS", why);
	return r->calls.loss ? r->calls.loss(r->ctx, &l) : ST_OK;
}

static enum status read_snapshot(struct stream_reader *r, const struct frame *f, struct diag *why)
{
	struct stream_snapshot s;
	enum status st = frame_codec_decode_snapshot(f->body, r->arena, &s);

	if (st != ST_OK)
		return refuse(f, st, "SNAPSHOT", why);
	return r->calls.snapshot ? r->calls.snapshot(r->ctx, &s) : ST_OK;
}

static enum status read_heartbeat(struct stream_reader *r, const struct frame *f, struct diag *why)
{
	struct stream_heartbeat h;
	enum status st = frame_codec_decode_heartbeat(f->body, r->arena, &h);

	if (st != ST_OK)
		return refuse(f, st, "HEARTBEAT", why);
	return r->calls.heartbeat ? r->calls.heartbeat(r->ctx, &h) : ST_OK;
}

static enum status read_end(struct stream_reader *r, const struct frame *f, struct diag *why)
{
	struct stream_end e;
	enum status st = frame_codec_decode_end(f->body, r->arena, &e);

	if (st != ST_OK)
		return refuse(f, st, "END", why);
	return r->calls.end ? r->calls.end(r->ctx, &e) : ST_OK;
}

static frame_reader *const readers[] = {
	[FRAME_HELLO] = read_hello,
	[FRAME_RECORDS] = read_records,
	[FRAME_LOSS] = read_loss,
	[FRAME_SNAPSHOT] = read_snapshot,
	[FRAME_HEARTBEAT] = read_heartbeat,
	[FRAME_END] = read_end,
};

static enum status on_frame(void *ctx, const struct frame *f, struct diag *why)
{
	struct stream_reader *r = ctx;
	frame_reader *read = f->type < sizeof readers / sizeof readers[0] ? readers[f->type] : NULL;

	r->stats.frames++;
	r->ended = f->type == FRAME_END;
	if (!read) {
		r->stats.unknown_frames++;
		return ST_OK;
	}
	if (r->schema_version == 0 && f->type != FRAME_HELLO)
		return diag_set_at(why, ST_MALFORMED, f->offset, "the stream does not start with a HELLO frame");
	arena_reset(r->arena);
	return read(r, f, why);
}

struct stream_reader *stream_reader_create(const struct stream_callbacks *callbacks, void *ctx)
{
	struct stream_reader *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->calls = *callbacks;
	r->ctx = ctx;
	r->frames = frame_parser_create(on_frame, r);
	r->providers = row_table_create(LIMIT_PROVIDERS, LIMIT_STREAM_TABLE_BYTES);
	r->names = row_table_create(LIMIT_STREAM_NAMES, LIMIT_STREAM_TABLE_BYTES);
	r->arena = arena_create(FRAME_CODEC_ARENA_BYTES);
	if (r->frames && r->providers && r->names && r->arena)
		return r;
	stream_reader_destroy(r);
	return NULL;
}

void stream_reader_destroy(struct stream_reader *r)
{
	if (!r)
		return;
	frame_parser_destroy(r->frames);
	row_table_destroy(r->providers);
	row_table_destroy(r->names);
	arena_destroy(r->arena);
	free(r);
}

enum status stream_reader_feed(struct stream_reader *r, const void *bytes, size_t len, struct diag *why)
{
	return frame_parser_feed(r->frames, bytes, len, why);
}

enum status stream_reader_finish(struct stream_reader *r, struct diag *why)
{
	enum status st = frame_parser_finish(r->frames, why);

	if (st == ST_OK && r->schema_version == 0)
		return diag_set_at(why, ST_TRUNCATED, frame_parser_offset(r->frames), "the stream ends before its HELLO frame");
	return st;
}

bool stream_reader_ended(const struct stream_reader *r)
{
	return r->ended;
}

void stream_reader_get_stats(const struct stream_reader *r, struct stream_reader_stats *out)
{
	*out = r->stats;
	out->bytes = frame_parser_offset(r->frames);
}
