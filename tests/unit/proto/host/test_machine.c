#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "proto/host/host_names.h"
#include "proto/host/machine.h"

static void machine__has_a_name_and_processors(void **state)
{
	struct machine m;

	(void)state;
	machine_describe(&m);
	assert_int_not_equal(strlen(m.host_name), 0);
	assert_int_not_equal(strlen(m.os_name), 0);
	assert_in_range(m.cpus, 1, 4096);
}

static void machine__is_the_same_for_everybody_who_asks(void **state)
{
	struct machine a, b;

	(void)state;
	machine_describe(&a);
	machine_describe(&b);
	assert_int_equal(a.boot_time_100ns, b.boot_time_100ns);
	assert_string_equal(a.id, b.id);
	assert_int_equal(a.drive_count, b.drive_count);
}

static void machine__of_windows_has_a_build_and_drives(void **state)
{
	struct machine m;

	(void)state;
	machine_describe(&m);
	assert_int_equal(m.os_build != 0, HOST_IS_WINDOWS);
	assert_int_equal(m.drive_count != 0, HOST_IS_WINDOWS);
	assert_int_equal(m.boot_time_100ns != 0, HOST_IS_WINDOWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machine__has_a_name_and_processors),
		cmocka_unit_test(machine__is_the_same_for_everybody_who_asks),
		cmocka_unit_test(machine__of_windows_has_a_build_and_drives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
