#include "collector/import/etl/xpress.h"

enum {
	MATCH_MIN = 3,
	LENGTH_BITS = 3,             /* of the 16-bit match word; the offset has the other 13 */
	LENGTH_MORE = 7,             /* all ones: half a byte follows */
	LENGTH_NIBBLE_MORE = 15,     /* all ones: a byte follows */
	LENGTH_BYTE_MORE = 255,      /* all ones: 16 bits follow, and 32 if those are 0; they hold the whole length */
};

struct lz77 {
	struct bytes in;
	const uint8_t *shared;       /* byte whose high half the next long match uses; NULL: none */
	uint8_t *out;
	size_t made, cap;
};

static size_t read_nibble(struct lz77 *z)
{
	const uint8_t *shared = z->shared;

	if (shared) {
		z->shared = NULL;
		return *shared >> 4;
	}
	z->shared = bytes_take(&z->in, 1);
	return z->shared ? *z->shared & 15u : 0;
}

static size_t read_length(struct lz77 *z, unsigned low)
{
	size_t n = low;

	if (n < LENGTH_MORE)
		return n + MATCH_MIN;
	n = read_nibble(z);
	if (n < LENGTH_NIBBLE_MORE)
		return n + LENGTH_MORE + MATCH_MIN;
	n = bytes_u8(&z->in);
	if (n < LENGTH_BYTE_MORE)
		return n + LENGTH_NIBBLE_MORE + LENGTH_MORE + MATCH_MIN;
	n = bytes_u16le(&z->in);
	if (n == 0)
		n = bytes_u32le(&z->in);
	if (n < LENGTH_NIBBLE_MORE + LENGTH_MORE)    /* it would have had a shorter form */
		z->in.failed = true;
	return n + MATCH_MIN;
}

/* Source and target may overlap: then the match repeats what it has just written. */
static void copy_match(struct lz77 *z, size_t distance, size_t len)
{
	uint8_t *to = z->out + z->made;
	const uint8_t *from = to - distance;

	if (len > z->cap - z->made)
		len = z->cap - z->made;
	z->made += len;
	if (distance >= len) {
		memcpy(to, from, len);
		return;
	}
	while (len--)
		*to++ = *from++;
}

static enum status read_match(struct lz77 *z)
{
	uint16_t word = bytes_u16le(&z->in);
	size_t distance = (size_t)(word >> LENGTH_BITS) + 1;
	size_t len = read_length(z, word & LENGTH_MORE);

	if (z->in.failed)
		return ST_TRUNCATED;
	if (distance > z->made)
		return ST_MALFORMED;
	copy_match(z, distance, len);
	return ST_OK;
}

/* One group: 32 flags, most significant first, each a literal byte (0) or a match (1). */
static enum status read_group(struct lz77 *z)
{
	uint32_t flags = bytes_u32le(&z->in);
	enum status st = ST_OK;

	for (unsigned i = 0; i < 32 && st == ST_OK && z->made < z->cap; i++, flags <<= 1) {
		if (flags & UINT32_C(0x80000000)) {
			st = read_match(z);
			continue;
		}
		z->out[z->made] = bytes_u8(&z->in);
		if (z->in.failed)
			return ST_TRUNCATED;
		z->made++;
	}
	return st;
}

enum status xpress_decompress(struct view in, uint8_t *out, size_t out_bytes, size_t *made_bytes)
{
	struct lz77 z = { .in = bytes_of(in.ptr, in.len), .out = out, .cap = out_bytes };
	enum status st = ST_OK;

	while (st == ST_OK && z.made < z.cap) {
		st = read_group(&z);
		if (st == ST_OK && z.in.failed)
			st = ST_TRUNCATED;
	}
	*made_bytes = z.made;
	return st;
}
