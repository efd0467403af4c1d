#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/alert/template.h"
#include "tests/support/toy_condition.h"

struct rendering {
	struct arena *arena;
	const struct template *t;
	struct cond_diag why;
	enum status st;
	enum template_result result;
	struct buf text;
};

static void render(struct rendering *r, bool windows, const char *format, bool base64)
{
	struct cond_checker checker = { .vocabulary = toy_condition_vocabulary(windows), .arena = arena_create(1 << 22) };
	struct template_style style = { .base64_buffers = base64 };
	struct event_view ev = { .scratch = checker.arena };

	memset(r, 0, sizeof *r);
	r->arena = checker.arena;
	buf_init(&r->text, 1 << 20);
	r->st = template_compile(&checker, format, strlen(format), &r->t, &r->why);
	if (r->st == ST_OK)
		r->result = template_render(r->t, &ev, &style, &r->text);
}

static void release(struct rendering *r)
{
	buf_release(&r->text);
	arena_destroy(r->arena);
}

static void assert_renders(const char *format, const char *want)
{
	struct rendering r;

	render(&r, true, format, false);
	if (r.st != ST_OK)
		fail_msg("%s: %s", format, r.why.text);
	assert_int_equal(r.result, TEMPLATE_DONE);
	assert_string_equal(buf_cstr(&r.text), want);
	release(&r);
}

static void assert_refused(const char *format, const char *want)
{
	struct rendering r;
	char got[800];

	render(&r, false, format, false);
	assert_int_equal(r.st, ST_MALFORMED);
	assert_null(r.t);
	snprintf(got, sizeof got, "%u:%u %s%s%s", r.why.pos.line, r.why.pos.column, r.why.text, r.why.hint[0] ? " | " : "",
		r.why.hint);
	assert_string_equal(got, want);
	release(&r);
}

static void fields__are_the_longest_text_that_checks(void **state)
{
	(void)state;
	assert_renders("%t.nameand %t.n.", "Cmd.exeand 42.");
	assert_renders("%t.names|%t.key[x]|%t.key[\"a \\\"b\"]|%evt.arg.path", "(a,b)|x|a \"b|path");
	assert_renders("%evt.arg.path[x", "path[x");
	assert_renders("%tolower(t.name)[0] %basename( t.path )", "cmd.exe[0] Cmd.exe");
	assert_renders("*%getopt(t.names, \"a\")", "<NA>");
	assert_renders("%t.name[0]", "Cmd.exe[0]");
}

static void widths__pad_and_cut(void **state)
{
	(void)state;
	assert_renders("%10t.name|%3t.name|", "Cmd.exe   |Cmd|");
	assert_renders("*%6t.maybe|", "<NA>  |");
}

static void missing_values__suppress_unless_starred(void **state)
{
	struct rendering r;

	(void)state;
	assert_renders("*a %t.maybe", "a <NA>");
	render(&r, true, "a %t.maybe", false);
	assert_int_equal(r.result, TEMPLATE_SUPPRESSED);
	assert_int_equal(r.text.len, 0);
	release(&r);
}

static void ancestors__print_from_the_parent_up(void **state)
{
	(void)state;
	assert_renders("%t.anc/%t.anc[0]/%t.anc[2]", "parent grandparent/self/grandparent");
}

static void values__print_by_type(void **state)
{
	struct rendering r;

	(void)state;
	assert_renders("%t.bool %t.dbl %t.ip %t.port %t.bytes", "true 2.5 10.0.0.1 443 by.tes");
	render(&r, false, "%t.bytes", true);
	assert_string_equal(buf_cstr(&r.text), "YnkJdGVz");
	release(&r);
}

static void errors__have_falcos_words_and_their_place(void **state)
{
	(void)state;
	assert_refused("", "1:1 empty formatting token");
	assert_refused("a %", "1:4 invalid formatting syntax: formatting cannot end with a %");
	assert_refused("a %20", "1:6 invalid formatting syntax: formatting cannot end with a number");
	assert_refused("a\n%t.xame", "2:2 unknown filter: t.xame | did you mean 't.name'?");
	assert_refused("50%% of", "1:4 unknown filter: % of");
	assert_refused("%concat(t.name, t.ip)", "1:2 unknown filter: concat(t.name, t.ip): concat() arguments must be strings");
	assert_refused("%t.both", "1:2 field 't.both' is for conditions only");
}

static void base_fields__are_listed_once_with_their_type(void **state)
{
	static const char *const names[] = { "t.name", "t.n", "t.names", "t.dbl", "t.maybe", "t.anc[1]", "t.ip", "t.bool",
		"t.bytes" };
	static const char *const values[] = { "\"Cmd.exe\"", "42", "[\"a\",\"b\"]", "2.5", "null", "\"parent\"", "\"10.0.0.1\"",
		"true", "\"by\\ttes\"" };
	struct template_style style = { .base64_buffers = false };
	struct event_view ev;
	struct rendering r;

	(void)state;
	render(&r, false, "*%toupper(t.name) %t.n %t.name %join(\",\", t.names) %t.dbl %t.maybe %t.anc[1] %t.ip %t.bool %t.bytes",
		false);
	ev = (struct event_view){ .scratch = r.arena };
	assert_int_equal(template_field_count(r.t), 9);
	for (size_t i = 0; i < 9; i++) {
		buf_clear(&r.text);
		assert_string_equal(template_field_name(r.t, i), names[i]);
		assert_true(template_field_json(r.t, i, &ev, &style, &r.text));
		assert_string_equal(buf_cstr(&r.text), values[i]);
	}
	release(&r);
}

static void full_buffers__are_reported(void **state)
{
	struct template_style style = { .base64_buffers = false };
	struct rendering r;
	struct event_view ev;
	struct buf small;

	(void)state;
	render(&r, false, "%t.name %t.cmdline", false);
	ev = (struct event_view){ .scratch = r.arena };
	buf_init(&small, 8);
	assert_int_equal(template_render(r.t, &ev, &style, &small), TEMPLATE_FULL);
	buf_release(&small);
	release(&r);
}

/* Every prefix, in memory of exactly its size. */
static void prefixes__never_read_past_the_end(void **state)
{
	static const char text[] = "*a %10t.name %getopt((\"x\", t.names), 'a:')[a] %t.key[\"k\\\"\"] %evt.arg.path %t.idx[12]";

	(void)state;
	for (size_t n = 0; n <= strlen(text); n++) {
		struct cond_checker checker = { .vocabulary = toy_condition_vocabulary(false), .arena = arena_create(1 << 20) };
		char *exact = malloc(n ? n : 1);
		const struct template *t;
		struct cond_diag why;
		enum status st;

		memcpy(exact, text, n);
		st = template_compile(&checker, exact, n, &t, &why);
		assert_true(st == ST_OK ? t != NULL : why.pos.offset <= n);
		free(exact);
		arena_destroy(checker.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields__are_the_longest_text_that_checks),
		cmocka_unit_test(widths__pad_and_cut),
		cmocka_unit_test(missing_values__suppress_unless_starred),
		cmocka_unit_test(ancestors__print_from_the_parent_up),
		cmocka_unit_test(values__print_by_type),
		cmocka_unit_test(errors__have_falcos_words_and_their_place),
		cmocka_unit_test(base_fields__are_listed_once_with_their_type),
		cmocka_unit_test(full_buffers__are_reported),
		cmocka_unit_test(prefixes__never_read_past_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
