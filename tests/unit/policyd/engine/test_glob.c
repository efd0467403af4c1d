#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "policyd/engine/glob.h"

struct row {
	const char *pattern, *text;
	bool exact, folded;           /* expected without and with folding */
};

static const struct row rows[] = {
	{ "", "", true, true }, { "", "a", false, false }, { "*", "", true, true }, { "*", "a/b\\.c", true, true },
	{ "a?c", "abc", true, true }, { "a?c", "ac", false, false }, { "?", "/", true, true },
	{ "[a-c]x", "bx", true, true }, { "[a-c]x", "Bx", false, true }, { "[!a-c]x", "bx", false, false },
	{ "[^a-c]x", "dx", true, true }, { "[]a]", "]", true, true }, { "[!]a]", "b", true, true }, { "[a-]", "-", true, true },
	{ "[[:digit:]]*", "7z", true, true }, { "[[:upper:]]", "a", false, true }, { "[[:nothing:]]", "a", false, false },
	{ "[\\]]", "]", true, true }, { "a\\*b", "a*b", true, true }, { "a\\*b", "axb", false, false },
	{ "ab\\", "ab", false, false }, { "ab\\", "ab\\", false, false }, { "[ab", "[ab", true, true }, { "[ab", "a", false, false },
	{ "*.EXE", "Tool.exe", false, true }, { "*a*b*c*", "xxaxxbxxcxx", true, true }, { "*a*b*c", "xxaxxbxxcxx", false, false },
	{ "**", "abc", true, true }, { "a*b*b", "ab", false, false }, { "/etc/*", "/etc/a/b", true, true }, { "abc", "xabc", false, false },
};

static void glob__does_what_fnmatch_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct glob_text p = { rows[i].pattern, strlen(rows[i].pattern) }, t = { rows[i].text, strlen(rows[i].text) };

		if (glob_match(p, t, false) != rows[i].exact || glob_match(p, t, true) != rows[i].folded)
			fail_msg("%s on %s", rows[i].pattern, rows[i].text);
	}
}

static void glob__never_reads_past_pattern_or_text(void **state)
{
	static const char pattern[] = "a*[b-d][[:alpha:]]\\?[!x]*[z", text[] = "aabcq?yy[z";
	unsigned matched = 0;

	(void)state;
	for (size_t n = 0; n < sizeof pattern * sizeof text; n++) {
		size_t pl = n % sizeof pattern, tl = n / sizeof pattern;
		char *p = malloc(pl ? pl : 1), *t = malloc(tl ? tl : 1);

		memcpy(p, pattern, pl);
		memcpy(t, text, tl);
		matched += glob_match((struct glob_text){ p, pl }, (struct glob_text){ t, tl }, false);
		free(p);
		free(t);
	}
	assert_true(matched > 10);
}

static void many_stars__take_bounded_time(void **state)
{
	char pattern[400], text[20000];

	(void)state;
	for (size_t i = 0; i < sizeof pattern; i += 2)
		memcpy(pattern + i, "*a", 2);
	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = 'b';
	assert_false(glob_match((struct glob_text){ pattern, sizeof pattern }, (struct glob_text){ text, sizeof text }, false));
}

static void literal__is_the_longest_plain_run(void **state)
{
	static const char *const expected[][2] = { { "*abc*de", "abc" }, { "a?bc", "bc" }, { "\\*abc\\", "*abc" }, { "***", "" },
		{ "ab[c]defg", "ab" } };
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		size_t len = glob_literal((struct glob_text){ expected[i][0], strlen(expected[i][0]) }, out);

		assert_int_equal(len, strlen(expected[i][1]));
		assert_memory_equal(out, expected[i][1], len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(glob__does_what_fnmatch_does),
		cmocka_unit_test(glob__never_reads_past_pattern_or_text),
		cmocka_unit_test(many_stars__take_bounded_time),
		cmocka_unit_test(literal__is_the_longest_plain_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
