#include "tests/support/generate/gen_payload.h"

#include <stdlib.h>

#include "proto/base/text.h"

enum { TOKEN_USER_BYTES = 16, SYSTEMTIME_BYTES = 16, SID_FIXED_BYTES = 8, SID_SUB_BYTES = 4 };

/* The kernel's TOKEN_USER holds a pointer to the SID; any non-zero one will do (data.md quirk 5). */
#define TOKEN_USER_POINTER UINT64_C(0xffffb80f12345678)

struct out {
	uint8_t *cur, *end;
	bool full;
};

static void add(struct payload *p, struct payload_value v)
{
	if (p->count < PAYLOAD_MAX_VALUES)
		p->values[p->count++] = v;
}

void payload_number(struct payload *p, enum slot slot, uint64_t number)
{
	add(p, (struct payload_value){ .slot = slot, .number = number });
}

void payload_text(struct payload *p, enum slot slot, const char *text)
{
	add(p, (struct payload_value){ .slot = slot, .ptr = text, .len = strlen(text) });
}

void payload_bytes(struct payload *p, enum slot slot, const void *ptr, size_t len)
{
	add(p, (struct payload_value){ .slot = slot, .ptr = ptr, .len = len });
}

static const struct payload_value *find(const struct payload *p, enum slot slot)
{
	static const struct payload_value none = { .slot = SLOT_NONE, .ptr = "" };

	for (size_t i = 0; slot != SLOT_NONE && i < p->count; i++) {
		if (p->values[i].slot == slot)
			return &p->values[i];
	}
	return &none;
}

static uint8_t *room(struct out *o, size_t n)
{
	uint8_t *p = o->cur;

	if (n > (size_t)(o->end - o->cur)) {
		o->full = true;
		return NULL;
	}
	o->cur += n;
	return p;
}

static void put_number(struct out *o, uint64_t v, size_t width)
{
	uint8_t *p = room(o, width);

	for (size_t i = 0; p && i < width; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static void put_bytes(struct out *o, const void *ptr, size_t len, size_t width)
{
	uint8_t *p = room(o, width);
	size_t n = len < width ? len : width;

	if (!p)
		return;
	memset(p, 0, width);
	if (n)
		memcpy(p, ptr, n);
}

static void put_wide(struct out *o, const struct payload_value *v)
{
	size_t left = (size_t)(o->end - o->cur);

	if (left < 2 * v->len + 2) {
		o->full = true;
		return;
	}
	o->cur += text_utf8_to_utf16(v->ptr, v->len, o->cur, left);
	put_number(o, 0, 2);
}

static void put_sid(struct out *o, const struct payload_value *v)
{
	static const uint8_t nobody[] = { 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };    /* S-1-0-0 */

	if (v->len)
		put_bytes(o, v->ptr, v->len, v->len);
	else
		put_bytes(o, nobody, sizeof nobody, sizeof nobody);
}

static void put_mofsid(struct out *o, const struct payload_value *v)
{
	if (!v->len) {
		put_number(o, 0, 4);
		return;
	}
	put_number(o, TOKEN_USER_POINTER, 8);
	put_number(o, 0, TOKEN_USER_BYTES - 8);
	put_sid(o, v);
}

/* The value of field i; a field that says the length of a later one gets that length. */
static uint64_t number_of(const struct layout *l, size_t i, const struct payload *p)
{
	for (size_t k = i + 1; k < l->field_count; k++) {
		if (l->fields[k].len_field == i)
			return find(p, (enum slot)l->fields[k].slot)->len;
	}
	return find(p, (enum slot)l->fields[i].slot)->number;
}

static size_t width_of(enum layout_type type)
{
	switch (type) {
	case LT_U8:
	case LT_I8:
		return 1;
	case LT_U16:
	case LT_I16:
		return 2;
	case LT_U32:
	case LT_I32:
	case LT_HEX32:
	case LT_BOOL32:
		return 4;
	case LT_U64:
	case LT_I64:
	case LT_HEX64:
	case LT_PTR:
	case LT_FILETIME:
		return 8;
	default:
		return 0;
	}
}

static bool put_other(struct out *o, const struct layout_field *f, const struct payload_value *v)
{
	switch (f->type) {
	case LT_PORT_BE:
		put_number(o, (v->number & 0xff) << 8 | (v->number >> 8 & 0xff), 2);
		return true;
	case LT_SYSTEMTIME:
		put_bytes(o, v->ptr, v->len, SYSTEMTIME_BYTES);
		return true;
	case LT_GUID:
	case LT_IPV6:
		put_bytes(o, v->ptr, v->len, 16);
		return true;
	case LT_IPV4:
		put_bytes(o, v->ptr, v->len, 4);
		return true;
	case LT_SID:
		put_sid(o, v);
		return true;
	case LT_MOFSID:
		put_mofsid(o, v);
		return true;
	case LT_WSTRZ:
		put_wide(o, v);
		return true;
	case LT_STRZ:
		put_bytes(o, v->ptr, v->len, v->len + 1);
		return true;
	case LT_BYTES:
		put_bytes(o, v->ptr, v->len, f->len_field == LAYOUT_NO_LEN_FIELD ? f->len : v->len);
		return true;
	case LT_REST:
		put_bytes(o, v->ptr, v->len, v->len);
		return true;
	default:
		return false;
	}
}

enum status payload_encode(const struct layout *l, const struct payload *p, uint8_t *out, size_t out_bytes, size_t *len)
{
	struct out o = { .cur = out, .end = out + out_bytes };
	uint64_t filler = p->filler;

	for (size_t i = 0; i < l->field_count; i++) {
		const struct layout_field *f = &l->fields[i];
		size_t width = width_of((enum layout_type)f->type);

		if (f->type == LT_PTR && (f->slot == SLOT_NONE || f->slot == SLOT_TEB) && filler) {
			put_number(&o, filler, 8);
			filler += 0x1000;
		} else if (width) {
			put_number(&o, number_of(l, i, p), width);
		} else if (!put_other(&o, f, find(p, (enum slot)f->slot))) {
			return ST_UNSUPPORTED;
		}
	}
	*len = (size_t)(o.cur - out);
	return o.full ? ST_LIMIT : ST_OK;
}

size_t sid_parse(const char *text, uint8_t out[SID_MAX_BYTES])
{
	size_t len = SID_FIXED_BYTES;
	char *end;

	if (strncmp(text, "S-1-", 4) != 0)
		return 0;
	memset(out, 0, SID_FIXED_BYTES);
	out[0] = 1;
	out[7] = (uint8_t)strtoul(text + 4, &end, 10);
	while (*end == '-' && len + SID_SUB_BYTES <= SID_MAX_BYTES) {
		store_u32le(out + len, (uint32_t)strtoul(end + 1, &end, 10));
		len += SID_SUB_BYTES;
		out[1]++;
	}
	return *end == '\0' ? len : 0;
}
