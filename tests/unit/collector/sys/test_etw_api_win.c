#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "collector/sys/system.h"

static void on_event(const struct etw_event *ev)
{
	(void)ev;
}

static void etw_api__binds_every_function(void **state)
{
	struct etw_api api = { .self = NULL };
	struct system_etw *etw;

	(void)state;
	assert_int_equal(system_etw_open(&etw, &api, NULL), ST_OK);
	assert_non_null(api.self);
	assert_true(api.start && api.query && api.stop && api.flush && api.set_kernel_flags && api.get_kernel_flags && api.enable &&
		api.get_enabled && api.open && api.process && api.close && api.write_canary);
	system_etw_close(etw);
}

static void etw_api__cannot_open_a_session_that_is_not_there(void **state)
{
	struct etw_api api;
	struct system_etw *etw;
	uint64_t trace = 0;

	(void)state;
	assert_int_equal(system_etw_open(&etw, &api, NULL), ST_OK);
	assert_int_not_equal(api.open(api.self, "vitrine-none-such", on_event, NULL, &trace), ETW_OK);
	for (unsigned i = 0; i < 100; i++)    /* no slot is used up by what failed */
		assert_int_not_equal(api.open(api.self, "vitrine-none-such", on_event, NULL, &trace), ETW_NO_RESOURCES);
	system_etw_close(etw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(etw_api__binds_every_function),
		cmocka_unit_test(etw_api__cannot_open_a_session_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
