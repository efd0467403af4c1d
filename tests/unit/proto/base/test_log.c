#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "proto/base/log.h"

static void keep(void *ctx, enum log_level level, const char *line)
{
	(void)level;
	snprintf(ctx, 200, "%s", line);
}

static void log_limit__lets_some_through_and_tells_how_many_it_held_back(void **state)
{
	struct log_limit l = { .lines = 0 };
	char last[200] = "";
	int passed = 0;

	(void)state;
	log_install(keep, last);
	for (int i = 0; i < 1000; i++)
		passed += log_limit_passes(&l, 50000);
	assert_int_equal(passed, LOG_LIMIT_LINES);
	log_limit_tell(&l, 50000 + LOG_LIMIT_MS - 1, "clients");
	assert_string_equal(last, "");
	log_limit_tell(&l, 50000 + LOG_LIMIT_MS, "clients");
	assert_string_equal(last, "clients: 990 more such lines were left out");
	assert_true(log_limit_passes(&l, 50000 + LOG_LIMIT_MS));
	log_install(NULL, NULL);
}

static void log_limit__says_nothing_when_nothing_was_held_back(void **state)
{
	struct log_limit l = { .lines = 0 };
	char last[200] = "";

	(void)state;
	log_install(keep, last);
	assert_true(log_limit_passes(&l, 1));
	log_limit_tell(&l, 1 + LOG_LIMIT_MS, "clients");
	assert_string_equal(last, "");
	log_install(NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_limit__lets_some_through_and_tells_how_many_it_held_back),
		cmocka_unit_test(log_limit__says_nothing_when_nothing_was_held_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
