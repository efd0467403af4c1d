#include "policyd/yaml/yaml_tree.h"

#include <string.h>

#include "proto/base/text.h"

/* Bytes of the line break at p, 0 when there is none. */
static size_t break_bytes(const char *p, size_t left)
{
	if (left == 0)
		return 0;
	if (p[0] == '\r')
		return left > 1 && p[1] == '\n' ? 2 : 1;
	if (p[0] == '\n')
		return 1;
	if (left > 1 && memcmp(p, "\xC2\x85", 2) == 0)
		return 2;
	if (left > 2 && (memcmp(p, "\xE2\x80\xA8", 3) == 0 || memcmp(p, "\xE2\x80\xA9", 3) == 0))
		return 3;
	return 0;
}

/* True if none of 8 bytes is a control character up to CR or not ASCII: nearly all of a file. */
static bool is_plain_text(const char *p)
{
	const uint64_t high = UINT64_C(0x8080808080808080), low = UINT64_C(0x0101010101010101);
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return ((word | (word - low * ('\r' + 1))) & high) == 0;
}

static bool push_line(struct yaml_doc *doc, size_t *cap, size_t start)
{
	if (doc->line_count == *cap) {
		size_t bigger = *cap * 2;
		uint32_t *grown = arena_alloc(doc->arena, bigger * sizeof *grown);

		if (!grown)
			return false;
		memcpy(grown, doc->line_starts, doc->line_count * sizeof *grown);
		doc->line_starts = grown;
		*cap = bigger;
	}
	doc->line_starts[doc->line_count++] = (uint32_t)start;
	return true;
}

enum status yaml_lines_index(struct yaml_doc *doc, size_t first_byte)
{
	size_t cap = doc->len / 32 + 16, at = first_byte;

	doc->line_starts = arena_alloc(doc->arena, cap * sizeof *doc->line_starts);
	if (!doc->line_starts)
		return ST_NOMEM;
	doc->line_starts[0] = (uint32_t)first_byte;
	doc->line_count = 1;
	doc->is_ascii = true;
	while (at < doc->len) {
		size_t n;

		if (doc->len - at >= 8 && is_plain_text(doc->text + at)) {
			at += 8;
			continue;
		}
		doc->is_ascii = doc->is_ascii && (unsigned char)doc->text[at] < 0x80;
		n = break_bytes(doc->text + at, doc->len - at);
		at += n ? n : 1;
		if (n && !push_line(doc, &cap, at))
			return ST_NOMEM;
	}
	return ST_OK;
}

static size_t character_bytes(const char *p, size_t left)
{
	size_t n = text_utf8_sequence(p, left);

	return n ? n : 1;
}

struct yaml_pos yaml_pos_of_mark(const struct yaml_doc *doc, struct mark_cursor *cursor, size_t line, size_t column)
{
	if (!cursor->valid || cursor->line != line || cursor->column > column) {
		cursor->line = line;
		cursor->column = 0;
		cursor->offset = line < doc->line_count ? doc->line_starts[line] : doc->len;
		cursor->valid = true;
	}
	for (; cursor->column < column && cursor->offset < doc->len; cursor->column++)
		cursor->offset += character_bytes(doc->text + cursor->offset, doc->len - cursor->offset);
	return (struct yaml_pos){ .line = (uint32_t)line + 1, .column = (uint32_t)column + 1,
		.offset = (uint32_t)cursor->offset };
}

struct yaml_pos yaml_pos_skip_properties(const struct yaml_doc *doc, struct yaml_pos pos, uint32_t end_offset)
{
	const char *text = doc->text;
	bool in_property = false, new_line = false;
	size_t at = pos.offset;

	for (; at < end_offset; at += character_bytes(text + at, doc->len - at)) {
		bool blank = text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n';

		if (!in_property && !blank && text[at] != '!' && text[at] != '&')
			break;
		in_property = !blank;
		new_line = new_line || text[at] == '\n' || text[at] == '\r';
		pos.column++;
	}
	pos.offset = (uint32_t)at;
	return new_line ? yaml_doc_pos(doc, at) : pos;
}

struct yaml_pos yaml_doc_pos(const struct yaml_doc *doc, size_t offset)
{
	struct yaml_pos pos = { .line = 1, .column = 1 };
	size_t low = 0, high = doc->line_count, at;

	if (offset > doc->len)
		offset = doc->len;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (doc->line_starts[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	pos.line = (uint32_t)low + 1;
	for (at = doc->line_starts[low]; at < offset; pos.column++)
		at += character_bytes(doc->text + at, doc->len - at);
	pos.offset = (uint32_t)offset;
	return pos;
}

const char *yaml_doc_line(const struct yaml_doc *doc, uint32_t line, size_t *len)
{
	const char *start;
	size_t left, n = 0;

	*len = 0;
	if (line == 0 || line > doc->line_count)
		return "";
	start = doc->text + doc->line_starts[line - 1];
	left = doc->len - doc->line_starts[line - 1];
	while (n < left && !break_bytes(start + n, left - n))
		n++;
	*len = n;
	return start;
}

/* Where a scalar's characters stand in the file: words (runs without blanks) are the same bytes in the file and in the
 * decoded text, save for escapes; only blanks differ. So place k of the text is found by counting the bytes that are
 * not blank. */
struct scan {
	const char *cur, *end;
	uint8_t style;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t utf8_bytes_of(uint32_t code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

static uint32_t hex_value(const char *p, size_t digits)
{
	uint32_t v = 0;

	for (size_t i = 0; i < digits; i++) {
		char c = text_fold(p[i]);

		v = v << 4 | (uint32_t)(c >= 'a' ? c - 'a' + 10 : c - '0');
	}
	return v;
}

/* An escape of a double-quoted scalar: moves past it, returns the bytes it decodes to that are not blanks. */
static size_t scan_escape(struct scan *s)
{
	size_t left = (size_t)(s->end - s->cur);
	char c = left > 1 ? s->cur[1] : ' ';
	size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
	const char *at = s->cur + 2;

	if (left < 2 + digits) {
		s->cur = s->end;
		return 0;
	}
	s->cur += 2 + digits;
	if (digits) {
		uint32_t code = hex_value(at, digits);

		return code < 0x80 && is_blank((char)code) ? 0 : utf8_bytes_of(code);
	}
	if (strchr("tnr \t\n\r", c))
		return 0;
	return c == 'N' || c == '_' ? 2 : c == 'L' || c == 'P' ? 3 : 1;
}

/* Moves past one character of the file's text, returns how many bytes that are not blanks it decodes to. */
static size_t scan_step(struct scan *s)
{
	if (is_blank(*s->cur)) {
		s->cur++;
		return 0;
	}
	if (s->style == YAML_STYLE_DOUBLE && *s->cur == '\\')
		return scan_escape(s);
	if (s->style == YAML_STYLE_SINGLE && *s->cur == '\'' && s->end - s->cur > 1)
		s->cur++;
	s->cur++;
	return 1;
}

/* The first byte of the text proper: after the quote, or after the header line of a block scalar. */
static const char *scalar_start(const struct yaml_doc *doc, const struct yaml_node *scalar)
{
	const char *p = doc->text + scalar->pos.offset, *end = doc->text + scalar->end_offset;

	if (scalar->style == YAML_STYLE_PLAIN || p >= end)
		return p;
	if (scalar->style == YAML_STYLE_SINGLE || scalar->style == YAML_STYLE_DOUBLE)
		return p + 1;
	while (p < end && !break_bytes(p, (size_t)(end - p)))
		p++;
	return p;
}

struct yaml_pos yaml_scalar_pos(const struct yaml_doc *doc, const struct yaml_node *scalar, size_t text_offset)
{
	struct scan s = { .end = doc->text + scalar->end_offset, .style = scalar->style };
	size_t words = 0, blanks = 0, seen = 0;

	if (text_offset > scalar->count)
		text_offset = scalar->count;
	for (size_t i = 0; i < text_offset; i++) {
		words += !is_blank(scalar->text[i]);
		blanks = is_blank(scalar->text[i]) ? blanks + 1 : 0;
	}
	s.cur = scalar_start(doc, scalar);
	while (seen < words && s.cur < s.end)
		seen += scan_step(&s);
	if (text_offset < scalar->count && !is_blank(scalar->text[text_offset])) {
		struct scan next = s;

		while (next.cur < next.end && scan_step(&next) == 0)
			s.cur = next.cur;
		return yaml_doc_pos(doc, (size_t)(s.cur - doc->text));
	}
	while (blanks-- > 0 && s.cur < s.end && *s.cur == ' ')
		s.cur++;
	return yaml_doc_pos(doc, (size_t)(s.cur - doc->text));
}
