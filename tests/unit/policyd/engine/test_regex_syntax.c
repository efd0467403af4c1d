#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "policyd/engine/regex.h"
#include "policyd/engine/regex_syntax.h"

static void assert_problem(const char *pattern, const char *want)
{
	char problem[REGEX_PROBLEM_BYTES];

	assert_int_equal(regex_check(pattern, strlen(pattern), problem), ST_MALFORMED);
	assert_string_equal(problem, want);
}

static void assert_pcre2(const char *pattern, const char *want)
{
	char problem[REGEX_PROBLEM_BYTES];
	struct buf out;

	buf_init(&out, REGEX_MAX_PCRE2_BYTES);
	assert_int_equal(regex_to_pcre2(pattern, strlen(pattern), &out, problem), ST_OK);
	assert_string_equal(buf_cstr(&out), want);
	buf_release(&out);
}

static void assert_match(const char *pattern, const char *text, bool want)
{
	struct regex_scratch *scratch = regex_scratch_create();
	struct regex *re;

	assert_int_equal(regex_create(pattern, strlen(pattern), false, &re, NULL), ST_OK);
	assert_int_equal(regex_match(re, scratch, text, strlen(text)), want);
	regex_destroy(re);
	regex_scratch_destroy(scratch);
}

static void perl_constructs__are_refused(void **state)
{
	(void)state;
	assert_problem("\\d+", "invalid escape sequence: \\d (write [0-9])");
	assert_problem("\\w", "invalid escape sequence: \\w (write [[:alnum:]_])");
	assert_problem("\\bx", "invalid escape sequence: \\b");
	assert_problem("\\pL", "invalid escape sequence: \\p");
	assert_problem("(?i)abc", "no argument for repetition operator: ? (there are no (?...) groups; to ignore case use "
		"icontains or iglob)");
	assert_problem("\\1", "invalid escape sequence: \\1");
}

static void bad_patterns__say_why(void **state)
{
	(void)state;
	assert_problem("(a", "missing closing )");
	assert_problem("a)", "unexpected )");
	assert_problem("[a", "missing closing ]");
	assert_problem("[b-a]", "invalid character class range: the end is before the start");
	assert_problem("[a-b-c]", "invalid character class range: a '-' inside a class is escaped, first or last");
	assert_problem("[[:foo:]]", "invalid character class range: [:foo:]");
	assert_problem("*a", "no argument for repetition operator: *");
	assert_problem("a|{2}", "no argument for repetition operator: {2}");
	assert_problem("a{3,2}", "invalid repetition size: {3,2}");
	assert_problem("a\\", "trailing backslash at end of expression");
	assert_problem("\xff", "invalid UTF-8");
	assert_problem("\\x{110000}", "invalid escape sequence: \\x");
}

static void counts__multiply_to_re2s_limit(void **state)
{
	char problem[REGEX_PROBLEM_BYTES];

	(void)state;
	assert_int_equal(regex_check("(a{2}){500}", 11, problem), ST_OK);
	assert_int_equal(regex_check("((a{10}){100}){1}", 17, problem), ST_OK);
	assert_problem("(a{2}){501}", "invalid repetition size: nested counts multiply to more than 1000");
	assert_problem("a{1001}", "invalid repetition size: {1001,1001}");
}

static void quantifiers__collapse_instead_of_becoming_lazy(void **state)
{
	(void)state;
	assert_pcre2("a+?", "a*");
	assert_pcre2("a**", "a*");
	assert_pcre2("a{2}+", "(?:a{2,2})+");
	assert_pcre2("a{2", "a\\x{7b}2");
	assert_pcre2("(a|b)?", "(?:a|b)?");
}

static void anchors__match_at_line_ends(void **state)
{
	(void)state;
	assert_pcre2("^a$", "(?:)a(?:)");
	assert_match("a\n^b", "a\nb", true);
	assert_match("a^b", "ab", false);
	assert_match("a$\nb", "a\nb", true);
	assert_match("(^a)*", "a", true);
}

static void whole_values__must_match(void **state)
{
	(void)state;
	assert_match("a|ab", "ab", true);
	assert_match("a.c", "a\nc", false);
	assert_match("[^x]", "\n", true);
	assert_match("[[:alpha:]_]+\\.exe", "cmd_x.exe", true);
	assert_match("caf\xc3\xa9", "caf\xc3\xa9", true);
	assert_match("a.b", "a\xff" "b", true);
	assert_match("\\x41\\101\\_\\-", "AA_-", true);
	assert_match("", "", true);
}

static void plain_patterns__are_recognised(void **state)
{
	(void)state;
	assert_true(regex_is_plain("^.*abc.*$", 9));
	assert_true(regex_is_plain("", 0));
	assert_false(regex_is_plain("a.c", 3));
	assert_false(regex_is_plain("a\\.c", 4));
	assert_false(regex_is_plain("..*", 3));
}

static void catastrophic_patterns__give_up(void **state)
{
	struct regex_scratch *scratch = regex_scratch_create();
	struct regex *re;
	char text[64];

	(void)state;
	memset(text, 'a', sizeof text);
	assert_int_equal(regex_create("(a*)*(a*)*(a*)*b", 16, false, &re, NULL), ST_OK);
	assert_false(regex_match(re, scratch, text, sizeof text));
	regex_destroy(re);
	regex_scratch_destroy(scratch);
}

/* Every prefix, in memory of exactly its size. */
static void prefixes__never_read_past_the_end(void **state)
{
	static const char text[] = "^(a|[[:alpha:]\\x{41}-\\x{5A}-])+?{2,3}[^]\\n]\\\\\\101\\x41\xc3\xa9{1,}$";
	char problem[REGEX_PROBLEM_BYTES];

	(void)state;
	for (size_t n = 0; n <= strlen(text); n++) {
		char *exact = malloc(n ? n : 1);

		memcpy(exact, text, n);
		assert_true(regex_check(exact, n, problem) == ST_OK || problem[0] != '\0');
		regex_is_plain(exact, n);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(perl_constructs__are_refused),
		cmocka_unit_test(bad_patterns__say_why),
		cmocka_unit_test(counts__multiply_to_re2s_limit),
		cmocka_unit_test(quantifiers__collapse_instead_of_becoming_lazy),
		cmocka_unit_test(anchors__match_at_line_ends),
		cmocka_unit_test(whole_values__must_match),
		cmocka_unit_test(plain_patterns__are_recognised),
		cmocka_unit_test(catastrophic_patterns__give_up),
		cmocka_unit_test(prefixes__never_read_past_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
