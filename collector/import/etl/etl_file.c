#include "collector/import/etl/etl_file.h"

#include <stdlib.h>

#include "collector/import/etl/xpress.h"

void etl_file_init(struct etl_file *f, struct byte_input *in, void (*damage)(void *, const struct source_damage *), void *ctx)
{
	*f = (struct etl_file){ .in = in, .damage = damage, .ctx = ctx };
}

void etl_file_release(struct etl_file *f)
{
	free(f->packed);
	f->packed = NULL;
}

static void report(struct etl_file *f, uint64_t offset, uint64_t skipped, const char *what)
{
	f->damage(f->ctx, &(struct source_damage){ .offset = offset, .skipped_bytes = skipped, .what = what });
}

static void report_cut(struct etl_file *f, uint64_t offset, uint64_t missing)
{
	enum status ended = byte_input_end_status(f->in, NULL);

	f->cut = true;
	if (ended != ST_STOPPED)
		report(f, offset, missing, ended == ST_OK ? "the file ends inside a buffer" : "the input cannot be read further");
}

static bool has_records(const struct etl_buffer_header *h)
{
	return h->type == ETL_BUFFER_GENERIC || h->type == ETL_BUFFER_RUNDOWN || h->type == ETL_BUFFER_HEADER ||
		h->type == ETL_BUFFER_BATCHED;
}

/* The header of the next buffer, consumed. False: the end of the file. */
static bool next_header(struct etl_file *f, struct etl_buffer_header *h, uint64_t *offset)
{
	struct etl_gap gap;
	struct view head;

	for (;;) {
		*offset = byte_input_offset(f->in);
		head = byte_input_peek(f->in, ETL_BUFFER_HEADER_BYTES);
		if (head.len == 0)
			return false;
		if (etl_buffer_header_parse(head, false, h) &&
			(!f->grid_bytes || (h->flags & ETL_BUFFER_COMPRESSED) || h->disk_bytes == f->grid_bytes))
			break;
		gap = etl_resync(f->in, f->grid_bytes);
		if (!(gap.only_zeros && gap.at_end))    /* zeros up to the end: a file made larger beforehand */
			report(f, *offset, gap.bytes, "no buffer where one must start");
	}
	byte_input_skip(f->in, ETL_BUFFER_HEADER_BYTES);
	if (f->buffer_count++ == 0)
		f->first_bytes = h->disk_bytes;
	if (h->flags & (ETL_BUFFER_EVENTS_LOST | ETL_BUFFER_BUFFER_LOST))
		f->lossy_buffers++;
	return true;
}

static void read_plain(struct etl_file *f, const struct etl_buffer_header *h, struct etl_block *b)
{
	size_t got = byte_input_read(f->in, b->data, b->len);

	if (got < b->len) {
		report_cut(f, b->offset, b->len - got);
		b->len = (uint32_t)got;
		b->cut = true;
		return;
	}
	byte_input_skip(f->in, h->disk_bytes - h->fill_bytes);
}

static enum status read_packed(struct etl_file *f, const struct etl_buffer_header *h, struct etl_block *b)
{
	size_t want = h->disk_bytes - ETL_BUFFER_HEADER_BYTES, got, made = 0;
	uint8_t *room = f->packed;

	if (want > f->packed_cap) {
		room = realloc(f->packed, want);
		if (!room)
			return ST_NOMEM;
		f->packed = room;
		f->packed_cap = want;
	}
	got = byte_input_read(f->in, room, want);
	if (xpress_decompress((struct view){ .ptr = room, .len = got }, b->data, b->len, &made) != ST_OK) {
		b->cut = true;
		if (got < want)
			report_cut(f, b->offset, want - got);
		else
			report(f, b->offset, b->len - made, "a buffer's compressed form is damaged");
		b->len = (uint32_t)made;
	}
	return ST_OK;
}

/* A header may promise far more than the file holds; the window must not pay for promises. */
static struct etl_block *shrunk(struct etl_block *b, uint32_t promised)
{
	struct etl_block *smaller = NULL;

	if (b->len < promised)
		smaller = realloc(b, sizeof *b + b->len);
	return smaller ? smaller : b;
}

enum status etl_file_next(struct etl_file *f, struct etl_block **out)
{
	struct etl_buffer_header h;
	struct etl_block *b;
	enum status st = ST_OK;
	uint64_t offset;

	*out = NULL;
	for (;;) {
		if (!next_header(f, &h, &offset))
			return ST_OK;
		if (has_records(&h))
			break;
		f->special_buffers++;
		byte_input_skip(f->in, h.disk_bytes - ETL_BUFFER_HEADER_BYTES);
	}
	b = malloc(sizeof *b + h.fill_bytes - ETL_BUFFER_HEADER_BYTES);
	if (!b)
		return ST_NOMEM;
	*b = (struct etl_block){ .index = f->buffer_count, .offset = offset, .cpu = h.cpu };
	b->len = h.fill_bytes - ETL_BUFFER_HEADER_BYTES;
	if (h.flags & ETL_BUFFER_COMPRESSED)
		st = read_packed(f, &h, b);
	else
		read_plain(f, &h, b);
	if (st != ST_OK) {
		free(b);
		return st;
	}
	*out = shrunk(b, h.fill_bytes - ETL_BUFFER_HEADER_BYTES);
	return ST_OK;
}
