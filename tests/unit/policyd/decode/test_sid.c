#include "policyd/decode/sid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const uint8_t local_system[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };
static const uint8_t administrators[] = { 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0 };

static void sid__formats_as_windows_writes_it(void **state)
{
	char text[SID_TEXT_BYTES];
	static const uint8_t wide[] = { 1, 1, 0x12, 0x34, 0, 0, 0, 5, 1, 0, 0, 0 };

	(void)state;
	assert_int_equal(sid_format((struct view){ local_system, sizeof local_system }, text), 8);
	assert_string_equal(text, "S-1-5-18");
	sid_format((struct view){ administrators, sizeof administrators }, text);
	assert_string_equal(text, "S-1-5-32-544");
	sid_format((struct view){ wide, sizeof wide }, text);
	assert_string_equal(text, "S-1-0x123400000005-1");
}

static void sid__longest_text_fits(void **state)
{
	uint8_t sid[68];
	char text[SID_TEXT_BYTES];

	(void)state;
	memset(sid, 0xff, sizeof sid);
	sid[0] = 1;
	sid[1] = 15;
	assert_int_equal(sid_format((struct view){ sid, sizeof sid }, text), SID_TEXT_BYTES - 1);
}

static void sid__every_prefix_is_truncated(void **state)
{
	char text[SID_TEXT_BYTES];

	(void)state;
	for (size_t n = 0; n < sizeof administrators; n++) {
		uint8_t *exact = malloc(n ? n : 1);
		struct bytes in;

		assert_non_null(exact);
		memcpy(exact, administrators, n);
		in = bytes_of(exact, n);
		assert_int_equal(sid_skip(&in), ST_TRUNCATED);
		assert_int_equal(sid_format((struct view){ exact, n }, text), 0);
		free(exact);
	}
}

static void sid__refuses_other_revisions_and_counts(void **state)
{
	uint8_t sid[8 + 16 * 4] = { 2, 1 };
	struct bytes in = bytes_of(sid, sizeof sid);

	(void)state;
	assert_int_equal(sid_skip(&in), ST_MALFORMED);
	sid[0] = 1;
	sid[1] = 16;
	in = bytes_of(sid, sizeof sid);
	assert_int_equal(sid_skip(&in), ST_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sid__formats_as_windows_writes_it),
		cmocka_unit_test(sid__longest_text_fits),
		cmocka_unit_test(sid__every_prefix_is_truncated),
		cmocka_unit_test(sid__refuses_other_revisions_and_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
