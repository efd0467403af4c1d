#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/state_world.h"

#define SYSTEM32 "\\Device\\HarddiskVolume3\\Windows\\System32\\"

static const struct world_program cmd = { 200, 100, SYSTEM32 "cmd.exe", "cmd /c whoami", "S-1-5-18", 0 };

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

static void start__is_one_event_with_both_sources(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_manifest_start(w, &cmd), STATE_HELD);
	assert_int_equal(world_classic_start(w, &cmd), STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_process_start);
	assert_int_equal(w->ev.rec->id, 1);              /* Kernel-Process leads */
	assert_non_null(w->ev.twin);
	assert_string_equal(w->ev.proc->cmdline->text, "cmd /c whoami");
	assert_string_equal(w->ev.proc->path->text, SYSTEM32 "cmd.exe");
	assert_string_equal(w->ev.proc->name->text, "cmd.exe");
	assert_string_equal(w->ev.proc->user_name->text, "NT AUTHORITY\\SYSTEM");
	assert_int_equal(w->ev.proc->integrity_rid, 0x3000);
	world_wait_ms(w, 1000);
	assert_int_equal(w->emitted_count, 0);
	assert_int_equal(world_stats(w).starts_joined, 1);
	assert_int_equal(world_stats(w).proc_starts, 1);
}

static void start__joins_in_the_other_order_too(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_classic_start(w, &cmd), STATE_HELD);
	world_wait_ms(w, 20);
	assert_int_equal(world_manifest_start(w, &cmd), STATE_EVALUATE);
	assert_int_equal(w->ev.rec->id, 1);
	assert_int_equal(w->ev.twin->rec->opcode, 1);
	assert_string_equal(w->ev.proc->cmdline->text, "cmd /c whoami");
	assert_int_equal(w->ev.proc->session_id, 1);
}

static void start__is_in_the_table_while_held(void **state)
{
	struct world *w = *state;

	world_manifest_start(w, &cmd);
	assert_string_equal(world_name(world_proc(w, 200)), "cmd.exe");
}

static void start__goes_alone_when_its_twin_is_late(void **state)
{
	struct world *w = *state;
	struct world_program other = cmd;

	world_start(w, &cmd);
	other.pid = 300;
	assert_int_equal(world_manifest_start(w, &other), STATE_HELD);
	world_wait_ms(w, 199);
	assert_int_equal(w->emitted_count, 0);
	world_wait_ms(w, 2);
	assert_int_equal(w->emitted_count, 1);
	assert_int_equal(w->emitted[0].pid, 300);
	assert_true(w->emitted[0].partial);
	assert_int_equal(world_stats(w).starts_partial, 1);
}

static void start__of_a_stream_with_one_source_is_not_partial(void **state)
{
	struct world *w = *state;

	world_classic_start(w, &cmd);
	world_wait_ms(w, 300);
	assert_int_equal(w->emitted_count, 1);
	assert_false(w->emitted[0].partial);
}

static void start__is_held_no_more_once_one_source_is_sure(void **state)
{
	struct world *w = *state;
	struct world_program p = cmd;

	for (uint32_t i = 0; i < 64; i++) {
		p.pid = 1000 + i * 4;
		assert_int_equal(world_classic_start(w, &p), STATE_HELD);
		world_wait_ms(w, 1);
	}
	p.pid = 3000;
	assert_int_equal(world_classic_start(w, &p), STATE_EVALUATE);
	p.pid = 3004;
	world_manifest_start(w, &p);              /* the other source comes up: held again */
	p.pid = 3008;
	assert_int_equal(world_classic_start(w, &p), STATE_HELD);
}

static void start__whose_twin_was_not_held_is_told_again_with_what_it_lacked(void **state)
{
	const struct state_limits never = { .join = STATE_JOIN_NEVER };
	struct world *w = world_create(&never);

	(void)state;
	assert_int_equal(world_manifest_start(w, &cmd), STATE_EVALUATE);
	assert_int_equal(world_classic_start(w, &cmd), STATE_EVALUATE);
	assert_string_equal(world_proc(w, 200)->cmdline->text, "cmd /c whoami");
	world_destroy(w);
}

static void flush__emits_what_is_held(void **state)
{
	struct world *w = *state;

	world_manifest_start(w, &cmd);
	world_flush(w);
	assert_int_equal(w->emitted_count, 1);
	assert_int_equal(w->emitted[0].kind, EVENT_process_start);
	world_flush(w);
	assert_int_equal(w->emitted_count, 1);
}

static void hold__is_bounded_and_counted(void **state)
{
	const struct state_limits always = { .join = STATE_JOIN_ALWAYS };
	struct world *w = world_create(&always);
	struct world_program p = cmd;
	unsigned held = 0;

	(void)state;
	for (uint32_t i = 0; i < 400; i++) {
		p.pid = 1000 + i * 4;
		held += world_manifest_start(w, &p) == STATE_HELD;
	}
	assert_int_equal(held, 256);
	assert_int_equal(world_stats(w).hold_refused, 400 - 256);
	world_wait_ms(w, 300);
	assert_int_equal(w->emitted_count, 256);
	world_destroy(w);
}

static void exit__is_one_event_with_both_sources(void **state)
{
	struct world *w = *state;
	uint64_t create = w->now_100ns;

	world_start(w, &cmd);
	world_wait_ms(w, 500);
	assert_int_equal(world_exit(w, 200, create), STATE_HELD);
	assert_int_equal(WORLD(w, provider_classic_process, 2, 4, { "ProcessId", 200, NULL }, { "ExitStatus", 3, NULL },
				 { "ImageFileName", 0, "cmd.exe" }),
		STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_process_exit);
	assert_int_equal(w->ev.proc->exit_code, 3);
	assert_int_equal(world_stats(w).proc_exits, 1);
	assert_int_equal(world_stats(w).starts_joined, 2);
}

static void exited__is_found_for_five_seconds(void **state)
{
	struct world *w = *state;
	uint64_t create = w->now_100ns;

	world_start(w, &cmd);
	world_exit(w, 200, create);
	world_wait_ms(w, 4900);
	assert_non_null(world_proc(w, 200));
	world_wait_ms(w, 300);
	assert_null(world_proc(w, 200));
}

static void reused_pid__is_another_process(void **state)
{
	struct world *w = *state;
	struct world_program second = { 200, 4, SYSTEM32 "notepad.exe", "notepad", "S-1-5-19", 0 };
	uint64_t create = w->now_100ns;
	struct record then = { .time_100ns = create + 1 };

	world_start(w, &cmd);
	world_wait_ms(w, 1000);
	world_exit(w, 200, create);
	world_wait_ms(w, 1000);
	world_start(w, &second);
	assert_string_equal(world_name(world_proc(w, 200)), "notepad.exe");
	assert_string_equal(world_name(state_find_proc(w->state, &then, 200)), "cmd.exe");
}

static void reused_pid__without_an_exit_ends_the_first(void **state)
{
	struct world *w = *state;
	struct world_program second = { 200, 4, SYSTEM32 "notepad.exe", "notepad", "S-1-5-19", 0 };

	world_start(w, &cmd);
	world_wait_ms(w, 1000);
	world_start(w, &second);
	assert_string_equal(world_name(world_proc(w, 200)), "notepad.exe");
	assert_string_equal(w->ev.proc->cmdline->text, "notepad");
	world_wait_ms(w, 6000);
	assert_int_equal(world_stats(w).procs, 2);        /* System and notepad */
}

static void create_time__after_its_record_is_not_believed(void **state)
{
	struct world *w = *state;
	struct world_program liar = cmd;

	liar.create_100ns = w->now_100ns + 10000 * WORLD_MS_100NS;
	world_manifest_start(w, &liar);
	assert_true(world_proc(w, 200)->create_100ns <= w->now_100ns);
}

static void rundown__seeds_the_table(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_classic_rundown(w, &cmd), STATE_ONLY);
	assert_int_equal(WORLD(w, provider_kernel_process, 15, 1, { "ProcessID", 200, NULL },
				 { "CreateTime", WORLD_START_100NS - 1000, NULL }, { "ParentProcessID", 100, NULL },
				 { "ImageName", 0, SYSTEM32 "cmd.exe" }),
		STATE_ONLY);
	assert_int_equal(world_stats(w).proc_rundown, 1);
	assert_string_equal(world_proc(w, 200)->cmdline->text, "cmd /c whoami");
	assert_int_equal(world_proc(w, 200)->create_100ns, WORLD_START_100NS - 1000);
}

static void rundown__shows_the_system_drive(void **state)
{
	struct world *w = *state;

	WORLD(w, provider_kernel_process, 15, 1, { "ProcessID", 8, NULL }, { "ImageName", 0, SYSTEM32 "smss.exe" });
	world_start(w, &cmd);
	assert_string_equal(w->ev.proc->path->text, "C:\\Windows\\System32\\cmd.exe");
	assert_string_equal(w->ev.proc->nt_path->text, SYSTEM32 "cmd.exe");
}

static void image_load__gives_a_classic_process_its_path(void **state)
{
	struct world *w = *state;

	world_classic_start(w, &cmd);
	WORLD(w, provider_classic_image, 10, 3, { "ProcessId", 200, NULL }, { "FileName", 0, SYSTEM32 "ntdll.dll" });
	assert_null(world_proc(w, 200)->path);
	WORLD(w, provider_classic_image, 10, 3, { "ProcessId", 200, NULL }, { "FileName", 0, SYSTEM32 "cmd.exe" });
	assert_string_equal(world_proc(w, 200)->path->text, SYSTEM32 "cmd.exe");
}

static void header_facts__go_to_the_process_of_the_header(void **state)
{
	struct world *w = *state;

	world_start(w, &cmd);
	w->pid = 200;
	WORLD(w, provider_kernel_file, 12, 1, { "FileName", 0, "\\Device\\X\\a" });
	assert_ptr_equal(w->ev.proc, world_proc(w, 200));
}

static void table__is_bounded_and_counts_what_it_forgets(void **state)
{
	const struct state_limits small = { .max_procs = 64, .join = STATE_JOIN_NEVER };
	struct world *w = world_create(&small);
	struct world_program p = cmd;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		p.pid = 1000 + i * 4;
		world_manifest_start(w, &p);
		world_wait_ms(w, 1);
	}
	assert_int_equal(world_stats(w).procs, 64);
	assert_int_equal(world_stats(w).proc_evictions, 1000 + 1 - 64);
	assert_non_null(world_proc(w, 1000 + 999 * 4));
	assert_null(world_proc(w, 1000));
	world_destroy(w);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(start__is_one_event_with_both_sources),
		TEST(start__joins_in_the_other_order_too),
		TEST(start__is_in_the_table_while_held),
		TEST(start__goes_alone_when_its_twin_is_late),
		TEST(start__of_a_stream_with_one_source_is_not_partial),
		TEST(start__is_held_no_more_once_one_source_is_sure),
		TEST(start__whose_twin_was_not_held_is_told_again_with_what_it_lacked),
		TEST(flush__emits_what_is_held),
		TEST(hold__is_bounded_and_counted),
		TEST(exit__is_one_event_with_both_sources),
		TEST(exited__is_found_for_five_seconds),
		TEST(reused_pid__is_another_process),
		TEST(reused_pid__without_an_exit_ends_the_first),
		TEST(create_time__after_its_record_is_not_believed),
		TEST(rundown__seeds_the_table),
		TEST(rundown__shows_the_system_drive),
		TEST(image_load__gives_a_classic_process_its_path),
		TEST(header_facts__go_to_the_process_of_the_header),
		TEST(table__is_bounded_and_counts_what_it_forgets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
