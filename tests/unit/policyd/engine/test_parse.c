#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/toy_condition.h"

/* "line:column text" of a condition that must fail, with " | hint" when there is one. */
static void assert_fails(const char *text, const char *want)
{
	struct cond_parser parser = { .arena = arena_create(1 << 20) };
	const struct ast_node *ast;
	struct cond_diag why;
	char got[800];

	assert_int_equal(condition_parse(&parser, text, strlen(text), &ast, &why), ST_MALFORMED);
	assert_null(ast);
	snprintf(got, sizeof got, "%u:%u %s%s%s", why.pos.line, why.pos.column, why.text, why.hint[0] ? " | " : "",
		why.hint);
	assert_string_equal(got, want);
	arena_destroy(parser.arena);
}

static void assert_canonical(const char *text, const char *want)
{
	struct cond_parser parser = { .arena = arena_create(1 << 20) };
	const struct ast_node *ast;
	struct cond_diag why = { .text = "" };
	struct buf out;

	buf_init(&out, 1 << 20);
	if (condition_parse(&parser, text, strlen(text), &ast, &why) != ST_OK)
		fail_msg("%s: %s", text, why.text);
	assert_true(condition_canonical(ast, &out));
	assert_string_equal(buf_cstr(&out), want);
	buf_release(&out);
	arena_destroy(parser.arena);
}

static void groups__follow_precedence_and_keep_parentheses(void **state)
{
	(void)state;
	assert_canonical("a or b and not c", "(a or (b and not c))");
	assert_canonical("(a and b) and c", "((a and b) and c)");
	assert_canonical("not not a and not(b or c)", "(a and not (b or c))");
	assert_canonical("not (not a)", "not not a");
	assert_canonical("not", "not");
}

static void checks__print_canonically(void **state)
{
	(void)state;
	assert_canonical("x.y=  'a b' or x.y==c", "(x.y = \"a b\" or x.y == c)");
	assert_canonical("x.y in(a,\"\",b)", "x.y in (a, , b)");
	assert_canonical("x.y[\"\"] startswith anyof ('a',b)", "x.y[\"\"] startswith anyof (a, b)");
	assert_canonical("getopt(x.y , 'ab:')[b] = val( z.z )", "getopt(x.y,ab:)[b] = val(z.z)");
	assert_canonical("x.y = C:\\a", "x.y = \"C:\\\\a\"");
	assert_canonical("x.y = oneof", "x.y = oneof");
	assert_canonical("x.y contains anyof or_more", "x.y contains anyof or_more");
}

static void quotes__count_backslashes(void **state)
{
	(void)state;
	assert_canonical("x.y = \"C:\\\\Windows\\\\\" and z", "(x.y = \"C:\\\\Windows\\\\\" and z)");
	assert_canonical("x.y in (\"a\\\\\", 'b\\\\')", "x.y in (\"a\\\\\", \"b\\\\\")");
}

static void quotes__under_falcos_rule_do_not_count(void **state)
{
	struct cond_parser parser = { .arena = arena_create(1 << 20), .falco_quotes = true };
	const char *text = "x.y = \"C:\\\\\"";
	const struct ast_node *ast;

	(void)state;
	assert_int_equal(condition_parse(&parser, text, strlen(text), &ast, NULL), ST_MALFORMED);
	arena_destroy(parser.arena);
}

static void words__are_not_prefixes(void **state)
{
	(void)state;
	assert_fails("x.y existsand z", "1:5 expected a valid check operator: one of <=, <, >=, >, ==, =, !=, glob, iglob, "
		"contains, icontains, bcontains, startswith, bstartswith, endswith, regex, intersects, in, pmatch, exists | "
		"did you mean 'exists'?");
	assert_fails("x.y inside", "1:5 expected a valid check operator: one of <=, <, >=, >, ==, =, !=, glob, iglob, "
		"contains, icontains, bcontains, startswith, bstartswith, endswith, regex, intersects, in, pmatch, exists");
}

static void errors__have_their_place(void **state)
{
	(void)state;
	assert_fails("x.y = a\n  and (x.y = b", "2:15 expected a ')' token");
	assert_fails("x.y = \"C:\\Program Files\"", "1:10 unsupported string escape sequence: \\P | "
		"write \\\\ for a backslash, or leave the quotes away");
	assert_fails("x.y in (\"C:\\Program Files\")", "1:12 unsupported string escape sequence: \\P | "
		"write \\\\ for a backslash, or leave the quotes away");
	assert_fails("x.y = \"open", "1:7 expected a string value or a field with a valid transformer: val, tolower, "
		"toupper, b64, basename, len, join, concat, getopt | the quoted string is not closed");
	assert_fails("x.y = a AND z", "1:9 unexpected token after 'a', expecting 'or', 'and' | "
		"keywords are lower case: 'and'");
	assert_fails("tolowr(x.y) = a", "1:7 unexpected token after 'tolowr', expecting 'or', 'and' | "
		"did you mean 'tolower'?");
	assert_fails("x.y startwith a", "1:5 expected a valid check operator: one of <=, <, >=, >, ==, =, !=, glob, iglob, "
		"contains, icontains, bcontains, startswith, bstartswith, endswith, regex, intersects, in, pmatch, exists | "
		"did you mean 'startswith'?");
	assert_fails("x.y =\ta\vb", "1:8 unexpected token after 'a', expecting 'or', 'and'");
}

static void nul__is_refused(void **state)
{
	struct cond_parser parser = { .arena = arena_create(1 << 20) };
	const struct ast_node *ast;
	struct cond_diag why;

	(void)state;
	assert_int_equal(condition_parse(&parser, "a\0b", 3, &ast, &why), ST_MALFORMED);
	assert_string_equal(why.text, "condition holds a NUL byte");
	arena_destroy(parser.arena);
}

/* Every prefix, in memory of exactly its size: a read past the end is an ASan report. */
static void prefixes__never_read_past_the_end(void **state)
{
	static const char text[] = "not (a.b[\"k\\\"\"] = 'x\\x41' or getopt(a.b,(\"c\", 1.5e+3))[c] contains anyof (\"d\\\\\", e)) "
		"and c.d >= 0x1F and e.f in val(g.h[0]) and m";

	(void)state;
	for (size_t n = 0; n <= strlen(text); n++) {
		struct cond_parser parser = { .arena = arena_create(1 << 20) };
		char *exact = malloc(n ? n : 1);
		const struct ast_node *ast;
		struct cond_diag why;
		enum status st;

		memcpy(exact, text, n);
		st = condition_parse(&parser, exact, n, &ast, &why);
		assert_true(st == ST_OK ? ast != NULL : why.pos.offset <= n);
		free(exact);
		arena_destroy(parser.arena);
	}
}

static char *repeated(const char *unit, size_t count, const char *tail)
{
	size_t n = strlen(unit), len = n * count + strlen(tail);
	char *text = malloc(len + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(text + i * n, unit, n);
	memcpy(text + n * count, tail, strlen(tail) + 1);
	return text;
}

static enum status parse_status(char *text, struct cond_diag *why)
{
	struct cond_parser parser = { .arena = arena_create((size_t)256 << 20) };
	const struct ast_node *ast;
	enum status st = condition_parse(&parser, text, strlen(text), &ast, why);

	arena_destroy(parser.arena);
	free(text);
	return st;
}

static void depth__is_limited_as_in_falco(void **state)
{
	struct cond_diag why;

	(void)state;
	assert_int_equal(parse_status(repeated("(", 10000, "a"), &why), ST_LIMIT);
	assert_string_equal(why.text, "exceeded max depth limit of 1000");
	assert_int_equal(parse_status(repeated("tolower(", 10000, "a.b) = c"), &why), ST_LIMIT);
	assert_int_equal(parse_status(repeated("not ", 10000, "a"), &why), ST_OK);
	assert_int_equal(parse_status(repeated("not(", 10000, "a"), &why), ST_LIMIT);
}

static void size__is_limited(void **state)
{
	struct cond_diag why;

	(void)state;
	assert_int_equal(parse_status(repeated("a.b = c or ", 90000, "a.b = c"), &why), ST_OK);
	assert_int_equal(parse_status(repeated("a or ", 200000, "a"), &why), ST_LIMIT);
	assert_string_equal(why.text, "condition has more than 131072 checks");
	assert_int_equal(parse_status(repeated("x", COND_MAX_TEXT_BYTES, "x"), &why), ST_LIMIT);
}

static void arena_full__is_an_error_not_a_crash(void **state)
{
	char *text = repeated("a.b in (c, 'd e') or ", 200, "a");

	(void)state;
	for (size_t bytes = 0; bytes < 40000; bytes += 4096) {
		struct cond_parser parser = { .arena = arena_create(bytes) };
		const struct ast_node *ast;
		struct cond_diag why;

		assert_int_equal(condition_parse(&parser, text, strlen(text), &ast, &why), ST_NOMEM);
		assert_null(ast);
		arena_destroy(parser.arena);
	}
	free(text);
}

static void items__are_literal_unless_wholly_quoted(void **state)
{
	struct cond_parser parser = { .arena = arena_create(1 << 20) };
	struct ast_value v;

	(void)state;
	assert_int_equal(condition_item_value(&parser, "C:\\Program Files", 16, &v, NULL), ST_OK);
	assert_string_equal(v.ptr, "C:\\Program Files");
	assert_int_equal(condition_item_value(&parser, "\"a\\\\b\"", 6, &v, NULL), ST_OK);
	assert_string_equal(v.ptr, "a\\b");
	assert_false(v.word);
	assert_int_equal(condition_item_value(&parser, "\"a\" b", 5, &v, NULL), ST_OK);
	assert_string_equal(v.ptr, "\"a\" b");
	assert_int_equal(condition_item_value(&parser, "\"\\q\"", 4, &v, NULL), ST_MALFORMED);
	arena_destroy(parser.arena);
}

static void operators__parse_with_their_modifier(void **state)
{
	struct ast_check c;

	(void)state;
	assert_true(condition_parse_operator(" startswith anyof ", 18, &c));
	assert_int_equal(c.op, OP_STARTSWITH);
	assert_int_equal(c.mod, MOD_ANYOF);
	assert_true(condition_parse_operator("==", 2, &c));
	assert_string_equal(c.op_text, "==");
	assert_false(condition_parse_operator("startswith  anyof", 17, &c));
	assert_false(condition_parse_operator("in anyof", 8, &c));
	assert_false(condition_parse_operator("like", 4, &c));
	assert_false(condition_parse_operator("", 0, &c));
}

static void lefts__take_the_whole_text(void **state)
{
	struct cond_parser parser = { .arena = arena_create(1 << 20) };
	struct ast_left left;
	struct cond_diag why;

	(void)state;
	assert_int_equal(condition_parse_left(&parser, " tolower(a.b[1]) ", 17, &left, &why), ST_OK);
	assert_int_equal(left.operand->transformer, TR_TOLOWER);
	assert_int_equal(condition_parse_left(&parser, "a.b c", 5, &left, &why), ST_MALFORMED);
	assert_int_equal(condition_parse_left(&parser, "a", 1, &left, &why), ST_MALFORMED);
	arena_destroy(parser.arena);
}

static void value_lists__take_the_whole_text(void **state)
{
	struct cond_parser parser = { .arena = arena_create(1 << 20) };
	struct ast_check c;

	(void)state;
	assert_int_equal(condition_parse_values(&parser, "(a, 'b c')", 10, &c, NULL), ST_OK);
	assert_int_equal(c.value_count, 2);
	assert_string_equal(c.values[1].ptr, "b c");
	assert_int_equal(condition_parse_values(&parser, "(a) b", 5, &c, NULL), ST_MALFORMED);
	assert_int_equal(condition_parse_values(&parser, "a", 1, &c, NULL), ST_MALFORMED);
	arena_destroy(parser.arena);
}

static void names__follow_their_grammar(void **state)
{
	(void)state;
	assert_true(condition_is_macro_name("a_1", 3));
	assert_false(condition_is_macro_name("a-1", 3));
	assert_false(condition_is_macro_name("_a", 2));
	assert_true(condition_is_list_name("dash-name.ok", 12));
	assert_false(condition_is_list_name("bad name", 8));
	assert_false(condition_is_list_name("", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups__follow_precedence_and_keep_parentheses),
		cmocka_unit_test(checks__print_canonically),
		cmocka_unit_test(quotes__count_backslashes),
		cmocka_unit_test(quotes__under_falcos_rule_do_not_count),
		cmocka_unit_test(words__are_not_prefixes),
		cmocka_unit_test(errors__have_their_place),
		cmocka_unit_test(nul__is_refused),
		cmocka_unit_test(prefixes__never_read_past_the_end),
		cmocka_unit_test(depth__is_limited_as_in_falco),
		cmocka_unit_test(size__is_limited),
		cmocka_unit_test(arena_full__is_an_error_not_a_crash),
		cmocka_unit_test(items__are_literal_unless_wholly_quoted),
		cmocka_unit_test(operators__parse_with_their_modifier),
		cmocka_unit_test(lefts__take_the_whole_text),
		cmocka_unit_test(value_lists__take_the_whole_text),
		cmocka_unit_test(names__follow_their_grammar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
