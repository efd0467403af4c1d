#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/support/toy_condition.h"

static const struct predicate *check_one(struct toy_condition *t, bool windows, const char *text)
{
	toy_condition_init(t, windows, text, strlen(text));
	if (t->st != ST_OK)
		fail_msg("%s: %s", text, t->why.text);
	assert_int_equal(t->expr->kind, EXPR_PREDICATE);
	return t->expr->pred;
}

static void assert_refused(bool windows, const char *text, const char *want)
{
	struct toy_condition t;
	char got[800];

	toy_condition_init(&t, windows, text, strlen(text));
	assert_int_equal(t.st, ST_MALFORMED);
	assert_null(t.expr);
	snprintf(got, sizeof got, "%u:%u %s%s%s", t.why.pos.line, t.why.pos.column, t.why.text, t.why.hint[0] ? " | " : "",
		t.why.hint);
	assert_string_equal(got, want);
	toy_condition_release(&t);
}

static void assert_warnings(bool windows, const char *text, const char *want)
{
	struct toy_condition t;

	toy_condition_init(&t, windows, text, strlen(text));
	assert_int_equal(t.st, ST_OK);
	assert_string_equal(buf_cstr(&t.warnings), want);
	toy_condition_release(&t);
}

static void unknown_names__get_a_suggestion(void **state)
{
	(void)state;
	assert_refused(false, "t.nmae = a", "1:1 filter_check called with nonexistent field t.nmae | did you mean 't.name'?");
	assert_refused(false, "t.n = 1 and\n evt.type in (open, clsoe)", "2:21 unknown event type clsoe | "
		"did you mean 'close'?");
	assert_refused(false, "t.zzzzzzzz = a", "1:1 filter_check called with nonexistent field t.zzzzzzzz");
}

static void arguments__must_fit_the_field(void **state)
{
	struct toy_condition t;
	const struct predicate *p;

	(void)state;
	assert_refused(false, "t.name[0] = a", "1:1 filter_check called with nonexistent field t.name[0]: field 't.name' does "
		"not allow nor require an argument but one is provided: 0");
	assert_refused(false, "t.key = a", "1:1 filter_check called with nonexistent field t.key: field 't.key' requires an "
		"argument but none provided");
	assert_refused(false, "t.idx[01] = a", "1:1 filter_check called with nonexistent field t.idx[01] | "
		"'t.idx' takes a number in brackets");
	p = check_one(&t, false, "t.anc[4294967295] = a");
	assert_int_equal(p->left->arg.index, UINT32_MAX);
	toy_condition_release(&t);
	assert_refused(false, "t.anc[4294967296] = a", "1:1 filter_check called with nonexistent field t.anc[4294967296] | "
		"'t.anc' takes a number in brackets");
}

static void arguments__may_be_a_dotted_tail(void **state)
{
	struct toy_condition t;
	const struct predicate *p = check_one(&t, false, "evt.arg.path.x = a");

	(void)state;
	assert_string_equal(p->left->field->name, "evt.arg");
	assert_string_equal(p->left->arg.key, "path.x");
	toy_condition_release(&t);
	assert_refused(false, "t.key.path = a", "1:1 filter_check called with nonexistent field t.key.path");
}

static void windows_names__fold(void **state)
{
	struct toy_condition t;
	const struct predicate *p = check_one(&t, true, "t.name in (CMD.exe)");

	(void)state;
	assert_true(p->fold);
	assert_string_equal(p->consts[0].str.ptr, "cmd.exe");
	toy_condition_release(&t);
	p = check_one(&t, true, "basename(t.path) = CMD.exe");
	assert_true(p->fold);
	assert_true(p->windows_path);
	toy_condition_release(&t);
	p = check_one(&t, true, "t.name regex \"[A-Z]+\"");
	assert_true(p->fold);
	assert_string_equal(p->consts[0].str.ptr, "[A-Z]+");
	toy_condition_release(&t);
}

static void other_fields_and_other_sources__do_not_fold(void **state)
{
	struct toy_condition t;
	const struct predicate *p = check_one(&t, true, "t.cmdline contains CMD");

	(void)state;
	assert_false(p->fold);
	assert_string_equal(p->consts[0].str.ptr, "CMD");
	toy_condition_release(&t);
	p = check_one(&t, false, "t.name = CMD");
	assert_false(p->fold);
	assert_false(p->windows_path);
	toy_condition_release(&t);
	p = check_one(&t, true, "tolower(t.name) = CMD");
	assert_false(p->fold);
	toy_condition_release(&t);
}

static void numbers__are_cut_to_their_width_with_a_hint(void **state)
{
	struct toy_condition t;
	const struct predicate *p = check_one(&t, false, "t.i8 = 255");

	(void)state;
	assert_int_equal(p->consts[0].i, -1);
	assert_string_equal(buf_cstr(&t.warnings), "3:1:8 255 does not fit the type INT8 and is cut to its width\n");
	toy_condition_release(&t);
	p = check_one(&t, false, "t.n = -1");
	assert_true(p->consts[0].u == UINT64_MAX);
	toy_condition_release(&t);
	assert_refused(false, "t.n = 18446744073709551616", "1:7 18446744073709551616 is not a valid number");
	assert_refused(false, "t.n = 0x10", "1:7 0x10 is not a valid number");
}

static void windows_constants__may_be_hex_fractions_and_durations(void **state)
{
	struct toy_condition t;
	const struct predicate *p = check_one(&t, true, "t.n = 0x1F0FFF");

	(void)state;
	assert_int_equal(p->consts[0].u, 0x1F0FFF);
	toy_condition_release(&t);
	p = check_one(&t, true, "t.dbl > 1.5");
	assert_true(p->consts[0].d > 1.4 && p->consts[0].d < 1.6);
	toy_condition_release(&t);
	p = check_one(&t, true, "t.age = 5ms");
	assert_int_equal(p->consts[0].u, 5000000);
	toy_condition_release(&t);
	assert_refused(true, "t.age = 5parsecs", "1:9 5parsecs is not a valid number");
}

static void addresses__parse_by_family(void **state)
{
	struct toy_condition t;
	const struct predicate *p = check_one(&t, false, "t.net in (10.1.2.3/8, fe80::1/10)");

	(void)state;
	assert_int_equal(p->consts[0].ip.prefix, 8);
	assert_int_equal(p->consts[0].ip.addr[1], 0);
	assert_int_equal(p->consts[1].ip.family, 6);
	assert_int_equal(p->consts[1].ip.addr[15], 0);
	toy_condition_release(&t);
	assert_refused(false, "t.ip = 10.0.0.300", "1:8 unrecognized IPv4 address 10.0.0.300");
	assert_refused(false, "t.net = ::/0", "1:9 invalid netmask 0");
}

static void warnings__follow_falco(void **state)
{
	(void)state;
	assert_warnings(false, "t.name = t.path",
		"0:1:10 't.path' may be a valid field misused as a const string value\n");
	assert_warnings(false, "t.name in (a, \" t.key [x] \", t.key)",
		"0:1:16 ' t.key [x] ' may be a valid field misused as a const string value\n");
	assert_warnings(false, "t.name = \"tolower(x)\"",
		"0:1:11 'tolower(x)' may be a valid field transformer misused as a const string value\n");
	assert_warnings(false, "t.name regex \"^.*abc$\"", "0:1:15 regex check with '^.*abc$' may be optimized with simpler "
		"operators such as '=', 'contains', 'startswith', 'endswith'\n");
	assert_warnings(false, "t.old exists", "2:1:1 field 't.old' is deprecated\n");
	assert_warnings(false, "t.name = a and t.n > 1", "");
}

static void hints__name_the_traps(void **state)
{
	(void)state;
	assert_warnings(false, "t.maybe != a", "3:1:9 '!=' is false when 't.maybe' has no value; 'not t.maybe = ...' is "
		"true then\n");
	assert_warnings(false, "t.name in ()", "3:1:8 the list is empty, so this check is never true\n");
	assert_warnings(true, "t.path glob C:\\x\\*", "3:1:13 a backslash in a glob makes the next character literal: write "
		"two for a path\n");
}

static void text_types__are_one_on_windows(void **state)
{
	struct toy_condition t;

	(void)state;
	(void)check_one(&t, true, "t.name = basename(t.path)");
	toy_condition_release(&t);
	assert_refused(false, "t.name = basename(t.path)",
		"1:10 't.name' (CHARBUF) and 'basename(t.path)' (FSPATH) have incompatible types");
}

static size_t types_of(const char *text, bool windows, struct type_set *set, struct toy_condition *t)
{
	toy_condition_init(t, windows, text, strlen(text));
	assert_int_equal(t->st, ST_OK);
	assert_int_equal(condition_event_types(t->expr, toy_condition_vocabulary(windows), t->arena, set, NULL), ST_OK);
	return type_set_count(set);
}

static void event_types__push_negation_to_the_leaves(void **state)
{
	struct toy_condition t;
	struct type_set set;

	(void)state;
	assert_int_equal(types_of("not (evt.type = open or t.n = 1)", true, &set, &t), 2);
	assert_false(type_set_has(&set, 0));
	assert_false(type_set_has(&set, 3));
	toy_condition_release(&t);
	assert_int_equal(types_of("not evt.num > 0", true, &set, &t), 0);
	toy_condition_release(&t);
	assert_int_equal(types_of("not evt.type exists", true, &set, &t), 0);
	toy_condition_release(&t);
	assert_int_equal(types_of("tolower(evt.type) = open", true, &set, &t), 3);
	assert_true(type_set_is_all(&set));
	toy_condition_release(&t);
}

static void event_types__take_no_transformer_under_syscall(void **state)
{
	struct vocabulary v = *toy_condition_vocabulary(false);
	struct toy_condition t;
	struct type_set set;
	struct cond_diag why;

	(void)state;
	v.source = "syscall";
	toy_condition_init(&t, false, "t.n = 1 and tolower(evt.type) = open", 36);
	assert_int_equal(condition_event_types(t.expr, &v, t.arena, &set, &why), ST_MALFORMED);
	assert_int_equal(why.code, COND_TYPE);
	toy_condition_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_names__get_a_suggestion),
		cmocka_unit_test(arguments__must_fit_the_field),
		cmocka_unit_test(arguments__may_be_a_dotted_tail),
		cmocka_unit_test(windows_names__fold),
		cmocka_unit_test(other_fields_and_other_sources__do_not_fold),
		cmocka_unit_test(numbers__are_cut_to_their_width_with_a_hint),
		cmocka_unit_test(windows_constants__may_be_hex_fractions_and_durations),
		cmocka_unit_test(addresses__parse_by_family),
		cmocka_unit_test(warnings__follow_falco),
		cmocka_unit_test(hints__name_the_traps),
		cmocka_unit_test(text_types__are_one_on_windows),
		cmocka_unit_test(event_types__push_negation_to_the_leaves),
		cmocka_unit_test(event_types__take_no_transformer_under_syscall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
