#include "policyd/ruleset/wildcard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/ruleset/duration.h"
#include "policyd/ruleset/metric_name.h"
#include "policyd/ruleset/priority.h"

static void wildcard__retries_every_star(void **state)
{
	(void)state;
	assert_true(wildcard_match("*ab", "abab"));
	assert_true(wildcard_match("a*b*c", "aXbXbXc"));
	assert_false(wildcard_match("a*b*c", "aXbXbX"));
	assert_true(wildcard_match("**", ""));
	assert_false(wildcard_match("", "a"));
	assert_true(wildcard_match("", ""));
}

static void wildcard__many_stars_take_bounded_time(void **state)
{
	char text[2000];

	(void)state;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_false(wildcard_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

static void duration__refuses_what_does_not_fit(void **state)
{
	(void)state;
	assert_int_equal(duration_ms_parse("08s"), 8000);
	assert_int_equal(duration_ms_parse("1s1s"), 0);
	assert_int_equal(duration_ms_parse("99999999999999999999s"), 0);
	assert_int_equal(duration_ms_parse("18446744073709551615y"), 0);
	assert_int_equal(duration_ms_parse("1.5s"), 0);
	assert_int_equal(duration_ms_parse(" 2m "), 120000);
}

static void metric_name__never_ends_in_two_underscores(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 8);
	assert_true(metric_name_append(&out, "  a  ", 5));
	assert_string_equal(buf_cstr(&out), "_a");
	assert_false(metric_name_append(&out, "0123456789", 10));
	buf_release(&out);
}

static void priority__reads_every_name_it_prints(void **state)
{
	enum priority got;

	(void)state;
	for (int i = 0; i < PRIORITY_COUNT; i++) {
		const char *name = priority_name((enum priority)i);

		assert_true(priority_parse(name, strlen(name), &got));
		assert_int_equal(got, i);
	}
	assert_true(priority_parse("INFO", 4, &got));
	assert_int_equal(got, PRIORITY_INFORMATIONAL);
	assert_false(priority_parse("warn", 4, &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wildcard__retries_every_star),
		cmocka_unit_test(wildcard__many_stars_take_bounded_time),
		cmocka_unit_test(duration__refuses_what_does_not_fit),
		cmocka_unit_test(metric_name__never_ends_in_two_underscores),
		cmocka_unit_test(priority__reads_every_name_it_prints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
