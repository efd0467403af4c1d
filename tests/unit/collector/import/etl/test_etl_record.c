#include "collector/import/etl/etl_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/support/etl_bytes.h"

static const uint8_t class_guid[16] = { 0xd0, 0xa8, 0x6f, 0x3d, 0x05, 0xfe, 0xd0, 0x11, 0x9d, 0xda, 0, 0xc0, 0x4f, 0xd7, 0xba, 0x7c };
static const char container_text[] = "5a4c1d2e-0b3f-4c6d-8e9f-001122334455";

static struct etl_cursor cursor_over(const struct etl_bytes *b)
{
	return (struct etl_cursor){ .data = { .ptr = b->data, .len = b->len }, .pos = 0, .damage = NULL };
}

static enum status parse_only(const struct etl_bytes *b, struct record *r, uint64_t *skipped)
{
	struct etl_cursor c = cursor_over(b);
	struct etl_mark m;

	assert_true(etl_cursor_next(&c, &m));
	assert_int_equal(m.kind, ETL_KIND_EVENT);
	assert_int_equal(m.ticks, 777);
	return etl_record_parse(&m, r, skipped);
}

static void check_system(uint8_t type, uint16_t header_bytes, unsigned pointer_bytes, uint32_t pid)
{
	struct etl_bytes b = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	etlb_system(&b, type, 0x0301, 777, (uint16_t)(header_bytes + 4));
	etlb_put(&b, "abcd", 4);
	assert_int_equal(parse_only(&b, &r, &skipped), ST_OK);
	assert_memory_equal(r.provider.b, class_guid, 16);
	assert_int_equal(r.opcode, 1);
	assert_int_equal(r.version, 2);
	assert_int_equal(r.flags, RECORD_CLASSIC);
	assert_int_equal(r.pointer_bytes, pointer_bytes);
	assert_int_equal(r.pid, pid);
	assert_int_equal(r.tid, pid == UINT32_MAX ? UINT32_MAX : 44);
	assert_int_equal(r.payload.len, 4);
	assert_memory_equal(r.payload.ptr, "abcd", 4);
}

static void etl_record__system_headers_of_both_widths(void **state)
{
	(void)state;
	check_system(ETL_SYSTEM32, 32, 4, 22);
	check_system(ETL_SYSTEM64, 32, 8, 22);
}

static void etl_record__compact_headers_of_both_widths(void **state)
{
	(void)state;
	check_system(ETL_COMPACT32, 24, 4, 22);
	check_system(ETL_COMPACT64, 24, 8, 22);
}

static void etl_record__perfinfo_headers_know_no_process(void **state)
{
	(void)state;
	check_system(ETL_PERFINFO32, 16, 4, UINT32_MAX);
	check_system(ETL_PERFINFO64, 16, 8, UINT32_MAX);
}

static void etl_record__hardware_counters_stand_before_the_payload(void **state)
{
	struct etl_bytes b = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	(void)state;
	etlb_system(&b, 17, 0x0f2e, 777, 16 + 3 * 8 + 4);
	store_u16le(b.data, 0x8000 | 2 << 8 | 2);    /* one PEBS value, two counters, version 2 */
	etlb_zeros(&b, 3 * 8);
	etlb_put(&b, "abcd", 4);
	assert_int_equal(parse_only(&b, &r, &skipped), ST_OK);
	assert_int_equal(r.version, 2);
	assert_int_equal(r.payload.len, 4);
	assert_memory_equal(r.payload.ptr, "abcd", 4);
}

static void etl_record__unknown_group_stays_countable(void **state)
{
	struct etl_bytes b = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	(void)state;
	etlb_system(&b, 17, 0x4205, 777, 16);
	assert_int_equal(parse_only(&b, &r, &skipped), ST_OK);
	assert_int_equal(r.provider.b[15], 0x42);
	assert_int_equal(r.opcode, 5);
}

static void check_full(uint8_t type, size_t more, unsigned pointer_bytes)
{
	struct etl_bytes b = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	etlb_full(&b, type, class_guid, 777, (uint16_t)(48 + more + 4));
	etlb_zeros(&b, more);
	etlb_put(&b, "abcd", 4);
	assert_int_equal(parse_only(&b, &r, &skipped), ST_OK);
	assert_memory_equal(r.provider.b, class_guid, 16);
	assert_int_equal(r.opcode, 32);
	assert_int_equal(r.level, 4);
	assert_int_equal(r.version, 3);
	assert_int_equal(r.pid, 22);
	assert_int_equal(r.pointer_bytes, pointer_bytes);
	assert_int_equal(r.flags, RECORD_CLASSIC);
	assert_int_equal(r.payload.len, 4);
	assert_memory_equal(r.payload.ptr, "abcd", 4);
}

static void etl_record__full_and_instance_headers(void **state)
{
	(void)state;
	check_full(ETL_FULL32, 0, 4);
	check_full(ETL_FULL64, 0, 8);
	check_full(ETL_INSTANCE32, 24, 4);
	check_full(ETL_INSTANCE64, 24, 8);
}

static void etl_record__event_header_fields(void **state)
{
	struct etl_bytes b = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	(void)state;
	etlb_event(&b, 19, 0x40, 777, 84);
	etlb_put(&b, "abcd", 4);
	assert_int_equal(parse_only(&b, &r, &skipped), ST_OK);
	assert_int_equal(r.provider.b[15], 16);
	assert_int_equal(r.id, 7);
	assert_int_equal(r.version, 1);
	assert_int_equal(r.level, 5);
	assert_int_equal(r.opcode, 6);
	assert_int_equal(r.task, 9);
	assert_true(r.keyword == UINT64_C(0x8000000000000010));
	assert_int_equal(r.flags, 0);
	assert_int_equal(r.pointer_bytes, 8);
	assert_int_equal(r.payload.len, 4);
}

static void etl_record__event_flag_decides_the_pointer_width(void **state)
{
	struct etl_bytes wow = { .len = 0 }, plain32 = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	(void)state;
	etlb_event(&wow, 19, 0x20, 777, 80);
	assert_int_equal(parse_only(&wow, &r, &skipped), ST_OK);
	assert_int_equal(r.pointer_bytes, 4);
	etlb_event(&plain32, 18, 0, 777, 80);
	assert_int_equal(parse_only(&plain32, &r, &skipped), ST_OK);
	assert_int_equal(r.pointer_bytes, 4);
}

static void etl_record__classic_flag_makes_the_opcode_count(void **state)
{
	struct etl_bytes b = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	(void)state;
	etlb_event(&b, 19, 0x140, 777, 80);
	assert_int_equal(parse_only(&b, &r, &skipped), ST_OK);
	assert_int_equal(r.flags, RECORD_CLASSIC);
	assert_int_equal(r.id, 0);
	assert_int_equal(r.opcode, 6);
}

static void put_all_items(struct etl_bytes *b)
{
	static const uint8_t key[8] = { 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11 };
	static const uint8_t sid[12] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };    /* S-1-5-18 */

	etlb_event(b, 19, 0x41, 777, 0);
	etlb_item(b, 1, true, class_guid, 16);                /* related activity: passed over */
	etlb_item(b, 2, true, sid, sizeof sid);
	etlb_item(b, 10, true, key, sizeof key);
	etlb_item(b, 11, true, "\x05\x00\x00" "e", 5);
	etlb_item(b, 12, true, "\x04\x00" "P", 4);
	etlb_item(b, 13, true, key, sizeof key);
	etlb_item(b, 16, false, container_text, 36);
	etlb_put(b, "abcd", 4);
	store_u16le(b->data, (uint16_t)b->len);
}

static void etl_record__extended_items_are_kept(void **state)
{
	struct etl_bytes b = { .len = 0 };
	struct guid want;
	uint64_t skipped = 0;
	struct record r;

	(void)state;
	put_all_items(&b);
	assert_int_equal(parse_only(&b, &r, &skipped), ST_OK);
	assert_true(guid_parse(container_text, 36, &want));
	assert_memory_equal(r.container.b, want.b, 16);
	assert_int_equal(r.flags,
		RECORD_HAS_CONTAINER | RECORD_HAS_EVENT_KEY | RECORD_HAS_START_KEY | RECORD_TRACELOGGING);
	assert_true(r.start_key == UINT64_C(0x1122334455667788));
	assert_true(r.event_key == UINT64_C(0x1122334455667788));
	assert_int_equal(r.sid.len, 12);
	assert_int_equal(r.schema.len, 5);
	assert_int_equal(r.provider_name.len, 1);
	assert_int_equal(r.provider_name.ptr[0], 'P');
	assert_int_equal(skipped, 1);
	assert_int_equal(r.payload.len, 4);
	assert_memory_equal(r.payload.ptr, "abcd", 4);
}

static void etl_record__bad_item_contents_are_passed_over(void **state)
{
	static const uint8_t long_sid[12] = { 1, 15, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };    /* claims 68 bytes */
	struct etl_bytes b = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	(void)state;
	etlb_event(&b, 19, 0x41, 777, 0);
	etlb_item(&b, 2, true, long_sid, sizeof long_sid);
	etlb_item(&b, 13, true, "abc", 3);
	etlb_item(&b, 16, false, "not a container id, but 36 bytes....", 36);
	store_u16le(b.data, (uint16_t)b.len);
	assert_int_equal(parse_only(&b, &r, &skipped), ST_OK);
	assert_int_equal(r.flags, 0);
	assert_int_equal(r.sid.len, 0);
	assert_int_equal(skipped, 3);
	assert_int_equal(r.payload.len, 0);
}

/* The record's own size is cut with the bytes, so the parser is what must notice. */
static void etl_record__items_cut_anywhere_are_malformed(void **state)
{
	struct etl_bytes b = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	(void)state;
	put_all_items(&b);
	for (size_t n = 80; n < b.len - 8; n++) {    /* the last item's padding may be missing */
		struct etl_mark m = { .kind = ETL_KIND_EVENT, .type = ETL_EVENT64 };
		uint8_t *exact = etlb_exact(b.data, n);

		m.raw = (struct view){ .ptr = exact, .len = n };
		assert_int_equal(etl_record_parse(&m, &r, &skipped), ST_MALFORMED);
		free(exact);
	}
}

static void etl_record__items_without_end_are_malformed(void **state)
{
	struct etl_bytes b = { .len = 0 };
	uint64_t skipped = 0;
	struct record r;

	(void)state;
	etlb_event(&b, 19, 0x41, 777, 0);
	for (unsigned i = 0; i < ETL_EXTENDED_ITEMS_MAX + 1; i++)
		etlb_item(&b, 3, true, "abcd", 4);
	store_u16le(b.data, (uint16_t)b.len);
	assert_int_equal(parse_only(&b, &r, &skipped), ST_MALFORMED);
}

static void expect_kind(const struct etl_bytes *b, enum etl_kind kind, uint32_t next)
{
	struct etl_cursor c = cursor_over(b);
	struct etl_mark m;

	assert_true(etl_cursor_next(&c, &m));
	assert_int_equal(m.kind, kind);
	assert_int_equal(c.pos, next);
}

static void etl_cursor__wpp_error_and_unknown_are_told_apart(void **state)
{
	struct etl_bytes wpp = { .len = 0 }, message = { .len = 0 }, error = { .len = 0 }, unknown = { .len = 0 };

	(void)state;
	etlb_u16(&wpp, 20);
	etlb_u16(&wpp, 0x9000);
	etlb_zeros(&wpp, 20);
	expect_kind(&wpp, ETL_KIND_WPP, 24);
	etlb_u16(&message, 16);
	etlb_u16(&message, 0xc00f);
	etlb_zeros(&message, 12);
	expect_kind(&message, ETL_KIND_WPP, 16);
	etlb_u16(&error, 16);
	etlb_u16(&error, 0xc00d);
	etlb_zeros(&error, 12);
	expect_kind(&error, ETL_KIND_ERROR, 16);
	etlb_u16(&unknown, 16);
	etlb_u16(&unknown, 0xc063);
	etlb_zeros(&unknown, 12);
	expect_kind(&unknown, ETL_KIND_UNKNOWN, 16);
}

static void expect_damage(const struct etl_bytes *b)
{
	struct etl_cursor c = cursor_over(b);
	struct etl_mark m;

	assert_false(etl_cursor_next(&c, &m));
	assert_non_null(c.damage);
	assert_int_equal(c.pos, 0);
}

static void etl_cursor__impossible_records_are_damage(void **state)
{
	struct etl_bytes small = { .len = 0 }, large = { .len = 0 }, unmarked = { .len = 0 }, zero = { .len = 0 };

	(void)state;
	etlb_event(&small, 19, 0, 1, 79);
	expect_damage(&small);
	etlb_event(&large, 19, 0, 1, 81);
	expect_damage(&large);
	etlb_u64(&unmarked, 0x0123456789abcdef & 0x7fffffff7fffffff);
	expect_damage(&unmarked);
	etlb_u16(&zero, 0);
	etlb_u16(&zero, 0x9000);
	expect_damage(&zero);
}

static void etl_cursor__zeros_and_ones_end_a_buffer(void **state)
{
	struct etl_bytes zeros = { .len = 0 }, ones = { .len = 0 };
	struct etl_cursor c;
	struct etl_mark m;

	(void)state;
	etlb_zeros(&zeros, 16);
	c = cursor_over(&zeros);
	assert_false(etl_cursor_next(&c, &m));
	assert_null(c.damage);
	etlb_u64(&ones, UINT64_MAX);
	c = cursor_over(&ones);
	assert_false(etl_cursor_next(&c, &m));
	assert_null(c.damage);
}

static void etl_cursor__every_prefix_gives_no_record(void **state)
{
	struct etl_bytes b = { .len = 0 };

	(void)state;
	put_all_items(&b);
	for (size_t n = 0; n < b.len; n++) {
		uint8_t *exact = etlb_exact(b.data, n);
		struct etl_cursor c = { .data = { .ptr = exact, .len = n }, .pos = 0, .damage = NULL };
		struct etl_mark m;

		assert_false(etl_cursor_next(&c, &m));
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(etl_record__system_headers_of_both_widths),
		cmocka_unit_test(etl_record__compact_headers_of_both_widths),
		cmocka_unit_test(etl_record__perfinfo_headers_know_no_process),
		cmocka_unit_test(etl_record__hardware_counters_stand_before_the_payload),
		cmocka_unit_test(etl_record__unknown_group_stays_countable),
		cmocka_unit_test(etl_record__full_and_instance_headers),
		cmocka_unit_test(etl_record__event_header_fields),
		cmocka_unit_test(etl_record__event_flag_decides_the_pointer_width),
		cmocka_unit_test(etl_record__classic_flag_makes_the_opcode_count),
		cmocka_unit_test(etl_record__extended_items_are_kept),
		cmocka_unit_test(etl_record__bad_item_contents_are_passed_over),
		cmocka_unit_test(etl_record__items_cut_anywhere_are_malformed),
		cmocka_unit_test(etl_record__items_without_end_are_malformed),
		cmocka_unit_test(etl_cursor__wpp_error_and_unknown_are_told_apart),
		cmocka_unit_test(etl_cursor__impossible_records_are_damage),
		cmocka_unit_test(etl_cursor__zeros_and_ones_end_a_buffer),
		cmocka_unit_test(etl_cursor__every_prefix_gives_no_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
