#include "collector/import/evtx/xml_reader.h"

static size_t left(const struct xml_reader *x)
{
	return (size_t)(x->end - x->at);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct xml_reader *x)
{
	while (x->at < x->end && is_space(*x->at))
		x->at++;
}

static bool starts_with(const struct xml_reader *x, const char *word)
{
	size_t n = strlen(word);

	return left(x) >= n && memcmp(x->at, word, n) == 0;
}

/* Moves past the next `word`; *before is what stood in front of it. */
static enum status take_until(struct xml_reader *x, const char *word, struct text_view *before)
{
	size_t n = strlen(word);
	const char *p = x->at;

	while ((size_t)(x->end - p) >= n) {
		p = memchr(p, word[0], (size_t)(x->end - p));
		if (!p || (size_t)(x->end - p) < n)
			break;
		if (memcmp(p, word, n) == 0) {
			*before = (struct text_view){ .ptr = x->at, .len = (size_t)(p - x->at) };
			x->at = p + n;
			return ST_OK;
		}
		p++;
	}
	return ST_TRUNCATED;
}

/* Letters of any kind, digits, and the few signs that names have; what may not start a name is not told apart. */
static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
		c == ':' || (unsigned char)c >= 0x80;
}

static enum status take_name(struct xml_reader *x, struct text_view *out)
{
	out->ptr = x->at;
	while (x->at < x->end && is_name_char(*x->at))
		x->at++;
	out->len = (size_t)(x->at - out->ptr);
	if (x->at == x->end)
		return ST_TRUNCATED;
	return out->len ? ST_OK : ST_MALFORMED;
}

static enum status take_attribute(struct xml_reader *x)
{
	struct xml_attribute *a = &x->attributes[x->attribute_count];
	char quote[2] = { 0 };
	enum status st;

	if (x->attribute_count == XML_ATTRIBUTES_MAX)
		return ST_LIMIT;
	st = take_name(x, &a->name);
	if (st != ST_OK)
		return st;
	skip_space(x);
	if (left(x) < 2)
		return ST_TRUNCATED;
	if (*x->at++ != '=')
		return ST_MALFORMED;
	skip_space(x);
	if (x->at == x->end)
		return ST_TRUNCATED;
	quote[0] = *x->at++;
	if (quote[0] != '"' && quote[0] != '\'')
		return ST_MALFORMED;
	x->attribute_count++;
	return take_until(x, quote, &a->raw);
}

/* Behind the element's name: attributes and ">" or "/>". */
static enum status finish_start_tag(struct xml_reader *x)
{
	enum status st;

	for (;;) {
		skip_space(x);
		if (x->at == x->end)
			return ST_TRUNCATED;
		if (*x->at == '>') {
			x->at++;
			return ST_OK;
		}
		if (*x->at == '/') {
			x->ends_itself = true;
			x->at++;
			if (x->at == x->end)
				return ST_TRUNCATED;
			return *x->at++ == '>' ? ST_OK : ST_MALFORMED;
		}
		st = take_attribute(x);
		if (st != ST_OK)
			return st;
	}
}

static enum status start_tag(struct xml_reader *x)
{
	enum status st;

	x->at++;
	x->attribute_count = 0;
	st = take_name(x, &x->name);
	if (st != ST_OK)
		return st;
	if (x->depth == XML_DEPTH_MAX)
		return ST_LIMIT;
	if (x->depth == 0 && x->root_seen)
		return ST_MALFORMED;
	x->root_seen = true;
	x->open[x->depth++] = x->name;
	return finish_start_tag(x);
}

static void close_element(struct xml_reader *x)
{
	x->name = x->open[--x->depth];
	x->ends_itself = false;
}

static enum status end_tag(struct xml_reader *x)
{
	struct text_view name, expected;
	enum status st;

	x->at += 2;
	st = take_name(x, &name);
	if (st != ST_OK)
		return st;
	skip_space(x);
	if (x->at == x->end)
		return ST_TRUNCATED;
	if (*x->at++ != '>' || x->depth == 0)
		return ST_MALFORMED;
	expected = x->open[x->depth - 1];
	if (name.len != expected.len || memcmp(name.ptr, expected.ptr, name.len) != 0)
		return ST_MALFORMED;
	close_element(x);
	return ST_OK;
}

static enum status text_run(struct xml_reader *x)
{
	const char *stop = memchr(x->at, '<', left(x));

	if (!stop)
		stop = x->end;
	x->text = (struct text_view){ .ptr = x->at, .len = (size_t)(stop - x->at) };
	x->is_cdata = false;
	x->at = stop;
	return ST_OK;
}

/* What stands between elements and says nothing. Outside the root only blanks may stand. */
static enum status skip_silent(struct xml_reader *x)
{
	struct text_view unused;
	enum status st = ST_OK;

	while (st == ST_OK) {
		if (x->depth == 0)
			skip_space(x);
		if (starts_with(x, "<?"))
			st = take_until(x, "?>", &unused);
		else if (starts_with(x, "<!--"))
			st = take_until(x, "-->", &unused);
		else
			break;
	}
	return st;
}

static enum status tag(struct xml_reader *x, enum xml_item *out)
{
	static const char cdata[] = "<![CDATA[";

	if (starts_with(x, "</")) {
		*out = XML_END;
		return end_tag(x);
	}
	if (starts_with(x, cdata) && x->depth) {
		*out = XML_TEXT;
		x->is_cdata = true;
		x->at += sizeof cdata - 1;
		return take_until(x, "]]>", &x->text);
	}
	*out = XML_START;
	return start_tag(x);
}

void xml_reader_init(struct xml_reader *x, struct text_view text)
{
	x->at = text.ptr;
	x->end = text.ptr + text.len;
	x->depth = x->attribute_count = 0;
	x->ends_itself = x->root_seen = x->is_cdata = false;
	x->name = x->text = (struct text_view){ .ptr = text.ptr, .len = 0 };
}

enum status xml_next(struct xml_reader *x, enum xml_item *out)
{
	enum status st;

	if (x->ends_itself) {
		close_element(x);
		*out = XML_END;
		return ST_OK;
	}
	st = skip_silent(x);
	if (st != ST_OK)
		return st;
	if (x->at == x->end) {
		*out = XML_DONE;
		return x->depth || !x->root_seen ? ST_TRUNCATED : ST_OK;
	}
	if (*x->at == '<')
		return tag(x, out);
	if (x->depth == 0)
		return ST_MALFORMED;
	*out = XML_TEXT;
	return text_run(x);
}

static size_t utf8_put(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* "#65" or "#x41": its shortest spelling, "&#x41;", is longer than the character in UTF-8. */
static bool numeric_entity(struct text_view name, uint32_t *out)
{
	uint32_t base = 10, c = 0;
	size_t i = 1;

	if (name.len > 2 && name.ptr[1] == 'x') {
		base = 16;
		i = 2;
	}
	if (name.len < 2 || name.len > 8 + i)
		return false;
	for (; i < name.len; i++) {
		char d = name.ptr[i];
		uint32_t digit = d >= '0' && d <= '9' ? (uint32_t)(d - '0') : ((uint32_t)(d | 0x20) - 'a') + 10;

		if (digit >= base || c > 0x10ffff)
			return false;
		c = c * base + digit;
	}
	*out = c;
	return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

static bool entity(struct text_view name, uint32_t *out)
{
	static const struct {
		const char *name;
		char c;
	} named[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' } };

	if (name.len && name.ptr[0] == '#')
		return numeric_entity(name, out);
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
		if (name.len == strlen(named[i].name) && memcmp(name.ptr, named[i].name, name.len) == 0) {
			*out = (uint32_t)named[i].c;
			return true;
		}
	}
	return false;
}

/* "&...;" at *at: its character to out + *n. */
static enum status resolve_entity(const char **at, const char *end, char *out, size_t *n)
{
	const char *semicolon = memchr(*at, ';', (size_t)(end - *at));
	uint32_t c;

	if (!semicolon || !entity((struct text_view){ .ptr = *at + 1, .len = (size_t)(semicolon - *at - 1) }, &c))
		return ST_MALFORMED;
	*n += utf8_put(c, out + *n);
	*at = semicolon + 1;
	return ST_OK;
}

enum status xml_resolve(struct text_view raw, char *out, size_t *out_len)
{
	const char *at = raw.ptr, *end = raw.ptr + raw.len;
	enum status st = ST_OK;
	size_t n = 0;

	while (at < end && st == ST_OK) {
		if (*at == '&') {
			st = resolve_entity(&at, end, out, &n);
		} else if (*at == '\r') {
			at += end - at > 1 && at[1] == '\n' ? 2 : 1;
			out[n++] = '\n';
		} else {
			out[n++] = *at++;
		}
	}
	*out_len = n;
	return st;
}
