/* One process, whichever source tells of it: Sysmon, the Security log, the kernel; and machines apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/field_fixture.h"

#define SYSMON "Microsoft-Windows-Sysmon"
#define SECURITY "Microsoft-Windows-Security-Auditing"
#define GUID_A "{11111111-2222-3333-4444-555555555555}"
#define GUID_B "{11111111-2222-3333-4444-666666666666}"

/* LOG(state, provider, id, { "Name", "value" }, ...) */
struct pair {
	const char *name, *value;
};
#define LOG(state, provider, id, ...) log_record(state, provider, id, (const struct pair[]){ __VA_ARGS__, { NULL, NULL } })

static void log_record(void **state, const char *provider, uint16_t id, const struct pair *pairs)
{
	struct field_fixture *f = *state;
	static struct named_value values[24];     /* the event borrows them until the next one */
	size_t n = 0;

	for (; pairs[n].name; n++) {
		values[n].name = (struct text_view){ pairs[n].name, strlen(pairs[n].name) };
		values[n].value = (struct text_view){ pairs[n].value, strlen(pairs[n].value) };
	}
	f->w->pid = 2;                  /* who wrote the record, not who it is about */
	assert_int_equal(world_apply_named(f->w, provider, id, values, n), STATE_EVALUATE);
}

static void sysmon_start(void **state, const char *guid, const char *image)
{
	LOG(state, SYSMON, 1, { "ProcessGuid", guid }, { "ProcessId", "4200" }, { "Image", image },
		{ "CommandLine", "tool /x" }, { "User", "LAB\\ann" }, { "LogonId", "0x1234" }, { "IntegrityLevel", "High" },
		{ "ParentProcessGuid", GUID_B }, { "ParentProcessId", "4100" }, { "ParentImage", "C:\\Windows\\explorer.exe" },
		{ "ParentCommandLine", "explorer" }, { "ParentUser", "LAB\\ann" });
}

static void security_start(void **state, const char *image)
{
	LOG(state, SECURITY, 4688, { "SubjectUserSid", "S-1-5-21-1-2-3-500" }, { "SubjectUserName", "ann" },
		{ "SubjectDomainName", "LAB" }, { "SubjectLogonId", "0x1234" }, { "NewProcessId", "0x1068" },
		{ "NewProcessName", image }, { "TokenElevationType", "%%1937" }, { "ProcessId", "0x1004" },
		{ "CommandLine", "tool /x" }, { "TargetUserSid", "S-1-0-0" }, { "TargetUserName", "-" },
		{ "TargetDomainName", "-" }, { "TargetLogonId", "0x0" },
		{ "ParentProcessName", "C:\\Windows\\explorer.exe" }, { "MandatoryLabel", "S-1-16-12288" });
}

static void process__is_one_in_sysmon_and_the_security_log(void **state)
{
	struct field_fixture *f = *state;

	sysmon_start(state, GUID_A, "C:\\tool.exe");
	world_wait_ms(f->w, 300);
	security_start(state, "C:\\tool.exe");
	field_is(state, "proc.guid", GUID_A);              /* known from the other source */
	field_is(state, "proc.pguid", GUID_B);
	field_is(state, "user.name", "LAB\\ann");
	field_is(state, "user.sid", "S-1-5-21-1-2-3-500");
	LOG(state, SYSMON, 22, { "ProcessGuid", GUID_A }, { "ProcessId", "4200" }, { "Image", "C:\\tool.exe" },
		{ "QueryName", "example.org" });
	field_is(state, "proc.cmdline", "tool /x");
	field_is(state, "proc.pname", "explorer.exe");
	field_is(state, "user.sid", "S-1-5-21-1-2-3-500");  /* of the Security log, in an event of Sysmon */
	field_is(state, "proc.elevation", "full");
	field_is(state, "proc.integrity", "High");
	assert_int_equal(world_stats(f->w).proc_starts, 1);
}

static void process__is_one_in_the_kernel_and_sysmon(void **state)
{
	static const struct world_program tool = { 4200, 4100, "\\Device\\HarddiskVolume3\\tool.exe", "tool /x",
		"S-1-5-21-1-2-3-500", 0 };
	struct field_fixture *f = *state;

	world_start(f->w, &tool);
	world_wait_ms(f->w, 20);
	sysmon_start(state, GUID_A, "C:\\tool.exe");
	field_is(state, "proc.exepath", "C:\\tool.exe");
	field_is(state, "user.sid", "S-1-5-21-1-2-3-500");
	assert_int_equal(world_stats(f->w).proc_starts, 1);
	f->w->pid = 4200;
	WORLD(f->w, provider_kernel_network, 42, 0, { "PID", 4200, NULL });
	field_is(state, "proc.guid", GUID_A);
	field_is(state, "user.name", "LAB\\ann");
}

static void pid__used_again_is_another_process(void **state)
{
	sysmon_start(state, GUID_A, "C:\\tool.exe");
	LOG(state, SYSMON, 11, { "ProcessGuid", GUID_B }, { "ProcessId", "4200" }, { "Image", "C:\\other.exe" },
		{ "TargetFilename", "C:\\a" });
	field_is(state, "proc.name", "other.exe");
	field_is(state, "proc.cmdline", "<NA>");
	field_is(state, "user.name", "<NA>");
}

static void process__is_known_by_its_guid_where_the_pid_was_lost(void **state)
{
	struct field_fixture *f = *state;

	LOG(state, SYSMON, 1, { "ProcessGuid", GUID_A }, { "Image", "C:\\tool.exe" }, { "CommandLine", "tool /x" },
		{ "ParentProcessGuid", GUID_B }, { "ParentProcessId", "4100" }, { "ParentImage", "C:\\Windows\\explorer.exe" });
	field_is(state, "proc.pid", "<NA>");                /* neither the logger's, nor a made-up one */
	field_is(state, "user.name", "<NA>");
	field_is(state, "proc.name", "tool.exe");
	field_is(state, "proc.pname", "explorer.exe");
	LOG(state, SYSMON, 11, { "ProcessGuid", GUID_A }, { "Image", "C:\\tool.exe" }, { "TargetFilename", "C:\\a" });
	field_is(state, "proc.cmdline", "tool /x");
	LOG(state, SYSMON, 10, { "SourceProcessGUID", GUID_B }, { "SourceProcessId", "4100" },
		{ "SourceImage", "C:\\Windows\\explorer.exe" }, { "TargetProcessGUID", GUID_A }, { "TargetProcessId", "4200" },
		{ "TargetImage", "C:\\tool.exe" });
	field_is(state, "target.pid", "4200");
	LOG(state, SYSMON, 11, { "ProcessGuid", GUID_A }, { "Image", "C:\\tool.exe" }, { "TargetFilename", "C:\\a" });
	field_is(state, "proc.pid", "4200");                /* since another record told the two together */
	field_is(state, "proc.cmdline", "tool /x");
	LOG(state, SYSMON, 5, { "ProcessGuid", GUID_A }, { "Image", "C:\\tool.exe" });
	field_is(state, "proc.pid", "4200");
	assert_int_equal(world_stats(f->w).procs, 3);
	assert_int_equal(world_stats(f->w).proc_exits, 1);
}

static void machines__have_processes_of_their_own(void **state)
{
	struct field_fixture *f = *state;

	f->w->host = "ONE";
	sysmon_start(state, GUID_A, "C:\\tool.exe");
	f->w->host = "TWO";
	LOG(state, SYSMON, 3, { "ProcessId", "4200" }, { "DestinationIp", "192.0.2.1" });
	field_is(state, "proc.name", "<NA>");
	field_is(state, "proc.pid", "4200");
	LOG(state, SYSMON, 11, { "ProcessGuid", GUID_A }, { "Image", "C:\\other.exe" }, { "TargetFilename", "C:\\a" });
	field_is(state, "proc.pid", "<NA>");
	f->w->host = "ONE";
	LOG(state, SYSMON, 3, { "ProcessId", "4200" }, { "DestinationIp", "192.0.2.1" });
	field_is(state, "proc.name", "tool.exe");
	field_is(state, "user.name", "LAB\\ann");
}

static void event__shows_its_own_texts(void **state)
{
	sysmon_start(state, GUID_A, "C:\\Tools\\tool.exe");
	LOG(state, SYSMON, 11, { "ProcessGuid", GUID_A }, { "ProcessId", "4200" }, { "Image", "C:\\TOOLS\\Tool.EXE" },
		{ "User", "lab\\Ann" }, { "TargetFilename", "C:\\a" });
	field_is(state, "proc.exepath", "C:\\TOOLS\\Tool.EXE");
	field_is(state, "proc.name", "Tool.EXE");
	field_is(state, "user.name", "lab\\Ann");
	field_is(state, "proc.cmdline", "tool /x");
	LOG(state, SECURITY, 5156, { "ProcessID", "4200" }, { "Application", "\\device\\harddiskvolume9\\tools\\tool.exe" },
		{ "Direction", "%%14593" }, { "SourceAddress", "192.0.2.1" });
	field_is(state, "proc.exepath", "C:\\TOOLS\\Tool.EXE");      /* no drive letter is known for that device */
	LOG(state, SYSMON, 3, { "ProcessGuid", GUID_A }, { "ProcessId", "4200" }, { "Image", "<unknown process>" });
	field_is(state, "proc.exepath", "C:\\TOOLS\\Tool.EXE");
}

static void logon__gives_its_account_to_no_process(void **state)
{
	LOG(state, SECURITY, 4624, { "SubjectUserSid", "S-1-5-18" }, { "SubjectUserName", "NODE$" },
		{ "TargetUserSid", "S-1-5-21-1-2-3-500" }, { "TargetUserName", "ann" }, { "TargetDomainName", "LAB" },
		{ "TargetLogonId", "0x77" }, { "LogonType", "3" }, { "ProcessId", "0x1068" },
		{ "ProcessName", "C:\\Windows\\System32\\lsass.exe" });
	field_is(state, "user.name", "LAB\\ann");
	field_is(state, "logon.id", "0x77");
	LOG(state, SYSMON, 11, { "ProcessId", "4200" }, { "Image", "C:\\Windows\\System32\\lsass.exe" });
	field_is(state, "proc.name", "lsass.exe");
	field_is(state, "user.name", "<NA>");
	field_is(state, "logon.id", "<NA>");
}

static void user__is_who_asked_where_nothing_else_is_known(void **state)
{
	LOG(state, SECURITY, 4663, { "SubjectUserSid", "S-1-5-21-1-2-3-500" }, { "SubjectUserName", "ann" },
		{ "SubjectDomainName", "LAB" }, { "ObjectType", "File" }, { "ObjectName", "C:\\a" }, { "ProcessId", "0x1068" },
		{ "ProcessName", "C:\\tool.exe" });
	field_is(state, "user.name", "LAB\\ann");
	field_is(state, "user.sid", "S-1-5-21-1-2-3-500");
	LOG(state, SYSMON, 11, { "ProcessId", "4200" }, { "Image", "C:\\tool.exe" });
	field_is(state, "user.name", "<NA>");                /* it may have been impersonated */
}

static void user__of_the_writer_is_not_that_of_whom_it_writes_about(void **state)
{
	static const uint8_t local_system[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };
	struct field_fixture *f = *state;

	f->w->writer_sid = (struct view){ .ptr = local_system, .len = sizeof(local_system) };
	sysmon_start(state, GUID_A, "C:\\tool.exe");
	field_is(state, "user.name", "LAB\\ann");
	field_is(state, "user.sid", "<NA>");
	LOG(state, SYSMON, 20, { "Operation", "Created" }, { "User", "LAB\\ann" }, { "Name", "x" });
	field_is(state, "user.sid", "<NA>");
	LOG(state, SYSMON, 4, { "State", "Started" });
	field_is(state, "user.sid", "S-1-5-18");
}

static void start__of_another_account_is_not_its_creators(void **state)
{
	LOG(state, SECURITY, 4688, { "SubjectUserSid", "S-1-5-18" }, { "SubjectUserName", "NODE$" },
		{ "SubjectDomainName", "LAB" }, { "NewProcessId", "0x1068" }, { "NewProcessName", "C:\\tool.exe" });
	field_is(state, "user.name", "<NA>");                /* versions 0 and 1 do not say */
	field_is(state, "user.subject.name", "NODE$");
	LOG(state, SECURITY, 4688, { "SubjectUserSid", "S-1-5-18" }, { "SubjectUserName", "NODE$" },
		{ "SubjectDomainName", "LAB" }, { "NewProcessId", "0x106c" }, { "NewProcessName", "C:\\tool.exe" },
		{ "TargetUserSid", "S-1-0-0" }, { "TargetUserName", "ann" }, { "TargetDomainName", "LAB" });
	field_is(state, "user.name", "LAB\\ann");
	field_is(state, "user.sid", "<NA>");
	LOG(state, SECURITY, 4688, { "SubjectUserSid", "S-1-5-18" }, { "SubjectUserName", "NODE$" },
		{ "SubjectDomainName", "LAB" }, { "NewProcessId", "0x1070" }, { "NewProcessName", "C:\\tool.exe" },
		{ "TargetUserSid", "S-1-0-0" }, { "TargetUserName", "-" });
	field_is(state, "user.name", "NT AUTHORITY\\SYSTEM");
	field_is(state, "user.sid", "S-1-5-18");
}

static void parents_and_targets__are_learned_from_logs(void **state)
{
	sysmon_start(state, GUID_A, "C:\\tool.exe");
	field_is(state, "proc.pname", "explorer.exe");
	field_is(state, "proc.pcmdline", "explorer");
	field_is(state, "proc.puser", "LAB\\ann");
	LOG(state, SYSMON, 10, { "SourceProcessGUID", GUID_A }, { "SourceProcessId", "4200" }, { "SourceImage", "C:\\tool.exe" },
		{ "TargetProcessGUID", GUID_B }, { "TargetProcessId", "4100" }, { "TargetImage", "C:\\Windows\\explorer.exe" },
		{ "GrantedAccess", "0x1410" }, { "TargetUser", "LAB\\bob" });
	field_is(state, "target.cmdline", "explorer");
	field_is(state, "target.user", "LAB\\bob");
	field_is(state, "target.access", "0x1410");
	field_is(state, "proc.cmdline", "tool /x");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, field_fixture_setup_bare, field_fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(process__is_one_in_sysmon_and_the_security_log),
		TEST(process__is_one_in_the_kernel_and_sysmon),
		TEST(pid__used_again_is_another_process),
		TEST(process__is_known_by_its_guid_where_the_pid_was_lost),
		TEST(machines__have_processes_of_their_own),
		TEST(event__shows_its_own_texts),
		TEST(logon__gives_its_account_to_no_process),
		TEST(user__is_who_asked_where_nothing_else_is_known),
		TEST(user__of_the_writer_is_not_that_of_whom_it_writes_about),
		TEST(start__of_another_account_is_not_its_creators),
		TEST(parents_and_targets__are_learned_from_logs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
