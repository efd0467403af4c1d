#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "tests/support/field_fixture.h"

#define X FIXTURE_C

static void time__is_printed_as_falco_prints_it(void **state)
{
	struct field_fixture *f = *state;

	f->w->now_100ns = WORLD_START_100NS + 31726060 * UINT64_C(10) + 7;
	f->r.ctx.first_100ns = WORLD_START_100NS;
	f->r.ctx.previous_100ns = f->w->now_100ns - 15000000;
	WORLD(f->w, provider_kernel_file, 12, 1, { "FileName", 0, X "a" });
	field_is(state, "evt.time", "02:40:31.726060700");
	field_is(state, "evt.time.s", "02:40:31");
	field_is(state, "evt.time.iso8601", "2024-12-30T02:40:31.726060700+0000");
	field_is(state, "evt.datetime", "2024-12-30 02:40:31.726060700");
	field_is(state, "evt.datetime.s", "2024-12-30 02:40:31");
	field_is(state, "evt.rawtime", "1735526431726060700");
	field_is(state, "evt.rawtime.s", "1735526431");
	field_is(state, "evt.rawtime.ns", "726060700");
	field_is(state, "evt.reltime", "31726060700");
	field_is(state, "evt.reltime.s", "31");
	field_is(state, "evt.reltime.ns", "726060700");
	field_is(state, "evt.deltatime", "1500000000");
	field_is(state, "evt.deltatime.s", "1");
	f->r.ctx.utc_offset_s = -3600;
	field_is(state, "evt.time.s", "01:40:31");
	field_is(state, "evt.time.iso8601", "2024-12-30T02:40:31.726060700+0000");
}

static void event__tells_what_it_is(void **state)
{
	struct field_fixture *f = *state;

	f->r.ctx.number = 42;
	WORLD(f->w, provider_kernel_file, 12, 1, { "CreateOptions", UINT64_C(2) << 24, NULL }, { "FileName", 0, X "a" });
	field_is(state, "evt.num", "42");
	field_is(state, "evt.type", "file_create");
	field_is(state, "evt.category", "file");
	field_is(state, "evt.name", "Create");
	field_is(state, "evt.id", "12");
	field_is(state, "evt.hostname", "NODE1");
	field_is(state, "evt.source", "windows");
	field_is(state, "evt.count", "1");
	field_is(state, "evt.is_open_create", "true");
	field_is(state, "evt.is_open_write", "true");
	field_is(state, "evt.is_open_read", "false");
	field_is(state, "evt.is_io", "false");
	field_is(state, "evt.partial", "false");
	field_is(state, "evt.failed", "false");
	field_is(state, "evt.res", "<NA>");
	field_is(state, "etw.provider", "Microsoft-Windows-Kernel-File");
	field_is(state, "etw.version", "1");
	field_is(state, "evt.arg[FileName]", X "a");
	field_is(state, "evt.arg[Nonsense]", "<NA>");
}

static void result__has_number_name_and_truth(void **state)
{
	struct field_fixture *f = *state;

	WORLD(f->w, provider_kernel_registry, 2, 0, { "Status", 0xC0000022, NULL }, { "RelativeName", 0, "x" });
	field_is(state, "evt.res", "ACCESS_DENIED");
	field_is(state, "evt.rawres", "-1073741790");
	field_is(state, "evt.failed", "true");
	field_is(state, "evt.count.error", "1");
	WORLD(f->w, provider_kernel_registry, 2, 0, { "Status", 0, NULL }, { "RelativeName", 0, "x" });
	field_is(state, "evt.res", "SUCCESS");
	field_is(state, "evt.failed", "false");
	WORLD(f->w, provider_kernel_registry, 2, 0, { "Status", 0x104, NULL }, { "RelativeName", 0, "x" });
	field_is(state, "evt.res", "0x104");
	field_is(state, "evt.failed", "false");
}

static void args__are_of_both_records(void **state)
{
	struct field_fixture *f = *state;
	const struct world_program cmd = { 200, 100, X "cmd.exe", "cmd /c", NULL, 0 };

	world_start(f->w, &cmd);
	field_is(state, "evt.arg[ProcessID]", "200");
	field_is(state, "evt.arg[CommandLine]", "cmd /c");
	assert_non_null(strstr(field_text(&f->r, "evt.args"), "ProcessID=200 "));
	assert_non_null(strstr(field_text(&f->r, "evt.args"), "CommandLine=cmd /c"));
	assert_non_null(strstr(field_text(&f->r, "evt.info"), "CommandLine=cmd /c"));
}

static void file__has_its_parts(void **state)
{
	struct field_fixture *f = *state;

	WORLD(f->w, provider_kernel_file, 12, 1, { "FileObject", 16, NULL }, { "FileName", 0, X "Temp\\a.txt" });
	field_is(state, "fd.name", "C:\\Temp\\a.txt");
	field_is(state, "fd.directory", "C:\\Temp");
	field_is(state, "fd.filename", "a.txt");
	field_is(state, "fd.nameraw", X "Temp\\a.txt");
	field_is(state, "fd.type", "file");
	field_is(state, "fd.typechar", "f");
	field_is(state, "fs.path.name", "C:\\Temp\\a.txt");
	field_is(state, "fs.path.nameraw", X "Temp\\a.txt");
	field_is(state, "fs.path.target", "<NA>");
	field_is(state, "fd.lip", "<NA>");
	WORLD(f->w, provider_kernel_file, 27, 1, { "FileObject", 16, NULL }, { "FilePath", 0, X "Temp\\b.txt" });
	field_is(state, "fs.path.source", "C:\\Temp\\a.txt");
	field_is(state, "fs.path.target", "C:\\Temp\\b.txt");
	WORLD(f->w, provider_kernel_file, 16, 1, { "FileObject", 16, NULL }, { "IOSize", 512, NULL });
	field_is(state, "evt.is_io_write", "true");
	field_is(state, "evt.io_dir", "w");
	field_is(state, "evt.buflen", "512");
}

static void connect__has_client_and_server(void **state)
{
	struct field_fixture *f = *state;

	WORLD(f->w, provider_kernel_network, 12, 0, { "PID", 8, NULL }, { "saddr", 0x0a00a8c0, NULL },
		{ "daddr", 0x4271cbcb, NULL }, { "sport", 0x00c0, NULL }, { "dport", 0xbb01, NULL });
	field_is(state, "evt.type", "net_connect");
	field_is(state, "fd.lip", "192.168.0.10");
	field_is(state, "fd.rip", "203.203.113.66");
	field_is(state, "fd.cip", "192.168.0.10");
	field_is(state, "fd.sip", "203.203.113.66");
	field_is(state, "fd.lport", "49152");
	field_is(state, "fd.rport", "443");
	field_is(state, "fd.sport", "443");
	field_is(state, "fd.cport", "49152");
	field_is(state, "fd.sproto", "https");
	field_is(state, "fd.cproto", "49152");
	field_is(state, "fd.l4proto", "tcp");
	field_is(state, "fd.sockfamily", "ip");
	field_is(state, "fd.is_server", "false");
	field_is(state, "fd.type", "ipv4");
	field_is(state, "fd.typechar", "4");
	field_is(state, "fd.name", "192.168.0.10:49152->203.203.113.66:443");
}

static void accept__has_them_the_other_way(void **state)
{
	struct field_fixture *f = *state;

	WORLD(f->w, provider_kernel_network, 15, 0, { "PID", 8, NULL }, { "saddr", 0x0a00a8c0, NULL },
		{ "daddr", 0x4271cbcb, NULL }, { "sport", 0xbb01, NULL }, { "dport", 0x00c0, NULL });
	field_is(state, "evt.type", "net_accept");
	field_is(state, "fd.is_server", "true");
	field_is(state, "fd.lip", "192.168.0.10");
	field_is(state, "fd.sip", "192.168.0.10");
	field_is(state, "fd.name", "203.203.113.66:49152->192.168.0.10:443");
}

static void disconnect__does_not_guess_who_opened(void **state)
{
	struct field_fixture *f = *state;

	WORLD(f->w, provider_kernel_network, 13, 0, { "PID", 8, NULL }, { "saddr", 0x0a00a8c0, NULL },
		{ "daddr", 0x4271cbcb, NULL });
	field_is(state, "fd.lip", "192.168.0.10");
	field_is(state, "fd.cip", "<NA>");
	field_is(state, "fd.is_server", "<NA>");
	field_is(state, "fd.name", "192.168.0.10:0->203.203.113.66:0");
	WORLD(f->w, provider_kernel_network, 42, 0, { "PID", 8, NULL });
	field_is(state, "fd.l4proto", "udp");
}

static void set_value(struct field_fixture *f, uint64_t type, const char *data, uint64_t size)
{
	WORLD(f->w, provider_kernel_registry, 5, 0, { "KeyObject", 16, NULL }, { "Type", type, NULL },
		{ "KeyName", 0, "\\REGISTRY\\MACHINE\\SOFTWARE\\Run" }, { "ValueName", 0, "evil" },
		{ "CapturedDataSize", size, NULL }, { "CapturedData", size, data });
}

static void registry_data__is_rendered_by_its_type(void **state)
{
	struct field_fixture *f = *state;

	set_value(f, 4, "\x2a\0\0\0", 4);
	field_is(state, "registry.path", "HKLM\\SOFTWARE\\Run\\evil");
	field_is(state, "registry.key", "HKLM\\SOFTWARE\\Run");
	field_is(state, "registry.value", "evil");
	field_is(state, "registry.data", "DWORD (0x0000002a)");
	field_is(state, "registry.data_type", "REG_DWORD");
	set_value(f, 4, "\x2a\0", 2);
	field_is(state, "registry.data", "2a00");
	set_value(f, 5, "\0\0\0\x2a", 4);
	field_is(state, "registry.data", "DWORD (0x0000002a)");
	set_value(f, 11, "\x2a\0\0\0\1\0\0\0", 8);
	field_is(state, "registry.data", "QWORD (0x00000001-0x0000002a)");
	set_value(f, 1, "a\0b\0\0\0", 6);
	field_is(state, "registry.data", "ab");
	field_is(state, "registry.data_type", "REG_SZ");
	set_value(f, 7, "a\0\0\0b\0\0\0\0\0", 10);
	field_is(state, "registry.data", "a b");
	set_value(f, 3, "\1\xff", 2);
	field_is(state, "registry.data", "01ff");
	field_is(state, "registry.data_type", "REG_BINARY");
	set_value(f, 1, "", 0);
	field_is(state, "registry.data", "<NA>");
	set_value(f, 77, "a", 1);
	field_is(state, "registry.data_type", "0x4d");
}

static void module__has_path_name_and_signature(void **state)
{
	struct field_fixture *f = *state;

	WORLD(f->w, provider_classic_image, 10, 3, { "ProcessId", 8, NULL }, { "FileName", 0, X "Windows\\a.dll" },
		{ "SignatureLevel", 12, NULL }, { "SignatureType", 1, NULL }, { "ImageBase", 0x1000, NULL },
		{ "ImageSize", 8192, NULL });
	field_is(state, "module.path", "C:\\Windows\\a.dll");
	field_is(state, "module.name", "a.dll");
	field_is(state, "module.signed", "true");
	field_is(state, "module.signature_level", "WINDOWS");
	field_is(state, "module.base", "0x1000");
	field_is(state, "module.size", "8192");
	field_is(state, "fs.path.name", "<NA>");
}

static void dns__answers_are_a_list(void **state)
{
	struct field_fixture *f = *state;

	WORLD(f->w, provider_dns_client, 3008, 0, { "QueryName", 0, "example.org" }, { "QueryType", 28, NULL },
		{ "QueryResults", 0, "type:  5 www.example.org;::ffff:192.0.2.1;2001:db8::1;" });
	field_is(state, "evt.type", "dns_query");
	field_is(state, "dns.query", "example.org");
	field_is(state, "dns.type", "AAAA");
	field_is(state, "dns.status", "0");
	field_is(state, "dns.answers", "(www.example.org,192.0.2.1,2001:db8::1)");
}

static void access__has_its_mask(void **state)
{
	struct field_fixture *f = *state;

	WORLD(f->w, provider_audit_api_calls, 5, 0, { "TargetProcessId", 4, NULL }, { "DesiredAccess", 0x1410, NULL });
	field_is(state, "target.pid", "4");
	field_is(state, "target.name", "System");
	field_is(state, "target.access", "0x1410");
	field_is(state, "target.access.mask", "5136");
}

static void losses__are_events_with_values(void **state)
{
	struct field_fixture *f = *state;
	const struct named_value values[] = { { { "reason", 6 }, { "damage", 6 } } };

	world_apply_named(f->w, "", 0, values, 1);
	f->w->ev.kind = EVENT_events_lost;
	f->w->ev.lost_before = 12;
	field_is(state, "evt.type", "events_lost");
	field_is(state, "evt.is_async", "true");
	field_is(state, "evt.asynctype", "events_lost");
	field_is(state, "evt.gap", "12");
	field_is(state, "evt.data[reason]", "damage");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, field_fixture_setup, field_fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(time__is_printed_as_falco_prints_it),
		TEST(event__tells_what_it_is),
		TEST(result__has_number_name_and_truth),
		TEST(args__are_of_both_records),
		TEST(file__has_its_parts),
		TEST(connect__has_client_and_server),
		TEST(accept__has_them_the_other_way),
		TEST(disconnect__does_not_guess_who_opened),
		TEST(registry_data__is_rendered_by_its_type),
		TEST(module__has_path_name_and_signature),
		TEST(dns__answers_are_a_list),
		TEST(access__has_its_mask),
		TEST(losses__are_events_with_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
