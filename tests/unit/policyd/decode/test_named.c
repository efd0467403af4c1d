#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policyd/decode/decode.h"

#define VALUE(name_, value_) { { (name_), sizeof(name_) - 1 }, { (value_), sizeof(value_) - 1 } }
#define COUNT(array_) (sizeof(array_) / sizeof((array_)[0]))

struct fixture {
	struct decoder *decoder;
	struct arena *scratch;
	struct record rec;
	struct event ev;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_non_null(f);
	f->decoder = decoder_create();
	f->scratch = arena_create(1 << 20);
	*state = f;
	return f->decoder && f->scratch ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	decoder_destroy(f->decoder);
	arena_destroy(f->scratch);
	free(f);
	return 0;
}

static enum event_kind decode(struct fixture *f, const char *provider, uint16_t id, const struct named_value *values,
	size_t count)
{
	f->rec = (struct record){ .kind = RECORD_NAMED, .provider_name = { provider, strlen(provider) }, .id = id,
		.values = values, .value_count = count };
	assert_int_equal(decode_record(f->decoder, &f->rec, &f->ev), ST_OK);
	return f->ev.kind;
}

static const char *text_of(struct fixture *f, enum slot slot)
{
	struct text_view t;

	return event_get_text(&f->ev, slot, f->scratch, &t) ? arena_strndup(f->scratch, t.ptr, t.len) : "(none)";
}

static uint64_t number_of(struct fixture *f, enum slot slot)
{
	uint64_t n = UINT64_MAX;

	assert_true(event_get_u64(&f->ev, slot, &n));
	return n;
}

static void sysmon_process_create__fills_the_slots_of_a_raw_start(void **state)
{
	const struct named_value values[] = { VALUE("ProcessGuid", "{1}"), VALUE("ProcessId", "4660"),
		VALUE("Image", "C:\\a.exe"), VALUE("Company", "-"), VALUE("CommandLine", "a 1"), VALUE("ParentProcessId", "16"),
		VALUE("LogonId", "0x3e7") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "microsoft-windows-SYSMON", 1, values, COUNT(values)), EVENT_process_start);
	assert_int_equal(number_of(f, SLOT_PID), 4660);
	assert_int_equal(number_of(f, SLOT_PPID), 16);
	assert_int_equal(number_of(f, SLOT_LOGON_ID), 0x3e7);
	assert_string_equal(text_of(f, SLOT_CMDLINE), "a 1");
	assert_string_equal(text_of(f, SLOT_PE_COMPANY), "(none)");
	assert_false(event_has(&f->ev, SLOT_CWD));
}

static void sysmon_network__is_an_accept_when_not_initiated(void **state)
{
	const struct named_value out[] = { VALUE("Initiated", "true"), VALUE("SourcePort", "50000") };
	const struct named_value in[] = { VALUE("Initiated", "false"), VALUE("SourcePort", "443") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Microsoft-Windows-Sysmon", 3, out, COUNT(out)), EVENT_net_connect);
	assert_int_equal(decode(f, "Microsoft-Windows-Sysmon", 3, in, COUNT(in)), EVENT_net_accept);
	assert_int_equal(number_of(f, SLOT_LOCAL_PORT), 443);
}

static void sysmon_registry__says_by_its_type_what_happened(void **state)
{
	const struct named_value create[] = { VALUE("EventType", "CreateKey") };
	const struct named_value key[] = { VALUE("EventType", "DeleteKey") };
	const struct named_value value[] = { VALUE("EventType", "DeleteValue") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Microsoft-Windows-Sysmon", 12, create, 1), EVENT_reg_create_key);
	assert_int_equal(decode(f, "Microsoft-Windows-Sysmon", 12, key, 1), EVENT_reg_delete_key);
	assert_int_equal(decode(f, "Microsoft-Windows-Sysmon", 12, value, 1), EVENT_reg_delete_value);
}

static void security_start__takes_its_rows_from_the_raw_layout(void **state)
{
	const struct named_value values[] = { VALUE("SubjectUserName", "bob"), VALUE("NewProcessId", "0xef0"),
		VALUE("NewProcessName", "C:\\b.exe"), VALUE("ProcessId", "0x10"), VALUE("CommandLine", "b"),
		VALUE("TargetUserName", "-") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Microsoft-Windows-Security-Auditing", 4688, values, COUNT(values)), EVENT_process_start);
	assert_int_equal(number_of(f, SLOT_PID), 0xef0);
	assert_int_equal(number_of(f, SLOT_PPID), 0x10);
	assert_string_equal(text_of(f, SLOT_IMAGE_PATH), "C:\\b.exe");
	assert_string_equal(text_of(f, SLOT_SUBJECT_USER), "bob");
	assert_string_equal(text_of(f, SLOT_USER_NAME), "(none)");
}

static void security_connection__swaps_its_ends_when_inbound(void **state)
{
	const struct named_value out[] = { VALUE("Direction", "%%14593"), VALUE("SourceAddress", "10.0.0.1"),
		VALUE("SourcePort", "50000"), VALUE("DestAddress", "10.0.0.2"), VALUE("DestPort", "443") };
	const struct named_value in[] = { VALUE("Direction", "%%14592"), VALUE("SourceAddress", "10.0.0.1"),
		VALUE("SourcePort", "50000"), VALUE("DestAddress", "10.0.0.2"), VALUE("DestPort", "443") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Microsoft-Windows-Security-Auditing", 5156, out, COUNT(out)), EVENT_net_connect);
	assert_string_equal(text_of(f, SLOT_LOCAL_ADDR), "10.0.0.1");
	assert_int_equal(number_of(f, SLOT_REMOTE_PORT), 443);
	assert_int_equal(decode(f, "Microsoft-Windows-Security-Auditing", 5156, in, COUNT(in)), EVENT_net_accept);
	assert_string_equal(text_of(f, SLOT_LOCAL_ADDR), "10.0.0.2");
	assert_int_equal(number_of(f, SLOT_REMOTE_PORT), 50000);
}

static void security_object__becomes_what_its_type_says(void **state)
{
	const struct named_value file[] = { VALUE("ObjectType", "File"), VALUE("ObjectName", "C:\\x") };
	const struct named_value process[] = { VALUE("ObjectType", "Process"), VALUE("ObjectName", "\\Device\\p.exe"),
		VALUE("AccessMask", "0x10") };
	const struct named_value other[] = { VALUE("ObjectType", "SAM_DOMAIN"), VALUE("ObjectName", "DC=x") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Microsoft-Windows-Security-Auditing", 4663, file, COUNT(file)), EVENT_file_open);
	assert_string_equal(text_of(f, SLOT_FILE_PATH), "C:\\x");
	assert_string_equal(text_of(f, SLOT_TARGET_PATH), "(none)");
	assert_int_equal(decode(f, "Microsoft-Windows-Security-Auditing", 4656, process, COUNT(process)), EVENT_process_access);
	assert_string_equal(text_of(f, SLOT_TARGET_PATH), "\\Device\\p.exe");
	assert_int_equal(number_of(f, SLOT_ACCESS_MASK), 0x10);
	assert_int_equal(decode(f, "Microsoft-Windows-Security-Auditing", 4663, other, COUNT(other)), EVENT_log);
	assert_string_equal(text_of(f, SLOT_OBJECT_NAME), "DC=x");
}

static void blanks_in_a_logged_name__do_not_count(void **state)
{
	const struct named_value values[] = { VALUE("Product Name", "Defender"), VALUE("Process Name", "C:\\m.exe") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Microsoft-Windows-Windows Defender", 1116, values, COUNT(values)), EVENT_log);
	assert_string_equal(text_of(f, SLOT_IMAGE_PATH), "C:\\m.exe");
}

static void sysmon_registry__finds_its_type_in_the_message_when_overwritten(void **state)
{
	const struct named_value values[] = { VALUE("EventType", "INFO"),
		VALUE("Message", "Registry object added or deleted:\r\nRuleName: -\r\nEventType: DeleteKey\r\nProcessId: 1") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Microsoft-Windows-Sysmon", 12, values, COUNT(values)), EVENT_reg_delete_key);
	assert_int_equal(decode(f, "Microsoft-Windows-Sysmon", 12, values, 1), EVENT_reg_create_key);
}

static void sysmon_wmi__texts_lose_their_quotes(void **state)
{
	const struct named_value values[] = { VALUE("EventNamespace", " \"root\\\\cimv2\""), VALUE("Name", " \"Bot\\\"s\""),
		VALUE("Query", "SELECT 1") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Linux-Sysmon", 19, values, COUNT(values)), EVENT_wmi_activity);
	assert_string_equal(text_of(f, SLOT_WMI_NAMESPACE), "root\\cimv2");
	assert_string_equal(text_of(f, SLOT_WMI_NAME), "Bot\"s");
	assert_string_equal(text_of(f, SLOT_WMI_QUERY), "SELECT 1");
}

static void times_and_message_codes__are_numbers(void **state)
{
	const struct named_value sysmon[] = { VALUE("CreationUtcTime", "2013-09-04 16:29:27.000"),
		VALUE("PreviousCreationUtcTime", "2013-09-04T16:29:27.5Z") };
	const struct named_value start[] = { VALUE("TokenElevationType", "%%1938"), VALUE("NewProcessId", "%%1938") };
	const struct named_value set[] = { VALUE("NewValueType", "%%1876"), VALUE("OperationType", "%%1906") };
	struct fixture *f = *state;
	uint64_t n;

	assert_int_equal(decode(f, "Microsoft-Windows-Sysmon", 2, sysmon, COUNT(sysmon)), EVENT_file_setinfo);
	assert_true(number_of(f, SLOT_FILE_CTIME) == UINT64_C(130227857670000000));
	assert_true(number_of(f, SLOT_FILE_OLD_CTIME) == UINT64_C(130227857675000000));
	decode(f, "Microsoft-Windows-Security-Auditing", 4688, start, COUNT(start));
	assert_int_equal(number_of(f, SLOT_ELEVATION_TYPE), 3);
	assert_false(event_get_u64(&f->ev, SLOT_PID, &n));
	assert_int_equal(decode(f, "Microsoft-Windows-Security-Auditing", 4657, set, COUNT(set)), EVENT_reg_delete_value);
	assert_int_equal(number_of(f, SLOT_DATA_TYPE), 4);
}

static void security_events_without_rows__tell_who_and_what(void **state)
{
	const struct named_value values[] = { VALUE("SubjectUserName", "bob"), VALUE("ObjectName", "SAM"),
		VALUE("AccessMask", "18022539"), VALUE("ProcessId", "0x250") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Microsoft-Windows-Security-Auditing", 4674, values, COUNT(values)), EVENT_log);
	assert_string_equal(text_of(f, SLOT_SUBJECT_USER), "bob");
	assert_string_equal(text_of(f, SLOT_OBJECT_NAME), "SAM");
	assert_int_equal(number_of(f, SLOT_ACCESS_MASK), 18022539);
	assert_int_equal(number_of(f, SLOT_PID), 0x250);
}

static void a_name_in_its_own_spelling__wins_over_another_case(void **state)
{
	const struct named_value values[] = { VALUE("ProcessID", "7"), VALUE("ProcessId", "0x10") };
	const struct named_value other[] = { VALUE("PROCESSID", "7") };
	struct fixture *f = *state;

	decode(f, "Microsoft-Windows-Security-Auditing", 4689, values, COUNT(values));
	assert_int_equal(number_of(f, SLOT_PID), 0x10);
	decode(f, "Microsoft-Windows-Security-Auditing", 4689, other, COUNT(other));
	assert_int_equal(number_of(f, SLOT_PID), 7);
}

static void without_a_provider__the_channel_tells(void **state)
{
	const struct named_value values[] = { VALUE("NewProcessId", "0x10") };
	struct fixture *f = *state;

	f->rec = (struct record){ .kind = RECORD_NAMED, .channel = { "security", 8 }, .id = 4688, .values = values,
		.value_count = COUNT(values), .provider_name = { "", 0 } };
	assert_int_equal(decode_record(f->decoder, &f->rec, &f->ev), ST_OK);
	assert_int_equal(f->ev.kind, EVENT_process_start);
	f->rec.channel = (struct text_view){ "Elsewhere", 9 };
	assert_int_equal(decode_record(f->decoder, &f->rec, &f->ev), ST_OK);
	assert_int_equal(f->ev.kind, EVENT_log);
}

static void procmon__operations_are_events(void **state)
{
	const struct named_value create[] = { VALUE("PID", "8"), VALUE("Operation", "Process Create"),
		VALUE("Path", "C:\\c.exe"), VALUE("Image Path", "C:\\p.exe"), VALUE("Command Line", "p"), VALUE("PID", "12"),
		VALUE("Command line", "c 1") };
	const struct named_value opened[] = { VALUE("Operation", "CreateFile"), VALUE("Path", "C:\\x"),
		VALUE("OpenResult", "Opened") };
	const struct named_value made[] = { VALUE("Operation", "CreateFile"), VALUE("Path", "C:\\x"),
		VALUE("OpenResult", "Created") };
	const struct named_value end[] = { VALUE("Operation", "Process Exit"), VALUE("Exit Status", "-1073740756") };
	const struct named_value write[] = { VALUE("Operation", "WriteFile"), VALUE("Length", "1,417") };
	const struct named_value query[] = { VALUE("Operation", "RegQueryKey"), VALUE("PID", "9") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Process Monitor", 0, create, COUNT(create)), EVENT_process_start);
	assert_int_equal(number_of(f, SLOT_PID), 12);
	assert_int_equal(number_of(f, SLOT_PPID), 8);
	assert_string_equal(text_of(f, SLOT_CMDLINE), "c 1");
	assert_string_equal(text_of(f, SLOT_PARENT_CMDLINE), "p");
	assert_int_equal(decode(f, "Process Monitor", 0, opened, COUNT(opened)), EVENT_file_open);
	assert_int_equal(decode(f, "Process Monitor", 0, made, COUNT(made)), EVENT_file_create);
	assert_string_equal(text_of(f, SLOT_FILE_PATH), "C:\\x");
	assert_int_equal(decode(f, "Process Monitor", 0, end, COUNT(end)), EVENT_process_exit);
	assert_int_equal(number_of(f, SLOT_EXIT_CODE), 0xC000042C);
	decode(f, "Process Monitor", 0, write, COUNT(write));
	assert_int_equal(number_of(f, SLOT_IO_SIZE), 1417);
	assert_int_equal(decode(f, "Process Monitor", 0, query, COUNT(query)), EVENT_log);
	assert_int_equal(number_of(f, SLOT_PID), 9);
}

static void procmon__ends_of_connections_are_split(void **state)
{
	static const char *const unsplit[] = { "", " -> ", "a -> b", "a:1->b:2", ":1 -> :2", " ->", "a:1" };
	const struct named_value connect[] = { VALUE("Operation", "TCP Connect"),
		VALUE("Path", "NODE.lab:49383 -> 2001:db8::1:https") };
	const struct named_value receive[] = { VALUE("Operation", "UDP Receive"),
		VALUE("Path", "192.0.2.9:53 -> host-9.example.org:5353") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Process Monitor", 0, connect, COUNT(connect)), EVENT_net_connect);
	assert_false(event_has(&f->ev, SLOT_LOCAL_ADDR));          /* a name is no address */
	assert_int_equal(number_of(f, SLOT_LOCAL_PORT), 49383);
	assert_string_equal(text_of(f, SLOT_REMOTE_ADDR), "2001:db8::1");
	assert_string_equal(text_of(f, SLOT_REMOTE_PORT), "https");
	assert_false(event_has(&f->ev, SLOT_REMOTE_HOST));
	assert_int_equal(number_of(f, SLOT_PROTOCOL), 6);
	assert_int_equal(decode(f, "Process Monitor", 0, receive, COUNT(receive)), EVENT_net_recv);
	assert_string_equal(text_of(f, SLOT_LOCAL_ADDR), "192.0.2.9");
	assert_string_equal(text_of(f, SLOT_REMOTE_HOST), "host-9.example.org");
	assert_int_equal(number_of(f, SLOT_REMOTE_PORT), 5353);
	assert_string_equal(text_of(f, SLOT_PROTOCOL), "udp");
	for (size_t i = 0; i < COUNT(unsplit); i++) {
		const struct named_value odd[] = { VALUE("Operation", "TCP Connect"),
			{ { "Path", 4 }, { unsplit[i], strlen(unsplit[i]) } } };

		decode(f, "Process Monitor", 0, odd, COUNT(odd));
		assert_false(event_has(&f->ev, SLOT_LOCAL_ADDR) || event_has(&f->ev, SLOT_REMOTE_HOST));
	}
}

static void field_map__is_of_the_type_it_says(void **state)
{
	const struct named_value values[] = { VALUE("evt.type", "dns_query"), VALUE("proc.pid", "12") };
	const struct named_value none[] = { VALUE("evt.type", "nonsense"), VALUE("proc.pid", "12") };
	struct fixture *f = *state;

	assert_int_equal(decode(f, "Vitrine-FieldMap", 0, values, COUNT(values)), EVENT_dns_query);
	assert_int_equal(number_of(f, SLOT_PID), 12);
	assert_int_equal(decode(f, "Vitrine-FieldMap", 0, none, COUNT(none)), EVENT_log);
}

static const char *arg_of(struct fixture *f, const char *name)
{
	struct text_view t;

	return event_get_arg(&f->ev, (struct text_view){ name, strlen(name) }, f->scratch, &t) ?
		       arena_strndup(f->scratch, t.ptr, t.len) :
		       "(none)";
}

static void every_value__is_reached_by_name_line_or_number(void **state)
{
	const struct named_value values[] = { VALUE("", "Available"), VALUE("", "None"),
		VALUE("", "\tHostName=ConsoleHost\n\tHostApplication=powershell calc\n\tPipelineId=\n"),
		VALUE("Context", "   Host Version = 5.1 \n   User = a\\b\n") };
	struct fixture *f = *state;

	decode(f, "PowerShell", 400, values, COUNT(values));
	assert_string_equal(arg_of(f, "0"), "Available");
	assert_string_equal(arg_of(f, "1"), "None");
	assert_string_equal(arg_of(f, "7"), "(none)");
	assert_string_equal(arg_of(f, "HostApplication"), "powershell calc");
	assert_string_equal(arg_of(f, "HostVersion"), "5.1");
	assert_string_equal(arg_of(f, "User"), "a\\b");
	assert_string_equal(arg_of(f, "PipelineId"), "(none)");
	assert_string_equal(arg_of(f, "Application"), "(none)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sysmon_process_create__fills_the_slots_of_a_raw_start),
		cmocka_unit_test(sysmon_network__is_an_accept_when_not_initiated),
		cmocka_unit_test(sysmon_registry__says_by_its_type_what_happened),
		cmocka_unit_test(security_start__takes_its_rows_from_the_raw_layout),
		cmocka_unit_test(security_connection__swaps_its_ends_when_inbound),
		cmocka_unit_test(security_object__becomes_what_its_type_says),
		cmocka_unit_test(blanks_in_a_logged_name__do_not_count),
		cmocka_unit_test(sysmon_registry__finds_its_type_in_the_message_when_overwritten),
		cmocka_unit_test(sysmon_wmi__texts_lose_their_quotes),
		cmocka_unit_test(times_and_message_codes__are_numbers),
		cmocka_unit_test(security_events_without_rows__tell_who_and_what),
		cmocka_unit_test(a_name_in_its_own_spelling__wins_over_another_case),
		cmocka_unit_test(without_a_provider__the_channel_tells),
		cmocka_unit_test(procmon__operations_are_events),
		cmocka_unit_test(procmon__ends_of_connections_are_split),
		cmocka_unit_test(field_map__is_of_the_type_it_says),
		cmocka_unit_test(every_value__is_reached_by_name_line_or_number),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
