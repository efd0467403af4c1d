/* protobuf_wire: the protobuf wire format by hand, for the hot path of record_codec. Bounds-checked on the way in;
 * on the way out the caller has reserved the room. No allocation; any thread.
 * Source: protobuf.dev/programming-guides/encoding. */
#ifndef VITRINE_WIRE_PROTOBUF_WIRE_H
#define VITRINE_WIRE_PROTOBUF_WIRE_H

#include "proto/base/bytes.h"
#include "proto/base/status.h"

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

enum { WIRE_VARINT_MAX_BYTES = 10, WIRE_KEY_MAX_BYTES = 5 };

/* One field as read: `number` for the three numeric types, `bytes` for WIRE_BYTES. */
struct wire_field {
	uint32_t id;
	enum wire_type type;
	uint64_t number;
	struct view bytes;
};

struct wire_reader {
	struct bytes in;
	bool malformed;          /* something other than a short input */
};

static inline struct wire_reader wire_reader_of(struct view message)
{
	return (struct wire_reader){ .in = bytes_of(message.ptr, message.len) };
}

static inline enum status wire_status(const struct wire_reader *r)
{
	if (r->malformed)
		return ST_MALFORMED;
	return r->in.failed ? ST_TRUNCATED : ST_OK;
}

static inline void wire_refuse(struct wire_reader *r)
{
	r->malformed = true;
	r->in.failed = true;
}

/* At most 10 bytes, of which the last may only be 0 or 1. */
static inline uint64_t wire_varint(struct wire_reader *r)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = bytes_u8(&r->in);

		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	wire_refuse(r);
	return 0;
}

/* False at the end of the message and on failure; wire_status tells which. */
static inline bool wire_next(struct wire_reader *r, struct wire_field *out)
{
	uint64_t key, len;

	if (r->in.failed || bytes_left(&r->in) == 0)
		return false;
	key = wire_varint(r);
	if (key >> 3 == 0 || key >> 3 > UINT32_MAX >> 3) {
		if (!r->in.failed)
			wire_refuse(r);
		return false;
	}
	*out = (struct wire_field){ .id = (uint32_t)(key >> 3) };
	out->type = (enum wire_type)(key & 7);
	switch (out->type) {
	case WIRE_VARINT:
		out->number = wire_varint(r);
		break;
	case WIRE_FIXED64:
		out->number = bytes_u64le(&r->in);
		break;
	case WIRE_FIXED32:
		out->number = bytes_u32le(&r->in);
		break;
	case WIRE_BYTES:
		len = wire_varint(r);
		out->bytes = bytes_view(&r->in, len > SIZE_MAX ? SIZE_MAX : (size_t)len);
		break;
	default:    /* groups are not part of proto3 */
		wire_refuse(r);
	}
	return !r->in.failed;
}

static inline size_t wire_varint_bytes(uint64_t v)
{
	size_t n = 1;

	for (; v >= 0x80; v >>= 7)
		n++;
	return n;
}

/* The writers return the place after what they wrote. */
static inline uint8_t *wire_put_varint(uint8_t *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (uint8_t)(v | 0x80);
	*p++ = (uint8_t)v;
	return p;
}

static inline uint8_t *wire_put_key(uint8_t *p, uint32_t id, enum wire_type type)
{
	return wire_put_varint(p, (uint64_t)id << 3 | (unsigned)type);
}

/* proto3: a zero is not written. */
static inline uint8_t *wire_put_number(uint8_t *p, uint32_t id, uint64_t v)
{
	return v ? wire_put_varint(wire_put_key(p, id, WIRE_VARINT), v) : p;
}

static inline uint8_t *wire_put_fixed64(uint8_t *p, uint32_t id, uint64_t v)
{
	if (!v)
		return p;
	p = wire_put_key(p, id, WIRE_FIXED64);
	store_u64le(p, v);
	return p + 8;
}

/* Also when empty: for repeated fields, where an empty element counts. */
static inline uint8_t *wire_put_element(uint8_t *p, uint32_t id, const void *ptr, size_t len)
{
	p = wire_put_varint(wire_put_key(p, id, WIRE_BYTES), len);
	if (len)
		memcpy(p, ptr, len);
	return p + len;
}

static inline uint8_t *wire_put_bytes(uint8_t *p, uint32_t id, const void *ptr, size_t len)
{
	return len ? wire_put_element(p, id, ptr, len) : p;
}

#endif
