#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policyd/output/output_filter.h"

static const char *const tags[] = { "container", "T1059" };
static const struct alert_record alert = { .priority = PRIORITY_ERROR, .rule = "Shell in Container", .tags = tags,
	.tag_count = 2 };

static void output_filter__without_parts_takes_all(void **state)
{
	const struct output_filter f = OUTPUT_FILTER_ALL;

	(void)state;
	assert_true(output_filter_passes(&f, &alert));
}

static void output_filter__priority_takes_its_own_and_what_is_more_severe(void **state)
{
	const struct output_filter at = { .min_priority = PRIORITY_ERROR }, above = { .min_priority = PRIORITY_CRITICAL };

	(void)state;
	assert_true(output_filter_passes(&at, &alert));
	assert_false(output_filter_passes(&above, &alert));
}

static void output_filter__one_tag_is_enough(void **state)
{
	const char *const some[] = { "x", "T1059" }, *const other[] = { "T10", "Container" };
	const struct output_filter fits = { .min_priority = PRIORITY_DEBUG, .tags = some, .tag_count = 2 };
	const struct output_filter not_there = { .min_priority = PRIORITY_DEBUG, .tags = other, .tag_count = 2 };

	(void)state;
	assert_true(output_filter_passes(&fits, &alert));
	assert_false(output_filter_passes(&not_there, &alert));
}

static void output_filter__rules_are_wildcards_and_all_parts_must_fit(void **state)
{
	const char *const rules[] = { "nothing", "Shell*" }, *const none[] = { "x" };
	const struct output_filter fits = { .min_priority = PRIORITY_DEBUG, .rules = rules, .rule_count = 2 };
	const struct output_filter tag_fails = { .min_priority = PRIORITY_DEBUG, .rules = rules, .rule_count = 2, .tags = none,
		.tag_count = 1 };

	(void)state;
	assert_true(output_filter_passes(&fits, &alert));
	assert_false(output_filter_passes(&tag_fails, &alert));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_filter__without_parts_takes_all),
		cmocka_unit_test(output_filter__priority_takes_its_own_and_what_is_more_severe),
		cmocka_unit_test(output_filter__one_tag_is_enough),
		cmocka_unit_test(output_filter__rules_are_wildcards_and_all_parts_must_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
