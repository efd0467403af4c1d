#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/toy_condition.h"

static void assert_resolves(const char *text, const struct toy_symbol *macros, const struct toy_symbol *lists,
	const char *want)
{
	struct toy_condition t;

	toy_condition_init_with(&t, text, macros, lists);
	if (t.st != ST_OK)
		fail_msg("%s: %s", text, t.why.text);
	assert_string_equal(buf_cstr(&t.canonical), want);
	toy_condition_release(&t);
}

static void assert_refused(const char *text, const struct toy_symbol *macros, const struct toy_symbol *lists,
	const char *want)
{
	struct toy_condition t;
	char got[800];

	toy_condition_init_with(&t, text, macros, lists);
	assert_int_not_equal(t.st, ST_OK);
	snprintf(got, sizeof got, "%u:%u %s%s%s", t.why.pos.line, t.why.pos.column, t.why.text, t.why.hint[0] ? " | " : "",
		t.why.hint);
	assert_string_equal(got, want);
	toy_condition_release(&t);
}

static void macros__become_subtrees(void **state)
{
	static const struct toy_symbol macros[] = { { "either", "t.n = 1 or t.n = 2" }, { "both", "either and t.n = 3" },
		{ NULL, NULL } };

	(void)state;
	assert_resolves("either and t.n = 4", macros, NULL, "((t.n = 1 or t.n = 2) and t.n = 4)");
	assert_resolves("not both", macros, NULL, "not ((t.n = 1 or t.n = 2) and t.n = 3)");
}

static void macros__unknown_or_looping_are_refused(void **state)
{
	static const struct toy_symbol macros[] = { { "shell_procs", "t.n = 1" }, { "a", "b" }, { "b", "c or t.n = 1" },
		{ "c", "a" }, { NULL, NULL } };

	(void)state;
	assert_refused("t.n = 1 and shell_proc", macros, NULL, "1:13 Undefined macro 'shell_proc' used in filter. | "
		"did you mean 'shell_procs'?");
	assert_refused("a", macros, NULL, "1:1 reference loop in macro 'a'");
}

static void macro_bombs__end_at_a_limit(void **state)
{
	struct toy_symbol macros[33] = { { "m0", "t.n = 1" } };
	char names[32][16], texts[32][64];

	(void)state;
	for (int i = 1; i < 32; i++) {
		snprintf(names[i], sizeof names[i], "m%d", i);
		snprintf(texts[i], sizeof texts[i], "m%d and m%d and m%d", i - 1, i - 1, i - 1);
		macros[i] = (struct toy_symbol){ names[i], texts[i] };
	}
	assert_refused("m31", macros, NULL, "1:15 condition expands to more than 131072 checks");
}

static void lists__expand_in_lists_and_stay_words_in_quotes(void **state)
{
	static const struct toy_symbol lists[] = { { "one", "bash" }, { "two", "a|b" }, { "none", "" }, { "outer", "two|c" },
		{ "self", "self|d" }, { "paths", "C:\\Program Files\\x|\"q\\\\\"" }, { NULL, NULL } };

	(void)state;
	assert_resolves("t.name in (outer, x, none)", NULL, lists, "t.name in (a, b, c, x)");
	assert_resolves("t.name in one", NULL, lists, "t.name in bash");
	assert_resolves("t.name = one", NULL, lists, "t.name = bash");
	assert_resolves("t.name in ('two')", NULL, lists, "t.name in (two)");
	assert_resolves("t.name in (self)", NULL, lists, "t.name in (self, d)");
	assert_resolves("t.name in (none)", NULL, lists, "t.name in ()");
	assert_resolves("t.path pmatch (paths)", NULL, lists, "t.path pmatch (\"C:\\\\Program Files\\\\x\", \"q\\\\\")");
}

static void lists__with_several_items_need_parentheses(void **state)
{
	static const struct toy_symbol lists[] = { { "two", "a|b" }, { "none", "" }, { NULL, NULL } };

	(void)state;
	assert_refused("t.name in two", NULL, lists, "1:11 unexpected token after 'a', expecting 'or', 'and' | "
		"list 'two' has 2 items: write it in parentheses");
	assert_refused("t.name = none", NULL, lists, "1:10 expected a string value: list 'none' is empty | "
		"list 'none' has 0 items: write it in parentheses");
}

static void lists__may_stand_where_a_number_is_due(void **state)
{
	static const struct toy_symbol lists[] = { { "limit-a", "5" }, { NULL, NULL } };

	(void)state;
	assert_resolves("t.n > limit-a", NULL, lists, "t.n > 5");
}

static void list_bombs__end_at_a_limit(void **state)
{
	struct toy_symbol lists[9] = { { "l0", "x" } };
	char names[8][16], texts[8][512];

	(void)state;
	for (int i = 1; i < 8; i++) {
		snprintf(names[i], sizeof names[i], "l%d", i);
		texts[i][0] = '\0';
		for (int k = 0; k < 32; k++)
			snprintf(texts[i] + strlen(texts[i]), sizeof texts[i] - strlen(texts[i]), "%sl%d", k ? "|" : "", i - 1);
		lists[i] = (struct toy_symbol){ names[i], texts[i] };
	}
	assert_refused("t.name in (l7)", NULL, lists, "0:0 list 'l5' expands to more than 1048576 items");
}

static void long_lists__are_fast(void **state)
{
	size_t items = 100000;
	char *text = malloc(items * 8 + 1);
	struct toy_symbol lists[] = { { "long", text }, { NULL, NULL } };
	struct toy_condition t;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < items; i++)
		n += (size_t)snprintf(text + n, 9, "x%06zu|", i);
	toy_condition_init_with(&t, "t.name in (long) or t.cmdline contains anyof (long, more)", NULL, lists);
	assert_int_equal(t.st, ST_OK);
	assert_int_equal(t.expr->kids[1]->pred->const_count, items + 1);
	toy_condition_release(&t);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(macros__become_subtrees),
		cmocka_unit_test(macros__unknown_or_looping_are_refused),
		cmocka_unit_test(macro_bombs__end_at_a_limit),
		cmocka_unit_test(lists__expand_in_lists_and_stay_words_in_quotes),
		cmocka_unit_test(lists__with_several_items_need_parentheses),
		cmocka_unit_test(lists__may_stand_where_a_number_is_due),
		cmocka_unit_test(list_bombs__end_at_a_limit),
		cmocka_unit_test(long_lists__are_fast),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
