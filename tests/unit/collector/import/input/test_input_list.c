#include "collector/import/input/input_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void input_list__matches_names_with_wildcards(void **state)
{
	(void)state;
	assert_true(input_name_matches("*.evtx", "Security.evtx"));
	assert_true(input_name_matches("*", ""));
	assert_true(input_name_matches("a*b*c", "aXbXbYc"));
	assert_true(input_name_matches("?.etl", "a.etl"));
	assert_false(input_name_matches("?.etl", ".etl"));
	assert_false(input_name_matches("*.evtx", "Security.evtx.zst"));
	assert_false(input_name_matches("a*b", "ac"));
}

static void input_list__takes_named_files_as_they_are(void **state)
{
	struct input_list *l = input_list_create();
	struct diag why = DIAG_INIT;

	(void)state;
	assert_non_null(l);
	assert_int_equal(input_list_add(l, "-", &why), ST_OK);
	assert_int_equal(input_list_add(l, "no/such/file", &why), ST_OK);
	assert_int_equal(input_list_count(l), 2);
	assert_string_equal(input_list_path(l, 1), "no/such/file");
	assert_true(input_list_was_named(l, 1));
	input_list_destroy(l);
}

static void input_list__says_when_nothing_matches(void **state)
{
	struct input_list *l = input_list_create();
	struct diag why = DIAG_INIT;

	(void)state;
	assert_non_null(l);
	assert_int_equal(input_list_add(l, "no/such/folder/*.evtx", &why), ST_NOT_FOUND);
	assert_string_equal(why.file, "no/such/folder/*.evtx");
	assert_int_equal(input_list_count(l), 0);
	input_list_destroy(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(input_list__matches_names_with_wildcards),
		cmocka_unit_test(input_list__takes_named_files_as_they_are),
		cmocka_unit_test(input_list__says_when_nothing_matches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
