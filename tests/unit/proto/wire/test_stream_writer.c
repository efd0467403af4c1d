#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "proto/base/buf.h"
#include "proto/base/limits.h"
#include "proto/wire/stream_reader.h"
#include "proto/wire/stream_writer.h"

enum { MAX_STREAM_BYTES = 64 << 20, MAX_SEEN = 32 };

struct seen {
	struct record records[MAX_SEEN];         /* numbers only; views are not kept */
	char provider_name[MAX_SEEN][64], channel[MAX_SEEN][64], host[MAX_SEEN][64];
	uint64_t record_count, processes, containers, snapshots, completes;
	size_t largest_payload;
};

static enum status append(void *ctx, const void *bytes, size_t len)
{
	return buf_append(ctx, bytes, len) ? ST_OK : ST_LIMIT;
}

static void copy_text(char out[64], struct text_view t)
{
	snprintf(out, 64, "%.*s", (int)t.len, t.ptr);
}

static enum status see_record(void *ctx, const struct record *r)
{
	struct seen *s = ctx;
	size_t i = s->record_count++ % MAX_SEEN;

	s->records[i] = *r;
	copy_text(s->provider_name[i], r->provider_name);
	copy_text(s->channel[i], r->channel);
	copy_text(s->host[i], r->host);
	if (r->payload.len > s->largest_payload)
		s->largest_payload = r->payload.len;
	return ST_OK;
}

static enum status see_snapshot(void *ctx, const struct stream_snapshot *snap)
{
	struct seen *s = ctx;

	s->snapshots++;
	s->completes += snap->complete;
	s->processes += snap->process_count;
	s->containers += snap->container_count;
	return ST_OK;
}

static struct text_view text(const char *s)
{
	return (struct text_view){ s, strlen(s) };
}

static const struct guid guid_a = GUID_INIT(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

struct fixture {
	struct buf out;
	struct stream_writer *writer;
	struct seen seen;
};

static int setup(void **state)
{
	static struct fixture f;
	const struct stream_hello hello = { .host_name = text("NODE1"), .os_build = 20348, .pointer_bytes = 8 };

	f = (struct fixture){ 0 };
	buf_init(&f.out, MAX_STREAM_BYTES);
	f.writer = stream_writer_create(append, &f.out);
	*state = &f;
	return f.writer && stream_writer_hello(f.writer, &hello) == ST_OK ? 0 : 1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	stream_writer_destroy(f->writer);
	buf_release(&f->out);
	return 0;
}

static void read_back(struct fixture *f)
{
	const struct stream_callbacks calls = { .record = see_record, .snapshot = see_snapshot };
	struct stream_reader *r = stream_reader_create(&calls, &f->seen);
	struct diag why = DIAG_INIT;

	assert_non_null(r);
	assert_int_equal(stream_writer_flush(f->writer), ST_OK);
	assert_int_equal(stream_reader_feed(r, f->out.data, f->out.len, &why), ST_OK);
	assert_int_equal(stream_reader_finish(r, &why), ST_OK);
	stream_reader_destroy(r);
}

static void stream_writer__numbers_records_from_one(void **state)
{
	struct fixture *f = *state;
	const struct record r = { .kind = RECORD_ETW, .pointer_bytes = 8, .provider = guid_a };

	for (int i = 0; i < 3; i++)
		assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	read_back(f);
	assert_int_equal(f->seen.record_count, 3);
	assert_int_equal(f->seen.records[0].seq, 1);
	assert_int_equal(f->seen.records[2].seq, 3);
	assert_int_equal(f->seen.records[2].os_build, 20348);
	assert_string_equal(f->seen.host[2], "NODE1");
	assert_memory_equal(f->seen.records[2].provider.b, guid_a.b, 16);
}

static void stream_writer__keeps_given_numbers_and_refuses_smaller_ones(void **state)
{
	struct fixture *f = *state;
	struct record r = { .kind = RECORD_ETW, .pointer_bytes = 8, .provider = guid_a, .seq = 5 };

	assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	assert_int_equal(stream_writer_record(f->writer, &r), ST_MALFORMED);
	r.seq = 9;
	assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	r.seq = 0;
	assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	read_back(f);
	assert_int_equal(f->seen.record_count, 3);
	assert_int_equal(f->seen.records[0].seq, 5);
	assert_int_equal(f->seen.records[1].seq, 9);
	assert_int_equal(f->seen.records[2].seq, 10);
}

static void stream_writer__names_reach_the_reader(void **state)
{
	struct fixture *f = *state;
	const struct named_value values[] = { { text("Image"), text("C:\\cmd.exe") }, { text(""), text("") } };
	struct record r = { .kind = RECORD_NAMED, .provider_name = text("Sysmon"), .channel = text("Operational"),
		.host = text("OTHER"), .values = values, .value_count = 2 };

	assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	r.provider_name = text("Security");
	r.host = text("NODE1");
	assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	read_back(f);
	assert_string_equal(f->seen.provider_name[0], "Sysmon");
	assert_string_equal(f->seen.provider_name[1], "Security");
	assert_string_equal(f->seen.channel[1], "Operational");
	assert_string_equal(f->seen.host[0], "OTHER");
	assert_string_equal(f->seen.host[1], "NODE1");
	assert_int_equal(f->seen.records[0].value_count, 2);
}

static void stream_writer__full_tables_start_anew(void **state)
{
	struct fixture *f = *state;
	struct record r = { .kind = RECORD_NAMED };
	char name[32];
	const int records = LIMIT_PROVIDERS * 2 + 10;

	for (int i = 0; i < records; i++) {
		snprintf(name, sizeof name, "provider-%d", i);
		r.provider_name = r.channel = text(name);
		assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	}
	read_back(f);
	assert_int_equal(f->seen.record_count, records);
	assert_string_equal(f->seen.provider_name[(records - 1) % MAX_SEEN], name);
	assert_string_equal(f->seen.channel[(records - 1) % MAX_SEEN], name);
}

static void stream_writer__refuses_what_no_reader_takes_and_goes_on(void **state)
{
	struct fixture *f = *state;
	static uint8_t big[LIMIT_PAYLOAD_BYTES + 1];
	struct record r = { .kind = RECORD_ETW, .pointer_bytes = 8, .payload = { big, sizeof big } };

	assert_int_equal(stream_writer_record(f->writer, &r), ST_LIMIT);
	r.payload.len = LIMIT_PAYLOAD_BYTES;
	assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	read_back(f);
	assert_int_equal(f->seen.record_count, 1);
	assert_int_equal(f->seen.records[0].seq, 1);
	assert_int_equal(f->seen.largest_payload, LIMIT_PAYLOAD_BYTES);
}

static void stream_writer__record_larger_than_a_frame_is_refused_one_that_just_fits_passes(void **state)
{
	struct fixture *f = *state;
	static char big[LIMIT_VALUE_BYTES];
	struct named_value values[9];
	struct record r = { .kind = RECORD_NAMED, .values = values, .value_count = 9 };

	memset(big, 'x', sizeof big);
	for (size_t i = 0; i < 9; i++)
		values[i] = (struct named_value){ text("v"), { big, sizeof big } };
	assert_int_equal(stream_writer_record(f->writer, &r), ST_LIMIT);
	r.value_count = 7;
	assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	assert_int_equal(stream_writer_record(f->writer, &r), ST_OK);
	read_back(f);
	assert_int_equal(f->seen.record_count, 2);
	assert_int_equal(f->seen.records[1].seq, 2);
}

static void stream_writer__large_snapshot_is_split(void **state)
{
	struct fixture *f = *state;
	static struct stream_process processes[40000];
	static char json[300000];
	struct stream_container containers[5];
	struct stream_snapshot snap = { .processes = processes, .process_count = 40000, .containers = containers,
		.container_count = 5, .complete = true };

	memset(json, ' ', sizeof json);
	for (size_t i = 0; i < 40000; i++)
		processes[i] = (struct stream_process){ .pid = (uint32_t)i, .image_path = text("C:\\a.exe") };
	for (size_t i = 0; i < 5; i++)
		containers[i] = (struct stream_container){ .hcs_json = { json, sizeof json } };
	assert_int_equal(stream_writer_snapshot(f->writer, &snap), ST_OK);
	read_back(f);
	assert_int_equal(f->seen.processes, 40000);
	assert_int_equal(f->seen.containers, 5);
	assert_true(f->seen.snapshots > 4);
	assert_int_equal(f->seen.completes, 1);
}

static void stream_writer__says_nothing_before_hello(void **state)
{
	struct fixture *f = *state;
	const struct stream_end end = { .records_total = 1 };
	struct stream_writer *w = stream_writer_create(append, &f->out);
	const struct record r = { .kind = RECORD_ETW, .pointer_bytes = 8 };

	assert_non_null(w);
	assert_int_equal(stream_writer_record(w, &r), ST_MALFORMED);
	assert_int_equal(stream_writer_end(w, &end), ST_MALFORMED);
	stream_writer_destroy(w);
}

static enum status refuse(void *ctx, const void *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	++*(int *)ctx;
	return ST_SYSTEM;
}

static void stream_writer__a_failed_write_sticks(void **state)
{
	const struct stream_hello hello = { .os_build = 1 };
	int calls = 0;
	struct stream_writer *w = stream_writer_create(refuse, &calls);

	(void)state;
	assert_non_null(w);
	assert_int_equal(stream_writer_hello(w, &hello), ST_SYSTEM);
	assert_int_equal(stream_writer_hello(w, &hello), ST_SYSTEM);
	assert_int_equal(calls, 1);
	stream_writer_destroy(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stream_writer__numbers_records_from_one, setup, teardown),
		cmocka_unit_test_setup_teardown(stream_writer__keeps_given_numbers_and_refuses_smaller_ones, setup, teardown),
		cmocka_unit_test_setup_teardown(stream_writer__names_reach_the_reader, setup, teardown),
		cmocka_unit_test_setup_teardown(stream_writer__full_tables_start_anew, setup, teardown),
		cmocka_unit_test_setup_teardown(stream_writer__refuses_what_no_reader_takes_and_goes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(
			stream_writer__record_larger_than_a_frame_is_refused_one_that_just_fits_passes, setup, teardown),
		cmocka_unit_test_setup_teardown(stream_writer__large_snapshot_is_split, setup, teardown),
		cmocka_unit_test_setup_teardown(stream_writer__says_nothing_before_hello, setup, teardown),
		cmocka_unit_test(stream_writer__a_failed_write_sticks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
