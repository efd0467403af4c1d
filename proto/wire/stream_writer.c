#include "proto/wire/stream_writer.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/arena.h"
#include "proto/base/buf.h"
#include "proto/base/limits.h"
#include "proto/wire/frame.h"
#include "proto/wire/frame_codec.h"
#include "proto/wire/record_codec.h"
#include "proto/wire/row_table.h"

enum {
	SNAPSHOT_FRAME_BYTES = LIMIT_FRAME_BODY_BYTES / 2,    /* one row more may follow without passing the limit */
	SNAPSHOT_ROW_BYTES = 128,                              /* a row's numbers, GUID, SID, keys and lengths */
	/* A batch, one record as large as a frame, and what record_codec reserves beyond the true size. */
	RECORDS_MAX_BYTES = STREAM_WRITER_BATCH_BYTES + LIMIT_FRAME_BODY_BYTES + 64 * 1024,
};

struct stream_writer {
	stream_write *write;
	void *ctx;
	struct row_table *providers, *names;
	struct buf rows, records;        /* encoded parts of the next RECORDS frame */
	struct buf frame;
	struct arena *arena;             /* of one frame */
	uint64_t first_seq;              /* of the gathered records */
	uint32_t record_count;           /* gathered */
	bool greeted;                    /* HELLO was sent */
	bool reset_tables;               /* the next RECORDS frame starts the tables anew */
	char host[LIMIT_NAME_BYTES];
	size_t host_len;
	struct stream_writer_stats stats;
	enum status failed;
};

struct stream_writer *stream_writer_create(stream_write *write, void *ctx)
{
	struct stream_writer *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->write = write;
	w->ctx = ctx;
	buf_init(&w->rows, LIMIT_FRAME_BODY_BYTES);
	buf_init(&w->records, RECORDS_MAX_BYTES);
	buf_init(&w->frame, FRAME_HEADER_BYTES + LIMIT_FRAME_BODY_BYTES);
	w->providers = row_table_create(LIMIT_PROVIDERS, LIMIT_STREAM_TABLE_BYTES);
	w->names = row_table_create(LIMIT_STREAM_NAMES, LIMIT_STREAM_TABLE_BYTES);
	w->arena = arena_create(FRAME_CODEC_ARENA_BYTES);
	if (w->providers && w->names && w->arena)
		return w;
	stream_writer_destroy(w);
	return NULL;
}

void stream_writer_destroy(struct stream_writer *w)
{
	if (!w)
		return;
	buf_release(&w->rows);
	buf_release(&w->records);
	buf_release(&w->frame);
	row_table_destroy(w->providers);
	row_table_destroy(w->names);
	arena_destroy(w->arena);
	free(w);
}

static enum status send(struct stream_writer *w, const void *bytes, size_t len)
{
	if (w->failed != ST_OK)
		return w->failed;
	w->failed = w->write(w->ctx, bytes, len);
	if (w->failed == ST_OK)
		w->stats.bytes += len;
	return w->failed;
}

/* w->frame holds room for the header and the body. */
static enum status send_frame(struct stream_writer *w, enum frame_type type)
{
	enum status st;

	if (!w->greeted && type != FRAME_HELLO)
		return ST_MALFORMED;
	frame_put_header(w->frame.data, type, w->frame.len - FRAME_HEADER_BYTES);
	st = send(w, w->frame.data, w->frame.len);
	if (st == ST_OK)
		w->stats.frames++;
	return st;
}

static enum status begin_frame(struct stream_writer *w)
{
	static const uint8_t room[FRAME_HEADER_BYTES];

	buf_clear(&w->frame);
	arena_reset(w->arena);
	return buf_append(&w->frame, room, sizeof room) ? ST_OK : ST_NOMEM;
}

enum status stream_writer_magic(struct stream_writer *w)
{
	return send(w, frame_magic, FRAME_MAGIC_BYTES);
}

enum status stream_writer_flush(struct stream_writer *w)
{
	enum status st;

	if (w->rows.len == 0 && w->records.len == 0 && !w->reset_tables)
		return w->failed;
	if ((st = begin_frame(w)) != ST_OK)
		return st;
	st = record_codec_put_head(w->record_count ? w->first_seq : 0, w->reset_tables, &w->frame);
	if (st != ST_OK)
		return st;
	if (!buf_append(&w->frame, w->rows.data, w->rows.len) ||
		!buf_append(&w->frame, w->records.data, w->records.len))
		return ST_NOMEM;
	buf_clear(&w->rows);
	buf_clear(&w->records);
	w->record_count = 0;
	w->reset_tables = false;
	return send_frame(w, FRAME_RECORDS);
}

/* Sends what is gathered and opens a frame for another message. */
static enum status begin_message(struct stream_writer *w)
{
	enum status st = stream_writer_flush(w);

	return st == ST_OK ? begin_frame(w) : st;
}

static enum status fill_tables(struct stream_writer *w, const struct stream_hello *h)
{
	enum status st = ST_OK;

	row_table_clear(w->providers);
	row_table_clear(w->names);
	for (size_t i = 0; st == ST_OK && i < h->provider_count; i++)
		st = row_table_append(w->providers, &h->providers[i]);
	return st;
}

enum status stream_writer_hello(struct stream_writer *w, const struct stream_hello *h)
{
	struct stream_hello copy = *h;
	enum status st = begin_message(w);

	if (copy.schema_version == 0)
		copy.schema_version = STREAM_SCHEMA_VERSION;
	if (st == ST_OK)
		st = frame_codec_encode_hello(&copy, w->arena, &w->frame);
	if (st == ST_OK)
		st = fill_tables(w, h);
	if (st != ST_OK)
		return st;
	w->host_len = h->host_name.len;
	if (w->host_len)
		memcpy(w->host, h->host_name.ptr, w->host_len);
	st = send_frame(w, FRAME_HELLO);
	w->greeted = st == ST_OK;
	return st;
}

enum status stream_writer_loss(struct stream_writer *w, const struct stream_loss *l)
{
	enum status st = begin_message(w);

	if (st == ST_OK)
		st = frame_codec_encode_loss(l, w->arena, &w->frame);
	return st == ST_OK ? send_frame(w, FRAME_LOSS) : st;
}

enum status stream_writer_heartbeat(struct stream_writer *w, const struct stream_heartbeat *h)
{
	enum status st = begin_message(w);

	if (st == ST_OK)
		st = frame_codec_encode_heartbeat(h, w->arena, &w->frame);
	return st == ST_OK ? send_frame(w, FRAME_HEARTBEAT) : st;
}

enum status stream_writer_end(struct stream_writer *w, const struct stream_end *e)
{
	enum status st = begin_message(w);

	if (st == ST_OK)
		st = frame_codec_encode_end(e, w->arena, &w->frame);
	return st == ST_OK ? send_frame(w, FRAME_END) : st;
}

static size_t process_bytes(const struct stream_process *p)
{
	return SNAPSHOT_ROW_BYTES + p->image_path.len + p->cmdline.len + p->user_sid.len;
}

static size_t container_bytes(const struct stream_container *c)
{
	return SNAPSHOT_ROW_BYTES + c->id.len + c->name.len + c->image.len + c->type.len + c->hcs_json.len;
}

/* The first rows of *rest that fit one frame, at least one. */
static struct stream_snapshot first_part(const struct stream_snapshot *rest)
{
	struct stream_snapshot part = { .time_100ns = rest->time_100ns,
		.processes = rest->processes,
		.containers = rest->containers };
	size_t bytes = 0, rows = 0;

	for (; part.process_count < rest->process_count; part.process_count++, rows++) {
		bytes += process_bytes(&rest->processes[part.process_count]);
		if (rows > 0 && (bytes > SNAPSHOT_FRAME_BYTES || rows == LIMIT_SNAPSHOT_ROWS))
			return part;
	}
	for (; part.container_count < rest->container_count; part.container_count++, rows++) {
		bytes += container_bytes(&rest->containers[part.container_count]);
		if (rows > 0 && (bytes > SNAPSHOT_FRAME_BYTES || rows == LIMIT_SNAPSHOT_ROWS))
			return part;
	}
	part.complete = rest->complete;
	return part;
}

enum status stream_writer_snapshot(struct stream_writer *w, const struct stream_snapshot *s)
{
	struct stream_snapshot rest = *s, part;
	enum status st;

	do {
		part = first_part(&rest);
		if ((st = begin_message(w)) != ST_OK)
			return st;
		if ((st = frame_codec_encode_snapshot(&part, w->arena, &w->frame)) != ST_OK)
			return st;
		if ((st = send_frame(w, FRAME_SNAPSHOT)) != ST_OK)
			return st;
		rest.processes += part.process_count;
		rest.process_count -= part.process_count;
		rest.containers += part.container_count;
		rest.container_count -= part.container_count;
	} while (rest.process_count + rest.container_count > 0);
	return ST_OK;
}

/* Number of the row that says the same, made when there is none yet. ST_LIMIT: the table is full. */
static enum status intern_provider(struct stream_writer *w, const struct stream_provider *row, uint32_t *number)
{
	enum status st;

	*number = row_table_find(w->providers, row);
	if (*number)
		return ST_OK;
	if ((st = row_table_append(w->providers, row)) != ST_OK)
		return st;
	*number = row_table_find(w->providers, row);
	return record_codec_put_provider(row, &w->rows);
}

static enum status intern_name(struct stream_writer *w, struct text_view name, uint32_t *number)
{
	const struct stream_provider row = { .name = name };
	enum status st;

	*number = name.len ? row_table_find(w->names, &row) : 0;
	if (*number || name.len == 0)
		return ST_OK;
	if ((st = row_table_append(w->names, &row)) != ST_OK)
		return st;
	*number = row_table_find(w->names, &row);
	return record_codec_put_name(name, &w->rows);
}

static bool is_hello_host(const struct stream_writer *w, struct text_view host)
{
	return host.len == w->host_len && (host.len == 0 || memcmp(host.ptr, w->host, host.len) == 0);
}

static enum status intern_all(struct stream_writer *w, const struct record *r, struct record_rows *rows)
{
	const struct stream_provider provider = { .guid = r->provider, .name = r->provider_name };
	enum status st = ST_OK;

	*rows = (struct record_rows){ 0 };
	if (provider.name.len > 0 || !guid_is_zero(&provider.guid))
		st = intern_provider(w, &provider, &rows->provider);
	if (st == ST_OK)
		st = intern_name(w, r->channel, &rows->channel);
	if (st == ST_OK && !is_hello_host(w, r->host))
		st = intern_name(w, r->host, &rows->host);
	return st;
}

/* A full table, or rows that no longer fit the frame, are met by starting both tables anew. */
static enum status find_rows(struct stream_writer *w, const struct record *r, struct record_rows *rows)
{
	enum status st;

	if (r->provider_name.len > LIMIT_NAME_BYTES || r->channel.len > LIMIT_NAME_BYTES || r->host.len > LIMIT_NAME_BYTES)
		return ST_LIMIT;
	st = intern_all(w, r, rows);
	if (st == ST_NOMEM)
		w->failed = st;    /* a row may be in the table and not in the stream */
	if (st != ST_LIMIT)
		return st;
	if ((st = stream_writer_flush(w)) != ST_OK)
		return st;
	row_table_clear(w->providers);
	row_table_clear(w->names);
	w->reset_tables = true;
	return intern_all(w, r, rows);
}

static bool fits_frame(const struct stream_writer *w)
{
	return RECORDS_HEAD_MAX_BYTES + w->rows.len + w->records.len <= LIMIT_FRAME_BODY_BYTES;
}

/* Encodes into the batch; when the frame would grow too large, the batch goes first and the record leads the next. */
static enum status gather(struct stream_writer *w, const struct record *r, const struct record_rows *rows)
{
	size_t mark = w->records.len;
	enum status st = record_codec_put_record(r, rows, &w->records);

	if (st != ST_OK || fits_frame(w))
		return st;
	w->records.len = mark;
	if ((st = stream_writer_flush(w)) != ST_OK)
		return st;
	if ((st = record_codec_put_record(r, rows, &w->records)) != ST_OK || fits_frame(w))
		return st;
	w->records.len = 0;
	return ST_LIMIT;
}

enum status stream_writer_record(struct stream_writer *w, const struct record *r)
{
	uint64_t seq = r->seq ? r->seq : w->stats.last_seq + 1;
	struct record_rows rows;
	enum status st;

	if (w->failed != ST_OK)
		return w->failed;
	if (seq <= w->stats.last_seq || !w->greeted)
		return ST_MALFORMED;
	if (w->record_count > 0 && seq != w->stats.last_seq + 1 && (st = stream_writer_flush(w)) != ST_OK)
		return st;
	if ((st = find_rows(w, r, &rows)) != ST_OK || (st = gather(w, r, &rows)) != ST_OK)
		return st;
	if (w->record_count++ == 0)
		w->first_seq = seq;
	w->stats.last_seq = seq;
	w->stats.records++;
	if (w->rows.len + w->records.len >= STREAM_WRITER_BATCH_BYTES || w->record_count == LIMIT_RECORDS_PER_FRAME)
		return stream_writer_flush(w);
	return ST_OK;
}

void stream_writer_get_stats(const struct stream_writer *w, struct stream_writer_stats *out)
{
	*out = w->stats;
}
