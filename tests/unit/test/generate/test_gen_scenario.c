#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/support/generate/gen_scenario.h"
#include "tests/support/generate/gen_words.h"

static void words__quotes_keep_blanks_and_backslashes(void **state)
{
	char line[] = "start cmd image=\\Device\\a.exe cmdline=\"cmd /c \"\"x y\"\" C:\\\" pid=0x10  # rest";
	struct diag why = DIAG_INIT;
	struct words w;

	(void)state;
	assert_int_equal(words_cut(line, 1, &w, &why), ST_OK);
	assert_int_equal(w.plain_count, 2);
	assert_string_equal(w.plain[1], "cmd");
	assert_string_equal(words_find(&w, "image"), "\\Device\\a.exe");
	assert_string_equal(words_find(&w, "cmdline"), "cmd /c \"x y\" C:\\");
	assert_int_equal(words_number(&w, "pid", 0), 16);
	assert_null(words_find(&w, "rest"));
}

static void words__open_quote_is_refused(void **state)
{
	char line[] = "start cmd cmdline=\"cmd";
	struct diag why = DIAG_INIT;
	struct words w;

	(void)state;
	assert_int_equal(words_cut(line, 7, &w, &why), ST_MALFORMED);
	assert_string_equal(why.text, "line 7: a quote is not closed");
}

static enum status take_hello(void *ctx, const struct stream_hello *h)
{
	(void)ctx;
	(void)h;
	return ST_OK;
}

static enum status take_record(void *ctx, const struct record *r)
{
	*(uint64_t *)ctx = r->time_100ns;
	return ST_OK;
}

static enum status take_snapshot(void *ctx, const struct stream_snapshot *s)
{
	(void)ctx;
	(void)s;
	return ST_OK;
}

#define MACHINE "machine name=A boot=2025-03-04T08:00:00Z start=2025-03-04T08:00:00Z\nuser system sid=S-1-5-18\n"

/* The message of playing MACHINE and the lines; "" when all went well. */
static void play(const char *lines, uint64_t *last_100ns, char message[600])
{
	const struct gen_output out = { take_hello, take_record, take_snapshot, last_100ns };
	struct gen_scenario *s = NULL;
	struct diag why = DIAG_INIT;
	char text[2000];

	snprintf(text, sizeof text, MACHINE "%s", lines);
	if (gen_scenario_open(text, &s, &why) == ST_OK)
		gen_scenario_play(s, &out, &why);
	snprintf(message, 600, "%s", why.text);
	gen_scenario_close(s);
}

static void scenario__errors_name_line_and_thing(void **state)
{
	static const struct {
		const char *lines, *message;
	} cases[] = {
		{ "begin\nfly away\n", "line 4: no such action here: fly" },
		{ "start a user=nobody image=x\n", "line 3: no user nobody" },
		{ "start a user=system parent=b image=x\n", "line 3: no process b" },
		{ "running a user=system image=x\nbegin\nexit a\nexit a\n", "line 6: no live process a" },
		{ "running a user=system image=x\nconnect a remote=1.2.3 local=1.2.3.4:5\n", "line 4: not address:port 1.2.3" },
		{ "container c silo=zz\n", "line 3: a container needs a name and a silo GUID: zz" },
	};
	uint64_t last = 0;
	char message[600];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		play(cases[i].lines, &last, message);
		assert_string_equal(message, cases[i].message);
	}
}

static void scenario__time_goes_on_by_what_lines_say(void **state)
{
	uint64_t last = 0;
	char message[600];

	(void)state;
	play("running a user=system image=\\a.exe\nbegin\n+60 module a path=\\b.dll\n", &last, message);
	assert_string_equal(message, "");
	/* 2025-03-04T08:01:00Z and some milliseconds */
	assert_true(last > UINT64_C(133855488600000000) && last < UINT64_C(133855488600500000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words__quotes_keep_blanks_and_backslashes),
		cmocka_unit_test(words__open_quote_is_refused),
		cmocka_unit_test(scenario__errors_name_line_and_thing),
		cmocka_unit_test(scenario__time_goes_on_by_what_lines_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
