#include <stdio.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/json_names.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/options.h"
#include "policyd/cli/providers_of.h"
#include "policyd/engine/names.h"
#include "policyd/event.h"
#include "policyd/fields/fields.h"

enum { LIST_BYTES = 64 << 20 };

static const struct option table[] = {
	{ "--rules", "-r", "FILE|DIR", "rules to list from; may be given several times" },
	{ "--coverage", NULL, NULL, "also how many rules use it, and which providers give it" },
	{ "--json", NULL, NULL, "a JSON array" },
	{ "--help", "-h", NULL, "this text" },
};

struct listing {
	bool coverage;
	struct buf *text;              /* for people: rows with columns; or */
	struct json_out *json;         /* an array of objects; NULL: text it is */
};

/* A column of a row, for people. */
static void put_columns(const struct listing *l, const char *const *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(l->text, "%s%-*s", i ? "  " : "", i + 1 < count ? 24 : 0, columns[i]);
	buf_append_char(l->text, '\n');
}

static void put_joined(struct buf *out, const struct name_list *names)
{
	for (size_t i = 0; i < names->count; i++)
		buf_printf(out, "%s%s", i ? ", " : "", names->names[i]);
}

static const char *state_of(const struct rule *r)
{
	return r->runs ? "runs" : r->source_active ? "disabled" : "inactive source";
}

static void json_rule(struct json_out *j, const struct rule *r)
{
	json_open(j, NULL, '{');
	json_text(j, "rule", r->name);
	json_text(j, "desc", r->desc);
	json_text(j, "priority", priority_name(r->priority));
	json_text(j, "source", r->source);
	json_text(j, "state", state_of(r));
	json_text(j, "file", r->file);
	json_count(j, "line", r->line);
	json_names(j, "tags", &r->tags);
	json_bool(j, "all_events", r->all_event_types);
	json_names(j, "events", &r->event_types);
	json_close(j, '}');
}

static void text_rule(const struct listing *l, const struct rule *r)
{
	const char *columns[] = { priority_name(r->priority), r->source, state_of(r), r->name, NULL, NULL };
	struct buf tags, types;

	buf_init(&tags, LIST_BYTES);
	buf_init(&types, LIST_BYTES);
	put_joined(&tags, &r->tags);
	put_joined(&types, &r->event_types);
	columns[4] = buf_cstr(&tags);
	columns[5] = r->all_event_types ? "all" : buf_cstr(&types);
	put_columns(l, columns, l->coverage ? 6 : 4);
	buf_release(&tags);
	buf_release(&types);
}

static void list_rules(const struct ruleset *rs, const struct listing *l)
{
	for (size_t i = 0; i < ruleset_rule_count(rs); i++) {
		if (l->json)
			json_rule(l->json, ruleset_rule(rs, i));
		else
			text_rule(l, ruleset_rule(rs, i));
	}
}

static void list_macros(const struct ruleset *rs, const struct listing *l)
{
	for (size_t i = 0; i < ruleset_macro_count(rs); i++) {
		const struct macro_info *m = ruleset_macro(rs, i);
		const char *columns[] = { m->name, m->condition, m->used ? "yes" : "no" };

		if (!l->json) {
			put_columns(l, columns, l->coverage ? 3 : 2);
			continue;
		}
		json_open(l->json, NULL, '{');
		json_text(l->json, "macro", m->name);
		json_text(l->json, "condition", m->condition);
		json_text(l->json, "file", m->file);
		json_count(l->json, "line", m->line);
		json_bool(l->json, "used", m->used);
		json_close(l->json, '}');
	}
}

static void text_list(const struct listing *l, const struct list_info *list)
{
	const char *columns[] = { list->name, NULL, list->used ? "yes" : "no" };
	struct buf items;

	buf_init(&items, LIST_BYTES);
	put_joined(&items, &list->items);
	columns[1] = buf_cstr(&items);
	put_columns(l, columns, l->coverage ? 3 : 2);
	buf_release(&items);
}

static void list_lists(const struct ruleset *rs, const struct listing *l)
{
	for (size_t i = 0; i < ruleset_list_count(rs); i++) {
		const struct list_info *list = ruleset_list(rs, i);

		if (!l->json) {
			text_list(l, list);
			continue;
		}
		json_open(l->json, NULL, '{');
		json_text(l->json, "list", list->name);
		json_names(l->json, "items", &list->items);
		json_text(l->json, "file", list->file);
		json_count(l->json, "line", list->line);
		json_bool(l->json, "used", list->used);
		json_close(l->json, '}');
	}
}

/* "proc.aname[2]" is proc.aname; evt.arg.x is evt.arg. */
static bool names_field(const char *used, const char *field)
{
	size_t len = strlen(field);

	return strncmp(used, field, len) == 0 && (used[len] == '\0' || used[len] == '[');
}

/* How many rules look at the field, or tell it. */
static size_t count_field(const struct ruleset *rs, const char *field)
{
	size_t count = 0;

	for (size_t i = 0; rs && i < ruleset_rule_count(rs); i++) {
		const struct rule *r = ruleset_rule(rs, i);
		bool uses = false;

		for (size_t k = 0; k < r->fields.count; k++)
			uses = uses || names_field(r->fields.names[k], field);
		for (size_t k = 0; k < r->output_fields.count; k++)
			uses = uses || names_field(r->output_fields.names[k], field);
		count += uses;
	}
	return count;
}

/* How many rules are tried on events of the type. */
static size_t count_event(const struct ruleset *rs, const char *event)
{
	size_t count = 0;

	for (size_t i = 0; rs && i < ruleset_rule_count(rs); i++) {
		const struct rule *r = ruleset_rule(rs, i);
		bool sees = r->all_event_types;

		for (size_t k = 0; k < r->event_types.count; k++)
			sees = sees || strcmp(r->event_types.names[k], event) == 0;
		count += sees;
	}
	return count;
}

static void json_field(const struct listing *l, const struct field *f, size_t rules)
{
	static const char *const arguments[] = { [FIELD_ARG_NONE] = "none", [FIELD_ARG_KEY_REQUIRED] = "key",
		[FIELD_ARG_KEY_OPTIONAL] = "optional key", [FIELD_ARG_INDEX_REQUIRED] = "index",
		[FIELD_ARG_INDEX_OPTIONAL] = "optional index" };

	json_open(l->json, NULL, '{');
	json_text(l->json, "field", f->name);
	json_text(l->json, "type", value_type_name(f->type));
	json_bool(l->json, "list", f->flags & FIELD_LIST);
	json_text(l->json, "argument", arguments[f->arg]);
	json_bool(l->json, "ignores_case", f->flags & FIELD_WINDOWS_NAME);
	json_text(l->json, "doc", f->doc);
	if (l->coverage)
		json_count(l->json, "rules", rules);
	json_close(l->json, '}');
}

static void list_fields(const struct ruleset *rs, const struct listing *l)
{
	const struct vocabulary *v = fields_vocabulary();

	for (size_t i = 0; i < v->field_count; i++) {
		const struct field *f = &v->fields[i];
		size_t rules = count_field(rs, f->name);
		char count[24];
		const char *columns[] = { f->name, value_type_name(f->type), l->coverage ? count : f->doc, f->doc };

		snprintf(count, sizeof count, "%zu", rules);
		if (l->json)
			json_field(l, f, rules);
		else
			put_columns(l, columns, l->coverage ? 4 : 3);
	}
}

static void json_event(const struct listing *l, enum event_kind kind, size_t rules)
{
	json_open(l->json, NULL, '{');
	json_text(l->json, "event", event_kind_name(kind));
	json_text(l->json, "category", event_kind_category(kind));
	if (l->coverage)
		json_count(l->json, "rules", rules);
	providers_json(l->json, "providers", kind);
	json_close(l->json, '}');
}

static void text_event(const struct listing *l, enum event_kind kind, size_t rules)
{
	const char *columns[] = { event_kind_name(kind), event_kind_category(kind), NULL, NULL };
	struct buf providers;
	char count[24];

	snprintf(count, sizeof count, "%zu", rules);
	buf_init(&providers, LIST_BYTES);
	providers_append(&providers, kind, ", ");
	columns[2] = count;
	columns[3] = buf_cstr(&providers);
	put_columns(l, columns, l->coverage ? 4 : 2);
	buf_release(&providers);
}

static void list_events(const struct ruleset *rs, const struct listing *l)
{
	for (size_t i = EVENT_NONE + 1; i < EVENT_KIND_COUNT; i++) {
		enum event_kind kind = (enum event_kind)i;
		size_t rules = count_event(rs, event_kind_name(kind));

		if (l->json)
			json_event(l, kind, rules);
		else
			text_event(l, kind, rules);
	}
}

static const struct {
	const char *what;
	bool needs_rules;
	void (*list)(const struct ruleset *rs, const struct listing *l);
} lists[] = {
	{ "rules", true, list_rules },
	{ "macros", true, list_macros },
	{ "lists", true, list_lists },
	{ "fields", false, list_fields },
	{ "events", false, list_events },
};

/* False: the rules cannot be loaded, which was told. */
static bool list_one(size_t which, const struct options *o, struct buf *out)
{
	struct json_out json = json_out_to(out);
	const struct listing l = { .coverage = options_has(o, "--coverage"), .text = out,
		.json = options_has(o, "--json") ? &json : NULL };
	const char *paths[OPTIONS_MAX_VALUES];
	struct ruleset *rs = NULL;

	if (lists[which].needs_rules || l.coverage) {
		rs = load_rules(paths, options_all(o, "--rules", paths, OPTIONS_MAX_VALUES), LOAD_TO_DESCRIBE);
		if (!rs)
			return false;
	}
	if (l.json)
		json_open(&json, NULL, '[');
	lists[which].list(rs, &l);
	if (l.json) {
		json_close(&json, ']');
		buf_append_char(out, '\n');
	}
	ruleset_unref(rs);
	return true;
}

static int usage(int status)
{
	puts("usage: policyd list rules|macros|lists|fields|events [--coverage] [-r FILE|DIR]... [--json]");
	options_print_help(table, sizeof table / sizeof table[0]);
	return status;
}

int cmd_list(char **argv)
{
	struct options o;
	size_t which = 0, count = sizeof lists / sizeof lists[0];
	struct buf out;
	bool ok;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return EXIT_USAGE;
	if (options_has(&o, "--help"))
		return usage(0);
	while (which < count && (o.operand_count != 1 || strcmp(o.operands[0], lists[which].what) != 0))
		which++;
	if (which == count)
		return usage(EXIT_USAGE);
	buf_init(&out, LIST_BYTES);
	ok = list_one(which, &o, &out);
	if (out.failed) {
		fputs("policyd list: out of memory\n", stderr);
		ok = false;
	}
	fputs(buf_cstr(&out), stdout);
	buf_release(&out);
	return !ok;
}
