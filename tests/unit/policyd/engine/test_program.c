#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/condition.h"
#include "policyd/engine/program.h"
#include "proto/base/buf.h"
#include "tests/support/compare_engines.h"
#include "tests/support/toy_event.h"

enum { ROUNDS = 300, ROUND_BYTES = 40000 };

/* xorshift: the same bytes on every machine. */
static void fill(uint8_t *out, size_t len, uint64_t seed)
{
	uint64_t x = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;

	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		out[i] = (uint8_t)(x >> 32);
	}
}

static void program__agrees_with_a_plain_tree_walk(void **state)
{
	static uint8_t bytes[ROUND_BYTES];
	unsigned long matched = 0, checked = 0;

	(void)state;
	for (uint64_t round = 0; round < ROUNDS; round++) {
		struct comparison c;

		fill(bytes, sizeof bytes, round + 1);
		c = compare_engines(bytes, sizeof bytes);
		if (c.wrong_rule >= 0)
			fail_msg("round %u: rule %ld", (unsigned)round, c.wrong_rule);
		checked += c.checked;
		matched += c.matched;
	}
	/* Neither side may be right by never matching. */
	assert_true(matched > checked / 20);
	assert_true(matched < checked - checked / 20);
}

enum { MAX_TEST_RULES = 8 };

/* Conditions over the toy events, as a program with a matcher. */
struct bed {
	struct arena *arena, *scratch;
	struct program *program;
	struct matcher *matcher;
	struct toy_fields event;
	size_t hits[MAX_TEST_RULES + 1];
	size_t hit_count, stop_after;
};

static const struct expr *expr_of(struct arena *a, const char *text, size_t len)
{
	struct cond_parser parser = { .arena = a };
	struct cond_checker checker = { .vocabulary = toy_event_vocabulary(), .arena = a };
	const struct ast_node *ast;
	const struct expr *e = NULL;
	struct cond_diag why;

	if (condition_parse(&parser, text, len, &ast, &why) != ST_OK || condition_check(&checker, ast, &e, &why) != ST_OK)
		fail_msg("%.100s: %s", text, why.text);
	return e;
}

static void bed_init(struct bed *b, const char *const *conditions)
{
	struct program_rule rules[MAX_TEST_RULES] = { { .types = NULL } };
	struct type_set types[MAX_TEST_RULES];
	struct diag why = DIAG_INIT;
	struct cond_diag type_why;
	size_t count = 0;

	memset(b, 0, sizeof *b);
	b->arena = arena_create(1 << 28);
	b->scratch = arena_create(1 << 24);
	for (; conditions[count]; count++) {
		rules[count].condition = expr_of(b->arena, conditions[count], strlen(conditions[count]));
		condition_event_types(rules[count].condition, toy_event_vocabulary(), b->arena, &types[count], &type_why);
		rules[count].types = &types[count];
	}
	assert_int_equal(program_build(toy_event_vocabulary(), rules, count, &b->program, &why), ST_OK);
	b->matcher = matcher_create(b->program);
	b->event.type = VOCABULARY_NO_TYPE;
	b->stop_after = MAX_TEST_RULES;
}

static void bed_release(struct bed *b)
{
	matcher_destroy(b->matcher);
	program_destroy(b->program);
	arena_destroy(b->arena);
	arena_destroy(b->scratch);
}

static void bed_text(struct bed *b, size_t field, const char *text)
{
	b->event.has[field] = true;
	b->event.values[field] = (struct value){ .str = { text, strlen(text) } };
}

static bool on_hit(void *ctx, size_t rule)
{
	struct bed *b = ctx;

	b->hits[b->hit_count++] = rule;
	return b->hit_count < b->stop_after;
}

static void bed_run(struct bed *b)
{
	struct event_view ev;

	toy_event_bind(&b->event, b->scratch, &ev);
	b->hit_count = 0;
	matcher_run(b->matcher, &ev, on_hit, b);
	arena_reset(b->scratch);
}

#define RULES(...) ((const char *const[]){ __VA_ARGS__, NULL })
enum { TEXT = 1, TEXT2 = 2, NAME = 3, PATH = 4 };    /* fields of the toy event */

static void matches__come_in_rule_order(void **state)
{
	struct bed b;

	(void)state;
	bed_init(&b, RULES("not t.text = x", "t.text contains needle", "t.text2 exists", "t.text in (a, 'a needle')",
		"t.text endswith dle"));
	bed_text(&b, TEXT, "a needle");
	bed_run(&b);
	assert_int_equal(b.hit_count, 4);
	assert_memory_equal(b.hits, ((size_t[]){ 0, 1, 3, 4 }), 4 * sizeof b.hits[0]);
	bed_release(&b);
}

static void first_match__ends_the_event_and_not_the_next(void **state)
{
	struct bed b;

	(void)state;
	bed_init(&b, RULES("t.text contains needle", "t.text startswith nee", "t.text endswith dle"));
	bed_text(&b, TEXT, "needle");
	b.stop_after = 1;
	bed_run(&b);
	assert_int_equal(b.hit_count, 1);
	assert_int_equal(b.hits[0], 0);
	bed_text(&b, TEXT, "no");
	bed_run(&b);
	assert_int_equal(b.hit_count, 0);
	bed_release(&b);
}

static void rules__are_tried_on_their_event_types_only(void **state)
{
	struct bed b;

	(void)state;
	bed_init(&b, RULES("t.type = start and t.text exists", "t.type != start and t.text exists", "not t.type = start",
		"t.type in (stop, read) and (t.type = stop or t.text = x)"));
	assert_true(matcher_enable_stats(b.matcher, NULL));
	bed_text(&b, TEXT, "a");
	b.event.type = 1;    /* stop */
	bed_run(&b);
	assert_int_equal(b.hit_count, 3);
	assert_int_equal(matcher_stats(b.matcher, 0)->guard_hits, 0);
	b.event.type = 0;
	bed_run(&b);
	assert_int_equal(b.hit_count, 1);
	assert_int_equal(matcher_stats(b.matcher, 0)->evaluations, 1);
	assert_int_equal(matcher_stats(b.matcher, 0)->matches, 1);
	b.event.type = VOCABULARY_NO_TYPE;
	bed_run(&b);
	assert_int_equal(b.hit_count, 1);
	assert_int_equal(b.hits[0], 2);
	bed_release(&b);
}

static void guard__is_the_rarest_check_that_must_hold(void **state)
{
	static const char *const expected[] = {
		"t.text contains \"needle\"",
		"t.text endswith \"abcdef\" or t.text2 = \"x\"",
		"t.name = \"cmd.exe\" in either case",
		"t.text regex \".*needle[0-9]+\"",
	};
	struct bed b;
	struct buf text;

	(void)state;
	bed_init(&b, RULES("t.text2 in (a, b, c) and t.text contains needle and not t.text = x",
		"t.text startswith 'C:\\\\' and (t.text endswith abcdef or t.text2 = x)", "t.name = CMD.exe and t.i64 > 3",
		"t.text regex '.*needle[0-9]+' and t.text2 != y", "t.i64 > 3", "t.text = x or t.i64 > 3"));
	for (size_t i = 0; i < 4; i++) {
		buf_init(&text, 4096);
		assert_true(program_describe_guard(b.program, i, &text));
		assert_string_equal(buf_cstr(&text), expected[i]);
		buf_release(&text);
	}
	buf_init(&text, 4096);
	assert_false(program_describe_guard(b.program, 4, &text));
	assert_false(program_describe_guard(b.program, 5, &text));
	assert_int_equal(program_count(b.program).unguarded, 2);
	buf_release(&text);
	bed_release(&b);
}

static void equal_checks__are_one(void **state)
{
	struct bed b;

	(void)state;
	bed_init(&b, RULES("t.text = a and t.text2 icontains B", "t.text2 icontains b and t.text in (a)", "tolower(t.text) = a",
		"tolower(t.text) = a or t.text = anyof (a)"));
	assert_int_equal(program_count(b.program).checks, 3);
	assert_int_equal(program_count(b.program).fields, 3);
	bed_release(&b);
}

static void windows_names__ignore_case_and_know_backslashes(void **state)
{
	struct bed b;

	(void)state;
	bed_init(&b, RULES("t.path pmatch (c:\\windows)", "t.name = CMD.EXE", "t.text = CMD.EXE", "t.path glob *\\\\CMD.*",
		"basename(t.path) = Cmd.exe"));
	bed_text(&b, PATH, "C:\\Windows\\cmd.exe");
	bed_text(&b, NAME, "Cmd.exe");
	bed_text(&b, TEXT, "cmd.exe");
	bed_run(&b);
	assert_int_equal(b.hit_count, 4);
	assert_int_equal(b.hits[2], 3);
	bed_release(&b);
}

static char *many(const char *before, const char *format, unsigned count, const char *after)
{
	char *text = malloc(strlen(before) + strlen(after) + count * 24u + 1);
	size_t at = strlen(before);

	memcpy(text, before, at);
	for (unsigned i = 0; i < count; i++)
		at += (size_t)snprintf(text + at, 24, format, i);
	memcpy(text + at, after, strlen(after) + 1);
	return text;
}

static void hundred_thousand_constants__are_one_look_up(void **state)
{
	enum { MANY = 50000 };
	char *in = many("not t.text in (", "v%u, ", MANY, "last)"), *contains = many("not t.text contains anyof (", "w%u-, ", MANY, "last)");
	char *guard = many("t.text in (", "v%u, ", MANY, "last)");
	struct bed b;

	(void)state;
	bed_init(&b, RULES(in, contains, guard));
	bed_text(&b, TEXT, "v49999");
	for (unsigned i = 0; i < 20000; i++)
		bed_run(&b);
	assert_int_equal(b.hit_count, 2);
	assert_int_equal(b.hits[0], 1);
	assert_int_equal(b.hits[1], 2);
	bed_text(&b, TEXT, "xw777-");
	bed_run(&b);
	assert_int_equal(b.hit_count, 1);
	assert_int_equal(b.hits[0], 0);
	free(in);
	free(contains);
	free(guard);
	bed_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches__come_in_rule_order),
		cmocka_unit_test(first_match__ends_the_event_and_not_the_next),
		cmocka_unit_test(rules__are_tried_on_their_event_types_only),
		cmocka_unit_test(guard__is_the_rarest_check_that_must_hold),
		cmocka_unit_test(equal_checks__are_one),
		cmocka_unit_test(windows_names__ignore_case_and_know_backslashes),
		cmocka_unit_test(hundred_thousand_constants__are_one_look_up),
		cmocka_unit_test(program__agrees_with_a_plain_tree_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
