#include "proto/base/bytes.h"

/* True when one of the four 16-bit units of x is zero. */
static bool has_zero_unit(uint64_t x)
{
	return ((x - UINT64_C(0x0001000100010001)) & ~x & UINT64_C(0x8000800080008000)) != 0;
}

struct view bytes_utf16z(struct bytes *b)
{
	const uint8_t *start = b->cur;
	size_t left = bytes_left(b), n = 0;

	if (b->failed)
		return (struct view){ .ptr = NULL, .len = 0 };
	while (left - n >= 8 && !has_zero_unit(load_u64le(start + n)))
		n += 8;
	while (n + 1 < left && (start[n] | start[n + 1]) != 0)
		n += 2;
	b->cur = n + 1 < left ? start + n + 2 : b->end;
	return (struct view){ .ptr = start, .len = n };
}

struct view bytes_strz(struct bytes *b)
{
	const uint8_t *start = b->cur;
	const uint8_t *nul;
	size_t left = bytes_left(b);

	if (b->failed)
		return (struct view){ .ptr = NULL, .len = 0 };
	nul = left ? memchr(start, 0, left) : NULL;
	b->cur = nul ? nul + 1 : b->end;
	return (struct view){ .ptr = start, .len = nul ? (size_t)(nul - start) : left };
}
