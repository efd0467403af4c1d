#include "policyd/alert/template_value.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#include "policyd/engine/names.h"
#include "policyd/engine/operand.h"
#include "policyd/engine/value_text.h"
#include "proto/base/text.h"

enum { CUT_MARK_BYTES = 48 };

static bool is_all_ancestors(const struct operand *o)
{
	return o->kind == OPERAND_FIELD && o->field->flags & FIELD_ANCESTOR && !o->arg.present;
}

static void append_base64(struct buf *out, const struct value *v)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *p = (const uint8_t *)v->str.ptr;

	for (size_t i = 0; i < v->str.len; i += 3) {
		size_t left = v->str.len - i;
		uint32_t bits = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0u);

		buf_append_char(out, digits[bits >> 18]);
		buf_append_char(out, digits[bits >> 12 & 63]);
		buf_append_char(out, left > 1 ? digits[bits >> 6 & 63] : '=');
		buf_append_char(out, left > 2 ? digits[bits & 63] : '=');
	}
}

static void append_ancestors(const struct operand *o, const struct value *v, struct buf *out)
{
	for (size_t i = 0; i < v->list.count; i++) {
		if (i > 0)
			buf_append_char(out, ' ');
		value_append_text(out, o->type, false, &v->list.items[i]);
	}
}

/* The operand to evaluate: ancestors that are numbers stand for the process itself. */
static const struct operand *own_value(const struct operand *o, struct operand *own)
{
	if (!is_all_ancestors(o) || value_type_is_text(o->type))
		return o;
	*own = *o;
	own->arg = (struct field_arg){ .present = true, .is_index = true, .index = 0, .key = "0", .key_len = 1 };
	return own;
}

/* A text longer than the style allows: its beginning, whole characters, and what it was. */
static void cut_text(const struct operand *o, const struct event_view *ev, const struct template_style *style,
	struct value *v)
{
	size_t keep = style->max_value_bytes;
	char *cut;

	if (keep == 0 || o->is_list || !(value_type_is_text(o->type) || o->type == VT_BYTES) || v->str.len <= keep)
		return;
	while (keep > 0 && ((unsigned char)v->str.ptr[keep] & 0xC0) == 0x80)
		keep--;
	cut = arena_alloc(ev->scratch, keep + CUT_MARK_BYTES);
	if (cut) {
		memcpy(cut, v->str.ptr, keep);
		v->str.len = keep + (size_t)snprintf(cut + keep, CUT_MARK_BYTES, "...[cut, %zu bytes]", v->str.len);
		v->str.ptr = cut;
	} else {
		v->str.len = keep;
	}
}

bool template_value_text(const struct operand *o, const struct event_view *ev, bool windows_path,
	const struct template_style *style, struct buf *out)
{
	struct operand own;
	struct value v;

	o = own_value(o, &own);
	if (!operand_eval(o, ev, windows_path, &v))
		return false;
	cut_text(o, ev, style, &v);
	if (is_all_ancestors(o))
		append_ancestors(o, &v, out);
	else if (o->type == VT_BYTES && style->base64_buffers && !o->is_list)
		append_base64(out, &v);
	else
		value_append_text(out, o->type, o->is_list, &v);
	return true;
}

static void append_json_scalar(enum value_type type, const struct value *v, const struct template_style *style,
	struct buf *out)
{
	char text[VALUE_SCALAR_TEXT_BYTES];

	if (value_type_is_text(type)) {
		text_append_json(out, v->str.ptr, v->str.len);
	} else if (type == VT_BYTES) {
		buf_append_char(out, '"');
		if (style->base64_buffers)
			append_base64(out, v);
		else
			text_append_json_body(out, v->str.ptr, v->str.len);
		buf_append_char(out, '"');
	} else if (type == VT_IPADDR || type == VT_IPNET) {
		text_append_json(out, text, value_scalar_text(type, v, text));
	} else if (type == VT_DOUBLE && !(v->d >= -DBL_MAX && v->d <= DBL_MAX)) {
		buf_append_str(out, "null");
	} else if (type == VT_DOUBLE) {
		buf_printf(out, "%.15g", v->d);
	} else {
		buf_append(out, text, value_scalar_text(type, v, text));
	}
}

static void append_json_list(enum value_type type, const struct value *v, const struct template_style *style,
	struct buf *out)
{
	buf_append_char(out, '[');
	for (size_t i = 0; i < v->list.count; i++) {
		if (i > 0)
			buf_append_char(out, ',');
		append_json_scalar(type, &v->list.items[i], style, out);
	}
	buf_append_char(out, ']');
}

/* The time of the event as a number. False: this is no such field. */
static bool append_json_time(const struct operand *o, const struct event_view *ev, struct buf *out)
{
	struct field_arg arg = { .present = true, .key = "ns", .key_len = 2 };
	struct value v;

	if (o->kind != OPERAND_FIELD || !(o->field->flags & FIELD_EVENT_TIME))
		return false;
	if (o->field->get(o->field, &arg, ev, &v) != FIELD_OK)
		return false;
	append_json_scalar(VT_UINT64, &v, NULL, out);
	return true;
}

static void append_json_ancestors(const struct operand *o, const struct value *v, struct buf *out)
{
	struct buf joined;

	buf_init(&joined, 1 << 20);
	append_ancestors(o, v, &joined);
	text_append_json(out, buf_cstr(&joined), joined.len);
	buf_release(&joined);
}

void template_value_json(const struct operand *o, const struct event_view *ev, bool windows_path,
	const struct template_style *style, struct buf *out)
{
	struct operand own;
	struct value v;

	o = own_value(o, &own);
	if (!style->times_as_text && append_json_time(o, ev, out))
		return;
	if (!operand_eval(o, ev, windows_path, &v)) {
		buf_append_str(out, "null");
		return;
	}
	cut_text(o, ev, style, &v);
	if (is_all_ancestors(o))
		append_json_ancestors(o, &v, out);
	else if (o->is_list)
		append_json_list(o->type, &v, style, out);
	else
		append_json_scalar(o->type, &v, style, out);
}
