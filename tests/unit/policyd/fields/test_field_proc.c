#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "tests/support/field_fixture.h"

#define X FIXTURE_C

static const struct world_program w3wp = { 100, 4, X "Windows\\System32\\inetsrv\\w3wp.exe", "w3wp.exe -ap pool", "S-1-5-20", 0 };
static const struct world_program cmd = { 200, 100, X "Windows\\System32\\cmd.exe",
	"\"C:\\Windows\\System32\\cmd.exe\" /c  \"who am\" i ", "S-1-5-18", 0 };
static const struct world_program powershell = { 300, 200, X "Windows\\System32\\powershell.exe",
	"powershell -NoP -eNc dwBoAG8AYQBtAGkA", "S-1-5-18", 0 };

static void start_all(void **state)
{
	struct field_fixture *f = *state;

	world_start(f->w, &w3wp);
	world_wait_ms(f->w, 1000);
	f->w->pid = 100;
	world_start(f->w, &cmd);
	f->w->pid = 200;
	world_wait_ms(f->w, 1000);
	world_start(f->w, &powershell);
}

static void process__is_named_by_its_path(void **state)
{
	start_all(state);
	field_is(state, "proc.name", "powershell.exe");
	field_is(state, "proc.exepath", "C:\\Windows\\System32\\powershell.exe");
	field_is(state, "proc.exepath.nt", X "Windows\\System32\\powershell.exe");
	field_is(state, "proc.pid", "300");
	field_is(state, "proc.ppid", "200");
	field_is(state, "proc.creator.pid", "200");
	field_is(state, "proc.creator.name", "cmd.exe");
	field_is(state, "proc.session", "1");
	field_is(state, "proc.sid", "1");
	field_is(state, "proc.integrity", "High");
	field_is(state, "proc.elevated", "true");
	field_is(state, "proc.elevation", "full");
	field_is(state, "proc.cwd", "<NA>");
	field_is(state, "proc.guid", "<NA>");
}

/* Rules see a start whole though nothing of it could be kept. */
static void start__is_read_from_the_event_where_the_table_has_no_room(void **state)
{
	const struct state_limits none = { .proc_text_bytes = 1 };
	struct field_fixture *f = *state;

	field_reader_release(&f->r);
	world_destroy(f->w);
	f->w = world_create(&none);
	assert_true(field_reader_init(&f->r, f->w));
	world_start(f->w, &powershell);
	assert_null(f->w->ev.proc->name);
	field_is(state, "proc.name", "powershell.exe");
	field_is(state, "proc.exepath", X "Windows\\System32\\powershell.exe");
	field_is(state, "proc.cmdline", powershell.cmdline);
	field_is(state, "proc.exe", "powershell");
	field_is(state, "proc.args[0]", "-NoP");
	field_is(state, "proc.cmdline.decoded", "whoami");
}

static void long_command_line__is_whole_at_the_start(void **state)
{
	static char line[PROC_TEXT_BYTES + 100];
	const struct named_value values[] = { { { "ProcessId", 9 }, { "200", 3 } },
		{ { "Image", 5 }, { "C:\\cmd.exe", 10 } }, { { "CommandLine", 11 }, { line, sizeof line - 1 } } };
	struct field_fixture *f = *state;

	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 10] = ' ';
	world_apply_named(f->w, "Microsoft-Windows-Sysmon", 1, values, 3);
	assert_int_equal(f->w->ev.proc->cmdline->len, PROC_TEXT_BYTES);
	field_is(state, "proc.args", "xxxxxxxx");
}

static void parents__go_up_to_where_nobody_is_known(void **state)
{
	start_all(state);
	field_is(state, "proc.pname", "cmd.exe");
	field_is(state, "proc.pexepath", "C:\\Windows\\System32\\cmd.exe");
	field_is(state, "proc.pexe", "C:\\Windows\\System32\\cmd.exe");
	field_is(state, "proc.pcmdline", cmd.cmdline);
	field_is(state, "proc.aname[0]", "powershell.exe");
	field_is(state, "proc.aname[1]", "cmd.exe");
	field_is(state, "proc.aname[2]", "w3wp.exe");
	field_is(state, "proc.aname[3]", "System");
	field_is(state, "proc.aname[4]", "<END>");
	field_is(state, "proc.aname", "cmd.exe w3wp.exe System");
	field_is(state, "proc.apid[2]", "100");
	field_is(state, "proc.apid", "300");
	field_is(state, "proc.aexe[2]", "w3wp.exe");
	field_is(state, "proc.acmdline[2]", "w3wp.exe -ap pool");
	field_is(state, "proc.acmdline[3]", "<NA>");
	field_is(state, "proc.aargs[2]", "-ap pool");
}

static void command_line__is_split_as_windows_splits(void **state)
{
	struct field_fixture *f = *state;

	world_start(f->w, &cmd);
	field_is(state, "proc.cmdline", cmd.cmdline);
	field_is(state, "proc.exe", "C:\\Windows\\System32\\cmd.exe");
	field_is(state, "proc.args", "/c  \"who am\" i");
	field_is(state, "proc.args[0]", "/c");
	field_is(state, "proc.args[1]", "who am");
	field_is(state, "proc.args[2]", "i");
	field_is(state, "proc.args[3]", "");
	field_is(state, "proc.cmdnargs", "3");
	field_is(state, "proc.cmdlenargs", "9");
	field_is(state, "proc.cmdline.decoded", "<NA>");
}

static void encoded_command__is_decoded(void **state)
{
	start_all(state);
	field_is(state, "proc.cmdline.decoded", "whoami");
}

static void ages__are_in_nanoseconds(void **state)
{
	start_all(state);
	field_is(state, "proc.duration", "0");
	field_is(state, "proc.ppid.duration", "1000000000");
	field_is(state, "proc.ppid.ts", "1735526401000000000");
	field_is(state, "proc.nchilds", "0");
}

static void exit__has_its_code(void **state)
{
	struct field_fixture *f = *state;

	world_start(f->w, &cmd);
	field_is(state, "proc.exit_code", "<NA>");
	WORLD(f->w, provider_classic_process, 2, 4, { "ProcessId", 200, NULL }, { "ExitStatus", 3, NULL });
	world_exit(f->w, 200, WORLD_START_100NS);
	field_is(state, "evt.type", "process_exit");
	field_is(state, "proc.name", "cmd.exe");
	field_is(state, "proc.exit_code", "3");
}

static void user__has_name_and_domain(void **state)
{
	start_all(state);
	field_is(state, "user.sid", "S-1-5-18");
	field_is(state, "user.name", "NT AUTHORITY\\SYSTEM");
	field_is(state, "user.domain", "NT AUTHORITY");
}

static void unknown_process__is_a_pid_only(void **state)
{
	struct field_fixture *f = *state;

	f->w->pid = 4711;
	WORLD(f->w, provider_kernel_file, 12, 1, { "FileName", 0, X "a" });
	field_is(state, "proc.pid", "4711");
	field_is(state, "proc.name", "<NA>");
	field_is(state, "proc.pname", "<NA>");
	field_is(state, "proc.aname[1]", "<END>");
	field_is(state, "container.id", "<NA>");
	field_is(state, "user.name", "<NA>");
}

static void remote_thread__names_both(void **state)
{
	struct field_fixture *f = *state;

	start_all(state);
	f->w->pid = 300;
	f->w->tid = 77;
	world_classic_rundown(f->w, &(struct world_program){ 500, 4, "lsass.exe", "lsass", "S-1-5-18", 0 });
	WORLD(f->w, provider_kernel_process, 3, 1, { "ProcessID", 500, NULL }, { "ThreadID", 501, NULL },
		{ "TebBase", 9, NULL }, { "Win32StartAddr", 0x7ff00, NULL });
	field_is(state, "evt.type", "remote_thread");
	field_is(state, "proc.name", "powershell.exe");
	field_is(state, "target.name", "lsass.exe");
	field_is(state, "target.pid", "500");
	field_is(state, "target.user", "NT AUTHORITY\\SYSTEM");
	field_is(state, "thread.tid", "501");
	field_is(state, "thread.ismain", "true");
	field_is(state, "thread.start_address", "0x7ff00");
}

/* Shells in a container are not told apart from the host's by what is missing. */
static void forged_start__says_why_it_is_not_believed(void **state)
{
	struct field_fixture *f = *state;

	start_all(state);
	field_is(state, "etw.doubt", "<NA>");
	f->w->pid = 300;
	world_manifest_start(f->w, &powershell);
	field_is(state, "evt.type", "etw_tamper");
	field_is(state, "etw.doubt", "started itself");
	field_is(state, "proc.name", "powershell.exe");
}

static void container__is_unknown_where_nothing_tells_it(void **state)
{
	const struct world_program orphan = { 400, 396, X "Windows\\System32\\cmd.exe", "cmd", "S-1-5-18", 0 };
	const struct stream_process listed = { .pid = 200, .create_time_100ns = WORLD_START_100NS - 1000 };
	const struct stream_snapshot snapshot = { .processes = &listed, .process_count = 1 };
	struct field_fixture *f = *state;

	world_classic_rundown(f->w, &cmd);
	f->w->pid = 100;
	guid_parse("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", 36, &f->w->container);
	world_start(f->w, &w3wp);
	memset(&f->w->container, 0, sizeof f->w->container);
	f->w->pid = UINT32_MAX;
	world_wait_ms(f->w, 1000);
	world_start(f->w, &orphan);
	field_is(state, "container.id", "<NA>");
	field_is(state, "container.name", "<NA>");
	world_wait_ms(f->w, 1000);
	world_start(f->w, &powershell);         /* a child of a process that rundown listed: rundown names no container */
	field_is(state, "container.id", "<NA>");
	world_exit(f->w, 300, 0);
	state_apply_snapshot(f->w->state, &snapshot);
	world_wait_ms(f->w, 1000);
	world_start(f->w, &powershell);         /* the collector knows of each process in which container it is */
	field_is(state, "container.id", "host");
}

static void container__is_host_outside_and_known_inside(void **state)
{
	struct field_fixture *f = *state;
	struct stream_container row = { .id = { "4f2a9c81d0e7b6aa", 16 }, .name = { "web", 3 },
		.image = { "reg:5000/a/iis:2022@sha256:ab", 29 } };
	struct stream_snapshot snapshot = { .containers = &row, .container_count = 1 };

	world_start(f->w, &w3wp);
	field_is(state, "container.id", "host");
	field_is(state, "container.name", "host");
	field_is(state, "container.type", "host");
	field_is(state, "container.image", "<NA>");
	guid_parse("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", 36, &f->w->container);
	f->w->pid = 100;
	world_start(f->w, &cmd);
	field_is(state, "container.id", "0f1e2d3c4b5a");
	field_is(state, "container.type", "windows");
	field_is(state, "container.name", "<NA>");
	row.silo = f->w->container;
	state_apply_snapshot(f->w->state, &snapshot);
	field_is(state, "container.id", "4f2a9c81d0e7");
	field_is(state, "container.full_id", "4f2a9c81d0e7b6aa");
	field_is(state, "container.guid", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
	field_is(state, "container.name", "web");
	field_is(state, "container.image", "reg:5000/a/iis:2022@sha256:ab");
	field_is(state, "container.image.repository", "reg:5000/a/iis");
	field_is(state, "container.image.tag", "2022");
	field_is(state, "container.image.digest", "sha256:ab");
	field_is(state, "k8s.pod.name", "<NA>");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, field_fixture_setup, field_fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(process__is_named_by_its_path),
		TEST(start__is_read_from_the_event_where_the_table_has_no_room),
		TEST(long_command_line__is_whole_at_the_start),
		TEST(parents__go_up_to_where_nobody_is_known),
		TEST(command_line__is_split_as_windows_splits),
		TEST(encoded_command__is_decoded),
		TEST(ages__are_in_nanoseconds),
		TEST(exit__has_its_code),
		TEST(user__has_name_and_domain),
		TEST(unknown_process__is_a_pid_only),
		TEST(remote_thread__names_both),
		TEST(container__is_host_outside_and_known_inside),
		TEST(forged_start__says_why_it_is_not_believed),
		TEST(container__is_unknown_where_nothing_tells_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
