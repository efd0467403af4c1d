#include "policyd/report/incident_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What one text, or one object, looks like in the file. */
static void check(const char *text, const char *object, const char *wanted)
{
	FILE *f = tmpfile();
	struct incident_out o;
	char got[1024] = "";

	assert_non_null(f);
	incident_out_init(&o, f);
	if (text)
		incident_out_text(&o, NULL, text, strlen(text));
	else
		incident_out_object(&o, object, strlen(object));
	assert_true(incident_out_flush(&o));
	rewind(f);
	got[fread(got, 1, sizeof got - 1, f)] = '\0';
	assert_string_equal(got, wanted);
	incident_out_release(&o);
	fclose(f);
}

static void out__nothing_ends_the_element_or_begins_a_comment(void **state)
{
	(void)state;
	check("</script><!-- & -->", NULL, "\"\\u003c/script\\u003e\\u003c!-- \\u0026 --\\u003e\"");
	check(NULL, "{\"<a>\":\"</SCRIPT\"}", "{\"\\u003ca\\u003e\":\"\\u003c/SCRIPT\"}");
}

static void out__line_separators_are_escaped_and_their_like_are_not(void **state)
{
	(void)state;
	check("a\xE2\x80\xA8" "b\xE2\x80\xA9" "c", NULL, "\"a\\u2028b\\u2029c\"");
	check("\xE2\x80\xA7\xE2\x80\xAE", NULL, "\"\xE2\x80\xA7\xE2\x80\xAE\"");
}

static void out__bytes_that_are_no_utf8_become_replacement_characters(void **state)
{
	(void)state;
	check("a\xFF<\xE2\x80", NULL, "\"a\xEF\xBF\xBD\\u003c\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static void out__long_numbers_of_objects_become_texts(void **state)
{
	(void)state;
	check(NULL, "{\"a\":1700000000000000000,\"b\":123456789012345,\"c\":[-1234567890123456,1.5],\"d\":\"1700000000000000000\"}",
		"{\"a\":\"1700000000000000000\",\"b\":123456789012345,\"c\":[\"-1234567890123456\",1.5],\"d\":\"1700000000000000000\"}");
}

static void out__strings_of_objects_keep_quotes_and_backslashes(void **state)
{
	(void)state;
	check(NULL, "{\"a\":\"\\\\\",\"b\":\"\\\"12345678901234567890\\\"\",\"c\":null}",
		"{\"a\":\"\\\\\",\"b\":\"\\\"12345678901234567890\\\"\",\"c\":null}");
}

static void out__a_file_that_cannot_be_written_is_told(void **state)
{
	FILE *f = fopen("/dev/full", "wb");
	struct incident_out o;
	bool written;

	(void)state;
	assert_non_null(f);
	setvbuf(f, NULL, _IONBF, 0);
	incident_out_init(&o, f);
	incident_out_text(&o, NULL, "text", 4);
	written = incident_out_flush(&o);
	assert_false(written);
	incident_out_text(&o, NULL, "more", 4);
	assert_false(incident_out_flush(&o));
	incident_out_release(&o);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out__nothing_ends_the_element_or_begins_a_comment),
		cmocka_unit_test(out__line_separators_are_escaped_and_their_like_are_not),
		cmocka_unit_test(out__bytes_that_are_no_utf8_become_replacement_characters),
		cmocka_unit_test(out__long_numbers_of_objects_become_texts),
		cmocka_unit_test(out__strings_of_objects_keep_quotes_and_backslashes),
		cmocka_unit_test(out__a_file_that_cannot_be_written_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
