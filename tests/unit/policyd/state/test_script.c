#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policyd/state/script.h"
#include "tests/support/state_world.h"

static int setup(void **state)
{
	*state = world_create(NULL);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	world_destroy(*state);
	return 0;
}

static struct text_view view_of(const char *text)
{
	return (struct text_view){ .ptr = text, .len = strlen(text) };
}

static enum state_verdict part(struct world *w, const char *id, const char *number, const char *total, const char *text)
{
	const struct named_value values[] = { { view_of("MessageNumber"), view_of(number) },
		{ view_of("MessageTotal"), view_of(total) }, { view_of("ScriptBlockText"), view_of(text) },
		{ view_of("ScriptBlockId"), view_of(id) } };

	return world_apply_named(w, "Microsoft-Windows-PowerShell", 4104, values, sizeof values / sizeof values[0]);
}

static void assert_script(const struct world *w, const char *text)
{
	assert_int_equal(w->ev.script.len, strlen(text));
	assert_memory_equal(w->ev.script.ptr, text, strlen(text));
}

static uint64_t joined(const struct world *w, bool partial)
{
	struct state_stats stats;

	state_get_stats(w->state, &stats);
	return partial ? stats.scripts_partial : stats.scripts_joined;
}

static void a_script_of_one_part__is_evaluated_at_once(void **state)
{
	struct world *w = *state;

	assert_int_equal(part(w, "a", "1", "1", "x"), STATE_EVALUATE);
	assert_int_equal(w->ev.script.len, 0);
	assert_false(w->ev.partial);
}

static void parts_in_any_order__become_one_script(void **state)
{
	struct world *w = *state;

	assert_int_equal(part(w, "a", "2", "3", "two "), STATE_HELD);
	assert_int_equal(part(w, "b", "1", "2", "other "), STATE_HELD);
	assert_int_equal(part(w, "a", "3", "3", "three"), STATE_HELD);
	assert_int_equal(part(w, "a", "3", "3", "again"), STATE_HELD);
	assert_int_equal(part(w, "a", "1", "3", "one "), STATE_EVALUATE);
	assert_script(w, "one two three");
	assert_false(w->ev.partial);
	assert_int_equal(part(w, "b", "2", "2", "script"), STATE_EVALUATE);
	assert_script(w, "other script");
	assert_int_equal(joined(w, false), 2);
	world_flush(w);
	assert_int_equal(w->emitted_count, 0);
}

static void a_missing_part__is_not_waited_for_longer_than_the_time_out(void **state)
{
	struct world *w = *state;

	part(w, "a", "1", "2", "one");
	world_wait_ms(w, 9000);
	assert_int_equal(w->emitted_count, 0);
	world_wait_ms(w, 2000);
	assert_int_equal(w->emitted_count, 1);
	assert_int_equal(w->emitted[0].kind, EVENT_script_block);
	assert_true(w->emitted[0].partial);
	assert_int_equal(joined(w, true), 1);
	assert_int_equal(part(w, "a", "2", "2", "two"), STATE_HELD);
}

static void the_end_of_the_stream__hands_out_every_pending_script(void **state)
{
	struct world *w = *state;

	part(w, "a", "1", "2", "one");
	part(w, "b", "2", "3", "two");
	world_flush(w);
	assert_int_equal(w->emitted_count, 2);
}

static void impossible_numbers__leave_the_part_alone(void **state)
{
	struct world *w = *state;

	assert_int_equal(part(w, "a", "3", "2", "x"), STATE_EVALUATE);
	assert_true(w->ev.partial);
	assert_int_equal(part(w, "a", "0", "2", "x"), STATE_EVALUATE);
	assert_int_equal(part(w, "a", "1", "4000000", "x"), STATE_EVALUATE);
	assert_int_equal(part(w, "", "1", "2", "x"), STATE_EVALUATE);
	assert_int_equal(part(w, "a", "1", "2", "x"), STATE_HELD);
	assert_int_equal(part(w, "a", "2", "5", "x"), STATE_EVALUATE);
}

static void more_scripts_than_can_wait__are_evaluated_by_part(void **state)
{
	struct world *w = *state;
	char id[16];

	for (int i = 0; i < SCRIPT_MAX_PENDING; i++) {
		snprintf(id, sizeof id, "%d", i);
		assert_int_equal(part(w, id, "1", "2", "x"), STATE_HELD);
	}
	assert_int_equal(part(w, "one more", "1", "2", "x"), STATE_EVALUATE);
	assert_true(w->ev.partial);
	assert_int_equal(part(w, "3", "2", "2", "y"), STATE_EVALUATE);
	assert_script(w, "xy");
	assert_int_equal(part(w, "one more", "1", "2", "x"), STATE_HELD);
}

static void a_process_start_told_twice__is_evaluated_once(void **state)
{
	const struct named_value create[] = { { view_of("PID"), view_of("8") },
		{ view_of("Operation"), view_of("Process Create") }, { view_of("Path"), view_of("C:\\c.exe") },
		{ view_of("PID"), view_of("12") } };
	const struct named_value start[] = { { view_of("PID"), view_of("12") },
		{ view_of("Operation"), view_of("Process Start") }, { view_of("Image Path"), view_of("C:\\c.exe") } };
	struct world *w = *state;

	assert_int_equal(world_apply_named(w, "Process Monitor", 0, create, 4), STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_process_start);
	assert_int_equal(world_apply_named(w, "Process Monitor", 0, start, 3), STATE_ONLY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_script_of_one_part__is_evaluated_at_once),
		TEST(parts_in_any_order__become_one_script),
		TEST(a_missing_part__is_not_waited_for_longer_than_the_time_out),
		TEST(the_end_of_the_stream__hands_out_every_pending_script),
		TEST(impossible_numbers__leave_the_part_alone),
		TEST(more_scripts_than_can_wait__are_evaluated_by_part),
		TEST(a_process_start_told_twice__is_evaluated_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
