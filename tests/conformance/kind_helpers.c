/* Kinds that test one small function of the product. */
#include "tests/conformance/kinds.h"

#include "policyd/ruleset/duration.h"
#include "policyd/ruleset/metric_name.h"
#include "policyd/ruleset/priority.h"
#include "policyd/ruleset/wildcard.h"

void kind_wildcard(struct case_run *run)
{
	const struct yaml_node *input = yaml_map_get(run->node, "input");

	if (!yaml_is_sequence(input) || input->count != 2) {
		case_fail(run, "input: a pattern and a text are needed");
		return;
	}
	case_expect_bool(run, "result", wildcard_match(input->items[0]->text, input->items[1]->text));
}

void kind_duration_ms(struct case_run *run)
{
	const char *input = case_text(run, "input");

	case_expect_number(run, "result", (int64_t)duration_ms_parse(input ? input : ""));
}

void kind_sanitize_metric_name(struct case_run *run)
{
	const struct yaml_node *input = yaml_map_get(run->node, "input"), *want = case_expected(run, "result");
	struct buf name;

	buf_init(&name, 4096);
	if (!yaml_is_scalar(input) || !metric_name_append(&name, input->text, input->count))
		case_fail(run, "input: a text is needed");
	else if (!yaml_scalar_is(want, buf_cstr(&name)))
		case_fail(run, "result: expected '%s', got '%s'", want ? want->text : "", buf_cstr(&name));
	buf_release(&name);
}

void kind_priority(struct case_run *run)
{
	const struct yaml_node *input = yaml_map_get(run->node, "input");
	enum priority got;
	bool valid = yaml_is_scalar(input) && priority_parse(input->text, input->count, &got);

	case_expect_text(run, "result", valid ? priority_name(got) : NULL);
}
