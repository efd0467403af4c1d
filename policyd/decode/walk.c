#include "policyd/decode/walk.h"

#include "policyd/decode/sid.h"
#include "proto/base/limits.h"

/* Bytes of each type, pointers narrow and wide; 0: the payload decides. */
#define FIXED_SIZES(pointer)                                                                                           \
	{ [LT_U8] = 1, [LT_U16] = 2, [LT_U32] = 4, [LT_U64] = 8, [LT_I8] = 1, [LT_I16] = 2, [LT_I32] = 4, [LT_I64] = 8,    \
	  [LT_HEX32] = 4, [LT_HEX64] = 8, [LT_FLOAT32] = 4, [LT_FLOAT64] = 8, [LT_PTR] = (pointer), [LT_FILETIME] = 8,     \
	  [LT_SYSTEMTIME] = 16, [LT_GUID] = 16, [LT_BOOL8] = 1, [LT_BOOL32] = 4, [LT_IPV4] = 4, [LT_IPV6] = 16,            \
	  [LT_PORT_BE] = 2 }

static const uint8_t narrow_bytes[LT_COUNT] = FIXED_SIZES(4);
static const uint8_t wide_bytes[LT_COUNT] = FIXED_SIZES(8);

size_t layout_type_bytes(enum layout_type type, unsigned pointer_bytes)
{
	return pointer_bytes == 4 ? narrow_bytes[type] : wide_bytes[type];
}

/* Zero-extended value of the field that holds a length; 0 when it is no integer. */
static uint64_t read_length(const struct layout_field *f, struct view payload, const uint32_t *start)
{
	struct bytes in = bytes_of(payload.ptr + start[0], start[1] - start[0]);

	switch (f->type) {
	case LT_U8:
		return bytes_u8(&in);
	case LT_U16:
		return bytes_u16le(&in);
	case LT_U32: case LT_HEX32:
		return bytes_u32le(&in);
	case LT_U64: case LT_HEX64:
		return bytes_u64le(&in);
	case LT_PTR:
		return bytes_pointer(&in, (unsigned)bytes_left(&in));
	default:
		return 0;
	}
}

/* A SID written after a null PSid must look like nothing else: 1 to 15 sub-authorities and an authority below 256
 * (all that Windows defines). */
static bool looks_like_sid(struct bytes in)
{
	const uint8_t *p = bytes_take(&in, 8);

	return p && p[0] == 1 && p[1] >= 1 && p[1] <= 15 && (p[2] | p[3] | p[4] | p[5] | p[6]) == 0 &&
	       bytes_left(&in) >= (size_t)p[1] * 4;
}

/* The SID of a classic kernel event: TOKEN_USER (PSid and Attributes, two pointers wide) and the SID, or four zero
 * bytes and none. The pointer itself proves nothing: 32-bit samples have PSid 0 with a SID behind it, so a SID's
 * own shape decides there. Source: the correction to etw.md 1.3; sawbuck and libtrace samples. */
static enum status skip_mofsid(struct bytes *in, unsigned pointer_bytes)
{
	struct bytes first = *in, behind = *in;
	uint32_t psid = bytes_u32le(&first);

	if (first.failed)
		return ST_TRUNCATED;
	bytes_skip(&behind, pointer_bytes == 4 ? 8 : 16);
	if (psid == 0 && !looks_like_sid(behind)) {
		*in = first;
		return ST_OK;
	}
	*in = behind;
	return in->failed ? ST_TRUNCATED : sid_skip(in);
}

static enum status skip_bytes(struct bytes *in, uint64_t n)
{
	if (n > bytes_left(in))
		return ST_TRUNCATED;
	bytes_skip(in, (size_t)n);
	return ST_OK;
}

static enum status skip_variable(const struct layout *l, size_t i, struct view payload, struct bytes *in,
	const uint32_t *offset)
{
	const struct layout_field *f = &l->fields[i];
	uint64_t n = f->len;

	if (f->len_field != LAYOUT_NO_LEN_FIELD)
		n = read_length(&l->fields[f->len_field], payload, &offset[f->len_field]);
	switch (f->type) {
	case LT_WSTRZ:
		if (bytes_left(in) == 0)
			return ST_TRUNCATED;
		bytes_utf16z(in);
		return ST_OK;
	case LT_STRZ:
		if (bytes_left(in) == 0)
			return ST_TRUNCATED;
		bytes_strz(in);
		return ST_OK;
	case LT_SID:
		return sid_skip(in);
	case LT_BYTES:
		return skip_bytes(in, n);
	case LT_WSTR_COUNTED:
		return n > LIMIT_PAYLOAD_BYTES ? ST_TRUNCATED : skip_bytes(in, n * 2);
	case LT_REST:
		bytes_skip(in, bytes_left(in));
		return ST_OK;
	default:
		return ST_MALFORMED;
	}
}

enum status walk_layout(const struct layout *l, struct view payload, unsigned pointer_bytes, uint32_t *offset)
{
	const uint8_t *fixed_bytes = pointer_bytes == 4 ? narrow_bytes : wide_bytes;
	struct bytes in = bytes_of(payload.ptr, payload.len);
	const uint8_t *start = in.cur;
	enum status st = ST_OK;

	payload.ptr = start;
	for (size_t i = 0; i < l->field_count; i++) {
		const struct layout_field *f = &l->fields[i];
		size_t fixed = fixed_bytes[f->type];

		offset[i] = (uint32_t)(in.cur - start);
		if (fixed && bytes_take(&in, fixed))
			continue;
		if (f->optional && in.cur == in.end)
			continue;
		if (fixed)
			return ST_TRUNCATED;
		st = f->type == LT_MOFSID ? skip_mofsid(&in, pointer_bytes) : skip_variable(l, i, payload, &in, offset);
		if (st != ST_OK)
			return st;
	}
	offset[l->field_count] = (uint32_t)(in.cur - start);
	return ST_OK;
}
