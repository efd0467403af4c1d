#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "policyd/fields/task_xml.h"

#define TASK                                                                                                           \
	"<Task><Triggers><LogonTrigger><UserId>other</UserId></LogonTrigger></Triggers><Principals><Principal id=\"Author\">" \
	"<UserId>S-1-5-18</UserId></Principal></Principals><!-- <Exec><Command>decoy</Command></Exec> --><Actions "          \
	"Context=\"Author\"><Exec><Command>cmd.exe</Command><Arguments>/c echo &quot;1 &lt; 2 &amp; 3&quot; &#62;&#x3e; "    \
	"&nope; a.txt</Arguments></Exec></Actions></Task>"

static struct arena *scratch;

static int setup(void **state)
{
	(void)state;
	scratch = arena_create(4096);
	return scratch ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(scratch);
	return 0;
}

static bool find(const char *xml, size_t len, const char *within, const char *name, char out[64])
{
	char *exact = malloc(len ? len : 1);
	struct text_view text;
	bool found;

	assert_non_null(exact);
	memcpy(exact, xml, len);
	found = task_xml_text((struct text_view){ exact, len }, within, name, scratch, &text);
	if (found) {
		assert_true(text.len < 64);
		memcpy(out, text.ptr, text.len);
		out[text.len] = 0;
	}
	free(exact);
	return found;
}

static void is(const char *within, const char *name, const char *want)
{
	char got[64];

	assert_true(find(TASK, strlen(TASK), within, name, got));
	assert_string_equal(got, want);
}

static void text__is_of_the_element_within_another(void **state)
{
	char got[64];

	(void)state;
	is("Exec", "Command", "cmd.exe");
	is("Principal", "UserId", "S-1-5-18");
	assert_false(find(TASK, strlen(TASK), "Exec", "WorkingDirectory", got));
	assert_false(find(TASK, strlen(TASK), "ComHandler", "Command", got));
}

static void entities__are_what_they_stand_for(void **state)
{
	char got[64];

	(void)state;
	is("Exec", "Arguments", "/c echo \"1 < 2 & 3\" >> &nope; a.txt");
	assert_true(find("<a><b>&#x20AC;&#0;&#xD800;&#x110000;&#233;&</b></a>", 51, "a", "b", got));
	assert_string_equal(got, "\xE2\x82\xAC&#0;&#xD800;&#x110000;\xC3\xA9&");
}

static void every_prefix__ends_without_a_value_or_with_the_whole_one(void **state)
{
	size_t whole = strlen(TASK), value_end = whole - strlen(strstr(strstr(TASK, "-->"), "</Command>"));
	char got[64];

	(void)state;
	for (size_t len = 0; len <= whole; len++) {
		bool found = find(TASK, len, "Exec", "Command", got);

		assert_int_equal(found, len > value_end);
		if (found)
			assert_string_equal(got, "cmd.exe");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(text__is_of_the_element_within_another, setup, teardown),
		cmocka_unit_test_setup_teardown(entities__are_what_they_stand_for, setup, teardown),
		cmocka_unit_test_setup_teardown(every_prefix__ends_without_a_value_or_with_the_whole_one, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
