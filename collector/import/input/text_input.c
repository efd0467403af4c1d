#include "collector/import/input/text_input.h"

#include <stdlib.h>

#include "proto/base/text.h"

enum { READ_BYTES = 64 * 1024 };

enum encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE };

struct text_input {
	struct byte_input *in;
	enum encoding encoding;
	char *text;                 /* [pos, len) is the window */
	size_t pos, len, cap;
	uint64_t offset, line;
	uint8_t raw[READ_BYTES + 4];
	size_t raw_len;             /* UTF-16 units carried over: half a unit, or half a surrogate pair */
	bool ended;
};

static enum encoding sniff(struct view head, size_t *mark_bytes)
{
	*mark_bytes = 0;
	if (head.len >= 3 && memcmp(head.ptr, "\xef\xbb\xbf", 3) == 0) {
		*mark_bytes = 3;
		return ENCODING_UTF8;
	}
	if (head.len < 2 || (head.ptr[0] ^ head.ptr[1]) != (0xff ^ 0xfe) || (head.ptr[0] != 0xff && head.ptr[0] != 0xfe))
		return ENCODING_UTF8;
	*mark_bytes = 2;
	return head.ptr[0] == 0xff ? ENCODING_UTF16LE : ENCODING_UTF16BE;
}

static void swap_units(uint8_t *p, size_t n)
{
	for (size_t i = 0; i + 1 < n; i += 2) {
		uint8_t first = p[i];

		p[i] = p[i + 1];
		p[i + 1] = first;
	}
}

size_t text_input_peek(struct view head, char *out, size_t out_bytes)
{
	size_t mark;
	enum encoding encoding = sniff(head, &mark);
	struct view plain = { .ptr = head.ptr + mark, .len = head.len - mark };
	uint8_t swapped[8192];

	if (encoding == ENCODING_UTF8) {
		plain.len = plain.len < out_bytes ? plain.len : out_bytes;
		memcpy(out, plain.ptr, plain.len);
		return plain.len;
	}
	plain.len = plain.len < sizeof swapped ? plain.len : sizeof swapped;
	memcpy(swapped, plain.ptr, plain.len);
	if (encoding == ENCODING_UTF16BE)
		swap_units(swapped, plain.len);
	return text_utf16_to_utf8((struct view){ .ptr = swapped, .len = plain.len }, out, out_bytes);
}

struct text_input *text_input_create(struct byte_input *in)
{
	struct text_input *t = calloc(1, sizeof *t);
	size_t mark;

	if (!t)
		return NULL;
	t->in = in;
	t->line = 1;
	t->encoding = sniff(byte_input_peek(in, 3), &mark);
	byte_input_skip(in, mark);
	return t;
}

void text_input_destroy(struct text_input *t)
{
	if (!t)
		return;
	free(t->text);
	free(t);
}

struct view text_input_window(const struct text_input *t)
{
	return (struct view){ .ptr = t->text ? (const uint8_t *)t->text + t->pos : (const uint8_t *)"", .len = t->len - t->pos };
}

/* Room for n bytes behind len, moving the window to the front before it grows. */
static bool make_room(struct text_input *t, size_t n)
{
	size_t cap = t->cap ? t->cap : 4 * READ_BYTES;
	char *grown;

	if (t->pos && t->cap - t->len < n) {
		memmove(t->text, t->text + t->pos, t->len - t->pos);
		t->len -= t->pos;
		t->pos = 0;
	}
	if (t->text && t->cap - t->len >= n)
		return true;
	while (cap - t->len < n)
		cap *= 2;
	if (cap > TEXT_WINDOW_MAX_BYTES)
		return false;
	grown = realloc(t->text, cap);
	if (!grown)
		return false;
	t->text = grown;
	t->cap = cap;
	return true;
}

/* How much of raw is whole characters: not half a unit, and no high surrogate at the end. */
static size_t whole_units(const struct text_input *t)
{
	size_t n = t->raw_len & ~(size_t)1;

	if (n >= 2 && !t->ended && (t->raw[n - 1] & 0xfc) == 0xd8)
		n -= 2;
	return n;
}

static bool more_utf16(struct text_input *t)
{
	size_t before = t->len, carried = t->raw_len, got, n;

	if (!make_room(t, TEXT_UTF8_MAX(sizeof t->raw)))
		return false;
	got = byte_input_read(t->in, t->raw + carried, READ_BYTES - carried);
	t->ended = got < READ_BYTES - carried;
	if (t->encoding == ENCODING_UTF16BE)
		swap_units(t->raw + (carried & ~(size_t)1), got);
	t->raw_len += got;
	n = whole_units(t);
	t->len += text_utf16_to_utf8((struct view){ .ptr = t->raw, .len = n }, t->text + t->len, t->cap - t->len);
	t->raw_len -= n;
	memmove(t->raw, t->raw + n, t->raw_len);
	return t->len > before;
}

bool text_input_more(struct text_input *t)
{
	size_t got;

	if (t->ended)
		return false;
	if (t->encoding != ENCODING_UTF8)
		return more_utf16(t);
	if (!make_room(t, READ_BYTES))
		return false;
	got = byte_input_read(t->in, t->text + t->len, READ_BYTES);
	t->ended = got < READ_BYTES;
	t->len += got;
	return got > 0;
}

bool text_input_is_full(const struct text_input *t)
{
	return !t->ended;
}

void text_input_consume(struct text_input *t, size_t n)
{
	const char *p = t->text + t->pos, *end = p + n;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		t->line++;
		p++;
	}
	t->pos += n;
	t->offset += n;
}

uint64_t text_input_offset(const struct text_input *t)
{
	return t->offset;
}

uint64_t text_input_line(const struct text_input *t)
{
	return t->line;
}
