#include "collector/import/json/json_source.h"

#include <stdlib.h>

#include "collector/import/input/text_input.h"
#include "collector/import/json/json_event.h"
#include "collector/import/json/json_split.h"
#include "collector/import/named/log_source.h"
#include "proto/base/buf.h"

enum { PROBE_BYTES = 512 };

struct json_source {
	struct log_source log;              /* first, so that a record_source is a json_source */
	struct byte_input *in;
	struct text_input *text;
	struct json_split split;
	uint64_t last_100ns;                /* of the record before, for those without a time */
	bool unknown_shape;                 /* an object was met that is no event we know */
};

static struct json_source *of(struct record_source *base)
{
	return (struct json_source *)base;
}

static void refuse(struct json_source *s, const char *what)
{
	s->log.counters.undecoded_records++;
	log_source_damage(&s->log, &(struct source_damage){ .offset = text_input_offset(s->text),
		.line = text_input_line(s->text), .skipped_bytes = s->split.text.len, .what = what });
}

static enum status hand_out(struct json_source *s, const struct json_object *o)
{
	struct record *r = &s->log.named.rec;
	enum status st = json_event_read(o, &s->log.named);

	if (st == ST_UNSUPPORTED) {
		s->unknown_shape = true;
		refuse(s, "an object that is no event of a known shape");
		return ST_OK;
	}
	if (!r->time_100ns)
		r->time_100ns = s->last_100ns;
	s->last_100ns = r->time_100ns;
	return log_source_record(&s->log);
}

static enum status take_object(struct json_source *s)
{
	struct json_object *o;
	enum status st = json_object_parse(s->split.text, &o);

	if (st == ST_NOMEM)
		return st;
	if (st == ST_OK)
		st = hand_out(s, o);
	else {
		refuse(s, "an object that is not well-formed");
		st = ST_OK;
	}
	json_object_free(o);
	return st;
}

static enum status read_pieces(struct json_source *s)
{
	enum json_piece piece = JSON_OBJECT;
	enum status st = ST_OK;

	while (st == ST_OK && piece != JSON_END && !log_source_stopping(&s->log)) {
		piece = json_split_next(&s->split);
		if (piece == JSON_OBJECT)
			st = take_object(s);
		else if (piece == JSON_REFUSED)
			refuse(s, s->split.why);
	}
	return st;
}

static enum status explain_shapes(struct diag *why)
{
	enum { TRIED_BYTES = 384 };
	struct buf tried;
	enum status st;

	buf_init(&tried, TRIED_BYTES);
	for (size_t i = 0; i < json_event_shape_count(); i++)
		buf_printf(&tried, "%s%s", i ? ", " : "", json_event_shape_name(i));
	st = diag_set(why, ST_UNSUPPORTED, "JSON, but no event of a known shape; tried: %s", buf_cstr(&tried));
	buf_release(&tried);
	return st;
}

static enum status json_run(struct record_source *base, const struct source_sink *sink, struct diag *why)
{
	struct json_source *s = of(base);
	enum status st, end;

	s->log.sink = sink;
	st = read_pieces(s);
	end = byte_input_end_status(s->in, NULL);
	if (st == ST_OK && end != ST_OK && end != ST_STOPPED && !log_source_stopping(&s->log))
		log_source_damage(&s->log, &(struct source_damage){ .offset = text_input_offset(s->text),
			.what = "the input cannot be read further" });
	if (st == ST_OK && s->unknown_shape && !s->log.counters.records && !log_source_stopping(&s->log))
		return explain_shapes(why);
	if (st == ST_OK)
		st = log_source_finish(&s->log);
	if (st == ST_NOMEM)
		diag_set(why, st, "out of memory");
	return st;
}

static void json_close(struct record_source *base)
{
	struct json_source *s = of(base);

	if (!s)
		return;
	log_source_release(&s->log);
	text_input_destroy(s->text);
	free(s);
}

bool json_probe(struct view head)
{
	char text[PROBE_BYTES];
	size_t len = text_input_peek(head, text, sizeof text);

	return json_split_probe(text, len);
}

enum status json_source_open(struct byte_input *in, struct record_source **out, struct diag *why)
{
	struct json_source *s = calloc(1, sizeof *s);

	*out = NULL;
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->log.base.run = json_run;
	s->log.base.close = json_close;
	s->in = in;
	s->text = text_input_create(in);
	if (log_source_init(&s->log, "json", SOURCE_JSONL) != ST_OK || !s->text) {
		json_close(&s->log.base);
		return diag_set(why, ST_NOMEM, "out of memory");
	}
	json_split_init(&s->split, s->text);
	*out = &s->log.base;
	return ST_OK;
}
