#include "tests/support/rules_world.h"

#include <string.h>

static enum field_result get_text(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	const struct rules_event *e = ev->ctx;
	const char *text = e->values[f->user];

	(void)arg;
	if (!text)
		return FIELD_MISSING;
	if (f->type == VT_UINT64) {
		out->u = strlen(text);
		return FIELD_OK;
	}
	out->str.ptr = text;
	out->str.len = strlen(text);
	return FIELD_OK;
}

static enum field_result get_no_ancestor(const struct field *f, const struct field_arg *arg,
	const struct event_view *ev, struct value *out)
{
	(void)f;
	(void)arg;
	(void)ev;
	(void)out;
	return FIELD_END;
}

/* clang-format off */
static const struct field fields[] = {
	{ .user = 0, .name = "evt.type", .doc = "", .type = VT_STRING, .flags = FIELD_EVENT_TYPE, .get = get_text },
	{ .user = 1, .name = "proc.name", .doc = "", .type = VT_STRING, .flags = FIELD_WINDOWS_NAME, .get = get_text },
	{ .user = 2, .name = "proc.pname", .doc = "", .type = VT_STRING, .flags = FIELD_WINDOWS_NAME, .get = get_text },
	{ .user = 3, .name = "proc.exepath", .doc = "", .type = VT_PATH, .flags = FIELD_WINDOWS_NAME, .get = get_text },
	{ .user = 4, .name = "proc.cmdline", .doc = "", .type = VT_STRING, .get = get_text },
	{ .user = 5, .name = "proc.pid", .doc = "", .type = VT_UINT64, .get = get_text },
	{ .user = 6, .name = "user.name", .doc = "", .type = VT_STRING, .flags = FIELD_MAY_BE_MISSING, .get = get_text },
	{ .user = 7, .name = "evt.arg", .doc = "", .type = VT_STRING, .arg = FIELD_ARG_KEY_REQUIRED, .get = get_text },
	{ .user = 8, .name = "container.id", .doc = "", .type = VT_STRING, .flags = FIELD_SUGGESTED, .get = get_text },
	{ .user = 9, .name = "fs.path.name", .doc = "", .type = VT_PATH, .get = get_text },
	{ .user = 10, .name = "ka.verb", .doc = "", .type = VT_STRING, .get = get_text },
	{ .user = 11, .name = "evt.latency", .doc = "", .type = VT_UINT64, .flags = FIELD_DEPRECATED, .get = get_text },
	{ .user = 12, .name = "evt.source", .doc = "", .type = VT_STRING, .flags = FIELD_SOURCE_NAME, .get = get_text },
	{ .user = 13, .name = "proc.aname", .doc = "", .type = VT_STRING, .arg = FIELD_ARG_INDEX_OPTIONAL,
		.flags = FIELD_ANCESTOR | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, .get = get_no_ancestor },
};
static const char *const event_types[] = { "process_start", "file_create", "net_connect" };
static const char *const syscalls[] = { "execve", "open", "connect" };
/* clang-format on */

static const struct vocabulary windows = { .source = "windows", .windows = true, .fields = fields,
	.field_count = sizeof fields / sizeof fields[0], .event_types = event_types, .event_type_count = 3 };
static const struct vocabulary syscall_names = { .source = "syscall", .fields = fields,
	.field_count = sizeof fields / sizeof fields[0], .event_types = syscalls, .event_type_count = 3 };

const struct vocabulary *rules_world_windows(void)
{
	return &windows;
}

const struct vocabulary *rules_world_syscall(void)
{
	return &syscall_names;
}

struct ruleset_options rules_world_options(void)
{
	static const struct ruleset_source sources[] = { { .vocab = &windows },
		{ .vocab = &syscall_names, .inactive = true } };

	return (struct ruleset_options){ .sources = sources, .source_count = 2, .min_priority = PRIORITY_DEBUG,
		.describe = true };
}

bool rules_event_set(struct rules_event *e, const char *field, const char *value)
{
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (strcmp(fields[i].name, field) == 0) {
			e->values[fields[i].user] = value;
			return true;
		}
	return false;
}

void rules_event_bind(struct rules_event *e, struct arena *scratch, struct event_view *view)
{
	*view = (struct event_view){ .ctx = e, .type = VOCABULARY_NO_TYPE, .scratch = scratch };
	for (size_t i = 0; e->values[0] && i < 3; i++)
		if (strcmp(e->values[0], event_types[i]) == 0)
			view->type = (uint16_t)i;
}

enum status rules_world_load(const char *text, size_t len, struct ruleset **out, struct buf *report)
{
	struct ruleset_options options = rules_world_options();
	struct ruleset_builder *b = ruleset_builder_create(&options);
	enum status st;

	*out = NULL;
	if (!b)
		return ST_NOMEM;
	st = ruleset_builder_add_text(b, "rules.yaml", text, len);
	if (st == ST_OK)
		st = ruleset_builder_finish(b, out);
	load_results_append_text(report, ruleset_builder_results(b));
	ruleset_builder_destroy(b);
	return st;
}
