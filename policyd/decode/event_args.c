#include "policyd/decode/decode.h"

#include "policyd/decode/named.h"
#include "policyd/decode/tracelogging.h"
#include "policyd/decode/raw_value.h"

/* Text under construction in a fixed piece of scratch. */
struct line {
	char *ptr;
	size_t len, cap;
};

static void put(struct line *l, const char *text, size_t len)
{
	if (len > l->cap - l->len)
		len = l->cap - l->len;
	memcpy(l->ptr + l->len, text, len);
	l->len += len;
}

static void put_name(struct line *l, const char *name, size_t len)
{
	if (l->len)
		put(l, " ", 1);
	put(l, name, len);
	put(l, "=", 1);
}

static void put_value(struct line *l, const struct value *v, unsigned pointer_bytes)
{
	size_t room = l->cap - l->len;
	size_t cap = room < LIMIT_ARG_VALUE_BYTES ? room : LIMIT_ARG_VALUE_BYTES;

	if (raw_value_text_max(v) > cap && cap > 3) {
		size_t n = raw_value_write(v, pointer_bytes, l->ptr + l->len, cap - 3);

		l->len += n;
		if (n + 6 >= cap)    /* no character is longer than 4 bytes: it did not end by itself */
			put(l, "...", 3);
		return;
	}
	l->len += raw_value_write(v, pointer_bytes, l->ptr + l->len, cap);
}

static void put_text(struct line *l, struct text_view v)
{
	bool cut = v.len > LIMIT_ARG_VALUE_BYTES;
	size_t len = cut ? LIMIT_ARG_VALUE_BYTES - 3 : v.len;

	while (cut && len > 0 && ((uint8_t)v.ptr[len] & 0xc0) == 0x80)
		len--;
	put(l, v.ptr, len);
	if (cut)
		put(l, "...", 3);
}

static struct value raw_field_value(const struct event *ev, size_t i)
{
	const struct layout_field *f = &ev->layout->fields[i];

	return (struct value){
		.type = (enum layout_type)f->type,
		.slot = (enum slot)f->slot,
		.bytes = { .ptr = ev->rec->payload.ptr + ev->offset[i], .len = ev->offset[i + 1] - ev->offset[i] },
	};
}

static void put_tl_value(struct line *l, const struct tl_field *f, unsigned pointer_bytes)
{
	struct value v;
	size_t at = 0;

	if (f->array)
		put(l, "[", 1);
	for (uint32_t i = 0; i < f->count && i < LIMIT_TL_ELEMENTS && tl_element(f, pointer_bytes, &at, &v); i++) {
		if (i)
			put(l, ",", 1);
		put_value(l, &v, pointer_bytes);
	}
	if (f->array)
		put(l, "]", 1);
}

static bool format_raw(const struct event *ev, struct line *l)
{
	for (size_t i = 0; i < ev->layout->field_count; i++) {
		struct value v = raw_field_value(ev, i);

		put_name(l, ev->layout->fields[i].name, strlen(ev->layout->fields[i].name));
		put_value(l, &v, ev->rec->pointer_bytes);
	}
	return true;
}

static bool format_named(const struct event *ev, struct line *l)
{
	for (size_t i = 0; i < ev->rec->value_count; i++) {
		put_name(l, ev->rec->values[i].name.ptr, ev->rec->values[i].name.len);
		put_text(l, ev->rec->values[i].value);
	}
	return true;
}

static bool format_tl(const struct event *ev, struct line *l)
{
	struct tl_cursor c;
	struct text_view name;
	struct tl_field f;

	if (!tl_open(&c, ev->rec, &name))
		return false;
	while (tl_next(&c, &f)) {
		if (f.type == LT_COUNT)
			continue;
		put_name(l, f.name.ptr, f.name.len);
		put_tl_value(l, &f, ev->rec->pointer_bytes);
	}
	return true;
}

static bool is_tl(const struct event *ev)
{
	return ev->rec && !ev->layout && ev->rec->kind == RECORD_ETW && (ev->rec->flags & RECORD_TRACELOGGING) != 0;
}

bool event_format_args(const struct event *ev, struct arena *scratch, struct text_view *out)
{
	struct line l = { .ptr = NULL, .len = 0, .cap = LIMIT_ARGS_BYTES };
	bool ok = false;

	if (!ev->rec)
		return false;
	l.ptr = arena_alloc(scratch, l.cap);
	if (!l.ptr)
		return false;
	if (ev->layout)
		ok = format_raw(ev, &l);
	else if (ev->rec->kind == RECORD_NAMED)
		ok = format_named(ev, &l);
	else if (is_tl(ev))
		ok = format_tl(ev, &l);
	*out = (struct text_view){ .ptr = l.ptr, .len = l.len };
	return ok && l.len > 0;
}

static bool tl_arg(const struct event *ev, struct text_view name, struct arena *scratch, struct text_view *out)
{
	struct line l = { .ptr = NULL, .len = 0, .cap = LIMIT_ARGS_BYTES };
	struct tl_cursor c;
	struct text_view event_name;
	struct tl_field f;
	struct value v;
	size_t at = 0;

	if (!tl_open(&c, ev->rec, &event_name))
		return false;
	do {
		if (!tl_next(&c, &f))
			return false;
	} while (f.type == LT_COUNT || f.name.len != name.len || memcmp(f.name.ptr, name.ptr, name.len) != 0);
	if (!f.array)
		return tl_element(&f, ev->rec->pointer_bytes, &at, &v) &&
			raw_value_get_text(&v, ev->rec->pointer_bytes, scratch, out);
	l.ptr = arena_alloc(scratch, l.cap);
	if (!l.ptr)
		return false;
	put_tl_value(&l, &f, ev->rec->pointer_bytes);
	*out = (struct text_view){ .ptr = l.ptr, .len = l.len };
	return true;
}

static bool raw_arg(const struct event *ev, struct text_view name, struct arena *scratch, struct text_view *out)
{
	for (size_t i = 0; i < ev->layout->field_count; i++) {
		const char *field = ev->layout->fields[i].name;

		if (strlen(field) == name.len && memcmp(field, name.ptr, name.len) == 0) {
			struct value v = raw_field_value(ev, i);

			return raw_value_get_text(&v, ev->rec->pointer_bytes, scratch, out);
		}
	}
	return false;
}

bool event_get_arg(const struct event *ev, struct text_view name, struct arena *scratch, struct text_view *out)
{
	if (ev->layout)
		return raw_arg(ev, name, scratch, out);
	if (!ev->rec)
		return false;
	if (is_tl(ev))
		return tl_arg(ev, name, scratch, out);
	return ev->rec->kind == RECORD_NAMED && named_arg(ev->rec, name, out);
}

bool event_get_name(const struct event *ev, struct text_view *out)
{
	const char *name = ev->layout ? ev->layout->name : ev->named ? ev->named->name : NULL;
	struct tl_cursor c;

	if (name) {
		*out = (struct text_view){ .ptr = name, .len = strlen(name) };
		return true;
	}
	return is_tl(ev) && tl_open(&c, ev->rec, out);
}
