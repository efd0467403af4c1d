#include "policyd/ruleset/ruleset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/rules_world.h"

/* Loads one rule for each condition, named R0, R1 and so on; out: what was told. */
static void tell(const char *const *conditions, size_t count, struct buf *out)
{
	struct ruleset *rs;
	struct buf text;

	buf_init(&text, 1 << 20);
	buf_init(out, 1 << 20);
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "- rule: R%zu\n  desc: d\n  source: windows\n  output: o\n  priority: INFO\n"
			"  condition: >-\n    %s\n", i, conditions[i]);
	assert_int_equal(rules_world_load(buf_cstr(&text), text.len, &rs, out), ST_OK);
	ruleset_unref(rs);
	buf_release(&text);
}

static size_t count_of(struct buf *told, const char *part)
{
	size_t n = 0;

	for (const char *p = strstr(buf_cstr(told), part); p; p = strstr(p + 1, part))
		n++;
	return n;
}

#define TELL(told, ...)                                                                                                \
	tell((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), told)

static void rule_hints__sound_rules_get_none(void **state)
{
	struct buf told;

	(void)state;
	TELL(&told, "evt.type = process_start and proc.name = a", "evt.type = process_start and proc.name = b",
		"evt.type = process_start and proc.name in (a, b) and proc.name in (b, c)",
		"evt.type = process_start and proc.aname[1] = a and proc.aname[2] = b", "evt.type = process_start");
	assert_int_equal(count_of(&told, "hint:"), 0);
	buf_release(&told);
}

static void rule_hints__contradictions_never_match(void **state)
{
	struct buf told;

	(void)state;
	TELL(&told, "proc.name = a and proc.name = b", "(proc.name in (a, b) and proc.name exists) and proc.name = c");
	assert_int_equal(count_of(&told, "can never match"), 2);
	buf_release(&told);
}

static void rule_hints__the_order_of_parts_does_not_count(void **state)
{
	struct buf told;

	(void)state;
	TELL(&told, "evt.type = process_start and (proc.name = a or proc.name = b)",
		"(proc.name = b or proc.name = a) and evt.type = process_start",
		"proc.aname[1] = z and (proc.name = a or proc.name = b) and evt.type = process_start");
	assert_int_equal(count_of(&told, "the condition is that of rule 'R0' above"), 1);
	assert_int_equal(count_of(&told, "matches rule 'R1' above too") + count_of(&told, "matches rule 'R0' above too"), 1);
	buf_release(&told);
}

static void rule_hints__a_narrower_rule_above_shadows_nothing(void **state)
{
	struct buf told;

	(void)state;
	TELL(&told, "evt.type = process_start and proc.name = a and proc.aname[1] = b",
		"evt.type = process_start and proc.name = a");
	assert_int_equal(count_of(&told, "hint:"), 0);
	buf_release(&told);
}

static void rule_hints__rules_without_a_guard_are_named_with_their_event_types(void **state)
{
	struct buf told;

	(void)state;
	TELL(&told, "evt.type = process_start and not proc.name = a");
	assert_int_equal(count_of(&told, "every event of the types: process_start"), 1);
	buf_release(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_hints__sound_rules_get_none),
		cmocka_unit_test(rule_hints__contradictions_never_match),
		cmocka_unit_test(rule_hints__the_order_of_parts_does_not_count),
		cmocka_unit_test(rule_hints__a_narrower_rule_above_shadows_nothing),
		cmocka_unit_test(rule_hints__rules_without_a_guard_are_named_with_their_event_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
