/* The bytes of wire version 1, frozen: tests/golden/wire/v1/ holds one stream with every frame type and record kind,
 * and its rendering. A later version must still read it so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "proto/base/buf.h"
#include "proto/wire/stream_writer.h"
#include "tests/support/golden.h"
#include "tests/support/stream_text.h"

#define GOLDEN_STREAM "tests/golden/wire/v1/every_frame.vst"
#define GOLDEN_TEXT "tests/golden/wire/v1/every_frame.txt"

enum { MAX_BYTES = 1 << 20 };

static const struct guid kernel_process =
	GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16);
static const struct guid classic_process =
	GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c);
static const struct guid silo = GUID_INIT(0x0f8e2a11, 0x7c3d, 0x4b6a, 0x91, 0x5e, 0x20, 0xab, 0x4c, 0xd6, 0x77, 0x08);
static const uint8_t system_sid[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };

static struct text_view text(const char *s)
{
	return (struct text_view){ s, strlen(s) };
}

static enum status append(void *ctx, const void *bytes, size_t len)
{
	return buf_append(ctx, bytes, len) ? ST_OK : ST_LIMIT;
}

static enum status write_hello(struct stream_writer *w)
{
	const struct stream_device_path paths[] = { { text("\\Device\\HarddiskVolume3"), text("C:") } };
	const struct stream_provider providers[] = { { kernel_process, text("Microsoft-Windows-Kernel-Process") } };
	const struct stream_hello hello = { .schema_version = 1, .host_name = text("NODE1"),
		.machine_id = text("6f1d2f60"), .os_name = text("Windows Server 2022"), .os_build = 20348,
		.boot_time_100ns = UINT64_C(133400000000000000), .clock = CLOCK_QPC, .source = SOURCE_GENERATED,
		.pointer_bytes = 8, .device_paths = paths, .device_path_count = 1, .providers = providers,
		.provider_count = 1 };

	return stream_writer_hello(w, &hello);
}

static enum status write_snapshot(struct stream_writer *w)
{
	const struct stream_process process = { .pid = 4711, .ppid = 612, .session_id = 2,
		.create_time_100ns = UINT64_C(133400000012345678), .start_key = UINT64_C(0x1000000000000a),
		.image_path = text("C:\\Windows\\System32\\inetsrv\\w3wp.exe"), .cmdline = text("w3wp.exe -ap \"Default\""),
		.user_sid = { system_sid, sizeof system_sid }, .container = silo };
	const struct stream_container container = { .silo = silo, .id = text("4f2a1b"), .name = text("web"),
		.image = text("mcr.microsoft.com/windows/servercore/iis"), .type = text("windows"),
		.hcs_json = text("{\"Id\":\"4f2a1b\"}") };
	const struct stream_snapshot s = { .time_100ns = UINT64_C(133400000020000000), .processes = &process,
		.process_count = 1, .containers = &container, .container_count = 1, .complete = true };

	return stream_writer_snapshot(w, &s);
}

static enum status write_etw_records(struct stream_writer *w)
{
	static const uint8_t payload[] = { 0xff, 0xff, 0xff, 0xff, 0x80, 0, 1, 2 };
	const struct record full = { .kind = RECORD_ETW, .provider = kernel_process, .id = 1, .version = 3, .opcode = 1,
		.level = 4, .pointer_bytes = 8, .task = 1, .keyword = UINT64_C(0x8000000000000010),
		.time_100ns = UINT64_C(133400000030000000), .pid = 4711, .tid = 4712, .cpu = 3,
		.flags = RECORD_HAS_CONTAINER | RECORD_HAS_START_KEY | RECORD_HAS_EVENT_KEY | RECORD_TRACELOGGING,
		.container = silo, .start_key = UINT64_C(0x1000000000000a), .event_key = 7,
		.sid = { system_sid, sizeof system_sid }, .schema = { payload, 4 },
		.payload = { payload, sizeof payload } };
	const struct record classic = { .kind = RECORD_ETW, .provider = classic_process, .flags = RECORD_CLASSIC,
		.opcode = 1, .version = 4, .pointer_bytes = 4, .time_100ns = UINT64_C(133400000030000010),
		.pid = UINT32_MAX, .tid = UINT32_MAX, .payload = { payload, 1 } };
	const struct record jumped = { .kind = RECORD_ETW, .pointer_bytes = 8, .seq = 1000 };
	enum status st = stream_writer_record(w, &full);

	if (st == ST_OK)
		st = stream_writer_record(w, &classic);
	return st == ST_OK ? stream_writer_record(w, &jumped) : st;
}

static enum status write_named_records(struct stream_writer *w)
{
	const struct named_value values[] = { { text("Image"), text("C:\\Temp\\\xc3\xa4.exe") }, { text(""), text("x") },
		{ text("Empty"), text("") } };
	const struct record other_host = { .kind = RECORD_NAMED, .provider_name = text("Microsoft-Windows-Sysmon"),
		.provider = GUID_INIT(0x5770385f, 0xc22a, 0x43e0, 0xbf, 0x4c, 0x06, 0xf5, 0x69, 0x8f, 0xfb, 0xd9),
		.id = 1, .version = 5, .level = 4, .task = 1, .record_id = 991, .pid = 2012, .tid = 2100,
		.time_100ns = UINT64_C(133400000040000000), .channel = text("Microsoft-Windows-Sysmon/Operational"),
		.host = text("OTHER.example.org"), .values = values, .value_count = 3 };
	const struct record no_guid = { .kind = RECORD_NAMED, .provider_name = text("Service Control Manager"),
		.id = 7045, .channel = text("System"), .host = text("NODE1") };
	enum status st = stream_writer_record(w, &other_host);

	return st == ST_OK ? stream_writer_record(w, &no_guid) : st;
}

static enum status write_rest(struct stream_writer *w)
{
	const struct stream_loss loss = { .session = text("bulk"), .reason = LOSS_REALTIME_BUFFERS, .events_lost = 12,
		.buffers_lost = 2, .since_100ns = 5, .until_100ns = 6 };
	const struct stream_heartbeat beat = { .last_seq = 1002, .time_100ns = 7, .records_sent = 5, .events_lost = 12 };
	const struct stream_end end = { .records_total = 5, .events_lost_total = 12, .buffers_lost_total = 2 };
	enum status st = stream_writer_loss(w, &loss);

	if (st == ST_OK)
		st = stream_writer_heartbeat(w, &beat);
	return st == ST_OK ? stream_writer_end(w, &end) : st;
}

static void write_golden_stream(struct buf *out)
{
	struct stream_writer *w = stream_writer_create(append, out);

	assert_non_null(w);
	assert_int_equal(stream_writer_magic(w), ST_OK);
	assert_int_equal(write_hello(w), ST_OK);
	assert_int_equal(write_snapshot(w), ST_OK);
	assert_int_equal(write_etw_records(w), ST_OK);
	assert_int_equal(write_named_records(w), ST_OK);
	assert_int_equal(write_rest(w), ST_OK);
	stream_writer_destroy(w);
}

static void wire_v1__same_calls_give_the_same_bytes(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, MAX_BYTES);
	write_golden_stream(&out);
	assert_true(golden_matches(GOLDEN_STREAM, out.data, out.len));
	buf_release(&out);
}

static enum status render(struct view stream, size_t step, struct buf *out)
{
	struct diag why = DIAG_INIT;

	buf_clear(out);
	return stream_text_render(stream, step, out, &why);
}

static void wire_v1__golden_bytes_still_read_the_same(void **state)
{
	struct buf stream, out;

	(void)state;
	assert_true(golden_read(GOLDEN_STREAM, &stream));
	buf_init(&out, MAX_BYTES);
	assert_int_equal(render((struct view){ stream.data, stream.len }, SIZE_MAX, &out), ST_OK);
	assert_true(golden_matches(GOLDEN_TEXT, out.data, out.len));
	buf_release(&stream);
	buf_release(&out);
}

static void wire_v1__split_of_the_input_does_not_matter(void **state)
{
	struct buf stream, out;

	(void)state;
	assert_true(golden_read(GOLDEN_STREAM, &stream));
	buf_init(&out, MAX_BYTES);
	for (size_t step = 1; step < stream.len; step++) {
		assert_int_equal(render((struct view){ stream.data, stream.len }, step, &out), ST_OK);
		assert_true(golden_matches(GOLDEN_TEXT, out.data, out.len));
	}
	buf_release(&stream);
	buf_release(&out);
}

/* Feeds the two halves apart. */
static enum status render_halves(struct view stream, size_t at, struct buf *out)
{
	struct stream_reader *r = stream_reader_create(&stream_text_callbacks, out);
	struct diag why = DIAG_INIT;
	enum status st;

	assert_non_null(r);
	buf_clear(out);
	st = stream_reader_feed(r, stream.ptr, at, &why);
	if (st == ST_OK)
		st = stream_reader_feed(r, stream.ptr + at, stream.len - at, &why);
	if (st == ST_OK)
		st = stream_reader_finish(r, &why);
	stream_reader_destroy(r);
	return st;
}

static void wire_v1__every_split_point_gives_the_same(void **state)
{
	struct buf stream, out;

	(void)state;
	assert_true(golden_read(GOLDEN_STREAM, &stream));
	buf_init(&out, MAX_BYTES);
	for (size_t at = 0; at <= stream.len; at++) {
		assert_int_equal(render_halves((struct view){ stream.data, stream.len }, at, &out), ST_OK);
		assert_true(golden_matches(GOLDEN_TEXT, out.data, out.len));
	}
	buf_release(&stream);
	buf_release(&out);
}

/* A prefix is well-formed when it ends between two frames, and truncated anywhere else. */
static void wire_v1__every_prefix_is_truncated_or_ends_between_frames(void **state)
{
	struct buf stream, out;
	size_t whole = 0;

	(void)state;
	assert_true(golden_read(GOLDEN_STREAM, &stream));
	buf_init(&out, MAX_BYTES);
	for (size_t n = 0; n < stream.len; n++) {
		uint8_t *exact = malloc(n ? n : 1);
		enum status st;

		assert_non_null(exact);
		memcpy(exact, stream.data, n);
		st = render((struct view){ exact, n }, SIZE_MAX, &out);
		whole += st == ST_OK;
		assert_true(st == ST_OK || st == ST_TRUNCATED);
		free(exact);
	}
	assert_int_equal(whole, 6);    /* after each of the six frames before the last */
	buf_release(&stream);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wire_v1__same_calls_give_the_same_bytes),
		cmocka_unit_test(wire_v1__golden_bytes_still_read_the_same),
		cmocka_unit_test(wire_v1__split_of_the_input_does_not_matter),
		cmocka_unit_test(wire_v1__every_split_point_gives_the_same),
		cmocka_unit_test(wire_v1__every_prefix_is_truncated_or_ends_between_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
