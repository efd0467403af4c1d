#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/wire/control_codec.h"
#include "proto/wire/frame.h"

static const struct control_request full = { .version = 1, .id = 300, .kind = CONTROL_SELECT_RULES, .rule = "*x*", .tag = "t",
	.priority = "Error", .since = "1h", .text = "w", .pod = "p", .limit = 7, .enable = true };

/* Written from the schema: field 1 varint 1, 2 varint 300, 3 varint 5, 4..9 texts, 10 varint 7, 11 varint 1. */
static const uint8_t golden[] = { 8, 1, 16, 0xac, 2, 24, 5, 34, 3, '*', 'x', '*', 42, 1, 't', 50, 5, 'E', 'r', 'r', 'o', 'r',
	58, 2, '1', 'h', 66, 1, 'w', 74, 1, 'p', 80, 7, 88, 1 };

static void request__bytes_stay_as_they_are(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(control_encode_request(&full, &out), ST_OK);
	assert_int_equal(out.len, sizeof golden + FRAME_HEADER_BYTES);
	assert_int_equal(load_u32le(out.data), sizeof golden);
	assert_int_equal(out.data[4], FRAME_REQUEST);
	assert_memory_equal(out.data + FRAME_HEADER_BYTES, golden, sizeof golden);
	buf_release(&out);
}

static void request__decodes_every_field(void **state)
{
	struct arena *a = arena_create(CONTROL_ARENA_BYTES);
	struct control_request got;

	(void)state;
	assert_int_equal(control_decode_request((struct view){ golden, sizeof golden }, a, &got), ST_OK);
	assert_int_equal(got.id, 300);
	assert_int_equal(got.kind, CONTROL_SELECT_RULES);
	assert_string_equal(got.rule, "*x*");
	assert_string_equal(got.tag, "t");
	assert_string_equal(got.priority, "Error");
	assert_string_equal(got.since, "1h");
	assert_string_equal(got.text, "w");
	assert_string_equal(got.pod, "p");
	assert_int_equal(got.limit, 7);
	assert_true(got.enable);
	arena_destroy(a);
}

/* A message may end after any whole field, so a prefix is either refused or a request with fewer fields. */
static void request__every_prefix_is_read_within_its_bytes(void **state)
{
	struct arena *a = arena_create(CONTROL_ARENA_BYTES);
	size_t refused = 0;

	(void)state;
	for (size_t n = 0; n < sizeof golden; n++) {
		uint8_t *exact = malloc(n ? n : 1);
		struct control_request got;

		assert_non_null(exact);
		memcpy(exact, golden, n);
		refused += control_decode_request((struct view){ exact, n }, a, &got) == ST_MALFORMED;
		arena_reset(a);
		free(exact);
	}
	assert_int_equal(refused, sizeof golden - 11);
	arena_destroy(a);
}

static void request__longer_than_the_bound_is_refused(void **state)
{
	struct arena *a = arena_create(CONTROL_ARENA_BYTES);
	uint8_t *big = calloc(1, CONTROL_MAX_REQUEST_BYTES + 1);
	struct control_request got;

	(void)state;
	assert_non_null(big);
	assert_int_equal(control_decode_request((struct view){ big, CONTROL_MAX_REQUEST_BYTES + 1 }, a, &got), ST_LIMIT);
	free(big);
	arena_destroy(a);
}

static void answer__comes_back_as_it_was(void **state)
{
	const struct control_answer in = { .id = 9, .outcome = CONTROL_FAILED, .message = "no", .more = true,
		.body = { (const uint8_t *)"{}", 2 } };
	struct arena *a = arena_create(CONTROL_ARENA_BYTES);
	struct control_answer got;
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(control_encode_answer(&in, &out), ST_OK);
	assert_int_equal(out.data[4], FRAME_ANSWER);
	assert_int_equal(control_decode_answer((struct view){ out.data + FRAME_HEADER_BYTES, out.len - FRAME_HEADER_BYTES }, a, &got),
		ST_OK);
	assert_int_equal(got.id, 9);
	assert_int_equal(got.outcome, CONTROL_FAILED);
	assert_string_equal(got.message, "no");
	assert_int_equal(got.body.len, 2);
	assert_true(got.more);
	buf_release(&out);
	arena_destroy(a);
}

static void answer__that_does_not_fit_leaves_the_buffer_as_it_was(void **state)
{
	const struct control_answer in = { .message = "too long for ten bytes" };
	struct buf out;

	(void)state;
	buf_init(&out, 10);
	assert_int_equal(control_encode_answer(&in, &out), ST_LIMIT);
	assert_int_equal(out.len, 0);
	assert_false(out.failed);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request__bytes_stay_as_they_are),
		cmocka_unit_test(request__decodes_every_field),
		cmocka_unit_test(request__every_prefix_is_read_within_its_bytes),
		cmocka_unit_test(request__longer_than_the_bound_is_refused),
		cmocka_unit_test(answer__comes_back_as_it_was),
		cmocka_unit_test(answer__that_does_not_fit_leaves_the_buffer_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
