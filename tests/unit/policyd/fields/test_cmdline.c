#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policyd/fields/cmdline.h"

static struct text_view view_of(const char *text)
{
	return (struct text_view){ .ptr = text, .len = strlen(text) };
}

/* Words joined by '|'. */
static void assert_words(const char *line, const char *want)
{
	struct arena *scratch = arena_create(1 << 20);
	struct cmdline_words words;
	char text[512] = "";
	size_t n = 0;

	assert_true(cmdline_split(view_of(line), scratch, &words));
	for (size_t i = 0; i < words.count; i++) {
		if (i)
			text[n++] = '|';
		memcpy(text + n, words.word[i].ptr, words.word[i].len);
		n += words.word[i].len;
	}
	text[n] = '\0';
	assert_string_equal(text, want);
	arena_destroy(scratch);
}

static void words__are_those_of_the_c_runtime(void **state)
{
	(void)state;
	assert_words("prog a b", "prog|a|b");
	assert_words("prog \"a b\" c", "prog|a b|c");
	assert_words("prog \"ab\\\"c\" \"\\\\\" d", "prog|ab\"c|\\|d");
	assert_words("prog a\\\\\\b d\"e f\"g h", "prog|a\\\\\\b|de fg|h");
	assert_words("prog a\\\\\\\"b c d", "prog|a\\\"b|c|d");
	assert_words("prog a\\\\\\\\\"b c\" d e", "prog|a\\\\b c|d|e");
	assert_words("prog a\"b\"\" c d", "prog|ab\" c d");
	assert_words("prog \"\" x", "prog||x");
	assert_words("  \"C:\\Program Files\\a.exe\"  x\t y ", "C:\\Program Files\\a.exe|x|y");
	assert_words("\"C:\\a\\\"b c", "C:\\a\\|b|c");
	assert_words("\"unclosed name", "unclosed name");
	assert_words("prog \"unclosed arg", "prog|unclosed arg");
	assert_words("prog \\", "prog|\\");
	assert_words("", "");
	assert_words("   ", "");
}

static void arguments__are_the_line_behind_the_program(void **state)
{
	struct text_view got = cmdline_arguments(view_of(" \"a b\" c  \"d\"  "));

	(void)state;
	assert_int_equal(got.len, 6);
	assert_memory_equal(got.ptr, "c  \"d\"", 6);
	assert_int_equal(cmdline_arguments(view_of("a")).len, 0);
	assert_int_equal(cmdline_arguments(view_of("")).len, 0);
}

static void words__past_the_limit_are_left_out(void **state)
{
	struct arena *scratch = arena_create(1 << 20);
	struct cmdline_words words;
	char line[3000];

	(void)state;
	for (size_t i = 0; i < sizeof line; i++)
		line[i] = i % 2 ? ' ' : 'a';
	assert_true(cmdline_split((struct text_view){ line, sizeof line }, scratch, &words));
	assert_int_equal(words.count, CMDLINE_MAX_WORDS);
	arena_destroy(scratch);
}

static void assert_decoded(const char *line, const char *want)
{
	struct arena *scratch = arena_create(1 << 20);
	struct text_view got;
	bool found = cmdline_decode_powershell(view_of(line), scratch, &got);

	assert_int_equal(found, want != NULL);
	if (want) {
		assert_int_equal(got.len, strlen(want));
		assert_memory_equal(got.ptr, want, got.len);
	}
	arena_destroy(scratch);
}

static void encoded_command__is_found_in_every_spelling(void **state)
{
	(void)state;
	assert_decoded("powershell -enc dwBoAG8AYQBtAGkA", "whoami");
	assert_decoded("powershell -e dwBoAG8AYQBtAGkA", "whoami");
	assert_decoded("powershell -EC dwBoAG8AYQBtAGkA", "whoami");
	assert_decoded("powershell /EncodedCommand dwBoAG8AYQBtAGkA", "whoami");
	assert_decoded("powershell -NoP -W Hidden -eNcOdE \"dwBoAG8AYQBtAGkA\"", "whoami");
	assert_decoded("powershell -enc dwBoAG8AYQBtAGkA==", "whoami");
	assert_decoded("powershell -enc", NULL);
	assert_decoded("powershell -ex bypass", NULL);
	assert_decoded("powershell -enc not!base64!", NULL);
	assert_decoded("powershell -enc dwBoAG8AYQBtAGk", NULL);     /* half a unit at the end */
	assert_decoded("sed -e s/a/b/", NULL);
	assert_decoded("whoami", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words__are_those_of_the_c_runtime),
		cmocka_unit_test(arguments__are_the_line_behind_the_program),
		cmocka_unit_test(words__past_the_limit_are_left_out),
		cmocka_unit_test(encoded_command__is_found_in_every_spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
