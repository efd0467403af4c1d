/* bytes: a bounds-checked read cursor over borrowed memory; the only way untrusted bytes are read.
 * Failure sticks: after the first short read every getter returns 0 or an empty view, and `failed` is set,
 * so a decoder checks once at its end. Little-endian unless the name says be. No allocation; any thread. */
#ifndef VITRINE_BASE_BYTES_H
#define VITRINE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct view {              /* borrowed bytes; lives as long as what it was cut from */
	const uint8_t *ptr;
	size_t len;
};

struct bytes {
	const uint8_t *cur, *end;
	bool failed;
};

static inline struct bytes bytes_of(const void *ptr, size_t len)
{
	static const uint8_t none[1] = { 0 };
	const uint8_t *p = ptr ? (const uint8_t *)ptr : none;

	return (struct bytes){ .cur = p, .end = p + (ptr ? len : 0), .failed = false };
}

static inline size_t bytes_left(const struct bytes *b)
{
	return (size_t)(b->end - b->cur);
}

/* Pointer to n bytes and moves past them; NULL (and failed) when fewer are left. */
static inline const uint8_t *bytes_take(struct bytes *b, size_t n)
{
	const uint8_t *p = b->cur;

	if (b->failed || n > bytes_left(b)) {
		b->failed = true;
		return NULL;
	}
	b->cur += n;
	return p;
}

static inline struct view bytes_view(struct bytes *b, size_t n)
{
	const uint8_t *p = bytes_take(b, n);

	return (struct view){ .ptr = p, .len = p ? n : 0 };
}

static inline void bytes_skip(struct bytes *b, size_t n)
{
	(void)bytes_take(b, n);
}

static inline uint16_t load_u16le(const uint8_t *p)
{
	return (uint16_t)(p[0] | (unsigned)p[1] << 8);
}

static inline uint32_t load_u32le(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t load_u64le(const uint8_t *p)
{
	return (uint64_t)load_u32le(p) | (uint64_t)load_u32le(p + 4) << 32;
}

static inline uint16_t load_u16be(const uint8_t *p)
{
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t load_u32be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static inline void store_u16le(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void store_u32le(uint8_t *p, uint32_t v)
{
	store_u16le(p, (uint16_t)v);
	store_u16le(p + 2, (uint16_t)(v >> 16));
}

static inline void store_u64le(uint8_t *p, uint64_t v)
{
	store_u32le(p, (uint32_t)v);
	store_u32le(p + 4, (uint32_t)(v >> 32));
}

static inline uint8_t bytes_u8(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 1);

	return p ? p[0] : 0;
}

static inline uint16_t bytes_u16le(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 2);

	return p ? load_u16le(p) : 0;
}

static inline uint32_t bytes_u32le(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 4);

	return p ? load_u32le(p) : 0;
}

static inline uint64_t bytes_u64le(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 8);

	return p ? load_u64le(p) : 0;
}

static inline uint16_t bytes_u16be(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 2);

	return p ? load_u16be(p) : 0;
}

/* An unsigned integer of the record's pointer width: 4 or 8 bytes. */
static inline uint64_t bytes_pointer(struct bytes *b, unsigned pointer_bytes)
{
	return pointer_bytes == 4 ? bytes_u32le(b) : bytes_u64le(b);
}

/* UTF-16LE up to and past a NUL unit; the view leaves the NUL out. Without a NUL the string ends where the input
 * ends (an odd last byte is left out of the view but passed over); that is not a failure, ETW writes such payloads. */
struct view bytes_utf16z(struct bytes *b);
/* 8-bit string up to and past a NUL; same rule at the end of the input. */
struct view bytes_strz(struct bytes *b);

#endif
