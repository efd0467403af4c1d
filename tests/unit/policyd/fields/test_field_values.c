#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "tests/support/field_value.h"

#define X "\\Device\\HarddiskVolume3\\"

struct fixture {
	struct world *w;
	struct field_reader r;
};

static int setup(void **state)
{
	const struct stream_device_path c = { { "\\Device\\HarddiskVolume3", 23 }, { "C:", 2 } };
	const struct stream_hello hello = { .host_name = { "NODE1", 5 }, .device_paths = &c, .device_path_count = 1 };
	struct fixture *f = calloc(1, sizeof *f);

	if (!f || !(f->w = world_create(NULL)) || !field_reader_init(&f->r, f->w))
		return -1;
	state_apply_hello(f->w->state, &hello);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	field_reader_release(&f->r);
	world_destroy(f->w);
	free(f);
	return 0;
}

static void is(void **state, const char *field, const char *want)
{
	struct fixture *f = *state;

	assert_string_equal(field_text(&f->r, field), want);
}

static void time__is_printed_as_falco_prints_it(void **state)
{
	struct fixture *f = *state;

	f->w->now_100ns = WORLD_START_100NS + 31726060 * UINT64_C(10) + 7;
	f->r.ctx.first_100ns = WORLD_START_100NS;
	f->r.ctx.previous_100ns = f->w->now_100ns - 15000000;
	WORLD(f->w, provider_kernel_file, 12, 1, { "FileName", 0, X "a" });
	is(state, "evt.time", "02:40:31.726060700");
	is(state, "evt.time.s", "02:40:31");
	is(state, "evt.time.iso8601", "2024-12-30T02:40:31.726060700+0000");
	is(state, "evt.datetime", "2024-12-30 02:40:31.726060700");
	is(state, "evt.datetime.s", "2024-12-30 02:40:31");
	is(state, "evt.rawtime", "1735526431726060700");
	is(state, "evt.rawtime.s", "1735526431");
	is(state, "evt.rawtime.ns", "726060700");
	is(state, "evt.reltime", "31726060700");
	is(state, "evt.reltime.s", "31");
	is(state, "evt.reltime.ns", "726060700");
	is(state, "evt.deltatime", "1500000000");
	is(state, "evt.deltatime.s", "1");
	f->r.ctx.utc_offset_s = -3600;
	is(state, "evt.time.s", "01:40:31");
	is(state, "evt.time.iso8601", "2024-12-30T02:40:31.726060700+0000");
}

static void event__tells_what_it_is(void **state)
{
	struct fixture *f = *state;

	f->r.ctx.number = 42;
	WORLD(f->w, provider_kernel_file, 12, 1, { "CreateOptions", UINT64_C(2) << 24, NULL }, { "FileName", 0, X "a" });
	is(state, "evt.num", "42");
	is(state, "evt.type", "file_create");
	is(state, "evt.category", "file");
	is(state, "evt.name", "Create");
	is(state, "evt.id", "12");
	is(state, "evt.hostname", "NODE1");
	is(state, "evt.source", "windows");
	is(state, "evt.count", "1");
	is(state, "evt.is_open_create", "true");
	is(state, "evt.is_open_write", "true");
	is(state, "evt.is_open_read", "false");
	is(state, "evt.is_io", "false");
	is(state, "evt.partial", "false");
	is(state, "evt.failed", "false");
	is(state, "evt.res", "<NA>");
	is(state, "etw.provider", "Microsoft-Windows-Kernel-File");
	is(state, "etw.version", "1");
	is(state, "evt.arg[FileName]", X "a");
	is(state, "evt.arg[Nonsense]", "<NA>");
}

static void result__has_number_name_and_truth(void **state)
{
	struct fixture *f = *state;

	WORLD(f->w, provider_kernel_registry, 2, 0, { "Status", 0xC0000022, NULL }, { "RelativeName", 0, "x" });
	is(state, "evt.res", "ACCESS_DENIED");
	is(state, "evt.rawres", "-1073741790");
	is(state, "evt.failed", "true");
	is(state, "evt.count.error", "1");
	WORLD(f->w, provider_kernel_registry, 2, 0, { "Status", 0, NULL }, { "RelativeName", 0, "x" });
	is(state, "evt.res", "SUCCESS");
	is(state, "evt.failed", "false");
	WORLD(f->w, provider_kernel_registry, 2, 0, { "Status", 0x104, NULL }, { "RelativeName", 0, "x" });
	is(state, "evt.res", "0x104");
	is(state, "evt.failed", "false");
}

static void args__are_of_both_records(void **state)
{
	struct fixture *f = *state;
	const struct world_program cmd = { 200, 100, X "cmd.exe", "cmd /c", NULL, 0 };

	world_start(f->w, &cmd);
	is(state, "evt.arg[ProcessID]", "200");
	is(state, "evt.arg[CommandLine]", "cmd /c");
	assert_non_null(strstr(field_text(&f->r, "evt.args"), "ProcessID=200 "));
	assert_non_null(strstr(field_text(&f->r, "evt.args"), "CommandLine=cmd /c"));
	assert_non_null(strstr(field_text(&f->r, "evt.info"), "CommandLine=cmd /c"));
}

static void file__has_its_parts(void **state)
{
	struct fixture *f = *state;

	WORLD(f->w, provider_kernel_file, 12, 1, { "FileObject", 16, NULL }, { "FileName", 0, X "Temp\\a.txt" });
	is(state, "fd.name", "C:\\Temp\\a.txt");
	is(state, "fd.directory", "C:\\Temp");
	is(state, "fd.filename", "a.txt");
	is(state, "fd.nameraw", X "Temp\\a.txt");
	is(state, "fd.type", "file");
	is(state, "fd.typechar", "f");
	is(state, "fs.path.name", "C:\\Temp\\a.txt");
	is(state, "fs.path.nameraw", X "Temp\\a.txt");
	is(state, "fs.path.target", "<NA>");
	is(state, "fd.lip", "<NA>");
	WORLD(f->w, provider_kernel_file, 27, 1, { "FileObject", 16, NULL }, { "FilePath", 0, X "Temp\\b.txt" });
	is(state, "fs.path.source", "C:\\Temp\\a.txt");
	is(state, "fs.path.target", "C:\\Temp\\b.txt");
	WORLD(f->w, provider_kernel_file, 16, 1, { "FileObject", 16, NULL }, { "IOSize", 512, NULL });
	is(state, "evt.is_io_write", "true");
	is(state, "evt.io_dir", "w");
	is(state, "evt.buflen", "512");
}

static void connect__has_client_and_server(void **state)
{
	struct fixture *f = *state;

	WORLD(f->w, provider_kernel_network, 12, 0, { "PID", 8, NULL }, { "saddr", 0x0a00a8c0, NULL },
		{ "daddr", 0x4271cbcb, NULL }, { "sport", 0x00c0, NULL }, { "dport", 0xbb01, NULL });
	is(state, "evt.type", "net_connect");
	is(state, "fd.lip", "192.168.0.10");
	is(state, "fd.rip", "203.203.113.66");
	is(state, "fd.cip", "192.168.0.10");
	is(state, "fd.sip", "203.203.113.66");
	is(state, "fd.lport", "49152");
	is(state, "fd.rport", "443");
	is(state, "fd.sport", "443");
	is(state, "fd.cport", "49152");
	is(state, "fd.sproto", "https");
	is(state, "fd.cproto", "49152");
	is(state, "fd.l4proto", "tcp");
	is(state, "fd.sockfamily", "ip");
	is(state, "fd.is_server", "false");
	is(state, "fd.type", "ipv4");
	is(state, "fd.typechar", "4");
	is(state, "fd.name", "192.168.0.10:49152->203.203.113.66:443");
}

static void accept__has_them_the_other_way(void **state)
{
	struct fixture *f = *state;

	WORLD(f->w, provider_kernel_network, 15, 0, { "PID", 8, NULL }, { "saddr", 0x0a00a8c0, NULL },
		{ "daddr", 0x4271cbcb, NULL }, { "sport", 0xbb01, NULL }, { "dport", 0x00c0, NULL });
	is(state, "evt.type", "net_accept");
	is(state, "fd.is_server", "true");
	is(state, "fd.lip", "192.168.0.10");
	is(state, "fd.sip", "192.168.0.10");
	is(state, "fd.name", "203.203.113.66:49152->192.168.0.10:443");
}

static void disconnect__does_not_guess_who_opened(void **state)
{
	struct fixture *f = *state;

	WORLD(f->w, provider_kernel_network, 13, 0, { "PID", 8, NULL }, { "saddr", 0x0a00a8c0, NULL },
		{ "daddr", 0x4271cbcb, NULL });
	is(state, "fd.lip", "192.168.0.10");
	is(state, "fd.cip", "<NA>");
	is(state, "fd.is_server", "<NA>");
	is(state, "fd.name", "192.168.0.10:0->203.203.113.66:0");
	WORLD(f->w, provider_kernel_network, 42, 0, { "PID", 8, NULL });
	is(state, "fd.l4proto", "udp");
}

static void set_value(struct fixture *f, uint64_t type, const char *data, uint64_t size)
{
	WORLD(f->w, provider_kernel_registry, 5, 0, { "KeyObject", 16, NULL }, { "Type", type, NULL },
		{ "KeyName", 0, "\\REGISTRY\\MACHINE\\SOFTWARE\\Run" }, { "ValueName", 0, "evil" },
		{ "CapturedDataSize", size, NULL }, { "CapturedData", size, data });
}

static void registry_data__is_rendered_by_its_type(void **state)
{
	struct fixture *f = *state;

	set_value(f, 4, "\x2a\0\0\0", 4);
	is(state, "registry.path", "HKLM\\SOFTWARE\\Run\\evil");
	is(state, "registry.key", "HKLM\\SOFTWARE\\Run");
	is(state, "registry.value", "evil");
	is(state, "registry.data", "DWORD (0x0000002a)");
	is(state, "registry.data_type", "REG_DWORD");
	set_value(f, 4, "\x2a\0", 2);
	is(state, "registry.data", "2a00");
	set_value(f, 5, "\0\0\0\x2a", 4);
	is(state, "registry.data", "DWORD (0x0000002a)");
	set_value(f, 11, "\x2a\0\0\0\1\0\0\0", 8);
	is(state, "registry.data", "QWORD (0x00000001-0x0000002a)");
	set_value(f, 1, "a\0b\0\0\0", 6);
	is(state, "registry.data", "ab");
	is(state, "registry.data_type", "REG_SZ");
	set_value(f, 7, "a\0\0\0b\0\0\0\0\0", 10);
	is(state, "registry.data", "a b");
	set_value(f, 3, "\1\xff", 2);
	is(state, "registry.data", "01ff");
	is(state, "registry.data_type", "REG_BINARY");
	set_value(f, 1, "", 0);
	is(state, "registry.data", "<NA>");
	set_value(f, 77, "a", 1);
	is(state, "registry.data_type", "0x4d");
}

static void module__has_path_name_and_signature(void **state)
{
	struct fixture *f = *state;

	WORLD(f->w, provider_classic_image, 10, 3, { "ProcessId", 8, NULL }, { "FileName", 0, X "Windows\\a.dll" },
		{ "SignatureLevel", 12, NULL }, { "SignatureType", 1, NULL }, { "ImageBase", 0x1000, NULL },
		{ "ImageSize", 8192, NULL });
	is(state, "module.path", "C:\\Windows\\a.dll");
	is(state, "module.name", "a.dll");
	is(state, "module.signed", "true");
	is(state, "module.signature_level", "WINDOWS");
	is(state, "module.base", "0x1000");
	is(state, "module.size", "8192");
	is(state, "fs.path.name", "<NA>");
}

static void dns__answers_are_a_list(void **state)
{
	struct fixture *f = *state;

	WORLD(f->w, provider_dns_client, 3008, 0, { "QueryName", 0, "example.org" }, { "QueryType", 28, NULL },
		{ "QueryResults", 0, "type:  5 www.example.org;::ffff:192.0.2.1;2001:db8::1;" });
	is(state, "evt.type", "dns_query");
	is(state, "dns.query", "example.org");
	is(state, "dns.type", "AAAA");
	is(state, "dns.status", "0");
	is(state, "dns.answers", "(www.example.org,192.0.2.1,2001:db8::1)");
}

static void access__has_its_mask(void **state)
{
	struct fixture *f = *state;

	WORLD(f->w, provider_audit_api_calls, 5, 0, { "TargetProcessId", 4, NULL }, { "DesiredAccess", 0x1410, NULL });
	is(state, "target.pid", "4");
	is(state, "target.name", "System");
	is(state, "target.access", "0x1410");
	is(state, "target.access.mask", "5136");
}

static void losses__are_events_with_values(void **state)
{
	struct fixture *f = *state;
	const struct named_value values[] = { { { "reason", 6 }, { "damage", 6 } } };

	world_apply_named(f->w, "", 0, values, 1);
	f->w->ev.kind = EVENT_events_lost;
	f->w->ev.lost_before = 12;
	is(state, "evt.type", "events_lost");
	is(state, "evt.is_async", "true");
	is(state, "evt.asynctype", "events_lost");
	is(state, "evt.gap", "12");
	is(state, "evt.data[reason]", "damage");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
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
