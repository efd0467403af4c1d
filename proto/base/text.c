#include "proto/base/text.h"

enum { REPLACEMENT = 0xFFFD };

static size_t put_utf8(uint32_t cp, char *out, size_t room)
{
	uint8_t b[4];
	size_t n;

	if (cp < 0x80) {
		b[0] = (uint8_t)cp;
		n = 1;
	} else if (cp < 0x800) {
		b[0] = (uint8_t)(0xC0 | cp >> 6);
		b[1] = (uint8_t)(0x80 | (cp & 0x3F));
		n = 2;
	} else if (cp < 0x10000) {
		b[0] = (uint8_t)(0xE0 | cp >> 12);
		b[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
		b[2] = (uint8_t)(0x80 | (cp & 0x3F));
		n = 3;
	} else {
		b[0] = (uint8_t)(0xF0 | cp >> 18);
		b[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3F));
		b[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
		b[3] = (uint8_t)(0x80 | (cp & 0x3F));
		n = 4;
	}
	if (n > room)
		return 0;
	memcpy(out, b, n);
	return n;
}

/* Code point at unit i of n units; *used = 1 or 2. */
static uint32_t utf16_at(const uint8_t *p, size_t i, size_t n, size_t *used)
{
	uint32_t u = load_u16le(p + 2 * i);

	*used = 1;
	if (u < 0xD800 || u > 0xDFFF)
		return u;
	if (u < 0xDC00 && i + 1 < n) {
		uint32_t low = load_u16le(p + 2 * (i + 1));

		if (low >= 0xDC00 && low <= 0xDFFF) {
			*used = 2;
			return 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00);
		}
	}
	return REPLACEMENT;
}

size_t text_utf16_to_utf8(struct view utf16, char *out, size_t out_bytes)
{
	size_t units = utf16.len / 2, at = 0, i = 0;

	/* Almost all Windows names are ASCII: four units at a time, then one. */
	while (units - i >= 4 && out_bytes - at >= 4) {
		uint64_t four = load_u64le(utf16.ptr + 2 * i);

		if (four & UINT64_C(0xff80ff80ff80ff80))
			break;
		four |= four >> 8;
		store_u16le((uint8_t *)out + at, (uint16_t)four);
		store_u16le((uint8_t *)out + at + 2, (uint16_t)(four >> 32));
		at += 4;
		i += 4;
	}
	while (i < units && at < out_bytes && utf16.ptr[2 * i + 1] == 0 && utf16.ptr[2 * i] < 0x80)
		out[at++] = (char)utf16.ptr[2 * i++];
	while (i < units) {
		size_t used;
		size_t n = put_utf8(utf16_at(utf16.ptr, i, units, &used), out + at, out_bytes - at);

		if (n == 0)
			break;
		at += n;
		i += used;
	}
	return at;
}

size_t text_utf8_sequence(const char *text, size_t left)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t n;
	uint32_t cp;

	if (left == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	if (p[0] < 0xC2 || p[0] > 0xF4 || n > left)
		return 0;
	cp = p[0] & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		cp = cp << 6 | (p[i] & 0x3F);
	}
	if ((n == 3 && cp < 0x800) || (n == 4 && (cp < 0x10000 || cp > 0x10FFFF)) || (cp >= 0xD800 && cp <= 0xDFFF))
		return 0;
	return n;
}

static uint32_t utf8_code_point(const char *text, size_t n)
{
	const uint8_t *p = (const uint8_t *)text;
	uint32_t cp = n == 1 ? p[0] : p[0] & (0xFFu >> (n + 1));

	for (size_t i = 1; i < n; i++)
		cp = cp << 6 | (p[i] & 0x3F);
	return cp;
}

size_t text_utf8_to_utf16(const char *utf8, size_t len, uint8_t *out, size_t out_bytes)
{
	size_t at = 0;

	for (size_t i = 0; i < len;) {
		size_t n = text_utf8_sequence(utf8 + i, len - i);
		uint32_t cp = n ? utf8_code_point(utf8 + i, n) : REPLACEMENT;
		size_t need = cp >= 0x10000 ? 4 : 2;

		if (need > out_bytes - at)
			break;
		if (need == 4) {
			store_u16le(out + at, (uint16_t)(0xD800 + ((cp - 0x10000) >> 10)));
			store_u16le(out + at + 2, (uint16_t)(0xDC00 + ((cp - 0x10000) & 0x3FF)));
		} else {
			store_u16le(out + at, (uint16_t)cp);
		}
		at += need;
		i += n ? n : 1;
	}
	return at;
}

bool text_equal_fold(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i++) {
		if (text_fold(a[i]) != text_fold(b[i]))
			return false;
	}
	return true;
}

static bool append_json_escape(struct buf *out, char c)
{
	switch (c) {
	case '"':
		return buf_append(out, "\\\"", 2);
	case '\\':
		return buf_append(out, "\\\\", 2);
	case '\n':
		return buf_append(out, "\\n", 2);
	case '\r':
		return buf_append(out, "\\r", 2);
	case '\t':
		return buf_append(out, "\\t", 2);
	case '\b':
		return buf_append(out, "\\b", 2);
	case '\f':
		return buf_append(out, "\\f", 2);
	default:
		return buf_printf(out, "\\u%04x", (unsigned)(uint8_t)c);
	}
}

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* Non-zero where one of eight bytes is zero; a byte above it may be told too. */
static inline uint64_t zero_bytes(uint64_t v)
{
	return (v - EACH_BYTE) & ~v & EACH_BYTE * 0x80;
}

/* Bytes at the start that JSON takes as they are: ASCII but controls, quotes and backslashes. Up to seven too few. */
static size_t plain_prefix(const char *text, size_t len)
{
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t v, high;

		memcpy(&v, text + i, sizeof v);
		high = v & EACH_BYTE * 0x80;
		if (high | ((v - EACH_BYTE * 0x20) & ~v & EACH_BYTE * 0x80) | zero_bytes(v ^ EACH_BYTE * '"') |
			zero_bytes(v ^ EACH_BYTE * '\\'))
			break;
	}
	return i;
}

bool text_append_json_body(struct buf *out, const char *text, size_t len)
{
	size_t plain = 0;

	for (size_t i = plain_prefix(text, len); i < len;) {
		uint8_t c = (uint8_t)text[i];
		size_t n = c < 0x80 ? 1 : text_utf8_sequence(text + i, len - i);

		if (n && c >= 0x20 && c != '"' && c != '\\') {
			i += n;
			continue;
		}
		buf_append(out, text + plain, i - plain);
		if (n)
			append_json_escape(out, text[i]);
		else
			buf_append(out, "\xEF\xBF\xBD", 3);
		plain = ++i;
		i += plain_prefix(text + i, len - i);
	}
	return buf_append(out, text + plain, len - plain);
}

bool text_append_json(struct buf *out, const char *text, size_t len)
{
	buf_append_char(out, '"');
	text_append_json_body(out, text, len);
	return buf_append_char(out, '"');
}
