#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/regex.h"
#include "policyd/engine/regex_literal.h"
#include "proto/base/buf.h"


static bool matches(struct regex_scratch *s, const char *pattern, bool fold, const char *text, size_t len)
{
	struct diag why = DIAG_INIT;
	struct regex *re;
	char *exact = malloc(len ? len : 1);
	bool result;

	memcpy(exact, text, len);
	assert_int_equal(regex_create(pattern, strlen(pattern), fold, &re, &why), ST_OK);
	assert_true(regex_bytes(re) > 0);
	result = regex_match(re, s, exact, len);
	regex_destroy(re);
	free(exact);
	return result;
}

static void regex__must_match_the_whole_value(void **state)
{
	struct regex_scratch *s = regex_scratch_create();

	(void)state;
	assert_true(matches(s, "a|alpha", false, "alpha", 5));
	assert_false(matches(s, "alp", false, "alpha", 5));
	assert_false(matches(s, "lpha", false, "alpha", 5));
	assert_true(matches(s, "", false, "", 0));
	assert_false(matches(s, "a.c", false, "a\nc", 3));
	assert_false(matches(s, "ALPHA", false, "alpha", 5));
	assert_true(matches(s, "ALPHA", true, "alpha", 5));
	regex_scratch_destroy(s);
}

static void invalid_utf8__is_seen_as_replacement_characters(void **state)
{
	struct regex_scratch *s = regex_scratch_create();

	(void)state;
	assert_true(matches(s, "a.b", false, "a\xFF" "b", 3));
	assert_true(matches(s, "a\xEF\xBF\xBD" "b", false, "a\xFF" "b", 3));
	assert_true(matches(s, "a..", false, "a\xE2\x82", 3));
	assert_false(matches(s, "a.", false, "a\xE2\x82", 3));
	assert_true(matches(s, "\xC3\xA9.", false, "\xC3\xA9\xFF", 3));
	regex_scratch_destroy(s);
}

static void padding__hides_no_match(void **state)
{
	struct regex_scratch *s = regex_scratch_create();
	static char text[30000];

	(void)state;
	memset(text, 'a', sizeof text);
	assert_true(matches(s, "((a|aa)*x?)*[bc]|a*", false, text, sizeof text));
	assert_false(matches(s, "((a|aa)*x?)*[bc]|a*d", false, text, sizeof text));
	assert_false(matches(s, "((a|aa)*x?)*[bc]|[ad]*aaa[bd]?b*[cd]", false, text, sizeof text));
	assert_true(regex_scratch_counters(s).slow >= 2);
	assert_int_equal(regex_scratch_counters(s).gave_up, 0);
	regex_scratch_destroy(s);
}

struct anchored {
	const char *pattern, *text;
	bool match;
};

/* Each pattern ends one whose first alternative backtracks too long on the padding. */
static const struct anchored anchored[] = {
	{ "$", "", true },
	{ "b$", "b", true },
	{ "$b", "b", false },
	{ "^b", "b", false },
	{ "\n^b", "\nb", true },
	{ "\n^$", "\n", true },
	{ "$\n^b$", "\nb", true },
	{ "(^|$)\n(^|x)b(x|$)", "\nb", true },
	{ "(^|x)b", "b", false },
	{ "(\n^(b|c)$)*", "\nb\nc\nb", true },
	{ "(\n^(b|c)$)*", "\nb\ncb\nb", false },
	{ "($\n*^)*b", "\n\n\nb", true },
	{ "^*b$+", "b", true },
	{ "(^+b)?\n", "b\n", false },
	{ "[^x]*$\n^evil$.*", "zz\nevil\n", false },
	{ "[^x]*$\n^evil$\n*", "zz\nevil\n", true },
};

static void padding__hides_no_match_of_inner_anchors(void **state)
{
	struct regex_scratch *s = regex_scratch_create();
	enum { PADDING = 20000 };
	static char text[PADDING + 16];
	char pattern[64];

	(void)state;
	memset(text, 'a', PADDING);
	for (size_t i = 0; i < sizeof anchored / sizeof anchored[0]; i++) {
		size_t len = strlen(anchored[i].text);

		memcpy(text + PADDING, anchored[i].text, len);
		snprintf(pattern, sizeof pattern, "((a|aa)*x?)*[ef]|a*%s", anchored[i].pattern);
		if (matches(s, pattern, false, text, PADDING + len) != anchored[i].match)
			fail_msg("%s", anchored[i].pattern);
		snprintf(pattern, sizeof pattern, "a*%s", anchored[i].pattern);
		if (matches(s, pattern, false, text + PADDING - 3, 3 + len) != anchored[i].match)
			fail_msg("%s, without padding", anchored[i].pattern);
	}
	assert_int_equal(regex_scratch_counters(s).slow, sizeof anchored / sizeof anchored[0]);
	assert_int_equal(regex_scratch_counters(s).gave_up, 0);
	regex_scratch_destroy(s);
}

static void past_all_limits__a_match_is_given_up_and_counted(void **state)
{
	struct regex_scratch *s = regex_scratch_create();
	size_t len = REGEX_SLOW_BUDGET / 256;
	char *text = malloc(len);

	(void)state;
	memset(text, 'a', len);
	assert_false(matches(s, "((a|aa|aaa|aaaa|aaaaa|aaaaaa|aaaaaaaa|aaaaaaaaa|aaaaaaaaaa|aaaaaaaaaaa|aaaaaaaaaaaa)*x?)*[bc]",
		false, text, len));
	assert_int_equal(regex_scratch_counters(s).gave_up, 1);
	assert_false(matches(s, "b.*", false, text, len));
	assert_int_equal(regex_scratch_counters(s).gave_up, 1);
	free(text);
	regex_scratch_destroy(s);
}

static void bad_pattern__says_why(void **state)
{
	struct diag why = DIAG_INIT;
	struct regex *re;

	(void)state;
	assert_int_equal(regex_create("a(", 2, false, &re, &why), ST_MALFORMED);
	assert_null(re);
	assert_non_null(strstr(why.text, "invalid regex pattern"));
}

static const char *const literals[][2] = {
	{ ".*zor[0-9]{2,4}\\.(ps1|vbs|js).*", "zor" },
	{ ".*(-|/)(abc|defg)[ =]+x.*", "-abc,-defg,/abc,/defg" },
	{ "https?://.*evil.*", "http" },
	{ "(a|b)+cdef", "cdef" },
	{ "ab*cde", "cde" },
	{ "ab?", "a" },
	{ "(abc){2}", "abc" },
	{ "(abc)?", "" },
	{ ".*", "" },
	{ "abc|.*", "" },
	{ "abc|defg", "abc,defg" },
	{ "x[.]y", "x.y" },
	{ "x[[:alpha:]]yz", "yz" },
	{ "x[]a]yz", "yz" },
	{ "\\x41bcd", "" },
	{ "a\\.b", "a.b" },
	{ "^abc$", "abc" },
	{ "\xC3\xA9?abc", "abc" },
	{ "[", "" },
	{ "(abc", "" },
};

static void literals__are_what_every_match_contains(void **state)
{
	struct arena *a = arena_create(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++) {
		struct regex_literals got = regex_literals_of(literals[i][0], strlen(literals[i][0]), a);
		struct buf text;

		buf_init(&text, 4096);
		for (size_t k = 0; k < got.count; k++) {
			if (k)
				buf_append_char(&text, ',');
			buf_append(&text, got.at[k].ptr, got.at[k].len);
		}
		if (strcmp(buf_cstr(&text), literals[i][1]) != 0)
			fail_msg("%s: expected %s, got %s", literals[i][0], literals[i][1], buf_cstr(&text));
		buf_release(&text);
	}
	arena_destroy(a);
}

static void literals__of_every_prefix_stay_inside(void **state)
{
	static const char pattern[] = "a(b|c[^]x[:alpha:]])*\\.d{2,3}(e|f)\xC3\xA9+[";
	struct arena *a = arena_create(1 << 20);

	(void)state;
	for (size_t n = 0; n < sizeof pattern; n++) {
		char *exact = malloc(n ? n : 1);

		memcpy(exact, pattern, n);
		assert_true(regex_literals_of(exact, n, a).count <= REGEX_LITERALS_MAX);
		free(exact);
	}
	arena_destroy(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regex__must_match_the_whole_value),
		cmocka_unit_test(invalid_utf8__is_seen_as_replacement_characters),
		cmocka_unit_test(padding__hides_no_match),
		cmocka_unit_test(padding__hides_no_match_of_inner_anchors),
		cmocka_unit_test(past_all_limits__a_match_is_given_up_and_counted),
		cmocka_unit_test(bad_pattern__says_why),
		cmocka_unit_test(literals__are_what_every_match_contains),
		cmocka_unit_test(literals__of_every_prefix_stay_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
