#include <stdio.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/options.h"
#include "policyd/cli/providers_of.h"
#include "policyd/correlate/correlation.h"
#include "policyd/engine/program.h"
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

/* What must be switched on for the rule to see anything. */
static void put_providers(struct buf *out, const struct rule *r)
{
	buf_append_str(out, "providers:\n");
	for (size_t kind = EVENT_NONE + 1; kind < EVENT_KIND_COUNT; kind++) {
		if (!rule_sees(r, (enum event_kind)kind))
			continue;
		buf_printf(out, "    %s:\n        ", event_kind_name((enum event_kind)kind));
		providers_append(out, (enum event_kind)kind, "\n        ");
		buf_append_char(out, '\n');
	}
}

/* One guard a line, each indented; none: the rule is evaluated on every event of its types. */
static void put_guard(struct buf *out, const char *label, const struct program *p, size_t index)
{
	struct buf text;
	const char *line;

	buf_init(&text, EXPLAIN_BYTES);
	if (!program_describe_guard(p, index, &text)) {
		buf_printf(out, "%s: none: evaluated on every event of these types\n", label);
		buf_release(&text);
		return;
	}
	line = buf_cstr(&text);
	buf_printf(out, "%s:", label);
	while (*line) {
		size_t len = strcspn(line, "\n");

		buf_printf(out, "%s %.*s\n", line == buf_cstr(&text) ? "" : "   ", (int)len, line);
		line += len + (line[len] == '\n');
	}
	buf_release(&text);
}

static void put_guards(struct buf *out, const struct ruleset *rs, const struct rule *r)
{
	struct ruleset_runs runs = ruleset_runs(rs, r->source);
	size_t index = 0;

	while (index < runs.rule_count && runs.rules[index] != r)
		index++;
	if (index == runs.rule_count)
		return;
	put_guard(out, "guard", runs.program, index);
	for (size_t i = runs.step_count; i > 0; i--) {
		char label[48];

		if (runs.steps[i - 1].rule != index)
			continue;
		snprintf(label, sizeof label, "guard of step %u", runs.steps[i - 1].step + 1);
		put_guard(out, label, runs.program, runs.rule_count + i - 1);
	}
}

/* Windows are kept in 100 ns. */
static void put_window(struct buf *out, uint64_t window_100ns)
{
	buf_printf(out, "within %g s", (double)window_100ns / 1e7);
}

static void put_correlation(struct buf *out, const struct correlation *c)
{
	if (c && c->sequence) {
		buf_printf(out, "sequence: %zu steps joined by %zu fields, ", c->sequence->step_count, c->sequence->by[0].count);
		put_window(out, c->sequence->within_100ns);
		buf_append_char(out, '\n');
	}
	if (c && c->threshold) {
		buf_printf(out, "threshold: %u %s of %zu key fields ", c->threshold->count,
			c->threshold->distinct ? "different values" : "matches", c->threshold->key.count);
		put_window(out, c->threshold->window_100ns);
		buf_append_char(out, '\n');
	}
	if (c && c->throttle) {
		buf_printf(out, "throttle: %u alerts for each value of %zu key fields ", c->throttle->max, c->throttle->key.count);
		put_window(out, c->throttle->window_100ns);
		buf_append_char(out, '\n');
	}
}

static void put_exceptions(struct buf *out, const struct rule *r)
{
	buf_append_str(out, r->exception_count ? "exceptions:" : "exceptions: none");
	for (size_t i = 0; i < r->exception_count; i++)
		buf_printf(out, "%s %s (%zu)", i ? "," : "", r->exceptions[i].name, r->exceptions[i].value_count);
	buf_append_char(out, '\n');
}

static void explain(const struct ruleset *rs, const struct rule *r, struct buf *out)
{
	buf_printf(out, "rule: %s\nfile: %s:%u\npriority: %s\nsource: %s%s\n", r->name, r->file, r->line,
		priority_name(r->priority), r->source, r->source_active ? "" : " (inactive here)");
	buf_printf(out, "runs: %s\n", r->runs ? "yes" : "no");
	buf_printf(out, "condition: %s\n", r->condition_canonical);
	if (r->all_event_types)
		buf_append_str(out, "event types: all\n");
	else
		put_names(out, "event types", &r->event_types);
	put_guards(out, rs, r);
	put_correlation(out, r->correlation);
	put_names(out, "fields", &r->fields);
	put_names(out, "output fields", &r->output_fields);
	put_names(out, "macros", &r->macros);
	put_names(out, "lists", &r->lists);
	put_exceptions(out, r);
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
	rs = load_rules(paths, options_all(&o, "--rules", paths, OPTIONS_MAX_VALUES), LOAD_TO_DESCRIBE);
	if (!rs)
		return 1;
	r = ruleset_find(rs, o.operands[0]);
	buf_init(&out, EXPLAIN_BYTES);
	if (r)
		explain(rs, r, &out);
	else
		fprintf(stderr, "policyd explain: no rule %s\n", o.operands[0]);
	fputs(buf_cstr(&out), stdout);
	buf_release(&out);
	ruleset_unref(rs);
	return r == NULL;
}
