#include "tests/support/toy_event.h"

#include <string.h>

static const char *const type_names[TOY_EVENT_TYPES] = { "start", "stop", "read", "write", "rename" };

static enum field_result get_plain(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	const struct toy_fields *e = ev->ctx;

	(void)arg;
	if (!e->has[f->user])
		return FIELD_MISSING;
	*out = e->values[f->user];
	return FIELD_OK;
}

static enum field_result get_type(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	(void)f;
	(void)arg;
	if (ev->type >= TOY_EVENT_TYPES)
		return FIELD_MISSING;
	out->str.ptr = type_names[ev->type];
	out->str.len = strlen(out->str.ptr);
	return FIELD_OK;
}

static enum field_result get_ancestor(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	const struct toy_fields *e = ev->ctx;

	(void)f;
	if (arg->index > e->ancestor_count)
		return FIELD_END;
	if (arg->index == 0)
		return FIELD_MISSING;
	*out = e->ancestors[arg->index - 1];
	return FIELD_OK;
}

/* clang-format off */
#define PLAIN(n, name_, type_, flags_) { .name = name_, .type = type_, .flags = flags_, .get = get_plain, .user = n }
static const struct field fields[TOY_EVENT_FIELDS] = {
	{ .name = "t.type", .type = VT_STRING, .flags = FIELD_EVENT_TYPE, .get = get_type },
	PLAIN(1, "t.text", VT_STRING, 0), PLAIN(2, "t.text2", VT_STRING, 0), PLAIN(3, "t.name", VT_STRING, FIELD_WINDOWS_NAME),
	PLAIN(4, "t.path", VT_PATH, FIELD_WINDOWS_NAME), PLAIN(5, "t.bytes", VT_BYTES, 0),
	PLAIN(6, "t.i64", VT_INT64, 0), PLAIN(7, "t.i8", VT_INT8, 0), PLAIN(8, "t.u32", VT_UINT32, 0),
	PLAIN(9, "t.u64", VT_UINT64, 0), PLAIN(10, "t.port", VT_PORT, 0), PLAIN(11, "t.port2", VT_PORT, 0),
	PLAIN(12, "t.bool", VT_BOOL, 0), PLAIN(13, "t.double", VT_DOUBLE, 0), PLAIN(14, "t.ip", VT_IPADDR, 0),
	PLAIN(15, "t.ip2", VT_IPADDR, 0), PLAIN(16, "t.net", VT_IPNET, 0), PLAIN(17, "t.texts", VT_STRING, FIELD_LIST),
	PLAIN(18, "t.texts2", VT_STRING, FIELD_LIST), PLAIN(19, "t.numbers", VT_UINT64, FIELD_LIST),
	PLAIN(20, "t.ips", VT_IPADDR, FIELD_LIST),
	{ .name = "t.ancestor", .type = VT_STRING, .flags = FIELD_ANCESTOR, .arg = FIELD_ARG_INDEX_OPTIONAL,
	  .get = get_ancestor },
	{ .name = "t.ends", .type = VT_IPADDR, .either = { "t.ip", "t.ip2" } },
	{ .name = "t.ports", .type = VT_PORT, .either = { "t.port", "t.port2" } },
};
/* clang-format on */

static const struct vocabulary vocabulary = {
	.source = "toy", .windows = true, .fields = fields, .field_count = TOY_EVENT_FIELDS,
	.event_types = type_names, .event_type_count = TOY_EVENT_TYPES,
};

const struct vocabulary *toy_event_vocabulary(void)
{
	return &vocabulary;
}

struct value toy_event_text(struct dice *d, struct arena *a)
{
	static const char *const words[] = { "cmd.exe", "CMD.EXE", "\\Windows\\", "System32", "/etc", "-enc", " /c ", "a=b",
		"powershell", "YWJj", "\xC3\xA9", "\xFF" };
	static const char letters[] = "abAB./\\-";
	size_t len = 0, parts = dice_throw(d, 6);
	char text[128];

	for (size_t i = 0; i < parts; i++) {
		unsigned pick = dice_throw(d, 20);
		const char *word = pick < 12 ? words[pick] : NULL;

		if (word) {
			memcpy(text + len, word, strlen(word));
			len += strlen(word);
			continue;
		}
		for (unsigned k = 0; k < pick - 11; k++)
			text[len++] = letters[dice_throw(d, 8)];
	}
	return (struct value){ .str = { arena_strndup(a, text, len), len } };
}

static struct value random_ip(struct dice *d, bool network)
{
	struct value v = { .ip = { .family = dice_throw(d, 3) ? 4 : 6 } };
	uint8_t most = v.ip.family == 4 ? 32 : 128;

	v.ip.addr[0] = 10;
	v.ip.addr[1] = (uint8_t)dice_throw(d, 2);
	v.ip.addr[v.ip.family == 4 ? 3 : 15] = (uint8_t)dice_throw(d, 4);
	v.ip.prefix = network ? (uint8_t)(most - dice_throw(d, most + 1u)) : most;
	return v;
}

struct value toy_event_value(struct dice *d, enum value_type type, bool network, struct arena *a)
{
	struct value v = { .u = 0 };

	switch (type) {
	case VT_STRING:
	case VT_PATH:
	case VT_BYTES:
		return toy_event_text(d, a);
	case VT_INT8:
	case VT_INT64:
		v.i = (int64_t)dice_throw(d, 8) - 4;
		return v;
	case VT_BOOL:
		v.u = dice_throw(d, 2);
		return v;
	case VT_DOUBLE:
		v.d = ((double)dice_throw(d, 6) - 2) / 2;
		return v;
	case VT_IPADDR:
	case VT_IPNET:
		return random_ip(d, network);
	default:
		v.u = dice_throw(d, 8);
		return v;
	}
}

static struct value random_list(struct dice *d, enum value_type type, struct arena *a)
{
	size_t count = dice_throw(d, 4);
	struct value *items = arena_alloc(a, 4 * sizeof *items);

	for (size_t i = 0; i < count; i++)
		items[i] = toy_event_value(d, type, false, a);
	return (struct value){ .list = { items, count } };
}

void toy_event_random(struct dice *d, struct arena *a, struct toy_fields *e)
{
	memset(e, 0, sizeof *e);
	e->type = (uint16_t)dice_throw(d, TOY_EVENT_TYPES + 1);
	if (e->type == TOY_EVENT_TYPES)
		e->type = VOCABULARY_NO_TYPE;
	for (size_t i = 1; i < TOY_EVENT_FIELDS; i++) {
		e->has[i] = dice_throw(d, 5) != 0;
		e->values[i] = fields[i].flags & FIELD_LIST ? random_list(d, fields[i].type, a)
							    : toy_event_value(d, fields[i].type, false, a);
	}
	e->ancestor_count = dice_throw(d, TOY_EVENT_ANCESTORS + 1);
	for (size_t i = 0; i < e->ancestor_count; i++)
		e->ancestors[i] = toy_event_text(d, a);
}

void toy_event_bind(struct toy_fields *e, struct arena *scratch, struct event_view *ev)
{
	*ev = (struct event_view){ .ctx = e, .type = e->type, .scratch = scratch };
}
