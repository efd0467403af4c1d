#include "policyd/fields/field_reg.h"

#include <inttypes.h>
#include <stdio.h>

#include "proto/base/text.h"

/* Source: winnt.h. */
enum reg_type { REG_NONE, REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_DWORD_BIG_ENDIAN, REG_LINK, REG_MULTI_SZ,
	REG_RESOURCE_LIST, REG_FULL_RESOURCE_DESCRIPTOR, REG_RESOURCE_REQUIREMENTS_LIST, REG_QWORD, REG_TYPE_COUNT };

enum { MAX_HEX_BYTES = 256 };      /* of binary data; the rest tells a rule nothing */

static bool about_value(const struct event *ev)
{
	return ev->kind == EVENT_reg_set_value || ev->kind == EVENT_reg_delete_value;
}

/* Log records of values give one path, key and value together. */
static void split(const struct event_view *view, struct text_view *key, struct text_view *value)
{
	const struct event *ev = getter_event(view);

	*key = ev->key_path;
	*value = (struct text_view){ .ptr = "", .len = 0 };
	if (!about_value(ev) || getter_text(view, SLOT_VALUE_NAME, value) || ev->layout)
		return;
	*value = text_last_part(*key);
	*key = text_directory(*key);
}

static enum field_result join_path(const struct event_view *view, struct text_view key, struct text_view value,
	struct value *out)
{
	char *text;

	if (!value.len)
		return give_text(out, key);
	if (!key.len)
		return FIELD_MISSING;
	text = arena_alloc(view->scratch, key.len + 1 + value.len);
	if (!text)
		return FIELD_MISSING;
	memcpy(text, key.ptr, key.len);
	text[key.len] = '\\';
	memcpy(text + key.len + 1, value.ptr, value.len);
	return give_text(out, (struct text_view){ .ptr = text, .len = key.len + 1 + value.len });
}

enum field_result get_reg_part(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view key, value;

	(void)arg;
	split(view, &key, &value);
	if (f->user == REG_KEY)
		return give_text(out, key);
	if (f->user == REG_VALUE)
		return give_text(out, value);
	return join_path(view, key, value, out);
}

static enum field_result hex_data(const struct event_view *view, struct view data, struct value *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = data.len < MAX_HEX_BYTES ? data.len : MAX_HEX_BYTES;
	char *text = arena_alloc(view->scratch, n * 2 + 1);

	if (!text || !n)
		return FIELD_MISSING;
	for (size_t i = 0; i < n; i++) {
		text[i * 2] = digits[data.ptr[i] >> 4];
		text[i * 2 + 1] = digits[data.ptr[i] & 15];
	}
	return give_text(out, (struct text_view){ .ptr = text, .len = n * 2 });
}

/* NULs end the text, or, between the strings of REG_MULTI_SZ, become blanks. */
static enum field_result text_data(const struct event_view *view, struct view data, struct value *out)
{
	char *text;
	size_t n;

	while (data.len >= 2 && data.ptr[data.len - 1] == 0 && data.ptr[data.len - 2] == 0)
		data.len -= 2;
	text = arena_alloc(view->scratch, TEXT_UTF8_MAX(data.len) + 1);
	if (!text)
		return FIELD_MISSING;
	n = text_utf16_to_utf8(data, text, TEXT_UTF8_MAX(data.len));
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\0')
			text[i] = ' ';
	}
	return give_text(out, (struct text_view){ .ptr = text, .len = n });
}

static enum field_result number_data(const struct event_view *view, struct view data, uint64_t type, struct value *out)
{
	struct bytes in = bytes_of(data.ptr, data.len);
	char text[48];
	int n;

	if (type == REG_QWORD) {
		uint64_t v = bytes_u64le(&in);

		n = snprintf(text, sizeof text, "QWORD (0x%08" PRIx32 "-0x%08" PRIx32 ")", (uint32_t)(v >> 32), (uint32_t)v);
	} else {
		uint32_t v = bytes_u32le(&in);

		if (type == REG_DWORD_BIG_ENDIAN && !in.failed)
			v = load_u32be(data.ptr);
		n = snprintf(text, sizeof text, "DWORD (0x%08" PRIx32 ")", v);
	}
	return in.failed ? hex_data(view, data, out) : give_copy(view, out, text, (size_t)n);
}

enum field_result get_reg_data(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	struct view data;
	uint64_t type;

	(void)arg;
	if (ev->kind != EVENT_reg_set_value)
		return FIELD_MISSING;
	if (!ev->layout)
		return get_slot_text(f, arg, view, out);
	if (!event_get_bytes(ev, (enum slot)f->user, &data) || !event_get_u64(ev, SLOT_DATA_TYPE, &type))
		return FIELD_MISSING;
	switch (type) {
	case REG_SZ:
	case REG_EXPAND_SZ:
	case REG_LINK:
	case REG_MULTI_SZ:
		return text_data(view, data, out);
	case REG_DWORD:
	case REG_DWORD_BIG_ENDIAN:
	case REG_QWORD:
		return number_data(view, data, type, out);
	default:
		return hex_data(view, data, out);
	}
}

static bool starts_with(struct text_view t, const char *prefix)
{
	return t.len >= strlen(prefix) && memcmp(t.ptr, prefix, strlen(prefix)) == 0;
}

/* Sysmon writes no type, but its form tells it. */
static const char *type_of_text(struct text_view data)
{
	if (starts_with(data, "DWORD ("))
		return "REG_DWORD";
	if (starts_with(data, "QWORD ("))
		return "REG_QWORD";
	return starts_with(data, "Binary Data") ? "REG_BINARY" : "REG_SZ";
}

enum field_result get_reg_data_type(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const char *const names[REG_TYPE_COUNT] = { "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD",
		"REG_DWORD_BIG_ENDIAN", "REG_LINK", "REG_MULTI_SZ", "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTOR",
		"REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD" };
	struct text_view text;
	uint64_t type;

	(void)f;
	(void)arg;
	if (getter_event(view)->kind != EVENT_reg_set_value)
		return FIELD_MISSING;
	if (getter_u64(view, SLOT_DATA_TYPE, &type))
		return type < REG_TYPE_COUNT ? give_str(out, names[type]) : give_hex(view, out, type);
	if (getter_text(view, SLOT_DATA_TYPE, &text))
		return give_text(out, text);
	return !getter_event(view)->layout && getter_text(view, SLOT_DATA, &text) ? give_str(out, type_of_text(text)) :
										    FIELD_MISSING;
}
