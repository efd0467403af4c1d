#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "proto/base/text.h"

enum { LONGEST = 24 };

static void is(const char *text, size_t len, const char *want)
{
	struct buf out;
	char *exact = malloc(len ? len : 1);      /* so that an over-read is seen */

	assert_non_null(exact);
	memcpy(exact, text, len);
	buf_init(&out, 256);
	assert_true(text_append_json(&out, exact, len));
	assert_string_equal(buf_cstr(&out), want);
	buf_release(&out);
	free(exact);
}

static void json__escapes_at_every_place_of_texts_of_every_length(void **state)
{
	static const struct {
		char byte;
		const char *written;
	} cases[] = { { '"', "\\\"" }, { '\\', "\\\\" }, { '\n', "\\n" }, { 0x1F, "\\u001f" }, { 0, "\\u0000" },
		{ '\xFF', "\xEF\xBF\xBD" }, { ' ', " " }, { '!', "!" }, { '#', "#" }, { '[', "[" }, { ']', "]" },
		{ 0x7F, "\x7F" } };
	char text[LONGEST + 1], want[LONGEST + 16];

	(void)state;
	for (size_t len = 1; len <= LONGEST; len++) {
		for (size_t i = 0; i < len * (sizeof cases / sizeof cases[0]); i++) {
			size_t at = i % len, c = i / len, n = strlen(cases[c].written);

			memset(text, 'a', sizeof text);
			text[at] = cases[c].byte;
			memset(want, 'a', sizeof want);
			want[0] = '"';
			memcpy(want + 1 + at, cases[c].written, n);
			want[len + n] = '"';
			want[len + n + 1] = 0;
			is(text, len, want);
		}
	}
}

static void json__keeps_characters_of_several_bytes(void **state)
{
	(void)state;
	is("", 0, "\"\"");
	is("aaaaaaa\xC3\xA9" "aaaaaaaaaa", 19, "\"aaaaaaa\xC3\xA9" "aaaaaaaaaa\"");
	is("\xF0\x9F\x98\x80\xF0\x9F\x98", 7, "\"\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json__escapes_at_every_place_of_texts_of_every_length),
		cmocka_unit_test(json__keeps_characters_of_several_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
