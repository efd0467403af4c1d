#include "policyd/ruleset/load_log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "proto/base/text.h"

enum { MESSAGE_BYTES = 1024, HALF_SNIPPET = LOAD_SNIPPET_CHARACTERS / 2 };

/* Bytes of the character at p; bytes that are not UTF-8 count as one character each. */
static size_t step(const char *p, size_t left)
{
	size_t n = text_utf8_sequence(p, left);

	return n ? n : 1;
}

static size_t skip_characters(const char *line, size_t len, size_t count)
{
	size_t at = 0;

	while (count-- > 0 && at < len)
		at += step(line + at, len - at);
	return at;
}

/* Control characters would move the reader's cursor, bad UTF-8 would break JSON: both print as '?'. Tabs stay. */
static void append_clean(struct buf *out, const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t n = text_utf8_sequence(text + at, len - at);
		bool bad = n == 0 || (n == 1 && (unsigned char)text[at] < ' ' && text[at] != '\t') || text[at] == 0x7f;

		if (bad)
			buf_append_char(out, '?');
		else
			buf_append(out, text + at, n);
		at += n ? n : 1;
	}
}

/* How many characters, at most `most`, the line has. */
static size_t count_characters(const char *line, size_t len, size_t most)
{
	size_t n = 0;

	for (size_t at = 0; at < len && n < most; n++)
		at += step(line + at, len - at);
	return n;
}

/* The line around a place, at most 80 characters each side. column: 1-based, in characters; one past a line break that
 * only YAML knows (U+0085) points at the end of the line. */
static void cut_snippet(struct load_log *log, struct load_message *m, const char *line, size_t len, uint32_t column)
{
	size_t before = column ? count_characters(line, len, column - 1) : 0;
	size_t skip = before > HALF_SNIPPET ? before - HALF_SNIPPET : 0;
	size_t from = skip_characters(line, len, skip);
	size_t to = from + skip_characters(line + from, len - from, before - skip + HALF_SNIPPET);
	struct buf text;

	buf_init(&text, 4 * (LOAD_SNIPPET_CHARACTERS + 8));
	if (skip)
		buf_append_str(&text, "...");
	append_clean(&text, line + from, to - from);
	if (to < len)
		buf_append_str(&text, "...");
	m->caret = (uint32_t)(before - skip + (skip ? 3 : 0));
	m->line_text = arena_strdup(log->arena, buf_cstr(&text));
	buf_release(&text);
}

static void add_snippet(struct load_log *log, struct load_message *m, const struct place *at)
{
	const char *line;
	size_t len;

	if (!at->file->doc || at->pos.line == 0)
		return;
	line = yaml_doc_line(at->file->doc, at->pos.line, &len);
	cut_snippet(log, m, line, len, at->pos.column);
}

/* The chain is written from its inner end; the innermost places win when it is too long. */
static void copy_places(struct load_log *log, struct load_message *m, const struct place *at)
{
	size_t depth = 0;

	for (const struct place *p = at; p && depth < LOAD_MAX_PLACES; p = p->up)
		depth++;
	m->place_count = depth;
	for (; depth > 0; depth--, at = at->up) {
		struct load_place *out = &m->places[depth - 1];

		out->type = at->type;
		out->name = at->name ? arena_strdup(log->arena, at->name) : "";
		out->name = out->name ? out->name : "";
		out->line = at->pos.line;
		out->column = at->pos.column;
		out->offset = at->pos.offset;
	}
}

static struct logged *new_message(struct load_log *log, enum load_code code, const struct place *at, const char *text)
{
	struct logged *l = arena_zalloc(log->arena, sizeof *l);
	struct buf clean;

	if (!l) {
		log->out_of_memory = true;
		return NULL;
	}
	buf_init(&clean, 4 * MESSAGE_BYTES);
	append_clean(&clean, text, strlen(text));
	l->m.code = code;
	l->m.text = arena_strdup(log->arena, buf_cstr(&clean));
	l->m.text = l->m.text ? l->m.text : "";
	buf_release(&clean);
	l->m.hint = "";
	l->m.compiled = log->compiling;
	l->file = at->file;
	copy_places(log, &l->m, at);
	if (log->sink->last)
		log->sink->last->next = l;
	else
		log->sink->first = l;
	log->sink->last = l;
	log->sink->count++;
	return l;
}

struct load_message *load_log_add(struct load_log *log, enum load_code code, const struct place *at, const char *fmt,
	...)
{
	char text[MESSAGE_BYTES];
	struct logged *l;
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	l = new_message(log, code, at, text);
	if (!l)
		return NULL;
	add_snippet(log, &l->m, at);
	return &l->m;
}

void load_log_add_syntax(struct load_log *log, const struct place *at, const char *text, size_t len,
	const struct diag *why)
{
	struct place exact = *at;
	struct logged *l;
	size_t start, end;

	if (why->line > 0) {
		exact.pos.line = (uint32_t)why->line;
		exact.pos.column = (uint32_t)why->column;
		exact.pos.offset = why->offset < len ? (uint32_t)why->offset : (uint32_t)len;
	}
	l = new_message(log, LOAD_ERR_YAML_PARSE, &exact, why->text);
	if (!l || why->line <= 0)
		return;
	start = end = exact.pos.offset;
	while (start > 0 && text[start - 1] != '\n')
		start--;
	while (end < len && text[end] != '\n' && text[end] != '\r')
		end++;
	cut_snippet(log, &l->m, text + start, end - start, exact.pos.column);
}

void load_log_hint(struct load_log *log, struct load_message *m, const char *hint)
{
	const char *copy = m && hint[0] ? arena_strdup(log->arena, hint) : NULL;

	if (copy)
		m->hint = copy;
}

bool log_list_has_error(const struct log_list *list)
{
	for (const struct logged *l = list->first; l; l = l->next)
		if (load_code_severity(l->m.code) == LOAD_SEVERITY_ERROR)
			return true;
	return false;
}

static void count_message(struct load_file_result *r, enum load_code code)
{
	switch (load_code_severity(code)) {
	case LOAD_SEVERITY_ERROR:
		r->errors++;
		break;
	case LOAD_SEVERITY_WARNING:
		r->warnings++;
		break;
	default:
		r->hints++;
		break;
	}
}

struct result_build {
	struct load_file_result *result;
	const struct load_message **tail;
	size_t shown[LOAD_SEVERITY_COUNT];     /* each its own: warnings hide no error */
	const struct rule_file *file;
};

static void take_messages(struct result_build *b, const struct log_list *list)
{
	for (struct logged *l = list->first; l; l = l->next) {
		if (l->file != b->file)
			continue;
		count_message(b->result, l->m.code);
		if (b->shown[load_code_severity(l->m.code)]++ >= LOAD_MAX_MESSAGES) {
			b->result->not_shown++;
			continue;
		}
		*b->tail = &l->m;
		b->tail = &l->m.next;
	}
}

enum status load_log_results(struct load_log *log, const struct rule_file *files,
	const struct log_list *const *lists, size_t list_count, struct load_results *out)
{
	const struct load_file_result **file_tail = &out->first;

	for (const struct rule_file *f = files; f; f = f->next) {
		struct load_file_result *r = arena_zalloc(log->arena, sizeof *r);
		struct result_build b = { .result = r, .file = f };

		if (!r)
			return ST_NOMEM;
		b.tail = &r->first;
		r->name = f->name;
		take_messages(&b, &f->read);
		for (size_t i = 0; i < list_count; i++)
			take_messages(&b, lists[i]);
		*b.tail = NULL;
		*file_tail = r;
		file_tail = &r->next;
		out->file_count++;
		out->errors += r->errors;
		out->warnings += r->warnings;
		out->hints += r->hints;
	}
	return ST_OK;
}
