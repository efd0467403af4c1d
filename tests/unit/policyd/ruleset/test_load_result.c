#include "policyd/ruleset/load_result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/yaml/yaml_doc.h"
#include "tests/support/golden.h"
#include "tests/support/rules_world.h"

enum { MAX_TEXT = 1 << 20, GOLDEN_COUNT = 37 };

/* tests/golden/rules/NNN.in is a rules file, NNN.out all that is said of it, carets included. */
static void diagnostics__are_as_kept(void **state)
{
	size_t different = 0;

	(void)state;
	for (int i = 1; i <= GOLDEN_COUNT; i++) {
		struct buf in, out;
		struct ruleset *rs;
		char path[64];

		buf_init(&in, MAX_TEXT);
		buf_init(&out, MAX_TEXT);
		snprintf(path, sizeof path, "tests/golden/rules/%03d.in", i);
		assert_true(golden_read(path, &in));
		rules_world_load(buf_cstr(&in), in.len, &rs, &out);
		ruleset_unref(rs);
		snprintf(path, sizeof path, "tests/golden/rules/%03d.out", i);
		different += !golden_matches(path, out.data, out.len);
		buf_release(&in);
		buf_release(&out);
	}
	assert_int_equal(different, 0);
}

static const char two_faults[] = "- rule: A\n"
				 "  desc: d\n"
				 "  condition: proc.nam = \"x\ty\"\n"
				 "  output: o\n"
				 "  priority: INFO\n"
				 "  source: windows\n"
				 "  colour: red\n";

static struct ruleset_builder *load(const char *text, struct ruleset **rs)
{
	struct ruleset_options options = rules_world_options();
	struct ruleset_builder *b = ruleset_builder_create(&options);

	assert_non_null(b);
	assert_int_equal(ruleset_builder_add_text(b, "a \"b\".yaml", text, strlen(text)), ST_OK);
	ruleset_builder_finish(b, rs);
	return b;
}

static void load_json__has_falcos_shape(void **state)
{
	struct ruleset *rs;
	struct ruleset_builder *b = load(two_faults, &rs);
	const struct yaml_node *file, *error, *place;
	struct yaml_doc *doc;
	struct buf json;

	(void)state;
	assert_null(rs);
	buf_init(&json, MAX_TEXT);
	assert_true(load_results_append_json(&json, ruleset_builder_results(b)));
	assert_int_equal(yaml_doc_parse((const char *)json.data, json.len, NULL, &doc, NULL), ST_OK);
	file = yaml_map_get(yaml_doc_root(doc, 0), "falco_load_results")->items[0];
	assert_string_equal(yaml_map_get(file, "name")->text, "a \"b\".yaml");
	assert_string_equal(yaml_map_get(file, "successful")->text, "false");
	assert_string_equal(yaml_map_get(file, "schema_valid")->text, "false");
	assert_int_equal(yaml_map_get(file, "warnings")->count, 1);
	assert_int_equal(yaml_map_get(file, "errors")->count, 1);
	error = yaml_map_get(file, "errors")->items[0];
	assert_string_equal(yaml_map_get(error, "code")->text, "LOAD_ERR_COMPILE_CONDITION");
	assert_string_equal(yaml_map_get(error, "codedesc")->text, "Error compiling condition");
	assert_non_null(strstr(yaml_map_get(error, "message")->text, "nonexistent field proc.nam; did you mean 'proc.name'?"));
	assert_non_null(strstr(yaml_map_get(yaml_map_get(error, "context"), "snippet")->text, "\n             ^\n"));
	place = yaml_map_get(yaml_map_get(error, "context"), "locations")->items[3];
	assert_string_equal(yaml_map_get(place, "item_type")->text, "condition expression");
	assert_string_equal(yaml_map_get(yaml_map_get(place, "position"), "line")->text, "2");
	assert_string_equal(yaml_map_get(yaml_map_get(place, "position"), "column")->text, "13");
	assert_string_equal(yaml_map_get(yaml_map_get(place, "position"), "offset")->text, "33");
	yaml_doc_destroy(doc);
	buf_release(&json);
	ruleset_builder_destroy(b);
}

static void load_short__is_one_line_a_file(void **state)
{
	struct ruleset *rs;
	struct ruleset_builder *b = load(two_faults, &rs);
	struct buf text;

	(void)state;
	buf_init(&text, MAX_TEXT);
	assert_true(load_results_append_short(&text, ruleset_builder_results(b)));
	assert_string_equal(buf_cstr(&text),
		"a \"b\".yaml: Invalid 1 errors: [LOAD_ERR_COMPILE_CONDITION (Error compiling condition)] "
		"1 warnings: [LOAD_UNKNOWN_KEY (Unknown key in item definition)]\n");
	buf_release(&text);
	ruleset_builder_destroy(b);
}

static void load_results__bounds_messages_and_counts_the_rest(void **state)
{
	struct buf text, report;
	struct ruleset *rs;

	(void)state;
	buf_init(&text, MAX_TEXT);
	buf_init(&report, MAX_TEXT);
	for (int i = 0; i < LOAD_MAX_MESSAGES + 7; i++)
		buf_append_str(&text, "- x: 1\n");
	assert_int_equal(rules_world_load(buf_cstr(&text), text.len, &rs, &report), ST_OK);
	assert_non_null(strstr(buf_cstr(&report), "rules.yaml: 7 more are not shown\n"));
	ruleset_unref(rs);
	buf_release(&text);
	buf_release(&report);
}

static void load_text__every_prefix_of_a_file_is_judged(void **state)
{
	static const char text[] = "- list: l\n  items: [a, 'b c']\n- macro: m\n  condition: >\n    proc.name in (l)\n"
				   "- rule: A\n  desc: d\n  condition: m and evt.type=process_start\n  output: o %proc.name\n"
				   "  priority: INFO\n  source: windows\n  tags: [x]\n  exceptions:\n"
				   "    - {name: e, fields: [proc.pid], comps: ['='], values: [[4]]}\n";
	size_t invalid = 0;

	(void)state;
	for (size_t n = 0; n < sizeof text; n++) {
		char *exact = malloc(n ? n : 1);
		struct ruleset *rs;
		struct buf report;

		memcpy(exact, text, n);
		buf_init(&report, MAX_TEXT);
		invalid += rules_world_load(exact, n, &rs, &report) != ST_OK;
		assert_true(report.len > 0);
		ruleset_unref(rs);
		buf_release(&report);
		free(exact);
	}
	assert_in_range(invalid, 50, sizeof text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diagnostics__are_as_kept),
		cmocka_unit_test(load_json__has_falcos_shape),
		cmocka_unit_test(load_short__is_one_line_a_file),
		cmocka_unit_test(load_results__bounds_messages_and_counts_the_rest),
		cmocka_unit_test(load_text__every_prefix_of_a_file_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
