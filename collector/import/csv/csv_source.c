#include "collector/import/csv/csv_source.h"

#include <stdlib.h>

#include "collector/import/csv/csv_event.h"
#include "collector/import/named/log_source.h"
#include "proto/base/buf.h"

enum { PROBE_BYTES = 4096 };    /* a header: 256 columns of 16 bytes; known tables stay under 1,500 */

struct csv_source {
	struct log_source log;              /* first, so that a record_source is a csv_source */
	struct byte_input *in;
	struct text_input *text;
	char *header_text;
	struct csv_row header, row;
	enum csv_kind kind;
	uint64_t last_100ns;
};

static struct csv_source *of(struct record_source *base)
{
	return (struct csv_source *)base;
}

static void refuse(struct csv_source *s, size_t len, const char *what)
{
	s->log.counters.undecoded_records++;
	log_source_damage(&s->log, &(struct source_damage){ .offset = text_input_offset(s->text),
		.line = text_input_line(s->text), .skipped_bytes = len, .what = what });
}

/* The row's text is copied, because fields are put together in place; the copy lives in buf until the next row. */
static enum status take_row(struct csv_source *s, struct buf *copy, size_t len)
{
	struct view w = text_input_window(s->text);

	buf_clear(copy);
	if (!buf_append(copy, w.ptr, len))
		return ST_NOMEM;
	if (!csv_row_parse((char *)copy->data, len, &s->row)) {
		refuse(s, len, "a row with too many columns");
		return ST_OK;
	}
	if (s->row.count == 1 && s->row.fields[0].len == 0)    /* an empty line */
		return ST_OK;
	if (s->row.count != s->header.count) {
		refuse(s, len, "a row that has not the columns of the header");
		return ST_OK;
	}
	csv_event_read(s->kind, &s->header, &s->row, &s->log.named);
	if (!s->log.named.rec.time_100ns)
		s->log.named.rec.time_100ns = s->last_100ns;
	s->last_100ns = s->log.named.rec.time_100ns;
	return log_source_record(&s->log);
}

static enum status read_header(struct csv_source *s)
{
	bool whole;
	size_t len = csv_row_length(s->text, &whole);

	s->header_text = malloc(len ? len : 1);
	if (!s->header_text)
		return ST_NOMEM;
	memcpy(s->header_text, text_input_window(s->text).ptr, len);
	if (csv_row_parse(s->header_text, len, &s->header))
		s->kind = csv_kind_of(&s->header);
	text_input_consume(s->text, len);
	return ST_OK;
}

static enum status read_rows(struct csv_source *s)
{
	enum status st = ST_OK;
	struct buf copy;
	bool whole;
	size_t len;

	buf_init(&copy, TEXT_WINDOW_MAX_BYTES);
	while (st == ST_OK && !log_source_stopping(&s->log) && (len = csv_row_length(s->text, &whole)) > 0) {
		if (whole)
			st = take_row(s, &copy, len);
		else
			refuse(s, len, "a row that does not end");
		text_input_consume(s->text, len);
	}
	buf_release(&copy);
	return st;
}

static enum status csv_run(struct record_source *base, const struct source_sink *sink, struct diag *why)
{
	struct csv_source *s = of(base);
	enum status st, end;

	s->log.sink = sink;
	st = read_header(s);
	if (st == ST_OK && s->kind == CSV_UNKNOWN)
		return diag_set(why, ST_UNSUPPORTED, "a table, but its header is of no known one");
	if (st == ST_OK)
		st = read_rows(s);
	end = byte_input_end_status(s->in, NULL);
	if (st == ST_OK && end != ST_OK && end != ST_STOPPED && !log_source_stopping(&s->log))
		log_source_damage(&s->log, &(struct source_damage){ .offset = text_input_offset(s->text),
			.what = "the input cannot be read further" });
	if (st == ST_OK)
		st = log_source_finish(&s->log);
	if (st == ST_NOMEM)
		diag_set(why, st, "out of memory");
	return st;
}

static void csv_close(struct record_source *base)
{
	struct csv_source *s = of(base);

	if (!s)
		return;
	log_source_release(&s->log);
	text_input_destroy(s->text);
	free(s->header_text);
	free(s);
}

bool csv_probe(struct view head)
{
	char text[PROBE_BYTES];
	size_t len = text_input_peek(head, text, sizeof text);
	const char *end = memchr(text, '\n', len);
	struct csv_row header;

	return csv_row_parse(text, end ? (size_t)(end - text) : len, &header) && header.count > 1 &&
		csv_kind_of(&header) != CSV_UNKNOWN;
}

enum status csv_source_open(struct byte_input *in, struct record_source **out, struct diag *why)
{
	struct csv_source *s = calloc(1, sizeof *s);

	*out = NULL;
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->log.base.run = csv_run;
	s->log.base.close = csv_close;
	s->in = in;
	s->text = text_input_create(in);
	if (log_source_init(&s->log, "csv", SOURCE_CSV) != ST_OK || !s->text) {
		csv_close(&s->log.base);
		return diag_set(why, ST_NOMEM, "out of memory");
	}
	*out = &s->log.base;
	return ST_OK;
}
