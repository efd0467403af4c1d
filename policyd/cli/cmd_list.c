#include <stdio.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/options.h"
#include "policyd/engine/names.h"
#include "policyd/event.h"
#include "policyd/fields/fields.h"
#include "proto/base/text.h"

enum { LIST_BYTES = 64 << 20 };

static const struct option table[] = {
	{ "--rules", "-r", "FILE|DIR", "rules to list from; may be given several times" },
	{ "--json", NULL, NULL, "a JSON array" },
	{ "--help", "-h", NULL, "this text" },
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

static size_t list_rules(const struct ruleset *rs, struct buf *out, bool json)
{
	for (size_t i = 0; i < ruleset_rule_count(rs); i++) {
		const struct rule *r = ruleset_rule(rs, i);
		char tags[2048];
		const struct cell cells[] = { { "priority", priority_name(r->priority) }, { "source", r->source },
			{ "state", r->runs ? "runs" : r->source_active ? "disabled" : "inactive source" },
			{ "rule", r->name }, { "tags", tags } };

		join_names(&r->tags, tags, sizeof tags);
		put_row(out, json, i == 0, cells, json ? 5 : 4);
	}
	return ruleset_rule_count(rs);
}

static size_t list_macros(const struct ruleset *rs, struct buf *out, bool json)
{
	for (size_t i = 0; i < ruleset_macro_count(rs); i++) {
		const struct macro_info *m = ruleset_macro(rs, i);
		const struct cell cells[] = { { "macro", m->name }, { "condition", m->condition } };

		put_row(out, json, i == 0, cells, 2);
	}
	return ruleset_macro_count(rs);
}

static size_t list_lists(const struct ruleset *rs, struct buf *out, bool json)
{
	for (size_t i = 0; i < ruleset_list_count(rs); i++) {
		const struct list_info *l = ruleset_list(rs, i);
		char items[8192];
		const struct cell cells[] = { { "list", l->name }, { "items", items } };

		join_names(&l->items, items, sizeof items);
		put_row(out, json, i == 0, cells, 2);
	}
	return ruleset_list_count(rs);
}

static size_t list_fields(struct buf *out, bool json)
{
	const struct vocabulary *v = fields_vocabulary();

	for (size_t i = 0; i < v->field_count; i++) {
		const struct cell cells[] = { { "field", v->fields[i].name }, { "type", value_type_name(v->fields[i].type) },
			{ "doc", v->fields[i].doc } };

		put_row(out, json, i == 0, cells, 3);
	}
	return v->field_count;
}

static size_t list_events(struct buf *out, bool json)
{
	for (size_t i = 1; i < EVENT_KIND_COUNT; i++) {
		const struct cell cells[] = { { "event", event_kind_name((enum event_kind)i) },
			{ "category", event_kind_category((enum event_kind)i) } };

		put_row(out, json, i == 1, cells, 2);
	}
	return EVENT_KIND_COUNT - 1;
}

static bool list_loaded(const char *what, const struct options *o, struct buf *out, bool json, size_t *count)
{
	const char *paths[OPTIONS_MAX_VALUES];
	struct ruleset *rs = load_rules(paths, options_all(o, "--rules", paths, OPTIONS_MAX_VALUES), true);

	if (!rs)
		return false;
	if (strcmp(what, "rules") == 0)
		*count = list_rules(rs, out, json);
	else if (strcmp(what, "macros") == 0)
		*count = list_macros(rs, out, json);
	else
		*count = list_lists(rs, out, json);
	ruleset_unref(rs);
	return true;
}

static bool is_one_of(const char *what, const char *a, const char *b, const char *c)
{
	return strcmp(what, a) == 0 || strcmp(what, b) == 0 || strcmp(what, c) == 0;
}

static int usage(int status)
{
	puts("usage: policyd list rules|macros|lists|fields|events [-r FILE|DIR]... [--json]");
	options_print_help(table, sizeof table / sizeof table[0]);
	return status;
}

int cmd_list(char **argv)
{
	struct options o;
	const char *what;
	size_t count = 0;
	struct buf out;
	bool json, ok = true;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return EXIT_USAGE;
	if (options_has(&o, "--help"))
		return usage(0);
	what = o.operand_count == 1 ? o.operands[0] : "";
	json = options_has(&o, "--json");
	buf_init(&out, LIST_BYTES);
	if (strcmp(what, "fields") == 0)
		count = list_fields(&out, json);
	else if (strcmp(what, "events") == 0)
		count = list_events(&out, json);
	else if (is_one_of(what, "rules", "macros", "lists"))
		ok = list_loaded(what, &o, &out, json, &count);
	else
		return usage(EXIT_USAGE);
	if (json && ok)
		buf_append_str(&out, count ? "\n]\n" : "[]\n");
	fputs(buf_cstr(&out), stdout);
	buf_release(&out);
	return !ok;
}
