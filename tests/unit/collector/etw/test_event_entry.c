#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "collector/etw/event_entry.h"
#include "proto/base/limits.h"
#include "tests/support/event_of_record.h"

static const uint8_t sid[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };
static const struct guid silo = GUID_INIT(0x11223344, 0x5566, 0x7788, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01);

static struct record full_record(void)
{
	static const uint8_t payload[] = "payload bytes", schema[] = "schema";

	return (struct record){ .kind = RECORD_ETW, .time_100ns = UINT64_C(133400000000000001), .id = 12, .version = 3, .opcode = 1,
		.level = 4, .task = 7, .keyword = UINT64_C(0x8000000000000010), .pid = 4711, .tid = 815, .cpu = 63,
		.pointer_bytes = 8, .provider = silo, .start_key = 77, .event_key = 78, .container = silo,
		.flags = RECORD_HAS_START_KEY | RECORD_HAS_EVENT_KEY | RECORD_HAS_CONTAINER | RECORD_TRACELOGGING,
		.sid = { sid, sizeof sid }, .schema = { schema, sizeof schema }, .payload = { payload, sizeof payload } };
}

static const struct event_entry *put(struct ring *r, const struct etw_event *ev)
{
	uint64_t pos = ring_released(r), next = pos;
	const struct event_entry *e;

	assert_true(event_entry_put(r, ev));
	e = ring_peek(r, &pos, &next);
	ring_release(r, next);    /* nothing writes before the test has looked */
	return e;
}

static void assert_view(struct view got, struct view want)
{
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.ptr, want.ptr, want.len);
}

static void assert_numbers(const struct record *got, const struct record *want)
{
	assert_int_equal(got->kind, want->kind);
	assert_int_equal(got->flags, want->flags);
	assert_int_equal(got->time_100ns, want->time_100ns);
	assert_int_equal(got->keyword, want->keyword);
	assert_int_equal(got->start_key, want->start_key);
	assert_int_equal(got->event_key, want->event_key);
	assert_int_equal(got->pid, want->pid);
	assert_int_equal(got->tid, want->tid);
	assert_int_equal(got->cpu, want->cpu);
	assert_int_equal(got->id, want->id);
	assert_int_equal(got->version, want->version);
	assert_int_equal(got->opcode, want->opcode);
	assert_int_equal(got->level, want->level);
	assert_int_equal(got->task, want->task);
	assert_int_equal(got->pointer_bytes, want->pointer_bytes);
}

static void event_entry__keeps_all_of_an_event(void **state)
{
	struct record want = full_record(), got;
	struct ring *r = ring_create(0);
	struct event_of_record made;

	(void)state;
	event_of_record_make(&made, &want, NULL);
	event_entry_record(put(r, &made.ev), NULL, &got);
	assert_view(got.sid, want.sid);
	assert_view(got.schema, want.schema);
	assert_view(got.payload, want.payload);
	assert_memory_equal(&got.container, &silo, sizeof silo);
	assert_memory_equal(&got.provider, &want.provider, sizeof got.provider);
	assert_numbers(&got, &want);
	ring_destroy(r);
}

static void event_entry__tells_classic_events_and_32_bit_payloads(void **state)
{
	struct record want = full_record(), got;
	struct ring *r = ring_create(0);
	struct event_of_record made;

	(void)state;
	want.flags = RECORD_CLASSIC;
	want.pointer_bytes = 4;
	event_of_record_make(&made, &want, NULL);
	made.ev.id = 99;    /* means nothing in a classic event */
	event_entry_record(put(r, &made.ev), NULL, &got);
	assert_int_equal(got.flags, RECORD_CLASSIC);
	assert_int_equal(got.pointer_bytes, 4);
	assert_int_equal(got.id, 0);
	assert_int_equal(got.opcode, want.opcode);
	ring_destroy(r);
}

static void event_entry__leaves_out_items_over_their_bounds(void **state)
{
	static const uint8_t long_sid[LIMIT_SID_BYTES + 1];
	struct record want = full_record(), got;
	struct ring *r = ring_create(0);
	struct event_of_record made;

	(void)state;
	want.sid = (struct view){ long_sid, sizeof long_sid };
	event_of_record_make(&made, &want, NULL);
	for (size_t i = 0; i < made.ev.item_count; i++)
		made.items[i].bytes = (uint16_t)(made.items[i].bytes - (made.items[i].type == ETW_ITEM_START_KEY) -
			(made.items[i].type == ETW_ITEM_CONTAINER));
	event_entry_record(put(r, &made.ev), NULL, &got);
	assert_int_equal(got.sid.len, 0);
	assert_int_equal(got.flags, RECORD_HAS_EVENT_KEY | RECORD_TRACELOGGING);
	assert_view(got.payload, want.payload);
	ring_destroy(r);
}

static void event_entry__leaves_out_a_container_that_is_no_guid(void **state)
{
	struct record want = full_record(), got;
	struct ring *r = ring_create(0);
	struct event_of_record made;

	(void)state;
	event_of_record_make(&made, &want, NULL);
	made.container[8] = 'x';
	event_entry_record(put(r, &made.ev), NULL, &got);
	assert_false(got.flags & RECORD_HAS_CONTAINER);
	assert_view(got.payload, want.payload);
	ring_destroy(r);
}

static void event_entry__takes_the_largest_event_there_is(void **state)
{
	static uint8_t large[UINT16_MAX];
	struct record want = full_record(), got;
	struct ring *r = ring_create(0);
	struct event_of_record made;

	(void)state;
	want.payload = want.schema = (struct view){ large, sizeof large };
	event_of_record_make(&made, &want, NULL);
	event_entry_record(put(r, &made.ev), NULL, &got);
	assert_view(got.payload, want.payload);
	assert_view(got.schema, want.schema);
	ring_destroy(r);
}

static void event_entry__looks_at_a_bounded_number_of_items(void **state)
{
	struct etw_item *items = calloc(UINT16_MAX, sizeof *items);
	const struct etw_event ev = { .item_count = UINT16_MAX, .items = items };
	struct ring *r = ring_create(0);
	struct record got;

	(void)state;
	items[ETW_MAX_ITEMS] = (struct etw_item){ .type = ETW_ITEM_SID, .bytes = sizeof sid, .data = (uint64_t)(uintptr_t)sid };
	event_entry_record(put(r, &ev), NULL, &got);
	assert_int_equal(got.sid.len, 0);
	ring_destroy(r);
	free(items);
}

static void event_entry__of_the_collector_itself_is_a_named_record(void **state)
{
	static const char values[] = "session\0vitrine-process\0what\0";    /* the last value is empty, and its NUL the array's */
	const struct etw_event ev = { .provider = OFFER_COLLECTOR_GUID, .id = 3, .time_100ns = 5, .payload = values,
		.payload_bytes = sizeof values };
	struct named_value got_values[NOTICE_MAX_VALUES];
	struct ring *r = ring_create(0);
	struct record got;

	(void)state;
	event_entry_record(put(r, &ev), got_values, &got);
	assert_int_equal(got.kind, RECORD_NAMED);
	assert_int_equal(got.id, 3);
	assert_int_equal(got.time_100ns, 5);
	assert_int_equal(got.value_count, 2);
	assert_memory_equal(&got.provider, &notice_provider, sizeof got.provider);
	assert_string_equal(got.values[0].name.ptr, "session");
	assert_string_equal(got.values[0].value.ptr, "vitrine-process");
	assert_string_equal(got.values[1].name.ptr, "what");
	assert_int_equal(got.values[1].value.len, 0);
	ring_destroy(r);
}

static void event_entry__of_the_collector_itself_has_a_bounded_number_of_values(void **state)
{
	static uint8_t nothing[1000];
	const struct etw_event ev = { .provider = OFFER_COLLECTOR_GUID, .payload = nothing, .payload_bytes = sizeof nothing };
	struct named_value got_values[NOTICE_MAX_VALUES];
	struct ring *r = ring_create(0);
	struct record got;

	(void)state;
	event_entry_record(put(r, &ev), got_values, &got);
	assert_int_equal(got.value_count, NOTICE_MAX_VALUES);
	ring_destroy(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(event_entry__keeps_all_of_an_event),
		cmocka_unit_test(event_entry__tells_classic_events_and_32_bit_payloads),
		cmocka_unit_test(event_entry__leaves_out_items_over_their_bounds),
		cmocka_unit_test(event_entry__leaves_out_a_container_that_is_no_guid),
		cmocka_unit_test(event_entry__takes_the_largest_event_there_is),
		cmocka_unit_test(event_entry__looks_at_a_bounded_number_of_items),
		cmocka_unit_test(event_entry__of_the_collector_itself_is_a_named_record),
		cmocka_unit_test(event_entry__of_the_collector_itself_has_a_bounded_number_of_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
