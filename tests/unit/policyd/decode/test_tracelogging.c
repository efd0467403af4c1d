#include "policyd/decode/tracelogging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policyd/decode/decode.h"

/* Written by hand from the format in tracelogging.h: event "Ev" with a text, a hexadecimal number, an array of two u16 whose
 * count stands in the payload, a structure of one counted text, and a boolean byte. */
static const uint8_t schema[] = {
	44, 0, 0, 'E', 'v', 0,
	't', 0, 0x01,
	'h', 'e', 'x', 0, 0x88, 0x04,
	'a', 'r', 'r', 0, 0x46,
	's', 't', 'r', 'u', 'c', 't', 0, 0x98, 0x01,
	'i', 'n', 'n', 'e', 'r', 0, 0x16,
	'f', 'l', 'a', 'g', 's', 0, 0x84, 0x03,
};
static const uint8_t payload[] = {
	'h', 0, 'i', 0, 0, 0,
	0xef, 0xbe, 0, 0,
	2, 0, 7, 0, 8, 0,
	4, 0, 'o', 0, 'k', 0,
	1,
};

static struct event event_of(struct record *r, const void *schema_ptr, size_t schema_len, const void *ptr, size_t len)
{
	struct event ev = { .kind = EVENT_log, .rec = r };

	*r = (struct record){ .kind = RECORD_ETW, .flags = RECORD_TRACELOGGING, .pointer_bytes = 8,
		.schema = { schema_ptr, schema_len }, .payload = { ptr, len } };
	return ev;
}

static void self_describing_event__gives_its_fields_by_name(void **state)
{
	struct arena *scratch = arena_create(1 << 20);
	struct record r;
	struct event ev = event_of(&r, schema, sizeof schema, payload, sizeof payload);
	struct text_view args, name, one;

	(void)state;
	assert_true(event_format_args(&ev, scratch, &args));
	assert_string_equal(arena_strndup(scratch, args.ptr, args.len), "t=hi hex=0xbeef arr=[7,8] inner=ok flags=true");
	assert_true(event_get_name(&ev, &name));
	assert_string_equal(arena_strndup(scratch, name.ptr, name.len), "Ev");
	assert_true(event_get_arg(&ev, (struct text_view){ "arr", 3 }, scratch, &one));
	assert_string_equal(arena_strndup(scratch, one.ptr, one.len), "[7,8]");
	assert_false(event_get_arg(&ev, (struct text_view){ "struct", 6 }, scratch, &one));
	arena_destroy(scratch);
}

static void self_describing_event__shows_what_is_whole_of_every_prefix(void **state)
{
	struct arena *scratch = arena_create(1 << 20);
	size_t longest = 0;

	(void)state;
	for (size_t n = 0; n < sizeof payload + sizeof schema; n++) {
		size_t schema_len = n < sizeof payload ? sizeof schema : n - sizeof payload;
		size_t payload_len = n < sizeof payload ? n : sizeof payload;
		uint8_t *exact = malloc(schema_len ? schema_len : 1), *body = malloc(payload_len ? payload_len : 1);
		struct record r;
		struct text_view args = { "", 0 };
		struct event ev;

		assert_non_null(exact);
		assert_non_null(body);
		memcpy(exact, schema, schema_len);
		memcpy(body, payload, payload_len);
		ev = event_of(&r, exact, schema_len, body, payload_len);
		event_format_args(&ev, scratch, &args);
		longest = args.len > longest ? args.len : longest;
		free(exact);
		free(body);
		arena_reset(scratch);
	}
	assert_true(longest < strlen("t=hi hex=0xbeef arr=[7,8] inner=ok flags=true"));
	arena_destroy(scratch);
}

static void endless_schema__ends_at_the_limit(void **state)
{
	static uint8_t many[4 + 3 * (LIMIT_TL_FIELDS + 50)];
	struct record r;
	struct event ev;
	struct tl_cursor c;
	struct tl_field f;
	struct text_view name;
	size_t count = 0;

	(void)state;
	many[0] = (uint8_t)(sizeof many & 0xff);
	many[1] = (uint8_t)(sizeof many >> 8);
	for (size_t i = 4; i + 2 < sizeof many; i += 3) {
		many[i] = 'x';
		many[i + 2] = 0x18 | 0x00;     /* a structure: takes no payload */
	}
	ev = event_of(&r, many, sizeof many, "", 0);
	assert_true(tl_open(&c, ev.rec, &name));
	while (tl_next(&c, &f))
		count++;
	assert_int_equal(count, LIMIT_TL_FIELDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(self_describing_event__gives_its_fields_by_name),
		cmocka_unit_test(self_describing_event__shows_what_is_whole_of_every_prefix),
		cmocka_unit_test(endless_schema__ends_at_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
