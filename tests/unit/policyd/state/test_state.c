#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "tests/support/state_world.h"

static const struct world_program cmd = { 200, 100, "\\Device\\X\\cmd.exe", "cmd", "S-1-5-18", 0 };
static const struct world_program calc = { 200, 100, "\\Device\\X\\calc.exe", "calc", "S-1-5-18", 0 };

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

static void machines_of_one_stream__are_kept_apart(void **state)
{
	struct world *w = *state;
	struct record of_b = { .host = { "B", 1 } }, of_a = { .host = { "a", 1 } };

	w->host = "A";
	world_start(w, &cmd);
	w->host = "B";
	world_start(w, &calc);
	of_a.time_100ns = of_b.time_100ns = w->now_100ns;
	assert_string_equal(world_name(state_find_proc(w->state, &of_a, 200)), "cmd.exe");
	assert_string_equal(world_name(state_find_proc(w->state, &of_b, 200)), "calc.exe");
	assert_null(world_proc(w, 200));
	assert_int_equal(world_stats(w).hosts, 3);
}

static void machine_of_hello__is_the_one_without_a_name(void **state)
{
	struct world *w = *state;
	const struct stream_hello hello = { .host_name = { "A", 1 } };

	state_apply_hello(w->state, &hello);
	w->host = "a";
	world_start(w, &cmd);
	assert_string_equal(world_name(world_proc(w, 200)), "cmd.exe");
	assert_int_equal(world_stats(w).hosts, 1);
}

static void machines__share_one_bound(void **state)
{
	const struct state_limits small = { .max_procs = 256, .max_names = 128, .max_threads = 128, .join = STATE_JOIN_NEVER };
	struct world *w = world_create(&small);
	struct world_program p = cmd;
	struct state_stats s;
	char host[16];

	(void)state;
	w->host = host;
	for (uint32_t i = 0; i < 40 * 100; i++) {
		snprintf(host, sizeof host, "H%u", i % 40);
		p.pid = 1000 + i * 4;
		world_manifest_start(w, &p);
		WORLD(w, provider_kernel_file, 12, 1, { "FileObject", i + 1, NULL }, { "FileName", 0, "\\Device\\X\\a" });
		WORLD(w, provider_kernel_process, 3, 1, { "ProcessID", p.pid, NULL }, { "ThreadID", i + 1, NULL });
	}
	s = world_stats(w);
	assert_int_equal(s.hosts, 41);
	assert_int_equal(s.procs, 256);
	assert_int_equal(s.files, 128);
	assert_int_equal(s.threads, 128);
	world_destroy(w);
}

static void machines_past_the_limit__are_counted(void **state)
{
	struct world *w = *state;
	char name[16];

	w->host = name;
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "host%d", i);
		WORLD(w, provider_kernel_file, 14, 1, { "FileObject", 16, NULL });
	}
	assert_int_equal(world_stats(w).hosts, STATE_MAX_HOSTS);
	assert_int_equal(world_stats(w).hosts_refused, 100 - (STATE_MAX_HOSTS - 1));
}

static void clock__goes_back_to_an_earlier_recording(void **state)
{
	struct world *w = *state;

	world_manifest_start(w, &cmd);
	w->now_100ns -= 3600 * 1000 * WORLD_MS_100NS;
	world_wait_ms(w, 0);
	assert_int_equal(world_stats(w).clock_steps_back, 1);
	assert_int_equal(w->emitted_count, 1);          /* waiting for that time again would have no end */
}

static void clock__that_ran_ahead_holds_an_event_for_64_records_only(void **state)
{
	struct world *w = *state;
	uint64_t right = w->now_100ns;

	w->now_100ns += 500000 * WORLD_MS_100NS;
	WORLD(w, provider_kernel_file, 12, 1, { "FileName", 0, "\\Device\\X\\a" });
	w->now_100ns = right;
	assert_int_equal(world_manifest_start(w, &cmd), STATE_HELD);
	for (int i = 0; i < 62; i++)
		WORLD(w, provider_kernel_file, 12, 1, { "FileName", 0, "\\Device\\X\\a" });
	assert_int_equal(w->emitted_count, 0);
	WORLD(w, provider_kernel_file, 12, 1, { "FileName", 0, "\\Device\\X\\a" });
	assert_int_equal(w->emitted_count, 1);
	assert_int_equal(world_stats(w).records_late, 64);
	assert_int_equal(world_stats(w).clock_steps_back, 1);
}

static void clock__that_ran_ahead_is_set_right_by_a_heartbeat(void **state)
{
	struct world *w = *state;
	uint64_t right = w->now_100ns;

	w->now_100ns += 500000 * WORLD_MS_100NS;
	WORLD(w, provider_kernel_file, 12, 1, { "FileName", 0, "\\Device\\X\\a" });
	w->now_100ns = right;
	assert_int_equal(world_manifest_start(w, &cmd), STATE_HELD);
	world_heartbeat(w);
	assert_int_equal(w->emitted_count, 1);
	assert_int_equal(world_stats(w).clock_steps_back, 1);
}

static void clock__stands_when_records_are_a_little_late(void **state)
{
	struct world *w = *state;

	world_manifest_start(w, &cmd);
	w->now_100ns -= 1000 * WORLD_MS_100NS;
	world_wait_ms(w, 0);
	assert_int_equal(world_stats(w).clock_steps_back, 0);
	assert_int_equal(w->emitted_count, 0);
}

static void drives_of_hello__are_used(void **state)
{
	struct world *w = *state;
	const struct stream_device_path map[] = { { { "\\Device\\X", 9 }, { "C:", 2 } } };
	const struct stream_hello hello = { .device_paths = map, .device_path_count = 1 };

	state_apply_hello(w->state, &hello);
	world_start(w, &cmd);
	assert_string_equal(w->ev.proc->path->text, "C:\\cmd.exe");
}

static void hello__of_another_machine_leaves_held_events_whole(void **state)
{
	struct world *w = *state;
	const struct stream_hello hello = { .host_name = { "B", 1 }, .boot_time_100ns = 7 };

	w->host = "A";
	world_manifest_start(w, &cmd);
	state_apply_hello(w->state, &hello);
	w->host = NULL;
	world_wait_ms(w, 300);
	assert_int_equal(w->emitted_count, 1);
	assert_int_equal(w->emitted[0].pid, 200);
}

static void unknown_events__pass_untouched(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_apply_named(w, "Somebody", 1, NULL, 0), STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_log);
	assert_null(w->ev.proc);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(machines_of_one_stream__are_kept_apart),
		TEST(machine_of_hello__is_the_one_without_a_name),
		TEST(machines__share_one_bound),
		TEST(machines_past_the_limit__are_counted),
		TEST(clock__goes_back_to_an_earlier_recording),
		TEST(clock__that_ran_ahead_holds_an_event_for_64_records_only),
		TEST(clock__that_ran_ahead_is_set_right_by_a_heartbeat),
		TEST(clock__stands_when_records_are_a_little_late),
		TEST(drives_of_hello__are_used),
		TEST(hello__of_another_machine_leaves_held_events_whole),
		TEST(unknown_events__pass_untouched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
