#include "tests/bench/bench_events.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/buf.h"

enum { MAX_LINE_BYTES = 16 << 20 };

static const char type_field[] = "evt.type";

struct bench_events {
	struct field fields[BENCH_MAX_FIELDS];
	const char *types[BENCH_MAX_TYPES];
	struct vocabulary vocabulary;
	struct arena *names;
	struct buf texts;
	struct buf cells;              /* while loading: struct loose_cell of all events */
	uint8_t *rows;
	size_t row_bytes, count;
};

struct loose_cell {
	uint32_t event, field;
	struct bench_cell cell;
};

static enum field_result get(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	const struct bench_event *e = ev->ctx;
	struct bench_cell c = e->cells[f->user];

	(void)arg;
	if (c.len == BENCH_MISSING)
		return FIELD_MISSING;
	out->str.ptr = e->texts + c.at;
	out->str.len = c.len;
	return FIELD_OK;
}

/* The field of this key, made if it is new; NULL: too many. */
static struct field *field_of(struct bench_events *b, const char *key)
{
	struct field *f;

	for (size_t i = 0; i < b->vocabulary.field_count; i++) {
		if (strcmp(b->fields[i].name, key) == 0)
			return &b->fields[i];
	}
	if (b->vocabulary.field_count == BENCH_MAX_FIELDS)
		return NULL;
	f = &b->fields[b->vocabulary.field_count];
	*f = (struct field){ .name = arena_strdup(b->names, key), .doc = "A key of the events.", .type = VT_STRING, .get = get,
		.user = b->vocabulary.field_count };
	if (strcmp(key, type_field) == 0)
		f->flags = FIELD_EVENT_TYPE;
	b->vocabulary.field_count++;
	return f->name ? f : NULL;
}

static uint16_t type_of(const struct bench_events *b, const char *name, size_t len)
{
	for (size_t i = 0; i < b->vocabulary.event_type_count; i++) {
		if (strlen(b->types[i]) == len && memcmp(b->types[i], name, len) == 0)
			return (uint16_t)i;
	}
	return VOCABULARY_NO_TYPE;
}

bool bench_events_add_type(struct bench_events *b, const char *name, size_t len)
{
	char *copy;

	if (type_of(b, name, len) != VOCABULARY_NO_TYPE)
		return true;
	copy = b->vocabulary.event_type_count < BENCH_MAX_TYPES ? arena_strndup(b->names, name, len) : NULL;
	if (!copy)
		return false;
	b->types[b->vocabulary.event_type_count++] = copy;
	return true;
}

void bench_events_set_typed(struct bench_events *b, bool typed)
{
	struct field *f = field_of(b, type_field);

	if (f)
		f->flags = typed ? FIELD_EVENT_TYPE : 0;
}

static enum status add_value(struct bench_events *b, const char *key, const json_t *value)
{
	struct loose_cell loose = { .event = (uint32_t)b->count };
	struct field *f = field_of(b, key);
	char number[32];
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (json_is_integer(value)) {
		len = (size_t)snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		text = number;
	}
	if (!text)
		return json_is_null(value) ? ST_OK : ST_MALFORMED;
	if (!f || b->texts.len + len > UINT32_MAX - 1)
		return ST_LIMIT;
	loose.field = (uint32_t)f->user;
	loose.cell = (struct bench_cell){ (uint32_t)b->texts.len, (uint32_t)len };
	if (strcmp(key, type_field) == 0 && !bench_events_add_type(b, text, len))
		return ST_LIMIT;
	if (len && !buf_append(&b->texts, text, len))
		return ST_NOMEM;
	return buf_append(&b->cells, &loose, sizeof loose) ? ST_OK : ST_NOMEM;
}

static enum status add_line(struct bench_events *b, const char *line, size_t len, struct diag *why)
{
	json_error_t error;
	json_t *event = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error), *value;
	enum status st = ST_OK;
	const char *key;

	if (!json_is_object(event)) {
		st = diag_set(why, ST_MALFORMED, "event %zu: %s", b->count, event ? "no object" : error.text);
		goto done;
	}
	json_object_foreach(event, key, value) {
		if (st == ST_OK)
			st = add_value(b, key, value);
	}
	if (st != ST_OK)
		diag_set(why, st, "event %zu: %s", b->count, status_text(st));
	b->count++;
done:
	json_decref(event);
	return st;
}

/* Reads one line of any length; false at the end of the file, or (line->failed) when it is too long. */
static bool read_line(FILE *in, struct buf *line)
{
	char part[65536];

	buf_clear(line);
	while (fgets(part, sizeof part, in)) {
		if (!buf_append_str(line, part))
			return false;
		if (line->data[line->len - 1] == '\n')
			return true;
	}
	return line->len > 0;
}

static enum status read_events(struct bench_events *b, FILE *in, struct diag *why)
{
	struct buf line;
	enum status st = ST_OK;

	buf_init(&line, MAX_LINE_BYTES);
	while (st == ST_OK && read_line(in, &line)) {
		if (line.len > 1)
			st = add_line(b, (const char *)line.data, line.len, why);
	}
	if (line.failed)
		st = diag_set(why, ST_LIMIT, "event %zu: the line is too long", b->count);
	buf_release(&line);
	return st;
}

static struct bench_event *row(const struct bench_events *b, size_t i)
{
	return (struct bench_event *)(void *)(b->rows + i * b->row_bytes);
}

static enum status make_rows(struct bench_events *b)
{
	const struct loose_cell *loose = (const struct loose_cell *)(const void *)b->cells.data;
	size_t fields = b->vocabulary.field_count;

	b->row_bytes = sizeof(struct bench_event) + fields * sizeof(struct bench_cell);
	b->row_bytes = (b->row_bytes + 7) & ~(size_t)7;
	b->rows = calloc(b->count + 1, b->row_bytes);
	if (!b->rows)
		return ST_NOMEM;
	for (size_t i = 0; i < b->count; i++) {
		struct bench_event *e = row(b, i);

		*e = (struct bench_event){ .index = (int64_t)i, .type = VOCABULARY_NO_TYPE };
		e->texts = b->texts.data ? (const char *)b->texts.data : "";
		for (size_t k = 0; k < fields; k++)
			e->cells[k].len = BENCH_MISSING;
	}
	for (size_t i = 0; i < b->cells.len / sizeof *loose; i++) {
		struct bench_event *e = row(b, loose[i].event);
		const char *text = e->texts + loose[i].cell.at;

		e->cells[loose[i].field] = loose[i].cell;
		if (b->fields[loose[i].field].flags & FIELD_EVENT_TYPE)
			e->type = type_of(b, text, loose[i].cell.len);
		if (strcmp(b->fields[loose[i].field].name, "idx") == 0)
			e->index = strtoll(text, NULL, 10);
	}
	return ST_OK;
}

enum status bench_events_load(const char *path, struct bench_events **out, struct diag *why)
{
	struct bench_events *b = calloc(1, sizeof *b);
	FILE *in = fopen(path, "rb");
	enum status st = ST_NOMEM;

	*out = NULL;
	if (!in) {
		st = diag_set(why, ST_NOT_FOUND, "%s: cannot be opened", path);
		goto done;
	}
	if (!b || !(b->names = arena_create(16 << 20)))
		goto done;
	buf_init(&b->texts, UINT32_MAX);
	buf_init(&b->cells, SIZE_MAX / 2);
	b->vocabulary = (struct vocabulary){ .source = "windows", .fields = b->fields, .event_types = b->types };
	st = read_events(b, in, why);
	if (st == ST_OK)
		st = make_rows(b);
	if (st != ST_OK)
		goto done;
	buf_release(&b->cells);
	*out = b;
	b = NULL;
done:
	if (in)
		fclose(in);
	bench_events_destroy(b);
	return st;
}

void bench_events_destroy(struct bench_events *b)
{
	if (!b)
		return;
	buf_release(&b->texts);
	buf_release(&b->cells);
	arena_destroy(b->names);
	free(b->rows);
	free(b);
}

size_t bench_events_count(const struct bench_events *b)
{
	return b->count;
}

const struct bench_event *bench_events_at(const struct bench_events *b, size_t i)
{
	return row(b, i);
}

const struct vocabulary *bench_events_vocabulary(const struct bench_events *b)
{
	return &b->vocabulary;
}
