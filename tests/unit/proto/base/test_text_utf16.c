#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "proto/base/text.h"

static size_t convert(const char *utf8, char *out, size_t out_bytes)
{
	uint8_t wide[256];
	size_t len = text_utf8_to_utf16(utf8, strlen(utf8), wide, sizeof wide);
	uint8_t *exact = malloc(len ? len : 1);
	size_t n;

	assert_non_null(exact);
	memcpy(exact, wide, len);
	n = text_utf16_to_utf8((struct view){ exact, len }, out, out_bytes);
	free(exact);
	return n;
}

static void utf16_to_utf8__returns_what_went_in(void **state)
{
	static const char *const texts[] = { "", "a", "abc", "abcd", "C:\\Windows\\System32\\cmd.exe", "abc\xc3\xa9",
		("\xc3\xa9" "abcdefgh"), "abcdefg\xe2\x82\xachijk\xf0\x9f\x98\x80lmnop", "\x7f\x7f\x7f\x7f\xc2\x80" };
	char out[256];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		size_t n = convert(texts[i], out, sizeof out);

		assert_int_equal(n, strlen(texts[i]));
		assert_memory_equal(out, texts[i], n);
	}
}

static void utf16_to_utf8__cuts_at_a_whole_character(void **state)
{
	static const char text[] = "abcdef\xe2\x82\xacghi";
	char out[16];

	(void)state;
	for (size_t room = 0; room < sizeof text; room++) {
		size_t n = convert(text, out, room);

		assert_int_equal(n, room >= 6 && room < 9 ? 6 : room);
		assert_memory_equal(out, text, n);
	}
}

static void utf16_to_utf8__replaces_lone_surrogates(void **state)
{
	static const uint8_t lone[] = { 'a', 0, 0x00, 0xd8, 'b', 0, 0x00, 0xdc, 0x3d, 0xd8 };
	char out[16];
	size_t n = text_utf16_to_utf8((struct view){ lone, sizeof lone }, out, sizeof out);

	(void)state;
	assert_int_equal(n, 11);
	assert_memory_equal(out, "a\xef\xbf\xbd" "b\xef\xbf\xbd\xef\xbf\xbd", n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf16_to_utf8__returns_what_went_in),
		cmocka_unit_test(utf16_to_utf8__cuts_at_a_whole_character),
		cmocka_unit_test(utf16_to_utf8__replaces_lone_surrogates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
