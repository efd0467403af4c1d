#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/state_world.h"

#define SYSTEM32 "\\Device\\HarddiskVolume3\\Windows\\System32\\"
#define SECURITY "Microsoft-Windows-Security-Auditing"
#define SYSMON "Microsoft-Windows-Sysmon"
#define V(name, text) { { name, sizeof name - 1 }, { text, sizeof text - 1 } }
#define APPLY(w, provider, id, rows) world_apply_named(w, provider, id, rows, sizeof rows / sizeof rows[0])

static const struct world_program cmd = { 200, 100, SYSTEM32 "cmd.exe", "cmd /c whoami", "S-1-5-18", 0 };
static const struct world_program svchost = { 200, 4, SYSTEM32 "svchost.exe", "svchost -k netsvcs", "S-1-5-18", 0 };

static int setup(void **state)
{
	const struct state_limits limits = { .join = STATE_JOIN_NEVER };

	*state = world_create(&limits);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	world_destroy(*state);
	return 0;
}

/* ---- starts that logs tell ---- */

static const struct named_value sysmon[] = {
	V("ProcessGuid", "{00000000-0000-0000-0000-000000000001}"), V("ProcessId", "512"), V("Image", "C:\\x\\ping.exe"),
	V("CommandLine", "ping 10.0.0.1"), V("LogonId", "0x3e7"), V("ParentProcessId", "100"),
};
static const struct named_value same[] = {
	V("NewProcessId", "0x200"), V("NewProcessName", "C:\\x\\ping.exe"), V("ProcessId", "0x64"), V("CommandLine", ""),
};
static const struct named_value other_parent[] = {
	V("NewProcessId", "0x200"), V("NewProcessName", "C:\\x\\ping.exe"), V("ProcessId", "0x68"), V("CommandLine", ""),
};
static const struct named_value other_line[] = {
	V("NewProcessId", "0x200"), V("NewProcessName", "C:\\x\\ping.exe"), V("ProcessId", "0x64"),
	V("CommandLine", "ping 10.0.0.2"),
};
static const struct named_value other_logon[] = {
	V("SubjectUserSid", "S-1-5-21-1"), V("SubjectLogonId", "0x5555"), V("TargetUserSid", "S-1-0-0"), V("TargetUserName", "-"),
	V("NewProcessId", "0x200"), V("NewProcessName", "C:\\x\\ping.exe"), V("ProcessId", "0x64"), V("CommandLine", ""),
};
static const struct named_value end[] = { V("ProcessGuid", "{00000000-0000-0000-0000-000000000001}"), V("ProcessId", "512"),
	V("Image", "C:\\x\\ping.exe") };

static void one_start_of_two_logs__is_one_process(void **state)
{
	struct world *w = *state;

	APPLY(w, SYSMON, 1, sysmon);
	world_wait_ms(w, 900);
	APPLY(w, SECURITY, 4688, same);
	assert_string_equal(w->ev.proc->cmdline->text, "ping 10.0.0.1");
	assert_int_equal(world_stats(w).proc_starts, 1);
}

static void two_starts_of_one_log__are_two_processes(void **state)
{
	struct world *w = *state;

	APPLY(w, SECURITY, 4688, other_line);
	world_wait_ms(w, 500);
	APPLY(w, SECURITY, 4688, same);
	assert_null(w->ev.proc->cmdline);
	assert_int_equal(world_stats(w).proc_starts, 2);
}

static void second_start__is_another_process(struct world *w, const struct named_value *values, size_t count)
{
	APPLY(w, SYSMON, 1, sysmon);
	world_wait_ms(w, 500);
	world_apply_named(w, SECURITY, 4688, values, count);
	assert_int_equal(world_stats(w).proc_starts, 2);
	assert_null(w->ev.proc->guid);
}

static void start_with_another_parent__is_another_process(void **state)
{
	second_start__is_another_process(*state, other_parent, sizeof other_parent / sizeof other_parent[0]);
	assert_null(((struct world *)*state)->ev.proc->cmdline);
}

static void start_with_another_command_line__is_another_process(void **state)
{
	second_start__is_another_process(*state, other_line, sizeof other_line / sizeof other_line[0]);
}

static void start_in_another_logon__is_another_process(void **state)
{
	second_start__is_another_process(*state, other_logon, sizeof other_logon / sizeof other_logon[0]);
}

static void start_after_the_end__is_another_process(void **state)
{
	struct world *w = *state;

	APPLY(w, SYSMON, 1, sysmon);
	world_wait_ms(w, 200);
	APPLY(w, SYSMON, 5, end);
	world_wait_ms(w, 200);
	APPLY(w, SECURITY, 4688, same);
	assert_null(w->ev.proc->cmdline);
	assert_int_equal(world_stats(w).proc_starts, 2);
}

static void start_long_after__is_another_process(void **state)
{
	struct world *w = *state;

	APPLY(w, SYSMON, 1, sysmon);
	world_wait_ms(w, 1500);
	APPLY(w, SECURITY, 4688, same);
	assert_null(w->ev.proc->cmdline);
}

/* ---- starts and ends that a program makes up ---- */

/* An end was seen, and pid 200 has acted: so its own end would be seen. */
static void live(struct world *w)
{
	const struct world_program other = { 300, 100, SYSTEM32 "notepad.exe", "notepad", "S-1-5-18", 0 };

	w->pid = 100;
	world_manifest_start(w, &other);
	world_manifest_start(w, &cmd);
	w->pid = 300;
	world_exit(w, 300, 0);
	w->pid = 200;
	WORLD(w, provider_kernel_file, 12, 1, { "FileName", 0, "\\Device\\X\\a" });
	world_wait_ms(w, 5000);
}

static void start_by_the_process_itself__is_tampering(void **state)
{
	struct world *w = *state;

	live(w);
	assert_int_equal(world_manifest_start(w, &svchost), STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_etw_tamper);
	assert_int_equal(w->ev.doubt, DOUBT_STARTED_ITSELF);
	assert_string_equal(world_name(w->ev.proc), "cmd.exe");
	assert_string_equal(world_name(world_proc(w, 200)), "cmd.exe");
	assert_int_equal(world_stats(w).forged, 1);
}

static void start_of_a_living_process__changes_nothing_but_is_told(void **state)
{
	struct world *w = *state;

	live(w);
	w->pid = 600;
	world_manifest_start(w, &svchost);
	assert_int_equal(w->ev.kind, EVENT_process_start);
	assert_int_equal(w->ev.doubt, DOUBT_PID_IN_USE);
	assert_string_equal(world_name(w->ev.proc), "svchost.exe");
	assert_int_equal(w->ev.proc->creator_pid, 600);
	assert_string_equal(world_name(world_proc(w, 200)), "cmd.exe");
	world_wait_ms(w, 6000);
	world_wait_ms(w, 6000);
	assert_string_equal(world_name(world_proc(w, 200)), "cmd.exe");
	assert_int_equal(world_stats(w).forged, 1);
}

static void end_by_another__is_tampering(void **state)
{
	struct world *w = *state;

	live(w);
	w->pid = 600;
	world_exit(w, 200, 0);
	assert_int_equal(w->ev.kind, EVENT_etw_tamper);
	assert_int_equal(w->ev.doubt, DOUBT_ENDED_BY_ANOTHER);
	assert_ptr_equal(w->ev.target, world_proc(w, 200));
	world_manifest_start(w, &svchost);
	assert_string_equal(world_name(world_proc(w, 200)), "cmd.exe");
	assert_int_equal(world_stats(w).forged, 2);
}

static void end_of_one_that_never_ran__is_believed(void **state)
{
	const struct world_program suspended = { 400, 100, SYSTEM32 "calc.exe", "calc", "S-1-5-18", 0 };
	struct world *w = *state;

	live(w);
	w->pid = 100;
	world_manifest_start(w, &suspended);
	world_exit(w, 400, 0);
	assert_int_equal(w->ev.kind, EVENT_process_exit);
	assert_int_equal(world_stats(w).forged, 0);
}

static void start__is_believed_when_an_end_may_have_been_missed(void **state)
{
	struct world *w = *state;

	live(w);
	state_note_loss(w->state);
	w->pid = 100;
	world_manifest_start(w, &svchost);
	assert_string_equal(world_name(world_proc(w, 200)), "svchost.exe");
	assert_int_equal(w->ev.doubt, DOUBT_NONE);
}

static void start__is_believed_after_the_end(void **state)
{
	struct world *w = *state;

	live(w);
	w->pid = 200;
	world_exit(w, 200, 0);
	w->pid = 100;
	world_wait_ms(w, 10);
	world_manifest_start(w, &svchost);
	assert_string_equal(world_name(world_proc(w, 200)), "svchost.exe");
	assert_int_equal(world_stats(w).forged, 0);
}

static void start__that_the_kernel_logger_tells_too_is_believed(void **state)
{
	struct world *w = *state;

	live(w);
	w->pid = 100;
	world_manifest_start(w, &svchost);
	assert_int_equal(w->ev.doubt, DOUBT_PID_IN_USE);
	world_classic_start(w, &svchost);
	assert_int_equal(w->ev.doubt, DOUBT_NONE);
	assert_string_equal(world_name(world_proc(w, 200)), "svchost.exe");
	world_wait_ms(w, 6000);
	world_wait_ms(w, 6000);
	assert_string_equal(world_name(world_proc(w, 200)), "svchost.exe");
}

static void act(struct world *w, uint64_t start_key)
{
	w->pid = 200;
	w->start_key = start_key;
	WORLD(w, provider_kernel_file, 12, 1, { "FileName", 0, "\\Device\\X\\a" });
	w->start_key = 0;
}

static void start__is_believed_once_the_process_has_another_start_key(void **state)
{
	struct world *w = *state;

	live(w);
	act(w, 7);
	w->pid = 100;
	world_manifest_start(w, &svchost);
	act(w, 7);
	assert_string_equal(world_name(w->ev.proc), "cmd.exe");
	act(w, 8);
	assert_string_equal(world_name(w->ev.proc), "svchost.exe");
	assert_string_equal(world_name(world_proc(w, 200)), "svchost.exe");
	act(w, 6);
	assert_null(w->ev.proc);
}

static void rundown_of_a_living_process__changes_nothing(void **state)
{
	struct world *w = *state;

	live(w);
	w->pid = 600;
	WORLD(w, provider_kernel_process, 15, 1, { "ProcessID", 200, NULL }, { "CreateTime", w->now_100ns, NULL },
		{ "ParentProcessID", 4, NULL }, { "ImageName", 0, SYSTEM32 "svchost.exe" });
	assert_string_equal(world_name(world_proc(w, 200)), "cmd.exe");
	assert_int_equal(world_stats(w).forged, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_start_of_two_logs__is_one_process),
		TEST(two_starts_of_one_log__are_two_processes),
		TEST(start_with_another_parent__is_another_process),
		TEST(start_with_another_command_line__is_another_process),
		TEST(start_in_another_logon__is_another_process),
		TEST(start_after_the_end__is_another_process),
		TEST(start_long_after__is_another_process),
		TEST(start_by_the_process_itself__is_tampering),
		TEST(start_of_a_living_process__changes_nothing_but_is_told),
		TEST(end_by_another__is_tampering),
		TEST(end_of_one_that_never_ran__is_believed),
		TEST(start__is_believed_when_an_end_may_have_been_missed),
		TEST(start__is_believed_after_the_end),
		TEST(start__that_the_kernel_logger_tells_too_is_believed),
		TEST(start__is_believed_once_the_process_has_another_start_key),
		TEST(rundown_of_a_living_process__changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
