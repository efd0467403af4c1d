#include "policyd/output/alert_patch.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/text.h"

struct patch_field {
	size_t name, text, len;                /* places in `texts`; name ends with a NUL */
	bool always, done;
};

struct patch_mark {
	uint32_t mark;
	size_t text, len;
};

struct alert_patch {
	char uid[ALERT_UID_CHARS + 1];
	int64_t time_ns;
	struct buf texts;
	struct patch_field fields[ALERT_PATCH_MAX_FIELDS];    /* sorted by name */
	size_t field_count;
	struct patch_mark marks[ALERT_PATCH_MAX_MARKS];
	size_t mark_count;
};

struct alert_patch *alert_patch_create(const char *uid, int64_t time_ns)
{
	struct alert_patch *p = calloc(1, sizeof *p);
	size_t len = strlen(uid);

	if (!p)
		return NULL;
	memcpy(p->uid, uid, len < ALERT_UID_CHARS ? len : ALERT_UID_CHARS);
	p->time_ns = time_ns;
	buf_init(&p->texts, ALERT_PATCH_BYTES);
	return p;
}

void alert_patch_destroy(struct alert_patch *p)
{
	if (p)
		buf_release(&p->texts);
	free(p);
}

const char *alert_patch_uid(const struct alert_patch *p)
{
	return p->uid;
}

int64_t alert_patch_time_ns(const struct alert_patch *p)
{
	return p->time_ns;
}

static bool keep(struct alert_patch *p, const char *text, size_t len, size_t *at)
{
	*at = p->texts.len;
	return buf_append(&p->texts, text, len);
}

static const char *text_at(const struct alert_patch *p, size_t at)
{
	return (const char *)p->texts.data + at;
}

bool alert_patch_field(struct alert_patch *p, const char *name, const char *text, size_t len, bool always)
{
	struct patch_field f = { .len = len, .always = always };
	size_t i = p->field_count;

	if (p->field_count == ALERT_PATCH_MAX_FIELDS || !keep(p, name, strlen(name) + 1, &f.name) || !keep(p, text, len, &f.text))
		return false;
	while (i && strcmp(text_at(p, p->fields[i - 1].name), name) > 0) {
		p->fields[i] = p->fields[i - 1];
		i--;
	}
	p->fields[i] = f;
	p->field_count++;
	return true;
}

bool alert_patch_mark(struct alert_patch *p, uint32_t mark, const char *text, size_t len)
{
	struct patch_mark m = { .mark = mark, .len = len };

	if (p->mark_count == ALERT_PATCH_MAX_MARKS || !keep(p, text, len, &m.text))
		return false;
	p->marks[p->mark_count++] = m;
	return true;
}

/* ---- reading our own JSON ---- */

struct reader {
	const char *at, *end;
};

static bool next_is(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* The inside of a string, escapes as they stand. */
static bool take_string(struct reader *r, const char **ptr, size_t *len)
{
	if (!next_is(r, '"'))
		return false;
	*ptr = r->at;
	for (; r->at < r->end && *r->at != '"'; r->at++)
		r->at += *r->at == '\\' && r->at + 1 < r->end;
	*len = (size_t)(r->at - *ptr);
	return next_is(r, '"');
}

static bool skip_value(struct reader *r)
{
	const char *text;
	size_t depth = 0, len;

	do {
		char c = r->at < r->end ? *r->at : '\0';

		if (c == '"') {
			if (!take_string(r, &text, &len))
				return false;
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		if (c == '}' || c == ']')
			depth--;
		r->at++;
	} while (r->at < r->end && (depth || (*r->at != ',' && *r->at != '}')));
	return r->at < r->end;
}

/* ---- writing ---- */

/* `from` as it stands in JSON: "<" needs no escape, so marks stand there as in the text. */
static void patch_text(const struct alert_patch *p, struct reader from, struct buf *out)
{
	uint32_t n = 0;

	while (from.at < from.end) {
		const struct patch_mark *m = NULL;

		if (from.end - from.at < 4 || memcmp(from.at, "<NA>", 4) != 0) {
			buf_append_char(out, *from.at++);
			continue;
		}
		for (size_t i = 0; i < p->mark_count && !m; i++)
			m = p->marks[i].mark == n ? &p->marks[i] : NULL;
		if (m)
			text_append_json_body(out, text_at(p, m->text), m->len);
		else
			buf_append_str(out, "<NA>");
		from.at += 4;
		n++;
	}
}

static void begin_member(struct buf *out, bool *first)
{
	if (!*first)
		buf_append_char(out, ',');
	*first = false;
}

static void put_field(const struct alert_patch *p, const struct patch_field *f, struct buf *out, bool *first)
{
	const char *name = text_at(p, f->name);

	begin_member(out, first);
	text_append_json(out, name, strlen(name));
	buf_append_char(out, ':');
	text_append_json(out, text_at(p, f->text), f->len);
}

/* Those that come before this name in the order of names, and are not there. name NULL: all that are left. */
static void put_missing(struct alert_patch *p, const char *name, size_t len, struct buf *out, bool *first)
{
	for (size_t i = 0; i < p->field_count; i++) {
		struct patch_field *f = &p->fields[i];
		int order = name ? strncmp(text_at(p, f->name), name, len) : -1;

		if (order == 0 && !text_at(p, f->name)[len])
			f->done = true;
		if (f->done || !f->always || order > 0 || (order == 0 && text_at(p, f->name)[len]))
			continue;
		f->done = true;
		put_field(p, f, out, first);
	}
}

static const struct patch_field *find_field(const struct alert_patch *p, const char *name, size_t len)
{
	for (size_t i = 0; i < p->field_count; i++) {
		const char *mine = text_at(p, p->fields[i].name);

		if (strncmp(mine, name, len) == 0 && !mine[len])
			return &p->fields[i];
	}
	return NULL;
}

static bool patch_fields(struct alert_patch *p, struct reader *r, struct buf *out)
{
	static const char mark[] = "evt.incomplete";
	bool first = true;

	if (!next_is(r, '{'))
		return false;
	buf_append_char(out, '{');
	while (!next_is(r, '}')) {
		const struct patch_field *f;
		const char *name, *value;
		size_t len;

		next_is(r, ',');
		if (!take_string(r, &name, &len) || !next_is(r, ':'))
			return false;
		value = r->at;
		if (!skip_value(r))
			return false;
		put_missing(p, name, len, out, &first);
		if (len == sizeof mark - 1 && memcmp(name, mark, len) == 0)
			continue;
		f = r->at - value == 4 && memcmp(value, "null", 4) == 0 ? find_field(p, name, len) : NULL;
		if (f) {
			put_field(p, f, out, &first);
			continue;
		}
		begin_member(out, &first);
		buf_append(out, name - 1, (size_t)(r->at - (name - 1)));
	}
	put_missing(p, NULL, 0, out, &first);
	return buf_append_char(out, '}');
}

static bool is_named(const char *name, size_t len, const char *want)
{
	return len == strlen(want) && memcmp(name, want, len) == 0;
}

static bool patch_member(struct alert_patch *p, struct reader *r, struct buf *out)
{
	const char *name, *text, *value;
	size_t len, text_len;

	if (!take_string(r, &name, &len) || !next_is(r, ':'))
		return false;
	buf_append(out, name - 1, len + 2);
	buf_append_char(out, ':');
	if (is_named(name, len, "output_fields"))
		return patch_fields(p, r, out);
	value = r->at;
	if (!is_named(name, len, "output") && !is_named(name, len, "message"))
		return skip_value(r) && buf_append(out, value, (size_t)(r->at - value));
	if (!take_string(r, &text, &text_len))
		return false;
	buf_append_char(out, '"');
	patch_text(p, (struct reader){ text, text + text_len }, out);
	return buf_append_char(out, '"');
}

bool alert_patch_apply(struct alert_patch *p, const struct alert_record *r, struct buf *text, struct buf *json)
{
	struct reader from = { r->json, r->json + r->json_len };

	for (size_t i = 0; i < p->field_count; i++)
		p->fields[i].done = false;
	patch_text(p, (struct reader){ r->text, r->text + r->text_len }, text);
	if (!next_is(&from, '{'))
		return false;
	buf_append_char(json, '{');
	while (!next_is(&from, '}')) {
		if (next_is(&from, ','))
			buf_append_char(json, ',');
		if (!patch_member(p, &from, json))
			return false;
	}
	buf_append_char(json, '}');
	return from.at == from.end && !text->failed && !json->failed;
}
