#include "collector/import/evtx/evtx_source.h"

#include <stdlib.h>

#include "collector/import/evtx/event_xml.h"
#include "collector/import/evtx/evtx_chunk.h"
#include "collector/import/named/log_source.h"

#define CHUNK_MAGIC "ElfChnk"

struct evtx_source {
	struct log_source log;              /* first, so that a record_source is an evtx_source */
	struct byte_input *in;
	struct evtx_chunk *chunk;
	uint64_t chunk_at;                  /* where the chunk stands in the input */
};

static struct evtx_source *of(struct record_source *base)
{
	return (struct evtx_source *)base;
}

static void damage(struct evtx_source *s, uint64_t offset, uint64_t skipped, const char *what)
{
	log_source_damage(&s->log, &(struct source_damage){ .offset = offset, .skipped_bytes = skipped, .what = what });
}

static enum status hand_out(struct evtx_source *s, size_t i)
{
	struct named_record *n = &s->log.named;
	struct evtx_entry entry;
	enum status st = evtx_chunk_entry(s->chunk, i, &entry);

	if (st == ST_OK)
		st = event_xml_read(entry.xml, entry.xml_len, n);
	if (st != ST_OK) {
		s->log.counters.undecoded_records++;
		damage(s, s->chunk_at + entry.offset, 0, "a record that cannot be decoded");
		return ST_OK;
	}
	if (!n->rec.time_100ns)
		n->rec.time_100ns = entry.written_100ns;
	return log_source_record(&s->log);
}

static enum status hand_out_chunk(struct evtx_source *s)
{
	enum status st = evtx_chunk_open(s->chunk);

	if (st == ST_NOMEM)
		return st;
	if (st != ST_OK) {
		damage(s, s->chunk_at, EVTX_CHUNK_BYTES, "a chunk that cannot be read");
		return ST_OK;
	}
	if (evtx_chunk_is_damaged(s->chunk))
		damage(s, s->chunk_at, 0, "a damaged chunk: some of its records may be missing");
	for (size_t i = 0; i < evtx_chunk_count(s->chunk) && st == ST_OK && !log_source_stopping(&s->log); i++)
		st = hand_out(s, i);
	return st;
}

static bool is_empty(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			return false;
	}
	return true;
}

/* Logs grow by chunks of zeros; those were never used. */
static enum status take_chunk(struct evtx_source *s, const uint8_t *room, size_t got)
{
	if (is_empty(room, got))
		return ST_OK;
	if (memcmp(room, CHUNK_MAGIC, sizeof CHUNK_MAGIC) != 0) {
		damage(s, s->chunk_at, got, "no chunk starts where one should");
		return ST_OK;
	}
	if (got < EVTX_CHUNK_BYTES)
		damage(s, s->chunk_at + got, EVTX_CHUNK_BYTES - got, "the file ends inside a chunk");
	return hand_out_chunk(s);
}

static enum status read_chunks(struct evtx_source *s)
{
	enum status st = ST_OK;
	uint8_t *room;
	size_t got;

	while (st == ST_OK && !log_source_stopping(&s->log)) {
		s->chunk_at = byte_input_offset(s->in);
		room = evtx_chunk_room(s->chunk);
		got = byte_input_read(s->in, room, EVTX_CHUNK_BYTES);
		if (!got)
			break;
		memset(room + got, 0, EVTX_CHUNK_BYTES - got);
		st = take_chunk(s, room, got);
	}
	return st;
}

static enum status evtx_run(struct record_source *base, const struct source_sink *sink, struct diag *why)
{
	struct evtx_source *s = of(base);
	enum status st = ST_OK, end;

	s->log.sink = sink;
	if (byte_input_skip(s->in, EVTX_FILE_HEADER_BYTES) < EVTX_FILE_HEADER_BYTES)
		damage(s, byte_input_offset(s->in), 0, "the file ends inside its header");
	st = read_chunks(s);
	end = byte_input_end_status(s->in, NULL);
	if (st == ST_OK && end != ST_OK && end != ST_STOPPED && !log_source_stopping(&s->log))
		damage(s, byte_input_offset(s->in), 0, "the input cannot be read further");
	if (st == ST_OK)
		st = log_source_finish(&s->log);
	if (st == ST_NOMEM)
		diag_set(why, st, "out of memory");
	return st;
}

static void evtx_close(struct record_source *base)
{
	struct evtx_source *s = of(base);

	if (!s)
		return;
	log_source_release(&s->log);
	evtx_chunk_destroy(s->chunk);
	free(s);
}

enum status evtx_source_open(struct byte_input *in, struct record_source **out, struct diag *why)
{
	struct evtx_source *s = calloc(1, sizeof *s);

	*out = NULL;
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->log.base.run = evtx_run;
	s->log.base.close = evtx_close;
	s->in = in;
	s->chunk = evtx_chunk_create();
	if (log_source_init(&s->log, "evtx", SOURCE_EVTX) != ST_OK || !s->chunk) {
		evtx_close(&s->log.base);
		return diag_set(why, ST_NOMEM, "out of memory");
	}
	*out = &s->log.base;
	return ST_OK;
}
