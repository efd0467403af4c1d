#include "policyd/cli/time_option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const int64_t now_ns = INT64_C(1767323045) * 1000000000;    /* 2026-01-02T03:04:05Z */

static void time_option__takes_times_of_utc(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {
		{ "2026-01-02", 1767312000 },
		{ "2026-01-02T03:04", 1767323040 },
		{ "2026-01-02T03:04:05", 1767323045 },
		{ "2026-01-02 03:04:05Z", 1767323045 },
		{ "1970-01-01", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t got = -1;

		assert_true(time_option_parse(cases[i].text, now_ns, &got));
		assert_int_equal(got, cases[i].seconds * 1000000000);
	}
}

static void time_option__takes_durations_before_now(void **state)
{
	int64_t got = 0;

	(void)state;
	assert_true(time_option_parse("1h30m", now_ns, &got));
	assert_int_equal(got, now_ns - INT64_C(5400) * 1000000000);
}

static void time_option__refuses_what_is_neither(void **state)
{
	static const char *const cases[] = { "", "yesterday", "2026", "2026-01", "2026-1-2", "2026-02-30", "2026-01-02T", "2026-01-02T3:04",
		"2026-01-02T03:04:05+01:00", "2026-01-02T25:00", "1969-12-31", "200y", "-1h", "2026-01-02x" };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t got = 7;

		assert_false(time_option_parse(cases[i], now_ns, &got));
		assert_int_equal(got, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_option__takes_times_of_utc),
		cmocka_unit_test(time_option__takes_durations_before_now),
		cmocka_unit_test(time_option__refuses_what_is_neither),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
