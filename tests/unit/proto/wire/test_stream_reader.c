#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "proto/base/buf.h"
#include "proto/wire/frame.h"
#include "proto/wire/stream_reader.h"
#include "proto/wire/stream_writer.h"

struct seen {
	int hellos, records, losses, ends;
	char name[64];
	enum loss_reason reason;
	enum status answer;
};

static enum status see_hello(void *ctx, const struct stream_hello *h)
{
	struct seen *s = ctx;

	s->hellos++;
	return h->schema_version == STREAM_SCHEMA_VERSION ? ST_OK : ST_MALFORMED;
}

static enum status see_record(void *ctx, const struct record *r)
{
	struct seen *s = ctx;

	s->records++;
	memcpy(s->name, r->provider_name.ptr, r->provider_name.len);
	s->name[r->provider_name.len] = '\0';
	return s->answer;
}

static enum status see_loss(void *ctx, const struct stream_loss *l)
{
	struct seen *s = ctx;

	s->losses++;
	s->reason = l->reason;
	return ST_OK;
}

static const struct stream_callbacks calls = { .hello = see_hello, .record = see_record, .loss = see_loss };

struct frame_bytes {
	uint8_t type;
	size_t len;
	uint8_t body[32];
};

static const struct frame_bytes hello = { FRAME_HELLO, 2, { 8, 1 } };

/* Feeds HELLO and then *f (unless NULL) to a new reader. */
static enum status feed_after_hello(const struct frame_bytes *f, struct seen *s, struct diag *why)
{
	struct stream_reader *r = stream_reader_create(&calls, s);
	uint8_t header[FRAME_HEADER_BYTES];
	const struct frame_bytes *const both[] = { &hello, f };
	enum status st = ST_OK;

	assert_non_null(r);
	for (size_t i = 0; st == ST_OK && i < 2 && both[i]; i++) {
		frame_put_header(header, (enum frame_type)both[i]->type, both[i]->len);
		st = stream_reader_feed(r, header, sizeof header, why);
		if (st == ST_OK)
			st = stream_reader_feed(r, both[i]->body, both[i]->len, why);
	}
	stream_reader_destroy(r);
	return st;
}

struct refusal {
	const char *what;
	enum status want;
	struct frame_bytes frame;
	const char *text;
};

static const struct refusal refusals[] = {
	{ "provider row that was never given", ST_MALFORMED, { FRAME_RECORDS, 8, { 8, 1, 0x2a, 4, 0x20, 1, 0x48, 8 } },
		"RECORDS frame: malformed" },
	{ "channel row that was never given", ST_MALFORMED,
		{ FRAME_RECORDS, 9, { 8, 1, 0x2a, 5, 0xa8, 1, 1, 0x48, 8 } }, "RECORDS frame: malformed" },
	{ "record cut short", ST_TRUNCATED, { FRAME_RECORDS, 5, { 8, 1, 0x2a, 2, 0x48 } }, "RECORDS frame: truncated" },
	{ "another schema version", ST_UNSUPPORTED, { FRAME_HELLO, 2, { 8, 2 } },
		"stream has schema version 2, this program reads 1" },
	{ "no schema version", ST_MALFORMED, { FRAME_HELLO, 0, { 0 } }, "HELLO frame: malformed" },
	{ "no message", ST_MALFORMED, { FRAME_LOSS, 3, { 0x0a, 9, 1 } }, "LOSS frame: malformed" },
	{ "GUID of three bytes", ST_MALFORMED, { FRAME_SNAPSHOT, 7, { 0x1a, 5, 0x0a, 3, 1, 2, 3 } },
		"SNAPSHOT frame: malformed" },
	{ "pointers of 5 bytes", ST_MALFORMED, { FRAME_HELLO, 4, { 8, 1, 0x48, 5 } }, "HELLO frame: malformed" },
};

static void stream_reader__refuses_with_a_reason_and_a_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		struct seen s = { 0 };
		struct diag why = DIAG_INIT;

		if (feed_after_hello(&refusals[i].frame, &s, &why) != refusals[i].want)
			print_error("case: %s\n", refusals[i].what);
		assert_int_equal(feed_after_hello(&refusals[i].frame, &s, &why), refusals[i].want);
		assert_string_equal(why.text, refusals[i].text);
		assert_int_equal(why.offset, 10);
		assert_int_equal(s.records, 0);
	}
}

static void stream_reader__unknown_reason_of_loss_is_kept_as_unknown(void **state)
{
	const struct frame_bytes loss = { FRAME_LOSS, 2, { 0x10, 99 } };
	struct seen s = { .reason = LOSS_SHED };
	struct diag why = DIAG_INIT;

	(void)state;
	assert_int_equal(feed_after_hello(&loss, &s, &why), ST_OK);
	assert_int_equal(s.losses, 1);
	assert_int_equal(s.reason, LOSS_UNKNOWN);
}

static void stream_reader__must_start_with_hello(void **state)
{
	const uint8_t end[FRAME_HEADER_BYTES] = { 0, 0, 0, 0, FRAME_END, 0, 0, 0 };
	struct seen s = { 0 };
	struct diag why = DIAG_INIT;
	struct stream_reader *r = stream_reader_create(&calls, &s);

	(void)state;
	assert_non_null(r);
	assert_int_equal(stream_reader_finish(r, &why), ST_TRUNCATED);
	assert_int_equal(stream_reader_feed(r, end, sizeof end, &why), ST_MALFORMED);
	assert_string_equal(why.text, "the stream does not start with a HELLO frame");
	stream_reader_destroy(r);
}

static void stream_reader__counts_and_skips_frames_of_later_versions(void **state)
{
	const uint8_t raw[] = { 2, 0, 0, 0, FRAME_HELLO, 0, 0, 0, 8, 1, 3, 0, 0, 0, 77, 0, 0, 0, 1, 2, 3 };
	struct stream_reader_stats stats;
	struct seen s = { 0 };
	struct diag why = DIAG_INIT;
	struct stream_reader *r = stream_reader_create(&calls, &s);

	(void)state;
	assert_non_null(r);
	assert_int_equal(stream_reader_feed(r, raw, sizeof raw, &why), ST_OK);
	assert_int_equal(stream_reader_finish(r, &why), ST_OK);
	stream_reader_get_stats(r, &stats);
	assert_int_equal(stats.unknown_frames, 1);
	assert_int_equal(stats.frames, 2);
	assert_int_equal(stats.bytes, sizeof raw);
	assert_false(stream_reader_ended(r));
	stream_reader_destroy(r);
}

static enum status append(void *ctx, const void *bytes, size_t len)
{
	return buf_append(ctx, bytes, len) ? ST_OK : ST_LIMIT;
}

static void write_recording(struct buf *out, const char *provider)
{
	const struct stream_hello h = { .os_build = 1 };
	const struct record r = { .kind = RECORD_NAMED, .provider_name = { provider, strlen(provider) } };
	const struct stream_end e = { .records_total = 1 };
	struct stream_writer *w = stream_writer_create(append, out);

	assert_non_null(w);
	assert_int_equal(stream_writer_magic(w), ST_OK);
	assert_int_equal(stream_writer_hello(w, &h), ST_OK);
	assert_int_equal(stream_writer_record(w, &r), ST_OK);
	assert_int_equal(stream_writer_end(w, &e), ST_OK);
	stream_writer_destroy(w);
}

static void stream_reader__second_hello_starts_new_tables(void **state)
{
	struct seen s = { 0 };
	struct diag why = DIAG_INIT;
	struct stream_reader *r = stream_reader_create(&calls, &s);
	struct buf out;

	(void)state;
	assert_non_null(r);
	buf_init(&out, 1 << 20);
	write_recording(&out, "first");
	write_recording(&out, "second");
	assert_int_equal(stream_reader_feed(r, out.data, out.len, &why), ST_OK);
	assert_int_equal(s.hellos, 2);
	assert_int_equal(s.records, 2);
	assert_string_equal(s.name, "second");
	assert_true(stream_reader_ended(r));
	stream_reader_destroy(r);
	buf_release(&out);
}

static void stream_reader__a_callback_can_stop_it(void **state)
{
	struct seen s = { .answer = ST_STOPPED };
	struct diag why = DIAG_INIT;
	struct stream_reader *r = stream_reader_create(&calls, &s);
	struct buf out;

	(void)state;
	assert_non_null(r);
	buf_init(&out, 1 << 20);
	write_recording(&out, "first");
	write_recording(&out, "second");
	assert_int_equal(stream_reader_feed(r, out.data, out.len, &why), ST_STOPPED);
	assert_int_equal(s.records, 1);
	stream_reader_destroy(r);
	buf_release(&out);
}

/* Two bytes a row on the wire, some sixty in memory: the arena's ceiling must stop it, not the machine's memory. */
static void stream_reader__body_of_many_tiny_rows_meets_a_limit(void **state)
{
	static uint8_t raw[10 + FRAME_HEADER_BYTES + LIMIT_FRAME_BODY_BYTES];
	struct seen s = { 0 };
	struct diag why = DIAG_INIT;
	struct stream_reader *r = stream_reader_create(&calls, &s);

	(void)state;
	assert_non_null(r);
	frame_put_header(raw, FRAME_HELLO, 2);
	memcpy(raw + 8, hello.body, 2);
	frame_put_header(raw + 10, FRAME_SNAPSHOT, LIMIT_FRAME_BODY_BYTES);
	for (size_t i = 18; i < sizeof raw; i += 2)
		raw[i] = 0x12;    /* an empty process row */
	assert_int_equal(stream_reader_feed(r, raw, sizeof raw, &why), ST_LIMIT);
	assert_string_equal(why.text, "SNAPSHOT frame: limit exceeded");
	stream_reader_destroy(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stream_reader__refuses_with_a_reason_and_a_place),
		cmocka_unit_test(stream_reader__unknown_reason_of_loss_is_kept_as_unknown),
		cmocka_unit_test(stream_reader__must_start_with_hello),
		cmocka_unit_test(stream_reader__counts_and_skips_frames_of_later_versions),
		cmocka_unit_test(stream_reader__second_hello_starts_new_tables),
		cmocka_unit_test(stream_reader__a_callback_can_stop_it),
		cmocka_unit_test(stream_reader__body_of_many_tiny_rows_meets_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
