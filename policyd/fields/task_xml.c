#include "policyd/fields/task_xml.h"

#include <string.h>

static bool starts_with(struct text_view t, const char *what)
{
	size_t n = strlen(what);

	return t.len >= n && memcmp(t.ptr, what, n) == 0;
}

static void skip(struct text_view *t, size_t n)
{
	t->ptr += n;
	t->len -= n;
}

/* Moves to the next `what`, or to the end. */
static bool seek(struct text_view *t, const char *what)
{
	while (t->len && !starts_with(*t, what))
		skip(t, 1);
	return t->len > 0;
}

static bool is_name_end(char c)
{
	return c == '>' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Moves behind the start tag of the next element of that name. */
static bool enter(struct text_view *xml, const char *name)
{
	size_t n = strlen(name);

	while (seek(xml, "<")) {
		if (starts_with(*xml, "<!--")) {
			if (!seek(xml, "-->"))
				return false;
			continue;
		}
		skip(xml, 1);
		if (!starts_with(*xml, name) || xml->len <= n || !is_name_end(xml->ptr[n]))
			continue;
		if (!seek(xml, ">"))
			return false;
		skip(xml, 1);
		return true;
	}
	return false;
}

static size_t put_utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

static int digit(char c, unsigned base)
{
	int d = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : 99;

	return d < (int)base ? d : -1;
}

/* "&#38;" or "&#x26;": its length, 0 for none. */
static size_t number_entity(struct text_view t, uint32_t *c)
{
	unsigned base = t.len > 2 && t.ptr[2] == 'x' ? 16 : 10;
	size_t i = base == 16 ? 3 : 2, first = i;
	uint32_t n = 0;

	if (!starts_with(t, "&#"))
		return 0;
	for (; i < t.len && digit(t.ptr[i], base) >= 0 && n <= 0x10FFFF; i++)
		n = n * base + (uint32_t)digit(t.ptr[i], base);
	if (i == first || i >= t.len || t.ptr[i] != ';' || !n || n > 0x10FFFF || (n >= 0xD800 && n < 0xE000))
		return 0;
	*c = n;
	return i + 1;
}

static size_t entity(struct text_view t, uint32_t *c)
{
	static const struct {
		const char *text;
		char c;
	} named[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' } };

	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
		if (starts_with(t, named[i].text)) {
			*c = (uint8_t)named[i].c;
			return strlen(named[i].text);
		}
	}
	return number_entity(t, c);
}

/* An entity is never shorter than what it stands for. */
static bool unescape(struct text_view t, struct arena *scratch, struct text_view *out)
{
	char *text;
	size_t n = 0;

	*out = t;
	if (!t.len || !memchr(t.ptr, '&', t.len))
		return true;
	text = arena_alloc(scratch, t.len);
	if (!text)
		return false;
	while (t.len) {
		uint32_t c = 0;
		size_t used = t.ptr[0] == '&' ? entity(t, &c) : 0;

		if (used) {
			n += put_utf8(c, text + n);
			skip(&t, used);
		} else {
			text[n++] = t.ptr[0];
			skip(&t, 1);
		}
	}
	*out = (struct text_view){ .ptr = text, .len = n };
	return true;
}

bool task_xml_text(struct text_view xml, const char *within, const char *name, struct arena *scratch, struct text_view *out)
{
	struct text_view rest;

	if (!enter(&xml, within) || !enter(&xml, name))
		return false;
	rest = xml;
	if (!seek(&rest, "<"))
		return false;
	return unescape((struct text_view){ .ptr = xml.ptr, .len = xml.len - rest.len }, scratch, out);
}
