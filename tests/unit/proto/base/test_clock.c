#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/clock.h"

static const char rfc3339[] = "2026-08-25T23:32:10.7938384Z";

static void filetime_from_text__reads_what_logs_and_documents_write(void **state)
{
	uint64_t t = 0, other = 0;

	(void)state;
	assert_true(filetime_from_text(rfc3339, sizeof rfc3339 - 1, &t));
	assert_int_equal(filetime_to_unix_ns(t), INT64_C(1787700730793838400));
	assert_true(filetime_from_text("2026/08/25 23:32:10,793838499", 29, &other));
	assert_int_equal(other, t);
	assert_true(filetime_from_text("1970-01-01T00:00:00Z", 20, &t));
	assert_int_equal(filetime_to_unix_ns(t), 0);
}

static void filetime_from_text__refuses_what_is_no_time(void **state)
{
	static const char *const wrong[] = { "", "2026-02-30T00:00:00Z", "2026-08-25", "2026-08-25T23:32:10+02:00",
		"26-08-25T23:32:10Z", "2026-08-25T24:00:00Z", "2026-08-25T23:32:10ZZ" };
	uint64_t t = 7;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(filetime_from_text(wrong[i], strlen(wrong[i]), &t));
	assert_int_equal(t, 7);
}

static void filetime_from_text__never_reads_past_a_prefix(void **state)
{
	uint64_t t;

	(void)state;
	for (size_t n = 0; n < 19; n++) {
		char *exact = malloc(n ? n : 1);

		memcpy(exact, rfc3339, n);
		assert_false(filetime_from_text(exact, n, &t));
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filetime_from_text__reads_what_logs_and_documents_write),
		cmocka_unit_test(filetime_from_text__refuses_what_is_no_time),
		cmocka_unit_test(filetime_from_text__never_reads_past_a_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
