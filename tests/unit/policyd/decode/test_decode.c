#include "policyd/decode/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct guid kernel_process =
	GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16);
static const struct guid classic_process =
	GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c);

/* Kernel-Process 1 v3, written by hand from the layout: pid 0x1234, parent 0x10, medium integrity, "\a.exe". */
static const uint8_t start_v3[] = {
	0x34, 0x12, 0, 0,                         /* ProcessID */
	7, 0, 0, 0, 0, 0, 0, 0,                   /* ProcessSequenceNumber */
	0, 0x80, 0x3e, 0xd5, 0xde, 0xb1, 0x9d, 1, /* CreateTime: 1970-01-01 */
	0x10, 0, 0, 0,                            /* ParentProcessID */
	3, 0, 0, 0, 0, 0, 0, 0,                   /* ParentProcessSequenceNumber */
	1, 0, 0, 0, 0, 0, 0, 0,                   /* SessionID, Flags */
	2, 0, 0, 0, 1, 0, 0, 0,                   /* ProcessTokenElevationType, ProcessTokenIsElevated */
	1, 1, 0, 0, 0, 0, 0, 16, 0, 0x20, 0, 0,   /* MandatoryLabel S-1-16-8192 */
	'\\', 0, 'a', 0, '.', 0, 'e', 0, 'x', 0, 'e', 0, 0, 0, /* ImageName */
	0xaa, 0, 0, 0, 0xbb, 0, 0, 0,             /* ImageChecksum, TimeDateStamp */
	0, 0, 0, 0,                               /* PackageFullName, PackageRelativeAppId */
};
enum { START_V3_LAST_STRING = sizeof start_v3 - 2 };

/* Classic Process v4 Start, 64-bit: TOKEN_USER before the SID, 8-bit image name. */
static const uint8_t classic_v4[] = {
	0, 0x10, 0, 0, 0x80, 0xf8, 0xff, 0xff,    /* UniqueProcessKey */
	0x34, 0x12, 0, 0, 0x10, 0, 0, 0,          /* ProcessId, ParentId */
	1, 0, 0, 0, 3, 1, 0, 0,                   /* SessionId, ExitStatus */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,       /* DirectoryTableBase, Flags */
	8, 0, 0, 0, 0, 0xe0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0,    /* TOKEN_USER */
	1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0,      /* S-1-5-18 */
	'a', '.', 'e', 'x', 'e', 0,               /* ImageFileName */
	'a', 0, ' ', 0, '1', 0, 0, 0,             /* CommandLine */
	0, 0, 0, 0,                               /* PackageFullName, ApplicationId */
};
enum { CLASSIC_V4_LAST_STRING = sizeof classic_v4 - 2 };

struct fixture {
	struct decoder *decoder;
	struct arena *scratch;
	struct event ev;
	struct record rec;
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

static enum status decode_manifest(struct fixture *f, uint8_t version, const void *payload, size_t len)
{
	f->rec = (struct record){ .kind = RECORD_ETW, .provider = kernel_process, .id = 1, .version = version,
		.pointer_bytes = 8, .payload = { payload, len } };
	return decode_record(f->decoder, &f->rec, &f->ev);
}

static enum status decode_classic(struct fixture *f, unsigned pointer_bytes, const void *payload, size_t len)
{
	f->rec = (struct record){ .kind = RECORD_ETW, .flags = RECORD_CLASSIC, .provider = classic_process, .opcode = 1,
		.version = 4, .pointer_bytes = (uint8_t)pointer_bytes, .payload = { payload, len } };
	return decode_record(f->decoder, &f->rec, &f->ev);
}

static const char *text_of(struct fixture *f, enum slot slot)
{
	struct text_view t;

	return event_get_text(&f->ev, slot, f->scratch, &t) ? arena_strndup(f->scratch, t.ptr, t.len) : "(none)";
}

static uint64_t number_of(struct fixture *f, enum slot slot)
{
	uint64_t n = 0;

	assert_true(event_get_u64(&f->ev, slot, &n));
	return n;
}

static void manifest_process_start__decodes_every_slot(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(decode_manifest(f, 3, start_v3, sizeof start_v3), ST_OK);
	assert_int_equal(f->ev.kind, EVENT_process_start);
	assert_int_equal(number_of(f, SLOT_PID), 0x1234);
	assert_int_equal(number_of(f, SLOT_PPID), 0x10);
	assert_int_equal(number_of(f, SLOT_PROC_SEQ), 7);
	assert_int_equal(number_of(f, SLOT_PARENT_SEQ), 3);
	assert_int_equal(number_of(f, SLOT_CREATE_TIME), 116444736000000000);
	assert_string_equal(text_of(f, SLOT_CREATE_TIME), "1970-01-01T00:00:00.0000000Z");
	assert_string_equal(text_of(f, SLOT_INTEGRITY_SID), "S-1-16-8192");
	assert_string_equal(text_of(f, SLOT_IMAGE_PATH), "\\a.exe");
	assert_string_equal(text_of(f, SLOT_PACKAGE), "");
	assert_string_equal(text_of(f, SLOT_CMDLINE), "(none)");
	assert_false(event_has(&f->ev, SLOT_CMDLINE));
}

static void classic_process_start__decodes_sid_and_command_line(void **state)
{
	struct fixture *f = *state;
	struct view sid;

	assert_int_equal(decode_classic(f, 8, classic_v4, sizeof classic_v4), ST_OK);
	assert_int_equal(f->ev.kind, EVENT_process_start);
	assert_string_equal(text_of(f, SLOT_USER_SID), "S-1-5-18");
	assert_true(event_get_bytes(&f->ev, SLOT_USER_SID, &sid));
	assert_int_equal(sid.len, 12);
	assert_int_equal(sid.ptr[0], 1);
	assert_string_equal(text_of(f, SLOT_IMAGE_NAME), "a.exe");
	assert_string_equal(text_of(f, SLOT_CMDLINE), "a 1");
	assert_int_equal(number_of(f, SLOT_EXIT_CODE), 259);
}

static void args__are_name_value_pairs_in_layout_order(void **state)
{
	struct fixture *f = *state;
	struct text_view args, one;

	assert_int_equal(decode_classic(f, 8, classic_v4, sizeof classic_v4), ST_OK);
	assert_true(event_format_args(&f->ev, f->scratch, &args));
	assert_string_equal(arena_strndup(f->scratch, args.ptr, args.len),
		"UniqueProcessKey=0xfffff88000001000 ProcessId=4660 ParentId=16 SessionId=1 ExitStatus=259 "
		"DirectoryTableBase=0x0 Flags=0 UserSID=S-1-5-18 ImageFileName=a.exe CommandLine=a 1 PackageFullName= "
		"ApplicationId=");
	assert_true(event_get_arg(&f->ev, (struct text_view){ "CommandLine", 11 }, f->scratch, &one));
	assert_memory_equal(one.ptr, "a 1", one.len);
	assert_false(event_get_arg(&f->ev, (struct text_view){ "commandline", 11 }, f->scratch, &one));
}

static void manifest_process_start__every_prefix_is_truncated(void **state)
{
	struct fixture *f = *state;

	for (size_t n = 0; n < sizeof start_v3; n++) {
		uint8_t *exact = malloc(n ? n : 1);

		assert_non_null(exact);
		memcpy(exact, start_v3, n);
		/* The last string may end with the payload, but has to begin. */
		assert_int_equal(decode_manifest(f, 3, exact, n), n > START_V3_LAST_STRING ? ST_OK : ST_TRUNCATED);
		free(exact);
	}
}

static void classic_process_start__every_prefix_is_truncated(void **state)
{
	struct fixture *f = *state;

	for (size_t n = 0; n < sizeof classic_v4; n++) {
		uint8_t *exact = malloc(n ? n : 1);

		assert_non_null(exact);
		memcpy(exact, classic_v4, n);
		assert_int_equal(decode_classic(f, 8, exact, n), n > CLASSIC_V4_LAST_STRING ? ST_OK : ST_TRUNCATED);
		free(exact);
	}
}

static void unknown_higher_version__uses_the_newest_layout(void **state)
{
	struct fixture *f = *state;
	uint8_t longer[sizeof start_v3 + 32] = { 0 };

	memcpy(longer, start_v3, sizeof start_v3);
	assert_int_equal(decode_manifest(f, 99, longer, sizeof longer), ST_OK);
	assert_int_equal(f->ev.layout->version, 5);
	assert_string_equal(text_of(f, SLOT_IMAGE_PATH), "\\a.exe");
}

static void version_after_a_break__never_falls_back(void **state)
{
	struct fixture *f = *state;

	/* Cut before the sequence number of the parent: enough for version 2 to make something of, and it must not. */
	assert_int_equal(decode_manifest(f, 3, start_v3, 60), ST_TRUNCATED);
	assert_null(f->ev.layout);
}

static void trailing_bytes__are_accepted(void **state)
{
	struct fixture *f = *state;
	uint8_t longer[sizeof classic_v4 + 5] = { 0 };

	memcpy(longer, classic_v4, sizeof classic_v4);
	assert_int_equal(decode_classic(f, 8, longer, sizeof longer), ST_OK);
	assert_string_equal(text_of(f, SLOT_CMDLINE), "a 1");
}

static void unknown_provider_or_id__is_unsupported(void **state)
{
	struct fixture *f = *state;
	struct record r = { .kind = RECORD_ETW, .provider = kernel_process, .id = 999, .pointer_bytes = 8 };

	assert_int_equal(decode_record(f->decoder, &r, &f->ev), ST_UNSUPPORTED);
	r.id = 1;
	r.flags = RECORD_CLASSIC;
	r.opcode = 1;
	assert_int_equal(decode_record(f->decoder, &r, &f->ev), ST_UNSUPPORTED);
}

static void named_record__is_a_log_event_with_values_by_name(void **state)
{
	struct fixture *f = *state;
	const struct named_value values[] = { { { "A", 1 }, { "one", 3 } }, { { "User", 4 }, { "x y", 3 } } };
	struct record r = { .kind = RECORD_NAMED, .provider_name = { "P", 1 }, .id = 5, .values = values, .value_count = 2 };
	struct text_view v;

	assert_int_equal(decode_record(f->decoder, &r, &f->ev), ST_OK);
	assert_int_equal(f->ev.kind, EVENT_log);
	assert_true(event_get_arg(&f->ev, (struct text_view){ "user", 4 }, f->scratch, &v));
	assert_memory_equal(v.ptr, "x y", 3);
	assert_true(event_format_args(&f->ev, f->scratch, &v));
	assert_string_equal(arena_strndup(f->scratch, v.ptr, v.len), "A=one User=x y");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manifest_process_start__decodes_every_slot),
		cmocka_unit_test(classic_process_start__decodes_sid_and_command_line),
		cmocka_unit_test(args__are_name_value_pairs_in_layout_order),
		cmocka_unit_test(manifest_process_start__every_prefix_is_truncated),
		cmocka_unit_test(classic_process_start__every_prefix_is_truncated),
		cmocka_unit_test(unknown_higher_version__uses_the_newest_layout),
		cmocka_unit_test(version_after_a_break__never_falls_back),
		cmocka_unit_test(trailing_bytes__are_accepted),
		cmocka_unit_test(unknown_provider_or_id__is_unsupported),
		cmocka_unit_test(named_record__is_a_log_event_with_values_by_name),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
