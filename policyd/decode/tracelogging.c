#include "policyd/decode/tracelogging.h"

#include "policyd/decode/sid.h"
#include "policyd/decode/walk.h"

enum {
	TL_TYPE_MASK = 0x1f, TL_COUNT_MASK = 0x60, TL_COUNT_CONST = 0x20, TL_COUNT_VAR = 0x40, TL_CHAIN = 0x80,
	TL_STRUCT = 24, TL_TYPES = 26,
};

/* In-types by number; LT_COUNT: no value of its own. */
static const uint8_t in_types[TL_TYPES] = {
	LT_COUNT, LT_WSTRZ, LT_STRZ, LT_I8, LT_U8, LT_I16, LT_U16, LT_I32, LT_U32, LT_I64, LT_U64, LT_FLOAT32, LT_FLOAT64,
	LT_BOOL32, LT_BYTES, LT_GUID, LT_PTR, LT_FILETIME, LT_SYSTEMTIME, LT_SID, LT_HEX32, LT_HEX64, LT_WSTR_COUNTED,
	LT_STRZ, LT_COUNT, LT_BYTES,
};

/* Text in the schema must end inside it, unlike text in payloads. */
static struct text_view take_name(struct bytes *in)
{
	struct view v = bytes_strz(in);

	if (in->failed || v.ptr + v.len == in->end)
		in->failed = true;
	return (struct text_view){ .ptr = in->failed ? "" : (const char *)v.ptr, .len = in->failed ? 0 : v.len };
}

static void skip_tags(struct bytes *in)
{
	while (bytes_u8(in) & TL_CHAIN)
		;
}

bool tl_open(struct tl_cursor *c, const struct record *r, struct text_view *name)
{
	uint16_t size;

	c->schema = bytes_of(r->schema.ptr, r->schema.len);
	c->payload = bytes_of(r->payload.ptr, r->payload.len);
	c->pointer_bytes = r->pointer_bytes;
	c->fields = 0;
	size = bytes_u16le(&c->schema);
	if (c->schema.failed || size < 2 || size > r->schema.len)
		return false;
	c->schema.end = c->schema.cur + (size - 2);
	skip_tags(&c->schema);
	*name = take_name(&c->schema);
	return !c->schema.failed;
}

/* Out-types that change how a number reads: 3 boolean, 4 hexadecimal, 7 port, 8 IPv4, 14 NTSTATUS, 15 HRESULT. */
static enum layout_type refine_type(enum layout_type t, unsigned out_type)
{
	if (out_type == 4 || out_type == 14 || out_type == 15)
		return t == LT_U32 || t == LT_I32 ? LT_HEX32 : t == LT_U64 || t == LT_I64 ? LT_HEX64 : t;
	if (out_type == 3 && t == LT_U8)
		return LT_BOOL8;
	if (out_type == 7 && t == LT_U16)
		return LT_PORT_BE;
	if (out_type == 8 && t == LT_U32)
		return LT_IPV4;
	return t;
}

static enum status skip_value(const struct tl_cursor *c, const struct tl_field *f, struct bytes *in)
{
	size_t fixed = layout_type_bytes(f->type, c->pointer_bytes);

	if (fixed)
		bytes_skip(in, fixed);
	else if (f->counted_bytes)
		bytes_skip(in, bytes_u16le(in));
	else if (f->type == LT_SID)
		return sid_skip(in);
	else if (f->type == LT_BYTES)
		bytes_skip(in, bytes_left(in));
	else if (bytes_left(in) == 0)
		return ST_TRUNCATED;
	else if (f->type == LT_WSTRZ)
		bytes_utf16z(in);
	else
		bytes_strz(in);
	return in->failed ? ST_TRUNCATED : ST_OK;
}

static bool read_values(struct tl_cursor *c, struct tl_field *f)
{
	const uint8_t *start = c->payload.cur;

	for (uint32_t i = 0; i < f->count; i++) {
		if (skip_value(c, f, &c->payload) != ST_OK)
			return false;
	}
	f->bytes = (struct view){ .ptr = start, .len = (size_t)(c->payload.cur - start) };
	/* An array of bytes is a binary value, not a list of numbers. */
	if (f->array && f->type == LT_U8) {
		f->type = LT_BYTES;
		f->array = false;
		f->count = 1;
	}
	return true;
}

bool tl_next(struct tl_cursor *c, struct tl_field *out)
{
	uint8_t in_type, out_type = 0;

	if (c->schema.failed || bytes_left(&c->schema) == 0 || c->fields++ >= LIMIT_TL_FIELDS)
		return false;
	out->name = take_name(&c->schema);
	in_type = bytes_u8(&c->schema);
	if (in_type & TL_CHAIN)
		out_type = bytes_u8(&c->schema);
	if (out_type & TL_CHAIN)
		skip_tags(&c->schema);
	out->array = (in_type & TL_COUNT_MASK) != 0;
	out->count = 1;
	if ((in_type & TL_COUNT_MASK) == TL_COUNT_CONST)
		out->count = bytes_u16le(&c->schema);
	else if ((in_type & TL_COUNT_MASK) == TL_COUNT_VAR)
		out->count = bytes_u16le(&c->payload);
	/* Custom encodings have no public meaning: the walk cannot go on behind them. */
	if (c->schema.failed || c->payload.failed || (in_type & TL_COUNT_MASK) == TL_COUNT_MASK ||
		(in_type & TL_TYPE_MASK) >= TL_TYPES)
		return false;
	in_type &= TL_TYPE_MASK;
	out->type = refine_type((enum layout_type)in_types[in_type], out_type & (TL_CHAIN - 1));
	out->counted_bytes = in_type == 14 || in_type == 22 || in_type == 23 || in_type == 25;
	out->bytes = (struct view){ .ptr = c->payload.cur, .len = 0 };
	/* An array of structures repeats the fields that follow: not representable as flat names, so the walk ends. */
	if (out->type == LT_COUNT)
		return !(in_type == TL_STRUCT && out->array);
	return read_values(c, out);
}

bool tl_element(const struct tl_field *f, unsigned pointer_bytes, size_t *at, struct value *out)
{
	struct tl_cursor c = { .pointer_bytes = pointer_bytes };
	struct bytes in = bytes_of(f->bytes.ptr, f->bytes.len);
	const uint8_t *start;

	bytes_skip(&in, *at);
	start = in.cur;
	if (f->type == LT_COUNT || in.failed || bytes_left(&in) == 0 || skip_value(&c, f, &in) != ST_OK)
		return false;
	*at += (size_t)(in.cur - start);
	if (f->counted_bytes)
		start += 2;
	*out = (struct value){ .type = f->type, .slot = SLOT_NONE, .bytes = { .ptr = start, .len = (size_t)(in.cur - start) } };
	return true;
}
