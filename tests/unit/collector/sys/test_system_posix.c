#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "collector/sys/system.h"

static void system__without_etw_says_so(void **state)
{
	struct etw_api api = { .self = NULL };
	struct diag why = DIAG_INIT;
	struct system_etw *etw;

	(void)state;
	assert_int_equal(system_etw_open(&etw, &api, &why), ST_UNSUPPORTED);
	assert_null(etw);
	assert_non_null(strstr(why.text, "Windows"));
	system_etw_close(etw);
}

static void system__without_processes_says_so(void **state)
{
	(void)state;
	assert_int_equal(system_snapshot(NULL, NULL, NULL), ST_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(system__without_etw_says_so),
		cmocka_unit_test(system__without_processes_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
