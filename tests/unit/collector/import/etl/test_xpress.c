#include "collector/import/etl/xpress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/support/etl_bytes.h"

/* [MS-XCA] §3.1: "abc" a hundred times. Three literals, then a match of distance 3 whose length takes the half byte,
 * the byte and the 16-bit form (294 + 3 = 297). */
static const uint8_t abc_100[] = { 0xff, 0xff, 0xff, 0x1f, 0x61, 0x62, 0x63, 0x17, 0x00, 0x0f, 0xff, 0x26, 0x01 };

static struct view view_of(const void *ptr, size_t len)
{
	return (struct view){ .ptr = ptr, .len = len };
}

static void xpress__published_example_repeats_abc(void **state)
{
	uint8_t out[300];
	size_t made;

	(void)state;
	assert_int_equal(xpress_decompress(view_of(abc_100, sizeof abc_100), out, sizeof out, &made), ST_OK);
	assert_int_equal(made, 300);
	for (size_t i = 0; i < sizeof out; i++)
		assert_int_equal(out[i], "abc"[i % 3]);
}

static void xpress__published_alphabet_is_literal(void **state)
{
	static const uint8_t in[] = "\x3f\x00\x00\x00" "abcdefghijklmnopqrstuvwxyz";    /* [MS-XCA] §3.1 */
	uint8_t out[26];
	size_t made;

	(void)state;
	assert_int_equal(xpress_decompress(view_of(in, sizeof in - 1), out, sizeof out, &made), ST_OK);
	assert_memory_equal(out, "abcdefghijklmnopqrstuvwxyz", sizeof out);
}

/* 'x', then two matches of distance 1 that share one byte for their lengths: 7 + 3 + 2 = 12 and 7 + 3 + 5 = 15. */
static void xpress__two_long_matches_share_a_byte(void **state)
{
	static const uint8_t in[] = { 0, 0, 0, 0x60, 'x', 0x07, 0, 0x52, 0x07, 0 };
	uint8_t out[28];
	size_t made;

	(void)state;
	assert_int_equal(xpress_decompress(view_of(in, sizeof in), out, sizeof out, &made), ST_OK);
	assert_int_equal(made, 28);
	for (size_t i = 0; i < sizeof out; i++)
		assert_int_equal(out[i], 'x');
}

/* A length byte of 3 after a full half byte: 3 + 15 + 7 + 3 = 28. Then the 32-bit form: 70000 + 3. */
static void xpress__byte_and_32_bit_lengths(void **state)
{
	static const uint8_t byte_form[] = { 0, 0, 0, 0x40, 'y', 0x07, 0, 0x0f, 3 };
	static const uint8_t wide_form[] = { 0, 0, 0, 0x40, 'z', 0x07, 0, 0x0f, 0xff, 0, 0, 0x70, 0x11, 1, 0 };
	static uint8_t out[70004];
	size_t made;

	(void)state;
	assert_int_equal(xpress_decompress(view_of(byte_form, sizeof byte_form), out, 29, &made), ST_OK);
	assert_int_equal(made, 29);
	assert_int_equal(xpress_decompress(view_of(wide_form, sizeof wide_form), out, sizeof out, &made), ST_OK);
	assert_int_equal(made, 70004);
	assert_int_equal(out[70003], 'z');
}

static void xpress__match_before_the_output_is_malformed(void **state)
{
	static const uint8_t in[] = { 0, 0, 0, 0x40, 'x', 0x08, 0, 0 };    /* distance 2 behind one byte */
	uint8_t out[8];
	size_t made = 99;

	(void)state;
	assert_int_equal(xpress_decompress(view_of(in, sizeof in), out, sizeof out, &made), ST_MALFORMED);
	assert_int_equal(made, 1);
}

static void xpress__length_that_had_a_shorter_form_is_refused(void **state)
{
	static const uint8_t in[] = { 0, 0, 0, 0x40, 'x', 0x07, 0, 0x0f, 0xff, 21, 0 };
	uint8_t out[64];
	size_t made;

	(void)state;
	assert_int_equal(xpress_decompress(view_of(in, sizeof in), out, sizeof out, &made), ST_TRUNCATED);
}

static void xpress__match_never_writes_past_the_room(void **state)
{
	uint8_t *out = malloc(10);
	size_t made;

	(void)state;
	assert_non_null(out);
	assert_int_equal(xpress_decompress(view_of(abc_100, sizeof abc_100), out, 10, &made), ST_OK);
	assert_int_equal(made, 10);
	free(out);
}

static void xpress__every_prefix_is_truncated(void **state)
{
	uint8_t out[300];
	size_t made;

	(void)state;
	for (size_t n = 0; n < sizeof abc_100; n++) {
		uint8_t *exact = etlb_exact(abc_100, n);

		assert_int_equal(xpress_decompress(view_of(exact, n), out, sizeof out, &made), ST_TRUNCATED);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xpress__published_example_repeats_abc),
		cmocka_unit_test(xpress__published_alphabet_is_literal),
		cmocka_unit_test(xpress__two_long_matches_share_a_byte),
		cmocka_unit_test(xpress__byte_and_32_bit_lengths),
		cmocka_unit_test(xpress__match_before_the_output_is_malformed),
		cmocka_unit_test(xpress__length_that_had_a_shorter_form_is_refused),
		cmocka_unit_test(xpress__match_never_writes_past_the_room),
		cmocka_unit_test(xpress__every_prefix_is_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
