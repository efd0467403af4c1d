#include <stdio.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/options.h"
#include "policyd/cli/providers_of.h"
#include "policyd/engine/names.h"
#include "policyd/event.h"
#include "policyd/fields/fields.h"
#include "proto/base/text.h"

enum { LIST_BYTES = 64 << 20 };

static const struct option table[] = {
	{ "--rules", "-r", "FILE|DIR", "rules to list from; may be given several times" },
	{ "--coverage", NULL, NULL, "also how many rules use it, and which providers give it" },
	{ "--json", NULL, NULL, "a JSON array" },
	{ "--help", "-h", NULL, "this text" },
};

struct listing {
	bool json, coverage;
};

/* One row of a listing: cells with names for JSON, columns for a person. */
struct cell {
	const char *name, *text;
};

static void put_row(struct buf *out, bool json, bool first, const struct cell *cells, size_t count)
{
	if (json)
		buf_append_str(out, first ? "[\n{" : ",\n{");
	for (size_t i = 0; i < count; i++) {
		if (json) {
			buf_printf(out, "%s\"%s\":", i ? "," : "", cells[i].name);
			text_append_json(out, cells[i].text, strlen(cells[i].text));
		} else {
			buf_printf(out, "%s%-*s", i ? "  " : "", i + 1 < count ? 24 : 0, cells[i].text);
		}
	}
	buf_append_str(out, json ? "}" : "\n");
}

static void join_names(const struct name_list *names, char *out, size_t out_bytes)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < names->count && used < out_bytes; i++)
		used += (size_t)snprintf(out + used, out_bytes - used, "%s%s", i ? ", " : "", names->names[i]);
}

static size_t list_rules(const struct ruleset *rs, const struct listing *l, struct buf *out)
{
	for (size_t i = 0; i < ruleset_rule_count(rs); i++) {
		const struct rule *r = ruleset_rule(rs, i);
		char tags[2048], types[2048] = "all";
		const struct cell cells[] = { { "priority", priority_name(r->priority) }, { "source", r->source },
			{ "state", r->runs ? "runs" : r->source_active ? "disabled" : "inactive source" },
			{ "rule", r->name }, { "tags", tags }, { "events", types } };

		join_names(&r->tags, tags, sizeof tags);
		if (!r->all_event_types)
			join_names(&r->event_types, types, sizeof types);
		put_row(out, l->json, i == 0, cells, l->coverage ? 6 : l->json ? 5 : 4);
	}
	return ruleset_rule_count(rs);
}

static size_t list_macros(const struct ruleset *rs, const struct listing *l, struct buf *out)
{
	for (size_t i = 0; i < ruleset_macro_count(rs); i++) {
		const struct macro_info *m = ruleset_macro(rs, i);
		const struct cell cells[] = { { "macro", m->name }, { "condition", m->condition }, { "used", m->used ? "yes" : "no" } };

		put_row(out, l->json, i == 0, cells, l->coverage ? 3 : 2);
	}
	return ruleset_macro_count(rs);
}

static size_t list_lists(const struct ruleset *rs, const struct listing *what, struct buf *out)
{
	for (size_t i = 0; i < ruleset_list_count(rs); i++) {
		const struct list_info *l = ruleset_list(rs, i);
		char items[8192];
		const struct cell cells[] = { { "list", l->name }, { "items", items }, { "used", l->used ? "yes" : "no" } };

		join_names(&l->items, items, sizeof items);
		put_row(out, what->json, i == 0, cells, what->coverage ? 3 : 2);
	}
	return ruleset_list_count(rs);
}

/* "proc.aname[2]" is proc.aname; evt.arg.x is evt.arg. */
static bool names_field(const char *used, const char *field)
{
	size_t len = strlen(field);

	return strncmp(used, field, len) == 0 && (used[len] == '\0' || used[len] == '[');
}

/* How many rules look at the field, or tell it. */
static void count_field(const struct ruleset *rs, const char *field, char out[24])
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
	snprintf(out, 24, "%zu", count);
}

/* How many rules are tried on events of the type. */
static void count_event(const struct ruleset *rs, const char *event, char out[24])
{
	size_t count = 0;

	for (size_t i = 0; rs && i < ruleset_rule_count(rs); i++) {
		const struct rule *r = ruleset_rule(rs, i);
		bool sees = r->all_event_types;

		for (size_t k = 0; k < r->event_types.count; k++)
			sees = sees || strcmp(r->event_types.names[k], event) == 0;
		count += sees;
	}
	snprintf(out, 24, "%zu", count);
}

static size_t list_fields(const struct ruleset *rs, const struct listing *l, struct buf *out)
{
	const struct vocabulary *v = fields_vocabulary();

	for (size_t i = 0; i < v->field_count; i++) {
		char count[24];
		const struct cell cells[] = { { "field", v->fields[i].name }, { "type", value_type_name(v->fields[i].type) },
			{ l->coverage ? "rules" : "doc", l->coverage ? count : v->fields[i].doc }, { "doc", v->fields[i].doc } };

		count_field(rs, v->fields[i].name, count);
		put_row(out, l->json, i == 0, cells, l->coverage ? 4 : 3);
	}
	return v->field_count;
}

static size_t list_events(const struct ruleset *rs, const struct listing *l, struct buf *out)
{
	struct buf providers;

	buf_init(&providers, LIST_BYTES);
	for (size_t i = 1; i < EVENT_KIND_COUNT; i++) {
		struct cell cells[] = { { "event", event_kind_name((enum event_kind)i) },
			{ "category", event_kind_category((enum event_kind)i) }, { "rules", NULL }, { "providers", NULL } };
		char count[24];

		buf_clear(&providers);
		providers_append(&providers, (enum event_kind)i, ", ");
		count_event(rs, cells[0].text, count);
		cells[2].text = count;
		cells[3].text = buf_cstr(&providers);
		put_row(out, l->json, i == 1, cells, l->coverage ? 4 : 2);
	}
	buf_release(&providers);
	return EVENT_KIND_COUNT - 1;
}

static const struct {
	const char *what;
	bool needs_rules;
	size_t (*list)(const struct ruleset *rs, const struct listing *l, struct buf *out);
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
	const struct listing l = { .json = options_has(o, "--json"), .coverage = options_has(o, "--coverage") };
	const char *paths[OPTIONS_MAX_VALUES];
	struct ruleset *rs = NULL;
	size_t count;

	if (lists[which].needs_rules || l.coverage) {
		rs = load_rules(paths, options_all(o, "--rules", paths, OPTIONS_MAX_VALUES), LOAD_TO_DESCRIBE);
		if (!rs)
			return false;
	}
	count = lists[which].list(rs, &l, out);
	if (l.json)
		buf_append_str(out, count ? "\n]\n" : "[]\n");
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
	fputs(buf_cstr(&out), stdout);
	buf_release(&out);
	return !ok;
}
