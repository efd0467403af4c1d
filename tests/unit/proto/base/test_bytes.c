#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "proto/base/bytes.h"

static void short_read__fails_and_sticks(void **state)
{
	const uint8_t raw[] = { 1, 2, 3 };
	struct bytes b = bytes_of(raw, sizeof raw);

	(void)state;
	assert_int_equal(bytes_u16le(&b), 0x0201);
	assert_int_equal(bytes_u16le(&b), 0);
	assert_true(b.failed);
	assert_int_equal(bytes_u8(&b), 0);
	assert_true(b.failed);
}

static void utf16z__ends_at_nul_or_at_end_of_input(void **state)
{
	const uint8_t raw[] = { 'a', 0, 'b', 0, 0, 0, 'c', 0, 'd' };
	struct bytes b = bytes_of(raw, sizeof raw);
	struct view first = bytes_utf16z(&b), second = bytes_utf16z(&b);

	(void)state;
	assert_int_equal(first.len, 4);
	assert_int_equal(second.len, 2);
	assert_int_equal(bytes_left(&b), 0);
	assert_false(b.failed);
}

static void utf16z__finds_the_nul_at_every_distance(void **state)
{
	uint8_t raw[64];

	(void)state;
	for (size_t units = 0; units < sizeof raw / 2; units++) {
		struct bytes b = bytes_of(raw, sizeof raw);

		/* Units with one zero byte, either of them, are no end. */
		for (size_t i = 0; i < sizeof raw; i++)
			raw[i] = (i / 2) % 2 == i % 2 ? 0x80 : 0;
		memset(raw + units * 2, 0, 2);
		assert_int_equal(bytes_utf16z(&b).len, units * 2);
		assert_int_equal(bytes_left(&b), sizeof raw - units * 2 - 2);
	}
}

static void strz__ends_at_nul_or_at_end_of_input(void **state)
{
	const uint8_t raw[] = { 'a', 'b', 0, 'c' };
	struct bytes b = bytes_of(raw, sizeof raw);

	(void)state;
	assert_int_equal(bytes_strz(&b).len, 2);
	assert_int_equal(bytes_strz(&b).len, 1);
	assert_int_equal(bytes_strz(&b).len, 0);
	assert_false(b.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_read__fails_and_sticks),
		cmocka_unit_test(utf16z__ends_at_nul_or_at_end_of_input),
		cmocka_unit_test(utf16z__finds_the_nul_at_every_distance),
		cmocka_unit_test(strz__ends_at_nul_or_at_end_of_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
