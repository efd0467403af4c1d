/* match and alert: rules over events, through the whole engine. */
#include "tests/conformance/kinds.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/alert/alert.h"
#include "policyd/engine/program.h"
#include "tests/conformance/case_rules.h"
#include "tests/conformance/json_compare.h"

enum { MAX_FIRED = 256, MATCH_SCRATCH_BYTES = 4 << 20 };

struct fired {
	struct ruleset_runs runs;
	const struct rule *rules[MAX_FIRED];
	size_t count;
	bool first_only;
};

static bool on_match(void *ctx, size_t index)
{
	struct fired *f = ctx;

	if (index >= f->runs.rule_count)
		return true;    /* a step of a sequence is no match */
	if (f->count < MAX_FIRED)
		f->rules[f->count++] = f->runs.rules[index];
	return !f->first_only;
}

/* The event goes to the rules of every source in turn: the cases name none. */
static bool run_event(struct case_run *run, const struct case_rules *rules, const struct event_view *view,
	struct fired *out)
{
	for (size_t i = 0; i < rules->source_count; i++) {
		struct matcher *m;

		out->runs = ruleset_runs(rules->ruleset, rules->sources[i].vocab->source);
		if (!out->runs.program)
			continue;
		m = matcher_create(out->runs.program);
		if (!m) {
			case_fail(run, "out of memory");
			return false;
		}
		matcher_run(m, view, on_match, out);
		matcher_destroy(m);
	}
	return true;
}

static void expect_fired(struct case_run *run, const struct case_rules *rules, const struct yaml_node *row, bool first_only)
{
	struct toy_event event = { .values = yaml_map_get(row, "event"), .chain = yaml_map_get(row, "process_chain") };
	struct arena *scratch = arena_create(MATCH_SCRATCH_BYTES);
	struct fired fired = { .first_only = first_only };
	const char *names[MAX_FIRED];
	struct event_view view;

	toy_event_view(run->toy, &event, scratch, &view);
	if (scratch && run_event(run, rules, &view, &fired)) {
		for (size_t i = 0; i < fired.count; i++)
			names[i] = fired.rules[i]->name;
		case_compare_list(run, "fired", yaml_map_get(row, "fired"), names, fired.count);
	}
	arena_destroy(scratch);
}

void kind_match(struct case_run *run)
{
	const struct yaml_node *events = case_expected(run, "events");
	const char *mode = case_text(run, "rule_matching");
	struct case_rules rules;

	if (!case_rules_load(run, run->node, &rules) || !rules.ruleset || !yaml_is_sequence(events))
		case_fail(run, "the rules do not load, or no events are given");
	else
		for (size_t i = 0; i < events->count; i++)
			expect_fired(run, &rules, events->items[i], !mode || strcmp(mode, "all") != 0);
	case_rules_release(&rules);
}

/* ---- alert ---- */

static bool setting(const struct yaml_node *settings, const char *key, bool otherwise)
{
	const struct yaml_node *node = yaml_map_get(settings, key);

	return node ? yaml_scalar_is(node, "true") : otherwise;
}

static struct alert_settings read_settings(const struct yaml_node *s)
{
	return (struct alert_settings){
		.json_output = setting(s, "json_output", false),
		.time_format_iso_8601 = setting(s, "time_format_iso_8601", false),
		.json_include_message_property = setting(s, "json_include_message_property", false),
		.json_include_output_property = setting(s, "json_include_output_property", true),
		.json_include_output_fields_property = setting(s, "json_include_output_fields_property", true),
		.json_include_tags_property = setting(s, "json_include_tags_property", true),
		.buffer_format_base64 = setting(s, "buffer_format_base64", false),
	};
}

static void expect_alert(struct case_run *run, const struct alert *alert, const struct alert_settings *settings)
{
	struct alert_writer *w = alert_writer_create(settings);
	struct buf line;

	buf_init(&line, 1 << 20);
	if (!w || !alert_write(w, alert, &line))
		case_fail(run, "the alert cannot be written");
	case_expect_text(run, "text", buf_cstr(&line));
	if (case_expected(run, "json"))
		json_compare(run, case_expected(run, "json"), buf_cstr(&line), line.len);
	buf_release(&line);
	alert_writer_destroy(w);
}

static void run_alert(struct case_run *run, const struct yaml_node *settings, const struct case_rules *rules)
{
	const char *time = case_text(run, "event_time_ns");
	const struct yaml_node *hostname = yaml_map_get(settings, "hostname");
	struct toy_event event = { .values = yaml_map_get(run->node, "event"), .time_ns = time ? strtoll(time, NULL, 10) : 0 };
	struct alert_settings alert_settings = read_settings(settings);
	struct arena *scratch = arena_create(MATCH_SCRATCH_BYTES);
	struct fired fired = { .first_only = true };
	struct event_view view;

	toy_event_view(run->toy, &event, scratch, &view);
	if (scratch && run_event(run, rules, &view, &fired) && fired.count)
		expect_alert(run,
			&(struct alert){ .rule = fired.rules[0], .event = &view, .time_ns = event.time_ns,
				.hostname = hostname ? hostname->text : "" },
			&alert_settings);
	else
		case_fail(run, "no rule matches the event");
	arena_destroy(scratch);
}

void kind_alert(struct case_run *run)
{
	const struct yaml_node *settings = yaml_map_get(run->node, "settings");
	struct case_rules rules;

	if (case_rules_load(run, settings, &rules) && rules.ruleset)
		run_alert(run, settings, &rules);
	else
		case_fail(run, "the rules do not load");
	case_rules_release(&rules);
}
