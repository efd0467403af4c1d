#include "policyd/ruleset/ruleset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/engine/program.h"
#include "tests/support/rules_world.h"

enum { MAX_REPORT = 1 << 20 };

#define RULE(name, condition)                                                                                          \
	"- rule: " name "\n  desc: d\n  condition: " condition "\n  output: o %proc.name\n  priority: WARNING\n"            \
	"  source: windows\n"

static struct ruleset *load(const char *text)
{
	struct ruleset *rs;
	struct buf report;

	buf_init(&report, MAX_REPORT);
	if (rules_world_load(text, strlen(text), &rs, &report) != ST_OK)
		fail_msg("%s", buf_cstr(&report));
	buf_release(&report);
	return rs;
}

static bool count_match(void *ctx, size_t rule)
{
	(void)rule;
	(*(size_t *)ctx)++;
	return true;
}

/* Rules of source windows that match an event of process_start with the values given as name, value pairs. */
static size_t matches(const struct ruleset *rs, const char *const *values)
{
	struct ruleset_runs runs = ruleset_runs(rs, "windows");
	struct arena *scratch = arena_create(1 << 20);
	struct rules_event event = { .values = { NULL } };
	struct event_view view;
	struct matcher *m;
	size_t count = 0;

	if (!runs.program)
		return 0;
	assert_true(rules_event_set(&event, "evt.type", "process_start"));
	for (; *values; values += 2)
		assert_true(rules_event_set(&event, values[0], values[1]));
	rules_event_bind(&event, scratch, &view);
	m = matcher_create(runs.program);
	assert_non_null(m);
	matcher_run(m, &view, count_match, &count);
	matcher_destroy(m);
	arena_destroy(scratch);
	return count;
}

static void exceptions__take_windows_paths_as_they_are(void **state)
{
	struct ruleset *rs = load(RULE("A", "evt.type = process_start")
		"  exceptions:\n"
		"    - {name: tuple, fields: [proc.exepath], values: [['C:\\Program Files\\x.exe']]}\n"
		"    - {name: many, fields: proc.exepath, values: ['C:\\Windows\\System32\\', 'D:\\a b\\c\\']}\n"
		"    - {name: list, fields: [proc.name, proc.exepath], comps: [in, startswith anyof],\n"
		"       values: [[[a.exe, b.exe], ['C:\\My Apps\\', 'C:\\Other Apps\\']]]}\n");

	(void)state;
	assert_int_equal(matches(rs, (const char *[]){ "proc.exepath", "C:\\Program Files\\x.exe", NULL }), 0);
	assert_int_equal(matches(rs, (const char *[]){ "proc.exepath", "C:\\Program Files\\y.exe", NULL }), 1);
	assert_int_equal(matches(rs, (const char *[]){ "proc.exepath", "C:\\Windows\\System32\\", NULL }), 0);
	assert_int_equal(matches(rs, (const char *[]){ "proc.exepath", "D:\\a b\\c\\", NULL }), 0);
	assert_int_equal(
		matches(rs, (const char *[]){ "proc.name", "b.exe", "proc.exepath", "C:\\Other Apps\\b.exe", NULL }), 0);
	assert_int_equal(
		matches(rs, (const char *[]){ "proc.name", "c.exe", "proc.exepath", "C:\\Other Apps\\b.exe", NULL }), 1);
	ruleset_unref(rs);
}

static void lists__take_windows_paths_as_they_are(void **state)
{
	struct ruleset *rs = load("- list: paths\n  items: ['C:\\Program Files\\a.exe', \"\\\"C:\\\\\\\\b c.exe\\\"\"]\n"
		RULE("A", "evt.type = process_start and proc.exepath in (paths)"));

	(void)state;
	assert_int_equal(matches(rs, (const char *[]){ "proc.exepath", "C:\\Program Files\\a.exe", NULL }), 1);
	assert_int_equal(matches(rs, (const char *[]){ "proc.exepath", "C:\\b c.exe", NULL }), 1);
	assert_int_equal(matches(rs, (const char *[]){ "proc.exepath", "C:\\Program", NULL }), 0);
	ruleset_unref(rs);
}

static void ruleset__says_what_explain_asks(void **state)
{
	struct ruleset *rs = load("- list: l\n  items: [cmd.exe]\n- macro: inner\n  condition: proc.pname in (l)\n"
		"- macro: m\n  condition: inner or proc.pid = 4\n"
		RULE("A", "evt.type in (process_start, file_create) and m and proc.aname[2] = x")
		"  tags: [z, a, z]\n  exceptions: [{name: e, fields: [user.name], comps: ['='], values: [[x], [y]]}]\n");
	const struct rule *r = ruleset_find(rs, "A");

	(void)state;
	assert_int_equal(ruleset_rule_count(rs), 1);
	assert_ptr_equal(r, ruleset_rule(rs, 0));
	assert_null(ruleset_find(rs, "a"));
	assert_int_equal(r->line, 7);
	assert_string_equal(r->file, "rules.yaml");
	assert_string_equal(r->condition_canonical,
		"((evt.type in (process_start, file_create) and (proc.pname in (cmd.exe) or proc.pid = 4) and "
		"proc.aname[2] = x) and not (user.name = x or user.name = y))");
	assert_false(r->all_event_types);
	assert_int_equal(r->event_types.count, 2);
	assert_string_equal(r->event_types.names[1], "file_create");
	assert_int_equal(r->tags.count, 2);
	assert_string_equal(r->tags.names[0], "a");
	assert_int_equal(r->macros.count, 1);
	assert_string_equal(r->macros.names[0], "m");
	assert_int_equal(r->fields.count, 5);
	assert_string_equal(r->fields.names[3], "proc.aname[2]");
	assert_int_equal(r->operators.count, 2);
	assert_int_equal(r->exception_count, 1);
	assert_int_equal(r->exceptions[0].value_count, 2);
	assert_int_equal(ruleset_macro_count(rs), 2);
	assert_true(ruleset_macro(rs, 0)->used);
	assert_int_equal(ruleset_list(rs, 0)->items.count, 1);
	assert_in_range(ruleset_held_bytes(rs), 1000, 1 << 20);
	ruleset_unref(rs);
}

static void ruleset__runs_only_active_sources(void **state)
{
	struct ruleset *rs = load("- rule: Linux\n  desc: d\n  condition: evt.type = execve\n  output: o\n  priority: INFO\n"
		RULE("Windows", "evt.type = process_start"));

	(void)state;
	assert_int_equal(ruleset_rule_count(rs), 2);
	assert_false(ruleset_find(rs, "Linux")->runs);
	assert_true(ruleset_find(rs, "Linux")->enabled);
	assert_null(ruleset_runs(rs, "syscall").program);
	assert_int_equal(ruleset_runs(rs, "windows").rule_count, 1);
	assert_null(ruleset_runs(rs, "martian").program);
	ruleset_unref(rs);
}

static void ruleset__selection_and_priority_decide_what_runs(void **state)
{
	static const struct rule_selection selection[] = { { .rule = "*" }, { .enable = true, .rule = "Keep*" } };
	static const char text[] = RULE("Keep this", "proc.pid = 1") RULE("Drop this", "proc.pid = 2");
	struct ruleset_options options = rules_world_options();
	struct ruleset_builder *b;
	struct ruleset *rs;

	(void)state;
	options.selection = selection;
	options.selection_count = 2;
	b = ruleset_builder_create(&options);
	assert_int_equal(ruleset_builder_add_text(b, "a", text, strlen(text)), ST_OK);
	assert_int_equal(ruleset_builder_finish(b, &rs), ST_OK);
	assert_true(ruleset_find(rs, "Keep this")->runs);
	assert_false(ruleset_find(rs, "Drop this")->runs);
	ruleset_unref(rs);
	ruleset_builder_destroy(b);
	options.selection_count = 0;
	options.min_priority = PRIORITY_ERROR;
	b = ruleset_builder_create(&options);
	assert_int_equal(ruleset_builder_add_text(b, "a", text, strlen(text)), ST_OK);
	assert_int_equal(ruleset_builder_finish(b, &rs), ST_OK);
	assert_false(ruleset_find(rs, "Keep this")->runs);
	ruleset_unref(rs);
	ruleset_builder_destroy(b);
}

static enum status load_two(const char *first, const char *second, struct ruleset **rs, size_t *errors)
{
	struct ruleset_options options = rules_world_options();
	struct ruleset_builder *b = ruleset_builder_create(&options);
	enum status st;

	assert_int_equal(ruleset_builder_add_text(b, "1.yaml", first, strlen(first)), ST_OK);
	assert_int_equal(ruleset_builder_add_text(b, "2.yaml", second, strlen(second)), ST_OK);
	st = ruleset_builder_finish(b, rs);
	errors[0] = ruleset_builder_results(b)->first->errors;
	errors[1] = ruleset_builder_results(b)->first->next->errors;
	ruleset_builder_destroy(b);
	return st;
}

static void files__later_ones_change_what_earlier_rules_mean(void **state)
{
	struct ruleset *rs;
	size_t errors[2];

	(void)state;
	assert_int_equal(load_two("- list: l\n  items: [a]\n- macro: m\n  condition: proc.name in (l)\n" RULE("A", "m"),
				 "- list: l\n  items: [b]\n  override: {items: append}\n", &rs, errors),
		ST_OK);
	assert_string_equal(ruleset_rule(rs, 0)->condition_canonical, "proc.name in (a, b)");
	ruleset_unref(rs);
}

static void files__each_must_be_valid_on_top_of_those_before(void **state)
{
	struct ruleset *rs;
	size_t errors[2];

	(void)state;
	assert_int_equal(load_two(RULE("A", "late"), "- macro: late\n  condition: proc.pid = 1\n", &rs, errors),
		ST_MALFORMED);
	assert_null(rs);
	assert_int_equal(errors[0], 1);
	assert_int_equal(errors[1], 0);
	/* A rule that a later file repairs does not make the first file right. */
	assert_int_equal(load_two(RULE("A", "proc.nope = 1"), RULE("A", "proc.pid = 1"), &rs, errors), ST_MALFORMED);
	assert_int_equal(errors[0], 1);
}

static void files__an_error_is_told_once(void **state)
{
	struct ruleset *rs;
	size_t errors[2];

	(void)state;
	assert_int_equal(load_two("- macro: m\n  condition: proc.nope = 1\n" RULE("A", "m") RULE("B", "m"),
				 RULE("C", "m and proc.pid = 1"), &rs, errors),
		ST_MALFORMED);
	assert_int_equal(errors[0], 1);
	assert_int_equal(errors[1], 0);
}

static void folder__is_one_step_read_in_order_without_tests(void **state)
{
	struct ruleset_options options = rules_world_options();
	struct ruleset_builder *b = ruleset_builder_create(&options);
	const struct load_file_result *file;
	struct ruleset *rs;

	(void)state;
	assert_int_equal(ruleset_builder_add_path(b, "tests/golden/rules_folder"), ST_OK);
	assert_int_equal(ruleset_builder_finish(b, &rs), ST_OK);
	file = ruleset_builder_results(b)->first;
	assert_int_equal(ruleset_builder_results(b)->file_count, 3);
	assert_string_equal(file->name, "tests/golden/rules_folder/a.yaml");
	assert_string_equal(file->next->name, "tests/golden/rules_folder/b.yml");
	assert_string_equal(ruleset_rule(rs, 0)->condition_canonical, "proc.name = b.exe");
	assert_string_equal(ruleset_rule(rs, 1)->name, "Second");
	ruleset_unref(rs);
	ruleset_builder_destroy(b);
}

static void file__that_cannot_be_read_is_an_error_of_that_file(void **state)
{
	struct ruleset_options options = rules_world_options();
	struct ruleset_builder *b = ruleset_builder_create(&options);
	struct ruleset *rs;

	(void)state;
	assert_int_equal(ruleset_builder_add_path(b, "tests/golden/nonexistent.yaml"), ST_OK);
	assert_int_equal(ruleset_builder_finish(b, &rs), ST_MALFORMED);
	assert_null(rs);
	assert_int_equal(ruleset_builder_results(b)->first->first->code, LOAD_ERR_FILE_READ);
	ruleset_builder_destroy(b);
}

static void ruleset__outlives_its_builder_until_the_last_reference(void **state)
{
	struct ruleset *rs = load(RULE("A", "proc.name = x")), *second = ruleset_ref(rs);

	(void)state;
	ruleset_unref(rs);
	assert_string_equal(ruleset_rule(second, 0)->name, "A");
	ruleset_unref(second);
	ruleset_unref(NULL);
}

/* ---- hostile sizes ---- */

static enum status load_status(const struct buf *text, struct buf *report)
{
	struct ruleset *rs;
	enum status st = rules_world_load((const char *)text->data, text->len, &rs, report);

	ruleset_unref(rs);
	return st;
}

static void hostile__deep_parentheses_are_refused(void **state)
{
	struct buf text, report;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_init(&report, MAX_REPORT);
	buf_append_str(&text, "- rule: A\n  desc: d\n  output: o\n  priority: INFO\n  source: windows\n  condition: '");
	for (int i = 0; i < 10000; i++)
		buf_append_char(&text, '(');
	buf_append_str(&text, "proc.pid = 1'\n");
	assert_int_equal(load_status(&text, &report), ST_MALFORMED);
	assert_non_null(strstr(buf_cstr(&report), "exceeded max depth limit of 1000"));
	buf_release(&text);
	buf_release(&report);
}

static void long_condition(struct buf *text, int checks)
{
	buf_clear(text);
	buf_append_str(text, "- rule: A\n  desc: d\n  output: o\n  priority: INFO\n  source: windows\n  condition: proc.pid = 1");
	for (int i = 0; i < checks; i++)
		buf_append_str(text, " or proc.pid = 2");
	buf_append_char(text, '\n');
}

static void hostile__long_conditions_and_lists_are_bounded(void **state)
{
	struct buf text, report;

	(void)state;
	buf_init(&text, 8 << 20);
	buf_init(&report, MAX_REPORT);
	buf_append_str(&text, "- list: l\n  items: [");
	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "i%d,", i);
	buf_append_str(&text, "z]\n" RULE("A", "proc.name in (l)"));
	assert_int_equal(load_status(&text, &report), ST_OK);
	long_condition(&text, 60000);
	assert_int_equal(load_status(&text, &report), ST_OK);
	long_condition(&text, 200000);
	assert_int_equal(load_status(&text, &report), ST_MALFORMED);
	buf_release(&text);
	buf_release(&report);
}

static void hostile__macro_bombs_are_refused(void **state)
{
	struct buf text, report;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_init(&report, MAX_REPORT);
	buf_append_str(&text, "- macro: m0\n  condition: proc.pid = 1\n");
	for (int i = 1; i < 40; i++)
		buf_printf(&text, "- macro: m%d\n  condition: m%d or m%d or m%d\n", i, i - 1, i - 1, i - 1);
	buf_append_str(&text, RULE("A", "m39"));
	assert_int_equal(load_status(&text, &report), ST_MALFORMED);
	assert_true(report.len > 0);
	buf_release(&text);
	buf_release(&report);
}

static void hostile__list_bombs_are_refused(void **state)
{
	struct buf text, report;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_init(&report, MAX_REPORT);
	buf_append_str(&text, "- list: l0\n  items: [a]\n");
	for (int i = 1; i < 30; i++)
		buf_printf(&text, "- list: l%d\n  items: [l%d, l%d, l%d, b]\n", i, i - 1, i - 1, i - 1);
	buf_append_str(&text, RULE("A", "proc.name in (l29)"));
	assert_int_equal(load_status(&text, &report), ST_MALFORMED);
	assert_non_null(strstr(buf_cstr(&report), "expands to more than"));
	buf_release(&text);
	buf_release(&report);
}

static void hostile__many_wrong_rules_are_told_and_bounded(void **state)
{
	struct buf text, report;

	(void)state;
	buf_init(&text, 8 << 20);
	buf_init(&report, 8 << 20);
	for (int i = 0; i < 3000; i++)
		buf_printf(&text, "- rule: R%d\n  desc: d\n  condition: proc.nope = 1\n  output: o\n  priority: INFO\n", i);
	assert_int_equal(load_status(&text, &report), ST_MALFORMED);
	assert_non_null(strstr(buf_cstr(&report), "2000 more are not shown"));
	buf_release(&text);
	buf_release(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exceptions__take_windows_paths_as_they_are),
		cmocka_unit_test(lists__take_windows_paths_as_they_are),
		cmocka_unit_test(ruleset__says_what_explain_asks),
		cmocka_unit_test(ruleset__runs_only_active_sources),
		cmocka_unit_test(ruleset__selection_and_priority_decide_what_runs),
		cmocka_unit_test(files__later_ones_change_what_earlier_rules_mean),
		cmocka_unit_test(files__each_must_be_valid_on_top_of_those_before),
		cmocka_unit_test(files__an_error_is_told_once),
		cmocka_unit_test(folder__is_one_step_read_in_order_without_tests),
		cmocka_unit_test(file__that_cannot_be_read_is_an_error_of_that_file),
		cmocka_unit_test(ruleset__outlives_its_builder_until_the_last_reference),
		cmocka_unit_test(hostile__deep_parentheses_are_refused),
		cmocka_unit_test(hostile__long_conditions_and_lists_are_bounded),
		cmocka_unit_test(hostile__macro_bombs_are_refused),
		cmocka_unit_test(hostile__list_bombs_are_refused),
		cmocka_unit_test(hostile__many_wrong_rules_are_told_and_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
