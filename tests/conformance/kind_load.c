/* load: rules files, and what loads of them. */
#include "tests/conformance/kinds.h"

#include <stdlib.h>

#include "tests/conformance/case_rules.h"

/* Tags are sorted here and in Falco's output alike. */
static void expect_tags(struct case_run *run, const struct rule *rule)
{
	const struct yaml_node *want = yaml_map_get(case_expected(run, "tags"), rule->name);

	case_compare_list(run, "tags", want, rule->tags.names, rule->tags.count);
}

static void expect_rules(struct case_run *run, const struct ruleset *rs)
{
	size_t count = ruleset_rule_count(rs), enabled_count = 0;
	const char **names = calloc(count + 1, sizeof *names), **enabled = calloc(count + 1, sizeof *enabled);

	for (size_t i = 0; names && enabled && i < count; i++) {
		const struct rule *rule = ruleset_rule(rs, i);

		names[i] = rule->name;
		if (rule->enabled)
			enabled[enabled_count++] = rule->name;
		case_expect_named_text(run, "conditions", rule->name, rule->condition_canonical);
		case_expect_named_text(run, "outputs", rule->name, rule->output);
		case_expect_named_text(run, "priorities", rule->name, priority_name(rule->priority));
		expect_tags(run, rule);
	}
	case_expect_list(run, "rules", names, count);
	case_expect_list(run, "enabled", enabled, enabled_count);
	free(names);
	free(enabled);
}

static void explain_failure(struct case_run *run, const struct case_rules *rules)
{
	struct buf text;

	buf_init(&text, 1 << 20);
	load_results_append_text(&text, ruleset_builder_results(rules->builder));
	case_fail(run, "messages:\n%s", buf_cstr(&text));
	buf_release(&text);
}

void kind_load(struct case_run *run)
{
	struct case_rules rules;

	if (case_rules_load(run, run->node, &rules)) {
		case_expect_bool(run, "ok", rules.ruleset != NULL);
		if (rules.first_error) {
			case_expect_text(run, "error", load_code_name(rules.first_error->code));
			case_expect_contains(run, "message_contains", rules.first_error->text);
		}
		case_expect_multiset(run, "warnings", rules.warnings, rules.warning_count);
		if (rules.ruleset)
			expect_rules(run, rules.ruleset);
		if (run->failure->len)
			explain_failure(run, &rules);
	}
	case_rules_release(&rules);
}
