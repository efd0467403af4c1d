#include "tests/support/kernel_record.h"

#include <stdlib.h>

#include "proto/base/text.h"

struct writer {
	uint8_t *at, *end;
	bool full;
};

static void put(struct writer *w, const void *ptr, size_t n)
{
	if (n > (size_t)(w->end - w->at)) {
		w->full = true;
		return;
	}
	if (n)
		memcpy(w->at, ptr, n);
	w->at += n;
}

static void put_number(struct writer *w, uint64_t number, size_t n)
{
	uint8_t bytes[8];

	store_u64le(bytes, number);
	put(w, bytes, n);
}

static void put_sid(struct writer *w, const char *text)
{
	uint8_t sid[68] = { 1 };
	size_t n = 8;
	const char *at = text ? text : "S-1-0-0";
	char *next;

	at += 4;                                    /* "S-1-" */
	sid[7] = (uint8_t)strtoul(at, &next, 10);
	while (*next == '-' && n + 4 <= sizeof sid) {
		store_u32le(sid + n, (uint32_t)strtoul(next + 1, &next, 10));
		n += 4;
		sid[1]++;
	}
	put(w, sid, n);
}

static void put_wide(struct writer *w, const char *text)
{
	uint8_t wide[8192];

	put(w, wide, text ? text_utf8_to_utf16(text, strlen(text), wide, sizeof wide) : 0);
	put_number(w, 0, 2);
}

static void put_mofsid(struct writer *w, const char *text)
{
	if (!text) {
		put_number(w, 0, 4);
		return;
	}
	put_number(w, 0xffffa000, 8);               /* TOKEN_USER: a pointer and attributes */
	put_number(w, 0, 8);
	put_sid(w, text);
}

static void put_text_or_number(struct writer *w, const struct layout_field *f, const struct kernel_value *v)
{
	const char *text = v ? v->text : NULL;
	struct guid guid = { { 0 } };

	switch (f->type) {
	case LT_SID:
		put_sid(w, text);
		return;
	case LT_MOFSID:
		put_mofsid(w, text);
		return;
	case LT_WSTRZ:
		put_wide(w, text);
		return;
	case LT_STRZ:
		put(w, text ? text : "", text ? strlen(text) + 1 : 1);
		return;
	case LT_GUID:
		if (text)
			guid_parse(text, strlen(text), &guid);
		put(w, guid.b, sizeof guid.b);
		return;
	case LT_BYTES:
		put(w, text ? text : "", text ? (size_t)v->number : 0);
		return;
	default:
		return;
	}
}

static size_t number_bytes(uint8_t type)
{
	switch (type) {
	case LT_U8:
	case LT_I8:
		return 1;
	case LT_U16:
	case LT_I16:
	case LT_PORT_BE:
		return 2;
	case LT_U64:
	case LT_I64:
	case LT_HEX64:
	case LT_PTR:
	case LT_FILETIME:
		return 8;
	case LT_U32:
	case LT_I32:
	case LT_HEX32:
	case LT_BOOL32:
	case LT_IPV4:
		return 4;
	default:
		return 0;
	}
}

static const struct kernel_value *value_of(const struct kernel_value *values, const char *field)
{
	for (; values && values->field; values++) {
		if (strcmp(values->field, field) == 0)
			return values;
	}
	return NULL;
}

static const struct layout *find_layout(const struct provider *p, uint16_t id, uint8_t version)
{
	const struct layout *found = NULL;

	for (size_t i = 0; i < p->layout_count; i++) {
		if (p->layouts[i].id == id && p->layouts[i].version == version)
			found = &p->layouts[i];
	}
	return found;
}

bool kernel_record_make(struct kernel_record *k, const struct provider *p, uint16_t id, uint8_t version,
	const struct kernel_value *values)
{
	const struct layout *l = find_layout(p, id, version);
	struct writer w = { .at = k->bytes, .end = k->bytes + sizeof k->bytes };

	if (!l)
		return false;
	for (size_t i = 0; i < l->field_count; i++) {
		const struct layout_field *f = &l->fields[i];
		const struct kernel_value *v = value_of(values, f->name);
		size_t n = number_bytes(f->type);

		if (n)
			put_number(&w, v ? v->number : 0, n);
		else
			put_text_or_number(&w, f, v);
	}
	k->rec = (struct record){ .kind = RECORD_ETW, .flags = p->classic ? RECORD_CLASSIC : 0, .provider = p->guid,
		.id = p->classic ? 0 : id, .opcode = (uint8_t)(p->classic ? id : 0), .version = version,
		.pointer_bytes = 8, .pid = UINT32_MAX, .tid = UINT32_MAX,
		.payload = { .ptr = k->bytes, .len = (size_t)(w.at - k->bytes) } };
	return !w.full;
}
