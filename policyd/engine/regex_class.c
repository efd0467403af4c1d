#include "policyd/engine/regex_class.h"

#include <string.h>

#include "proto/base/text.h"

enum { MAX_CODE_POINT = 0x10FFFF };

static char peek(const struct regex_input *in)
{
	return in->at < in->len ? in->text[in->at] : '\0';
}

bool regex_take_rune(struct regex_input *in, uint32_t *out)
{
	const uint8_t *p = (const uint8_t *)in->text + in->at;
	size_t n = text_utf8_sequence(in->text + in->at, in->len - in->at);

	if (n == 0)
		return regex_refuse(in, "invalid UTF-8");
	*out = n == 1 ? p[0] : p[0] & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++)
		*out = *out << 6 | (p[i] & 0x3Fu);
	in->at += n;
	return true;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool bad_escape(struct regex_input *in, size_t start)
{
	static const struct {
		char letter;
		const char *instead;
	} perl[] = { { 'd', " (write [0-9])" }, { 'D', " (write [^0-9])" }, { 'w', " (write [[:alnum:]_])" },
		{ 'W', " (write [^[:alnum:]_])" }, { 's', " (write [[:space:]])" }, { 'S', " (write [^[:space:]])" } };
	const char *instead = "";
	size_t shown = in->len - start < 8 ? in->len - start : 2;

	for (size_t i = 0; i < sizeof perl / sizeof perl[0]; i++)
		if (in->text[start + 1] == perl[i].letter)
			instead = perl[i].instead;
	return regex_refuse(in, "invalid escape sequence: %.*s%s", (int)(shown < 2 ? shown : 2), in->text + start, instead);
}

/* \x41 or \x{1F600}, behind the x. */
static bool take_hex(struct regex_input *in, size_t start, uint32_t *out)
{
	bool braces = peek(in) == '{';
	size_t digits = 0;

	*out = 0;
	if (braces)
		in->at++;
	while (nibble(peek(in)) >= 0 && (braces || digits < 2)) {
		*out = *out << 4 | (uint32_t)nibble(in->text[in->at++]);
		digits++;
		if (*out > MAX_CODE_POINT)
			return bad_escape(in, start);
	}
	if (braces ? digits == 0 || peek(in) != '}' : digits != 2)
		return bad_escape(in, start);
	if (braces)
		in->at++;
	return true;
}

/* \0, \012, \17: a lone digit other than 0 would be a back-reference. */
static bool take_octal(struct regex_input *in, size_t start, char first, uint32_t *out)
{
	size_t digits = 1;

	*out = (uint32_t)(first - '0');
	if (first != '0' && !(peek(in) >= '0' && peek(in) <= '7'))
		return bad_escape(in, start);
	while (digits < 3 && peek(in) >= '0' && peek(in) <= '7') {
		*out = *out * 8 + (uint32_t)(in->text[in->at++] - '0');
		digits++;
	}
	return true;
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool regex_take_escape(struct regex_input *in, uint32_t *out)
{
	static const char letters[] = "nrtafv";
	static const char values[] = "\n\r\t\a\f\v";
	size_t start = in->at++;
	const char *found;
	char c;

	if (in->at >= in->len)
		return regex_refuse(in, "trailing backslash at end of expression");
	c = in->text[in->at++];
	found = c ? strchr(letters, c) : NULL;
	*out = (uint8_t)c;
	if (found)
		*out = (uint8_t)values[found - letters];
	else if (c >= '0' && c <= '7')
		return take_octal(in, start, c, out);
	else if (c == 'x')
		return take_hex(in, start, out);
	else if ((is_word(c) && c != '_') || (uint8_t)c >= 0x80)
		return bad_escape(in, start);
	return true;
}

bool regex_append_code_point(struct regex_input *in, uint32_t cp, struct buf *out)
{
	if (cp >= 0xD800 && cp <= 0xDFFF)
		return regex_refuse(in, "code point %04X never occurs in text", (unsigned)cp);
	if (cp < 0x80 && is_word((char)cp))
		return buf_append_char(out, (char)cp);
	return buf_printf(out, "\\x{%x}", (unsigned)cp);
}

/* ---- bracket classes ---- */

static const char *const class_names[] = { "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print",
	"punct", "space", "upper", "word", "xdigit" };

static bool is_class_name(const char *name, size_t len)
{
	if (len && name[0] == '^') {
		name++;
		len--;
	}
	for (size_t i = 0; i < sizeof class_names / sizeof class_names[0]; i++)
		if (strlen(class_names[i]) == len && memcmp(class_names[i], name, len) == 0)
			return true;
	return false;
}

/* Index of the ":]" that ends a "[:name" at in->at; 0: there is none, so the bracket is an ordinary character. */
static size_t named_class_end(const struct regex_input *in)
{
	if (in->len - in->at < 3 || in->text[in->at + 1] != ':')
		return 0;
	for (size_t i = in->at + 2; i + 1 < in->len; i++)
		if (in->text[i] == ':' && in->text[i + 1] == ']')
			return i;
	return 0;
}

static bool take_named_class(struct regex_input *in, size_t end, struct buf *out)
{
	const char *name = in->text + in->at + 2;
	size_t len = end - in->at - 2;

	if (!is_class_name(name, len))
		return regex_refuse(in, "invalid character class range: [:%.*s:]", (int)(len < 20 ? len : 20), name);
	buf_append(out, in->text + in->at, len + 4);
	in->at = end + 2;
	return true;
}

static bool take_class_character(struct regex_input *in, uint32_t *out)
{
	if (in->at >= in->len)
		return regex_refuse(in, "missing closing ]");
	return peek(in) == '\\' ? regex_take_escape(in, out) : regex_take_rune(in, out);
}

static bool append_class_character(struct regex_input *in, uint32_t cp, struct buf *out)
{
	if (cp >= 0xD800 && cp <= 0xDFFF)
		return regex_refuse(in, "code point %04X never occurs in text", (unsigned)cp);
	return buf_printf(out, "\\x{%x}", (unsigned)cp);
}

static bool take_range(struct regex_input *in, struct buf *out)
{
	uint32_t low, high;

	if (!take_class_character(in, &low) || !append_class_character(in, low, out))
		return false;
	if (peek(in) != '-' || in->at + 1 >= in->len || in->text[in->at + 1] == ']')
		return true;
	in->at++;
	if (!take_class_character(in, &high))
		return false;
	if (high < low)
		return regex_refuse(in, "invalid character class range: the end is before the start");
	buf_append_char(out, '-');
	return append_class_character(in, high, out);
}

/* One element. */
static bool take_element(struct regex_input *in, bool first, struct buf *out)
{
	size_t end = peek(in) == '[' ? named_class_end(in) : 0;

	/* POSIX: an unescaped "-" stands first or last only. */
	if (peek(in) == '-' && !first && !(in->at + 1 < in->len && in->text[in->at + 1] == ']'))
		return regex_refuse(in, "invalid character class range: a '-' inside a class is escaped, first or last");
	return end ? take_named_class(in, end, out) : take_range(in, out);
}

bool regex_take_class(struct regex_input *in, struct buf *out)
{
	bool first = true;

	buf_append_char(out, '[');
	if (peek(in) == '^') {
		buf_append_char(out, '^');
		in->at++;
	}
	while (in->at < in->len && (first || peek(in) != ']')) {
		if (!take_element(in, first, out))
			return false;
		first = false;
	}
	if (in->at >= in->len)
		return regex_refuse(in, "missing closing ]");
	in->at++;
	return buf_append_char(out, ']');
}
