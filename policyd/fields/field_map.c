#include "policyd/fields/field_map.h"

#include <inttypes.h>
#include <stdio.h>

#include "policyd/engine/ip_text.h"
#include "proto/base/text.h"

enum { NAME_BYTES = 256 };

static bool parse_number(struct text_view t, struct value *out)
{
	bool negative = t.len > 1 && t.ptr[0] == '-';
	unsigned base = 10;
	uint64_t n = 0;
	size_t i = negative;

	if (t.len - i > 2 && t.ptr[i] == '0' && text_fold(t.ptr[i + 1]) == 'x') {
		base = 16;
		i += 2;
	}
	if (i == t.len)
		return false;
	for (; i < t.len; i++) {
		char c = text_fold(t.ptr[i]);
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 99;

		if (digit >= base || n > (UINT64_MAX - digit) / base)
			return false;
		n = n * base + digit;
	}
	out->u = negative ? 0 - n : n;      /* .i and .u share their bits */
	return true;
}

static bool parse_bool(struct text_view t, struct value *out)
{
	out->u = text_equal_fold(t.ptr, t.len, "true", 4) || (t.len == 1 && t.ptr[0] == '1');
	return out->u || text_equal_fold(t.ptr, t.len, "false", 5) || (t.len == 1 && t.ptr[0] == '0');
}

static bool parse_value(enum value_type type, struct text_view t, struct value *out)
{
	switch (type) {
	case VT_STRING: case VT_PATH: case VT_BYTES:
		out->str.ptr = t.ptr;
		out->str.len = t.len;
		return true;
	case VT_BOOL:
		return parse_bool(t, out);
	case VT_IPADDR:
		return ip_parse(t.ptr, t.len, &out->ip);
	case VT_IPNET:
		return ip_parse_net(t.ptr, t.len, &out->ip);
	case VT_DOUBLE:
		return false;
	default:
		return parse_number(t, out);
	}
}

/* "a,b", "(a,b)" or "[a, b]" */
static bool parse_list(enum value_type type, struct text_view t, struct arena *scratch, struct value *out)
{
	struct value *items = arena_alloc(scratch, FIELD_MAP_ITEMS * sizeof *items);
	size_t n = 0;

	if (!items)
		return false;
	if (t.len >= 2 && (t.ptr[0] == '(' || t.ptr[0] == '[')) {
		t.ptr++;
		t.len -= 2;
	}
	while (t.len && n < FIELD_MAP_ITEMS) {
		const char *comma = memchr(t.ptr, ',', t.len);
		struct text_view item = { .ptr = t.ptr, .len = comma ? (size_t)(comma - t.ptr) : t.len };
		size_t used = item.len + (comma != NULL);

		while (item.len && item.ptr[0] == ' ') {
			item.ptr++;
			item.len--;
		}
		if (!parse_value(type, item, &items[n++]))
			return false;
		t.ptr += used;
		t.len -= used;
	}
	out->list.items = items;
	out->list.count = n;
	return true;
}

static bool given(const struct event_view *view, const char *name, struct text_view *out)
{
	return event_get_arg(getter_event(view), (struct text_view){ name, strlen(name) }, view->scratch, out);
}

/* proc.aname[2] by that name; [0] and [1] also by the names of the process and its parent. */
static bool given_with_arg(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct text_view *out)
{
	char name[NAME_BYTES];
	int n = arg->is_index ? snprintf(name, sizeof name, "%s[%" PRIu32 "]", f->name, arg->index) :
				snprintf(name, sizeof name, "%s[%s]", f->name, arg->key ? arg->key : "");

	if (n < 0 || (size_t)n >= sizeof name)
		return false;
	if (given(view, name, out))
		return true;
	if (!(f->flags & FIELD_ANCESTOR) || arg->index > 1 || strncmp(f->name, "proc.a", 6) != 0)
		return false;
	snprintf(name, sizeof name, "proc.%s%s", arg->index ? "p" : "", f->name + 6);
	return given(view, name, out);
}

enum field_result get_mapped(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out, field_getter *otherwise)
{
	bool is_list = (f->flags & FIELD_LIST) && !arg->present;
	enum field_result other;
	struct text_view text;
	bool found;

	if (f->flags & (FIELD_EVENT_TYPE | FIELD_EVENT_TIME))
		return otherwise(f, arg, view, out);
	found = arg->present ? given_with_arg(f, arg, view, &text) : given(view, f->name, &text);
	if (found && (is_list ? parse_list(f->type, text, view->scratch, out) : parse_value(f->type, text, out)))
		return FIELD_OK;
	other = otherwise(f, arg, view, out);
	/* An ancestor may be given though a nearer one is not. */
	return other == FIELD_END && arg->index < FIELD_MAP_ANCESTORS ? FIELD_MISSING : other;
}
