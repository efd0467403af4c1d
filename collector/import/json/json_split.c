#include "collector/import/json/json_split.h"

/* How far a scan of the window got. */
struct scan {
	size_t at;
	unsigned depth;
	bool in_string, escaped;
};

enum scan_end { SCAN_MORE, SCAN_WHOLE, SCAN_BROKEN };

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Inside quotes: to their end. A raw line end there means that the quotes were never closed. */
static enum scan_end scan_string(struct scan *s, struct view w)
{
	for (; s->at < w.len; s->at++) {
		uint8_t c = w.ptr[s->at];

		if (c == '\n')
			return SCAN_BROKEN;
		if (s->escaped) {
			s->escaped = false;
		} else if (c == '\\') {
			s->escaped = true;
		} else if (c == '"') {
			s->in_string = false;
			s->at++;
			return SCAN_WHOLE;
		}
	}
	return SCAN_MORE;
}

/* From an opening brace to the one that closes it. SCAN_WHOLE: s->at is behind it. */
static enum scan_end scan_object(struct scan *s, struct view w)
{
	enum scan_end string;

	while (s->at < w.len) {
		uint8_t c;

		if (s->in_string) {
			string = scan_string(s, w);
			if (string != SCAN_WHOLE)
				return string;
			continue;
		}
		c = w.ptr[s->at++];
		s->in_string = c == '"';
		if (c == '{' || c == '[')
			s->depth++;
		if ((c == '}' || c == ']') && --s->depth == 0)
			return SCAN_WHOLE;
	}
	return SCAN_MORE;
}

void json_split_init(struct json_split *s, struct text_input *in)
{
	*s = (struct json_split){ .in = in, .layout = JSON_LAYOUT_UNKNOWN };
}

static enum json_piece piece(struct json_split *s, size_t len, const char *why)
{
	struct view w = text_input_window(s->in);

	s->text = (struct view){ .ptr = w.ptr, .len = len };
	s->taken = len;
	s->why = why;
	return why ? JSON_REFUSED : JSON_OBJECT;
}

/* Length of the window's first line with its end; 0: the text ends here. */
static size_t line_length(struct json_split *s)
{
	size_t searched = 0;

	for (;;) {
		struct view w = text_input_window(s->in);
		const uint8_t *end = w.len > searched ? memchr(w.ptr + searched, '\n', w.len - searched) : NULL;

		if (end)
			return (size_t)(end - w.ptr) + 1;
		searched = w.len;
		if (!text_input_more(s->in))
			return w.len;
	}
}

/* Behind blanks, and in an array commas and brackets; false: the end. */
static bool skip_between(struct json_split *s)
{
	do {
		struct view w = text_input_window(s->in);
		size_t n = 0;

		while (n < w.len && (is_blank(w.ptr[n]) || (s->layout != JSON_LINES && memchr(",[]", w.ptr[n], 3))))
			n++;
		text_input_consume(s->in, n);
		if (n < w.len)
			return true;
	} while (text_input_more(s->in));
	return false;
}

static enum json_piece next_line(struct json_split *s)
{
	size_t len = line_length(s);
	struct view w = text_input_window(s->in);

	if (w.ptr[len - 1] != '\n' && len == w.len && text_input_is_full(s->in))
		return piece(s, len, "a line longer than can be held");
	return piece(s, len, w.ptr[0] == '{' ? NULL : "a line that is no object");
}

static enum json_piece refuse_line(struct json_split *s, const char *why)
{
	return piece(s, line_length(s), why);
}

static enum json_piece next_spread(struct json_split *s)
{
	struct scan scan = { .at = 0 };
	enum scan_end end;

	if (text_input_window(s->in).ptr[0] != '{')
		return refuse_line(s, "no object where one should start");
	do {
		end = scan_object(&scan, text_input_window(s->in));
	} while (end == SCAN_MORE && text_input_more(s->in));
	if (end == SCAN_WHOLE)
		return piece(s, scan.at, NULL);
	if (end == SCAN_BROKEN)
		return piece(s, scan.at + 1, "an object with a quote that is not closed");
	return piece(s, text_input_window(s->in).len,
		text_input_is_full(s->in) ? "an object larger than can be held" : "the text ends inside an object");
}

/* A first object that ends on its line, with nothing behind it, makes lines; a bad line then costs only itself. */
static enum json_layout find_layout(struct json_split *s)
{
	struct scan scan = { .at = 0 };
	size_t len;

	if (text_input_window(s->in).ptr[0] != '{')
		return JSON_SPREAD;
	len = line_length(s);
	if (scan_object(&scan, (struct view){ .ptr = text_input_window(s->in).ptr, .len = len }) != SCAN_WHOLE)
		return JSON_SPREAD;
	while (scan.at < len && is_blank(text_input_window(s->in).ptr[scan.at]))
		scan.at++;
	return scan.at == len ? JSON_LINES : JSON_SPREAD;
}

enum json_piece json_split_next(struct json_split *s)
{
	text_input_consume(s->in, s->taken);
	s->taken = 0;
	if (s->layout == JSON_LAYOUT_UNKNOWN) {
		s->layout = JSON_LINES;    /* for skip_between: brackets are looked at first */
		if (skip_between(s))
			s->layout = find_layout(s);
	}
	if (!skip_between(s))
		return JSON_END;
	return s->layout == JSON_LINES ? next_line(s) : next_spread(s);
}

bool json_split_probe(const char *text, size_t len)
{
	size_t i = 0;
	bool in_array = false;

	for (; i < len && (is_blank((uint8_t)text[i]) || (text[i] == '[' && !in_array)); i++)
		in_array |= text[i] == '[';
	return i < len && text[i] == '{';
}
