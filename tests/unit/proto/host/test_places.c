#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "proto/host/places.h"

static void places__a_path_has_its_folder(void **state)
{
	(void)state;
	assert_int_equal(path_folder_bytes("/etc/vitrine/policyd.yaml"), 13);
	assert_int_equal(path_folder_bytes("policyd.yaml"), 0);
	assert_int_equal(path_folder_bytes("C:\\Vitrine\\policyd.yaml"), HOST_IS_WINDOWS ? 11 : 0);
	assert_int_equal(path_folder_bytes("C:\\Vitrine/rules.d\\"), HOST_IS_WINDOWS ? 19 : 11);
}

static void places__names_are_compared_as_the_system_does(void **state)
{
	(void)state;
	assert_true(path_names_equal("a.yaml", "a.yaml"));
	assert_false(path_names_equal("a.yaml", "b.yaml"));
	assert_int_equal(path_names_equal("A.yaml", "a.YAML"), HOST_IS_WINDOWS);
}

static void places__program_data_is_where_the_system_has_it(void **state)
{
	char room[PLACE_BYTES];

	(void)state;
	assert_string_equal(place_expand("%ProgramData%\\Vitrine\\x", room),
		HOST_IS_WINDOWS ? "C:\\ProgramData\\Vitrine\\x" : "%ProgramData%\\Vitrine\\x");
	assert_string_equal(place_expand("/etc/vitrine", room), "/etc/vitrine");
	assert_string_equal(place_expand("x%ProgramData%", room), "x%ProgramData%");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places__a_path_has_its_folder),
		cmocka_unit_test(places__names_are_compared_as_the_system_does),
		cmocka_unit_test(places__program_data_is_where_the_system_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
