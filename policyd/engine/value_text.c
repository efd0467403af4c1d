#include "policyd/engine/value_text.h"

#include "policyd/engine/ip_text.h"
#include "policyd/engine/names.h"

#include <inttypes.h>
#include <stdio.h>

static size_t number_text(enum value_type type, const struct value *v, char *out)
{
	if (type == VT_DOUBLE)
		return (size_t)snprintf(out, VALUE_SCALAR_TEXT_BYTES, "%.1f", v->d);
	if (value_type_is_signed(type))
		return (size_t)snprintf(out, VALUE_SCALAR_TEXT_BYTES, "%" PRIi64, v->i);
	return (size_t)snprintf(out, VALUE_SCALAR_TEXT_BYTES, "%" PRIu64, v->u);
}

size_t value_scalar_text(enum value_type type, const struct value *v, char out[VALUE_SCALAR_TEXT_BYTES])
{
	char ip[IP_TEXT_BYTES];

	switch (type) {
	case VT_STRING:
	case VT_PATH:
	case VT_BYTES:
	case VALUE_TYPE_COUNT:
		return 0;
	case VT_BOOL:
		return (size_t)snprintf(out, VALUE_SCALAR_TEXT_BYTES, "%s", v->u ? "true" : "false");
	case VT_IPADDR:
	case VT_IPNET:
		ip_format(&v->ip, type == VT_IPNET && v->ip.prefix != (v->ip.family == 4 ? 32 : 128), ip);
		return (size_t)snprintf(out, VALUE_SCALAR_TEXT_BYTES, "%s", ip);
	default:
		return number_text(type, v, out);
	}
}

static bool append_printable(struct buf *out, const struct value *v)
{
	for (size_t i = 0; i < v->str.len; i++) {
		char c = v->str.ptr[i];

		buf_append_char(out, c >= 0x20 && c < 0x7F ? c : '.');
	}
	return !out->failed;
}

static bool append_one(struct buf *out, enum value_type type, const struct value *v)
{
	char text[VALUE_SCALAR_TEXT_BYTES];

	if (value_type_is_text(type))
		return buf_append(out, v->str.ptr, v->str.len);
	if (type == VT_BYTES)
		return append_printable(out, v);
	return buf_append(out, text, value_scalar_text(type, v, text));
}

bool value_append_text(struct buf *out, enum value_type type, bool is_list, const struct value *v)
{
	if (!is_list)
		return append_one(out, type, v);
	buf_append_char(out, '(');
	for (size_t i = 0; i < v->list.count; i++) {
		if (i > 0)
			buf_append_char(out, ',');
		append_one(out, type, &v->list.items[i]);
	}
	return buf_append_char(out, ')');
}
