#include "collector/import/named/named_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

static int set_up(void **state)
{
	struct named_record *n = malloc(sizeof *n);

	*state = n;
	return n && named_record_init(n) == ST_OK ? 0 : 1;
}

static int tear_down(void **state)
{
	named_record_release(*state);
	free(*state);
	return 0;
}

static void named_record__starts_with_nothing_known(void **state)
{
	const struct record *r = named_record_finish(*state);

	assert_int_equal(r->kind, RECORD_NAMED);
	assert_int_equal(r->pid, UINT32_MAX);
	assert_int_equal(r->tid, UINT32_MAX);
	assert_int_equal(r->value_count, 0);
}

static void named_record__cuts_long_values_between_characters(void **state)
{
	static char value[LIMIT_VALUE_BYTES + 1];
	struct named_record *n = *state;

	memset(value, 'a', sizeof value);
	value[LIMIT_VALUE_BYTES - 1] = '\xc3';    /* a character of two bytes across the limit */
	value[LIMIT_VALUE_BYTES] = '\xa4';
	named_record_add(n, text_of("long"), (struct text_view){ .ptr = value, .len = sizeof value });
	assert_int_equal(named_record_finish(n)->values[0].value.len, LIMIT_VALUE_BYTES - 1);
	assert_int_equal(n->cut_values, 1);
}

static void named_record__counts_values_past_the_limit(void **state)
{
	struct named_record *n = *state;

	for (int i = 0; i < LIMIT_NAMED_VALUES + 3; i++)
		named_record_add(n, text_of("n"), text_of("v"));
	assert_int_equal(named_record_finish(n)->value_count, LIMIT_NAMED_VALUES);
	assert_int_equal(n->cut_values, 3);
}

static void named_record__begins_anew(void **state)
{
	struct named_record *n = *state;

	named_record_add(n, text_of("n"), text_of("v"));
	named_record_user(n, text_of("S-1-5-18"));
	assert_int_equal(n->rec.sid.len, 12);
	named_record_begin(n);
	assert_int_equal(named_record_finish(n)->value_count, 0);
	assert_int_equal(n->rec.sid.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(named_record__starts_with_nothing_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(named_record__cuts_long_values_between_characters, set_up, tear_down),
		cmocka_unit_test_setup_teardown(named_record__counts_values_past_the_limit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(named_record__begins_anew, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
