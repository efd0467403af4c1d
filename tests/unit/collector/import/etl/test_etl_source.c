#include "collector/import/etl/etl_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/support/etl_bytes.h"

enum { SEEN_MAX = 64 };

struct seen {
	unsigned hellos, losses, places;
	size_t records;
	uint64_t times[SEEN_MAX];
	uint32_t flags_of_last;
	uint16_t cpu_of_last;
	struct stream_loss loss[SEEN_MAX];
	struct source_damage damage[SEEN_MAX];
	struct source_counters counters;
	enum stream_clock clock;
	uint32_t os_build;
	bool hello_first;
	size_t stop_after;
	struct record_source *source;
	enum status status;
};

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	struct seen *s = ctx;

	s->hello_first = s->records == 0 && s->losses == 0;
	s->hellos++;
	s->clock = h->clock;
	s->os_build = h->os_build;
	return ST_OK;
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct seen *s = ctx;

	s->times[s->records++ % SEEN_MAX] = r->time_100ns;
	s->flags_of_last = r->flags;
	s->cpu_of_last = r->cpu;
	if (s->records == s->stop_after)
		s->source->stop(s->source);
	return ST_OK;
}

static enum status on_loss(void *ctx, const struct stream_loss *l)
{
	struct seen *s = ctx;

	s->loss[s->losses++ % SEEN_MAX] = *l;
	return ST_OK;
}

static void on_damage(void *ctx, const struct source_damage *d)
{
	struct seen *s = ctx;

	s->damage[s->places++ % SEEN_MAX] = *d;
}

static void run_over(const uint8_t *bytes, size_t len, struct seen *s)
{
	struct source_sink sink = { .hello = on_hello, .record = on_record, .loss = on_loss, .damage = on_damage, .ctx = s };
	struct byte_input *in = byte_input_of_memory(bytes, len);
	struct diag why = DIAG_INIT;

	assert_non_null(in);
	assert_int_equal(etl_source_open(in, &s->source, &why), ST_OK);
	s->status = s->source->run(s->source, &sink, &why);
	s->counters = *s->source->counters(s->source);
	s->source->close(s->source);
	byte_input_close(in);
}

static void read_file(const struct etl_bytes *file, struct seen *s)
{
	memset(s, 0, sizeof *s);
	run_over(file->data, file->len, s);
}

static void start_file(struct etl_bytes *file)
{
	file->len = 0;
	etlb_first_buffer(file, &(struct etlb_header){ .type = 2, .clock = 1 });
}

static void add_ticks(struct etl_bytes *file, uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t ticks[] = { ETLB_FIRST_TICKS + a, ETLB_FIRST_TICKS + b, ETLB_FIRST_TICKS + c };

	etlb_ticks_buffer(file, ticks, 3);
}

/* Three buffers whose records interleave; 3 ticks are 10 units of 100 ns. */
static void three_buffers(struct etl_bytes *file)
{
	start_file(file);
	add_ticks(file, 30, 60, 90);
	add_ticks(file, 3, 93, 6);
	add_ticks(file, 33, 36, 63);
}

static void etl_source__buffers_come_out_in_time_order(void **state)
{
	static const uint64_t want[] = { 0, 10, 20, 100, 110, 120, 200, 210, 300, 310 };
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	read_file(&file, &s);
	assert_int_equal(s.status, ST_OK);
	assert_int_equal(s.records, 10);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(s.times[i], ETLB_START_100NS + want[i]);
	assert_int_equal(s.counters.late_records, 0);
	assert_int_equal(s.places, 0);
	assert_int_equal(s.cpu_of_last, 3);
}

static void etl_source__hello_comes_first_and_once(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	read_file(&file, &s);
	assert_int_equal(s.hellos, 1);
	assert_true(s.hello_first);
	assert_int_equal(s.clock, CLOCK_QPC);
	assert_int_equal(s.os_build, 20348);
}

static void etl_source__cpu_cycle_clock_in_a_32_bit_file(void **state)
{
	static struct etl_bytes file;
	const uint64_t second_later = ETLB_FIRST_TICKS + 2000000;    /* 2 MHz */
	struct seen s;

	(void)state;
	file.len = 0;
	etlb_first_buffer(&file, &(struct etlb_header){ .type = 1, .clock = 3 });
	etlb_ticks_buffer(&file, &second_later, 1);
	read_file(&file, &s);
	assert_int_equal(s.clock, CLOCK_CPU_CYCLES);
	assert_int_equal(s.records, 2);
	assert_int_equal(s.times[1], ETLB_START_100NS + 10000000);
}

static void etl_source__what_the_header_lost_becomes_loss_frames(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	file.len = 0;
	etlb_first_buffer(&file,
		&(struct etlb_header){ .type = 2, .clock = 1, .events_lost = 7, .buffers_lost = 2, .end_100ns = ETLB_START_100NS + 5 });
	read_file(&file, &s);
	assert_int_equal(s.losses, 2);
	assert_int_equal(s.loss[0].reason, LOSS_ETW_EVENTS);
	assert_int_equal(s.loss[0].events_lost, 7);
	assert_int_equal(s.loss[1].reason, LOSS_ETW_BUFFERS);
	assert_int_equal(s.loss[1].buffers_lost, 2);
	assert_int_equal(s.counters.events_lost, 7);
	assert_true(s.loss[0].since_100ns == ETLB_START_100NS);
}

static void etl_source__a_recorded_loss_becomes_a_loss_frame(void **state)
{
	static const uint8_t lost_event[16] = { 0xe0, 0x9a, 0x39, 0x6a, 0xc6, 0x4b, 0xe9, 0x4d, 0x87, 0x0b, 0x36, 0x57, 0xf8, 0x94, 0x7e, 0x7e };
	static struct etl_bytes file;
	struct seen s;
	size_t at;

	(void)state;
	start_file(&file);
	at = file.len;
	etlb_buffer(&file, ETLB_BUFFER_BYTES, 0, 0, 0);
	etlb_full(&file, 20, lost_event, ETLB_FIRST_TICKS + 3, 48);
	etlb_close_buffer(&file, at);
	read_file(&file, &s);
	assert_int_equal(s.records, 2);
	assert_int_equal(s.losses, 1);
	assert_int_equal(s.loss[0].reason, LOSS_ETW_EVENTS);
	assert_int_equal(s.loss[0].events_lost, 1);
}

static void etl_source__unclosed_file_counts_its_flagged_buffers(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	store_u16le(file.data + 2 * ETLB_BUFFER_BYTES + 0x34, 0x02);
	read_file(&file, &s);
	assert_int_equal(s.losses, 1);
	assert_int_equal(s.loss[0].events_lost, 1);
}

static void etl_source__a_damaged_buffer_header_costs_that_buffer_only(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	memset(file.data + 2 * ETLB_BUFFER_BYTES, 0xee, 100);
	read_file(&file, &s);
	assert_int_equal(s.status, ST_OK);
	assert_int_equal(s.records, 7);
	assert_int_equal(s.places, 1);
	assert_int_equal(s.damage[0].offset, 2 * ETLB_BUFFER_BYTES);
	assert_int_equal(s.damage[0].skipped_bytes, ETLB_BUFFER_BYTES);
	assert_int_equal(s.losses, 1);
	assert_int_equal(s.loss[0].reason, LOSS_DAMAGE);
	assert_int_equal(s.loss[0].buffers_lost, 1);
}

static void etl_source__lost_bytes_between_buffers_are_found_again(void **state)
{
	static struct etl_bytes file;
	struct seen s;
	size_t gone = 2 * ETLB_BUFFER_BYTES + 40, n = 133;    /* the rest no longer stands on the grid */

	(void)state;
	three_buffers(&file);
	memmove(file.data + gone, file.data + gone + n, file.len - gone - n);
	file.len -= n;
	read_file(&file, &s);
	assert_int_equal(s.records, 7);
	assert_true(s.places >= 1);
}

static void etl_source__a_damaged_record_costs_the_rest_of_its_buffer(void **state)
{
	static struct etl_bytes file;
	struct seen s;
	size_t second = 2 * ETLB_BUFFER_BYTES + ETLB_BUFFER_HEADER + 24;

	(void)state;
	three_buffers(&file);
	store_u16le(file.data + second + 4, 9999);
	read_file(&file, &s);
	assert_int_equal(s.records, 8);
	assert_int_equal(s.places, 1);
	assert_int_equal(s.damage[0].offset, second);
	assert_int_equal(s.damage[0].skipped_bytes, 48);
	assert_int_equal(s.counters.damaged_bytes, 48);
}

static void etl_source__zeros_at_the_end_are_no_damage(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	etlb_zeros(&file, 5 * ETLB_BUFFER_BYTES);
	read_file(&file, &s);
	assert_int_equal(s.records, 10);
	assert_int_equal(s.places, 0);
}

static void etl_source__buffers_missing_at_the_end_are_told(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	file.len = 0;
	etlb_first_buffer(&file,
		&(struct etlb_header){ .type = 2, .clock = 1, .buffers_written = 3, .end_100ns = ETLB_START_100NS + 5 });
	add_ticks(&file, 30, 60, 90);
	read_file(&file, &s);
	assert_int_equal(s.records, 4);
	assert_int_equal(s.places, 1);
	assert_int_equal(s.damage[0].skipped_bytes, ETLB_BUFFER_BYTES);
}

/* Cut anywhere, what is whole comes out and the cut is told; never a crash, never an endless loop. */
static void etl_source__every_prefix_gives_what_is_whole(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	for (size_t n = 1; n < file.len; n++) {
		uint8_t *exact = etlb_exact(file.data, n);
		size_t whole = n / ETLB_BUFFER_BYTES;

		memset(&s, 0, sizeof s);
		run_over(exact, n, &s);
		assert_int_equal(s.status, ST_OK);
		assert_true(s.records >= (whole ? 1 + 3 * (whole - 1) : 0));
		assert_true(s.records <= 10);
		free(exact);
	}
}

static void etl_source__a_cut_buffer_is_told_with_what_is_missing(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	file.len = 3 * ETLB_BUFFER_BYTES + ETLB_BUFFER_HEADER + 24 + 10;
	read_file(&file, &s);
	assert_int_equal(s.records, 8);
	assert_int_equal(s.places, 1);
	assert_int_equal(s.damage[0].offset, 3 * ETLB_BUFFER_BYTES);
	assert_int_equal(s.damage[0].skipped_bytes, 38);
}

/* The plain records of a buffer as Xpress literals: one group of zero flags, 32 bytes. */
static void add_packed(struct etl_bytes *file, const struct etl_bytes *records, size_t leave_out)
{
	size_t at = file->len;

	etlb_buffer(file, 0, (uint32_t)(ETLB_BUFFER_HEADER + records->len), 0x60, 0);
	for (size_t i = 0; i < records->len - leave_out; i++) {
		if (i % 32 == 0)
			etlb_u32(file, 0);
		file->data[file->len++] = records->data[i];
	}
	store_u32le(file->data + at, (uint32_t)(file->len - at));
}

static void two_records(struct etl_bytes *records)
{
	records->len = 0;
	etlb_system(records, 17, 0x0f2e, ETLB_FIRST_TICKS + 3, 24);
	etlb_u64(records, 0);
	etlb_system(records, 17, 0x0f2e, ETLB_FIRST_TICKS + 6, 24);
	etlb_u64(records, 0);
}

static void etl_source__compressed_buffers_of_any_length(void **state)
{
	static struct etl_bytes file, records;
	struct seen s;

	(void)state;
	start_file(&file);
	two_records(&records);
	add_packed(&file, &records, 0);
	add_packed(&file, &records, 0);
	read_file(&file, &s);
	assert_int_equal(s.records, 5);
	assert_int_equal(s.places, 0);
}

static void etl_source__damaged_compression_keeps_what_came_before(void **state)
{
	static struct etl_bytes file, records;
	struct seen s;

	(void)state;
	start_file(&file);
	two_records(&records);
	add_packed(&file, &records, 10);
	add_packed(&file, &records, 0);
	read_file(&file, &s);
	assert_int_equal(s.records, 1 + 1 + 2);
	assert_int_equal(s.places, 1);
	assert_int_equal(s.damage[0].offset, ETLB_BUFFER_BYTES);
	assert_int_equal(s.damage[0].skipped_bytes, 10);
}

static void etl_source__wpp_error_and_unknown_records_are_counted(void **state)
{
	static struct etl_bytes file;
	struct seen s;
	size_t at;

	(void)state;
	start_file(&file);
	at = file.len;
	etlb_buffer(&file, ETLB_BUFFER_BYTES, 0, 0, 0);
	etlb_u32(&file, 0x90000010);
	etlb_zeros(&file, 12);
	etlb_u32(&file, 0xc00d0010);
	etlb_zeros(&file, 12);
	etlb_u32(&file, 0xc0630010);
	etlb_zeros(&file, 12);
	etlb_system(&file, 17, 0x0f2e, ETLB_FIRST_TICKS + 3, 16);
	etlb_close_buffer(&file, at);
	read_file(&file, &s);
	assert_int_equal(s.records, 2);
	assert_int_equal(s.counters.wpp_messages, 1);
	assert_int_equal(s.counters.error_records, 1);
	assert_int_equal(s.counters.unknown_records, 1);
	assert_int_equal(s.places, 0);
}

static void etl_source__buffers_without_records_are_passed_over(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	store_u16le(file.data + 2 * ETLB_BUFFER_BYTES + 0x36, 3);    /* reference time */
	read_file(&file, &s);
	assert_int_equal(s.records, 7);
	assert_int_equal(s.counters.special_buffers, 1);
	assert_int_equal(s.places, 0);
}

static void etl_source__without_a_header_times_say_they_are_guessed(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	store_u16le(file.data + ETLB_BUFFER_HEADER + 6, 0x0501);    /* another record stands first */
	read_file(&file, &s);
	assert_int_equal(s.records, 10);
	assert_int_equal(s.clock, CLOCK_UNKNOWN);
	assert_true(s.flags_of_last & RECORD_FORGED_CLOCK);
	assert_int_equal(s.places, 1);
}

static void etl_source__stop_ends_the_run(void **state)
{
	static struct etl_bytes file;
	struct seen s;

	(void)state;
	three_buffers(&file);
	memset(&s, 0, sizeof s);
	s.stop_after = 4;
	run_over(file.data, file.len, &s);
	assert_int_equal(s.status, ST_STOPPED);
	assert_int_equal(s.records, 4);
}

static void etl_probe__knows_its_files_by_their_first_buffer(void **state)
{
	static struct etl_bytes file;
	static const char text[100] = "{\"EventID\":1}";

	(void)state;
	start_file(&file);
	assert_true(etl_probe((struct view){ .ptr = file.data, .len = file.len }));
	assert_false(etl_probe((struct view){ .ptr = file.data, .len = ETLB_BUFFER_HEADER - 1 }));
	assert_false(etl_probe((struct view){ .ptr = (const uint8_t *)text, .len = sizeof text }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(etl_source__buffers_come_out_in_time_order),
		cmocka_unit_test(etl_source__hello_comes_first_and_once),
		cmocka_unit_test(etl_source__cpu_cycle_clock_in_a_32_bit_file),
		cmocka_unit_test(etl_source__what_the_header_lost_becomes_loss_frames),
		cmocka_unit_test(etl_source__a_recorded_loss_becomes_a_loss_frame),
		cmocka_unit_test(etl_source__unclosed_file_counts_its_flagged_buffers),
		cmocka_unit_test(etl_source__a_damaged_buffer_header_costs_that_buffer_only),
		cmocka_unit_test(etl_source__lost_bytes_between_buffers_are_found_again),
		cmocka_unit_test(etl_source__a_damaged_record_costs_the_rest_of_its_buffer),
		cmocka_unit_test(etl_source__zeros_at_the_end_are_no_damage),
		cmocka_unit_test(etl_source__buffers_missing_at_the_end_are_told),
		cmocka_unit_test(etl_source__every_prefix_gives_what_is_whole),
		cmocka_unit_test(etl_source__a_cut_buffer_is_told_with_what_is_missing),
		cmocka_unit_test(etl_source__compressed_buffers_of_any_length),
		cmocka_unit_test(etl_source__damaged_compression_keeps_what_came_before),
		cmocka_unit_test(etl_source__wpp_error_and_unknown_records_are_counted),
		cmocka_unit_test(etl_source__buffers_without_records_are_passed_over),
		cmocka_unit_test(etl_source__without_a_header_times_say_they_are_guessed),
		cmocka_unit_test(etl_source__stop_ends_the_run),
		cmocka_unit_test(etl_probe__knows_its_files_by_their_first_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
