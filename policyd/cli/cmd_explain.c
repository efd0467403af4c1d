#include <stdio.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/json_names.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/options.h"
#include "policyd/cli/providers_of.h"
#include "policyd/correlate/correlation.h"
#include "policyd/engine/program.h"
#include "policyd/engine/suggest.h"
#include "policyd/event.h"
#include "policyd/needs/needs.h"
#include "proto/host/places.h"

enum { EXPLAIN_BYTES = 4 << 20 };

static const struct option table[] = {
	{ "--rules", "-r", "FILE|DIR", "rules; may be given several times (default " PLACE_RULES ")" },
	{ "--json", NULL, NULL, "one JSON object" },
	{ "--help", "-h", NULL, "this text" },
};

static void put_joined(struct buf *out, const struct name_list *names, const char *none)
{
	for (size_t i = 0; i < names->count; i++)
		buf_printf(out, "%s%s", i ? ", " : "", names->names[i]);
	buf_append_str(out, names->count ? "" : none);
}

static void put_names(struct buf *out, const char *label, const struct name_list *names)
{
	buf_printf(out, "%s: ", label);
	put_joined(out, names, "none");
	buf_append_char(out, '\n');
}

/* A text without its last line break, further lines indented. */
static void put_text(struct buf *out, const char *label, const char *text)
{
	size_t len = strlen(text);

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
		len--;
	buf_printf(out, "%s: ", label);
	for (size_t i = 0; i < len; i++) {
		buf_append_char(out, text[i]);
		if (text[i] == '\n')
			buf_append_str(out, "    ");
	}
	buf_append_char(out, '\n');
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

/* Called for each condition of the rule: itself (step 0) and the steps of its sequence before the last, from 1. */
typedef void guard_fn(void *ctx, const struct program *p, size_t index, unsigned step);

static void each_condition(const struct ruleset *rs, const struct rule *r, guard_fn *fn, void *ctx)
{
	struct ruleset_runs runs = ruleset_runs(rs, r->source);
	size_t index = 0;

	while (index < runs.rule_count && runs.rules[index] != r)
		index++;
	if (index == runs.rule_count)
		return;
	fn(ctx, runs.program, index, 0);
	for (size_t i = runs.step_count; i > 0; i--) {
		if (runs.steps[i - 1].rule == index)
			fn(ctx, runs.program, runs.rule_count + i - 1, runs.steps[i - 1].step + 1);
	}
}

/* What a rule waits for in vain on a machine that is watched, and can find in recordings only. */
static void put_not_live(struct buf *out, const struct rule *r)
{
	const char *before = "not seen live: ";

	for (size_t kind = EVENT_NONE + 1; kind < EVENT_KIND_COUNT; kind++) {
		if (!rule_sees(r, (enum event_kind)kind) || needs_is_live((enum event_kind)kind))
			continue;
		buf_printf(out, "%s%s", before, event_kind_name((enum event_kind)kind));
		before = ", ";
	}
	if (before[0] == ',')
		buf_append_str(out, " (no ETW provider tells of these; only recordings do)\n");
}

/* One guard a line, each indented; none: the rule is evaluated on every event of its types. */
static void put_guard(void *ctx, const struct program *p, size_t index, unsigned step)
{
	struct buf *out = ctx, text;
	char label[48];

	snprintf(label, sizeof label, step ? "guard of step %u" : "guard", step);
	buf_init(&text, EXPLAIN_BYTES);
	if (program_describe_guard(p, index, &text))
		put_text(out, label, buf_cstr(&text));
	else
		buf_printf(out, "%s: none: evaluated on every event of these types\n", label);
	buf_release(&text);
}

/* Windows are kept in 100 ns. */
static double seconds(uint64_t window_100ns)
{
	return (double)window_100ns / 1e7;
}

static void put_sequence(struct buf *out, const struct sequence_spec *s, const struct rule_beyond *texts)
{
	buf_printf(out, "sequence: %zu steps within %g s\n", s->step_count, seconds(s->within_100ns));
	for (size_t i = 0; i < texts->step_count; i++) {
		char label[48];

		snprintf(label, sizeof label, "    step %zu", i + 1);
		put_text(out, label, texts->steps[i].condition);
		buf_append_str(out, "        by ");
		put_joined(out, &texts->steps[i].by, "nothing: all events are one case");
		buf_append_char(out, '\n');
	}
}

static void put_key(struct buf *out, const struct name_list *key, uint64_t window_100ns)
{
	buf_append_str(out, key->count ? " for each value of " : " for ");
	put_joined(out, key, "all events together");
	buf_printf(out, " within %g s\n", seconds(window_100ns));
}

static void put_correlation(struct buf *out, const struct rule *r)
{
	const struct correlation *c = r->correlation;

	if (!c)
		return;
	if (c->sequence)
		put_sequence(out, c->sequence, r->beyond);
	if (c->threshold) {
		buf_printf(out, "threshold: %u %s%s", c->threshold->count,
			r->beyond->distinct ? "different values of " : "matches", r->beyond->distinct ? r->beyond->distinct : "");
		put_key(out, &r->beyond->threshold_key, c->threshold->window_100ns);
	}
	if (c->throttle) {
		buf_printf(out, "throttle: %u %s", c->throttle->max, c->throttle->max == 1 ? "alert" : "alerts");
		put_key(out, &r->beyond->throttle_key, c->throttle->window_100ns);
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
	put_text(out, "desc", r->desc);
	buf_printf(out, "condition: %s\n", r->condition_canonical);
	if (r->all_event_types)
		buf_append_str(out, "event types: all\n");
	else
		put_names(out, "event types", &r->event_types);
	each_condition(rs, r, put_guard, out);
	put_correlation(out, r);
	put_names(out, "fields", &r->fields);
	put_names(out, "output fields", &r->output_fields);
	put_names(out, "macros", &r->macros);
	put_names(out, "lists", &r->lists);
	put_exceptions(out, r);
	put_providers(out, r);
	put_not_live(out, r);
}

/* ---- the same as JSON ---- */

/* Guards by line: checks of which one must be true, for each form that the rule has by event type. */
static void json_guard(void *ctx, const struct program *p, size_t index, unsigned step)
{
	struct json_out *j = ctx;
	struct buf text;
	bool guarded;
	char *line;

	buf_init(&text, EXPLAIN_BYTES);
	guarded = program_describe_guard(p, index, &text);
	json_open(j, NULL, '{');
	json_count(j, "step", step);
	json_bool(j, "guarded", guarded);
	json_open(j, "checks", '[');
	for (line = guarded && text.len ? (char *)text.data : NULL; line;) {
		char *end = memchr(line, '\n', text.len - (size_t)(line - (char *)text.data));

		if (end)
			*end = '\0';
		else
			buf_append_char(&text, '\0');
		json_text(j, NULL, line);
		line = end ? end + 1 : NULL;
	}
	json_close(j, ']');
	json_close(j, '}');
	buf_release(&text);
}

static void json_window(struct json_out *j, const char *key, uint64_t window_100ns)
{
	json_key(j, key);
	buf_printf(j->to, "%g", seconds(window_100ns));
}

static void json_sequence(struct json_out *j, const struct sequence_spec *s, const struct rule_beyond *texts)
{
	json_open(j, "sequence", '{');
	json_window(j, "within_s", s->within_100ns);
	json_open(j, "steps", '[');
	for (size_t i = 0; i < texts->step_count; i++) {
		json_open(j, NULL, '{');
		json_text(j, "condition", texts->steps[i].condition);
		json_names(j, "by", &texts->steps[i].by);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void json_correlation(struct json_out *j, const struct rule *r)
{
	const struct correlation *c = r->correlation;

	if (c && c->sequence)
		json_sequence(j, c->sequence, r->beyond);
	if (c && c->threshold) {
		json_open(j, "threshold", '{');
		json_names(j, "key", &r->beyond->threshold_key);
		json_window(j, "window_s", c->threshold->window_100ns);
		json_count(j, "count", c->threshold->count);
		json_text(j, "distinct", r->beyond->distinct);
		json_close(j, '}');
	}
	if (c && c->throttle) {
		json_open(j, "throttle", '{');
		json_names(j, "key", &r->beyond->throttle_key);
		json_window(j, "window_s", c->throttle->window_100ns);
		json_count(j, "max", c->throttle->max);
		json_close(j, '}');
	}
}

static void json_exceptions(struct json_out *j, const struct rule *r)
{
	json_open(j, "exceptions", '[');
	for (size_t i = 0; i < r->exception_count; i++) {
		json_open(j, NULL, '{');
		json_text(j, "name", r->exceptions[i].name);
		json_names(j, "fields", &r->exceptions[i].fields);
		json_count(j, "values", r->exceptions[i].value_count);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void json_events(struct json_out *j, const struct rule *r)
{
	json_open(j, "events", '[');
	for (size_t kind = EVENT_NONE + 1; kind < EVENT_KIND_COUNT; kind++) {
		if (!rule_sees(r, (enum event_kind)kind))
			continue;
		json_open(j, NULL, '{');
		json_text(j, "event", event_kind_name((enum event_kind)kind));
		providers_json(j, "providers", (enum event_kind)kind);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void explain_json(const struct ruleset *rs, const struct rule *r, struct buf *out)
{
	struct json_out j = json_out_to(out);

	json_open(&j, NULL, '{');
	json_text(&j, "rule", r->name);
	json_text(&j, "desc", r->desc);
	json_text(&j, "file", r->file);
	json_count(&j, "line", r->line);
	json_text(&j, "priority", priority_name(r->priority));
	json_text(&j, "source", r->source);
	json_bool(&j, "source_active", r->source_active);
	json_bool(&j, "runs", r->runs);
	json_text(&j, "condition", r->condition_canonical);
	json_bool(&j, "all_events", r->all_event_types);
	json_events(&j, r);
	json_open(&j, "guards", '[');
	each_condition(rs, r, json_guard, &j);
	json_close(&j, ']');
	json_correlation(&j, r);
	json_names(&j, "fields", &r->fields);
	json_names(&j, "output_fields", &r->output_fields);
	json_names(&j, "macros", &r->macros);
	json_names(&j, "lists", &r->lists);
	json_exceptions(&j, r);
	json_names(&j, "tags", &r->tags);
	json_close(&j, '}');
	buf_append_char(out, '\n');
}

static void no_rule(const struct ruleset *rs, const char *name)
{
	struct suggest near;
	char hint[SUGGEST_MAX_LEN + 32];

	suggest_init(&near, name, strlen(name));
	for (size_t i = 0; i < ruleset_rule_count(rs); i++)
		suggest_offer(&near, ruleset_rule(rs, i)->name);
	suggest_text(&near, hint, sizeof hint);
	fprintf(stderr, "policyd explain: no rule %s%s%s\n", name, hint[0] ? "; " : "", hint);
}

static int usage(int status)
{
	puts("usage: policyd explain RULE [-r FILE|DIR]... [--json]");
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
		(options_has(&o, "--json") ? explain_json : explain)(rs, r, &out);
	else
		no_rule(rs, o.operands[0]);
	fputs(buf_cstr(&out), stdout);
	buf_release(&out);
	ruleset_unref(rs);
	return r == NULL;
}
