#include <stdio.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/options.h"
#include "policyd/decode/layout.h"
#include "policyd/event.h"

enum { EXPLAIN_BYTES = 4 << 20 };

static const struct option table[] = {
	{ "--rules", "-r", "FILE|DIR", "rules; may be given several times (default /etc/vitrine/rules.d)" },
	{ "--help", "-h", NULL, "this text" },
};

static void put_names(struct buf *out, const char *label, const struct name_list *names)
{
	buf_printf(out, "%s:", label);
	for (size_t i = 0; i < names->count; i++)
		buf_printf(out, "%s %s", i ? "," : "", names->names[i]);
	buf_append_str(out, names->count ? "\n" : " none\n");
}

static bool rule_sees(const struct rule *r, enum event_kind kind)
{
	const char *name = event_kind_name(kind);

	for (size_t i = 0; i < r->event_types.count; i++) {
		if (strcmp(r->event_types.names[i], name) == 0)
			return true;
	}
	return r->all_event_types && kind != EVENT_NONE;
}

/* What must be switched on for the rule to see anything: one line a provider. */
static void put_providers(struct buf *out, const struct rule *r)
{
	buf_append_str(out, "providers:\n");
	for (size_t i = 0; i < provider_count; i++) {
		const struct provider *p = providers[i];
		unsigned last = UINT16_MAX + 1u;

		for (size_t k = 0; k < p->layout_count; k++) {
			const struct layout *l = &p->layouts[k];

			if (!rule_sees(r, (enum event_kind)l->kind) || l->id == last)
				continue;
			if (last > UINT16_MAX)
				buf_printf(out, "    %s %s", p->name, p->classic ? "opcodes" : "ids");
			buf_printf(out, " %u", l->id);
			last = l->id;
		}
		if (last <= UINT16_MAX)
			buf_append_char(out, '\n');
	}
}

static void explain(const struct rule *r, struct buf *out)
{
	buf_printf(out, "rule: %s\nfile: %s:%u\npriority: %s\nsource: %s%s\n", r->name, r->file, r->line,
		priority_name(r->priority), r->source, r->source_active ? "" : " (inactive here)");
	buf_printf(out, "runs: %s\n", r->runs ? "yes" : "no");
	buf_printf(out, "condition: %s\n", r->condition_canonical);
	if (r->all_event_types)
		buf_append_str(out, "event types: all\n");
	else
		put_names(out, "event types", &r->event_types);
	put_names(out, "fields", &r->fields);
	put_names(out, "output fields", &r->output_fields);
	put_names(out, "macros", &r->macros);
	put_names(out, "lists", &r->lists);
	put_providers(out, r);
}

static int usage(int status)
{
	puts("usage: policyd explain RULE [-r FILE|DIR]...");
	options_print_help(table, sizeof table / sizeof table[0]);
	return status;
}

int cmd_explain(char **argv)
{
	const char *paths[OPTIONS_MAX_VALUES];
	struct options o;
	struct ruleset *rs;
	const struct rule *r;
	struct buf out;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return usage(EXIT_USAGE);
	if (options_has(&o, "--help"))
		return usage(0);
	if (o.operand_count != 1)
		return usage(EXIT_USAGE);
	rs = load_rules(paths, options_all(&o, "--rules", paths, OPTIONS_MAX_VALUES), true);
	if (!rs)
		return 1;
	r = ruleset_find(rs, o.operands[0]);
	buf_init(&out, EXPLAIN_BYTES);
	if (r)
		explain(r, &out);
	else
		fprintf(stderr, "policyd explain: no rule %s\n", o.operands[0]);
	fputs(buf_cstr(&out), stdout);
	buf_release(&out);
	ruleset_unref(rs);
	return r == NULL;
}
