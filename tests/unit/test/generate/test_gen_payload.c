#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policyd/decode/decode.h"
#include "tests/support/generate/gen_payload.h"
#include "tests/support/generate/gen_shapes.h"

enum { SCRATCH_BYTES = 64 * 1024 };

static const uint32_t builds[] = { 17763, 20348, 22631, 26100 };

static void gen_shapes__every_build_has_every_event(void **state)
{
	struct gen_event events[SHAPE_COUNT];

	(void)state;
	for (size_t i = 0; i < sizeof builds / sizeof builds[0]; i++)
		assert_true(gen_shapes_resolve(builds[i], events));
}

static void gen_shapes__versions_follow_the_build(void **state)
{
	struct gen_event events[SHAPE_COUNT];

	(void)state;
	assert_true(gen_shapes_resolve(17763, events));
	assert_int_equal(events[SHAPE_PROCESS_START].layout->version, 2);
	assert_true(gen_shapes_resolve(20348, events));
	assert_int_equal(events[SHAPE_PROCESS_START].layout->version, 3);
	assert_true(gen_shapes_resolve(26100, events));
	assert_int_equal(events[SHAPE_PROCESS_START].layout->version, 4);
}

static struct record record_of(const struct gen_event *e, const uint8_t *payload, size_t len)
{
	struct record r = { .kind = RECORD_ETW, .provider = e->provider->guid, .version = e->layout->version,
		.opcode = e->opcode, .pointer_bytes = 8, .payload = { payload, len } };

	if (e->provider->classic)
		r.flags = RECORD_CLASSIC;
	else
		r.id = e->layout->id;
	return r;
}

/* With nothing given, a payload is zeros and empty texts; decode must walk it to the end all the same. */
static void payload__empty_one_of_every_event_decodes(void **state)
{
	struct decoder *d = decoder_create();
	struct gen_event events[SHAPE_COUNT];
	const struct payload nothing = { .count = 0 };
	uint8_t bytes[1024];
	struct event ev;
	size_t len;

	(void)state;
	assert_non_null(d);
	assert_true(gen_shapes_resolve(20348, events));
	for (size_t i = 0; i < SHAPE_COUNT; i++) {
		struct record r;

		assert_int_equal(payload_encode(events[i].layout, &nothing, bytes, sizeof bytes, &len), ST_OK);
		r = record_of(&events[i], bytes, len);
		assert_int_equal(decode_record(d, &r, &ev), ST_OK);
		assert_int_equal(ev.offset[ev.layout->field_count], len);
	}
	decoder_destroy(d);
}

static void assert_text(const struct event *ev, enum slot slot, const char *want)
{
	struct arena *scratch = arena_create(SCRATCH_BYTES);
	struct text_view got = { "", 0 };

	assert_non_null(scratch);
	assert_true(event_get_text(ev, slot, scratch, &got));
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.ptr, want, got.len);
	arena_destroy(scratch);
}

static void payload__decode_gives_back_what_was_put_in(void **state)
{
	struct decoder *d = decoder_create();
	struct gen_event events[SHAPE_COUNT];
	struct payload v = { .count = 0 };
	uint8_t sid[SID_MAX_BYTES], bytes[1024];
	struct record r;
	struct event ev;
	uint64_t pid = 0;
	size_t len;

	(void)state;
	assert_non_null(d);
	assert_true(gen_shapes_resolve(20348, events));
	payload_number(&v, SLOT_PID, 4711);
	payload_bytes(&v, SLOT_USER_SID, sid, sid_parse("S-1-5-21-1-2-3-500", sid));
	payload_text(&v, SLOT_IMAGE_NAME, "cmd.exe");
	payload_text(&v, SLOT_CMDLINE, "cmd /c \xc3\xa4 \xf0\x9f\x90\x88");
	assert_int_equal(payload_encode(events[SHAPE_OLD_PROCESS_START].layout, &v, bytes, sizeof bytes, &len), ST_OK);
	r = record_of(&events[SHAPE_OLD_PROCESS_START], bytes, len);
	assert_int_equal(decode_record(d, &r, &ev), ST_OK);
	assert_true(event_get_u64(&ev, SLOT_PID, &pid));
	assert_int_equal(pid, 4711);
	assert_text(&ev, SLOT_IMAGE_NAME, "cmd.exe");
	assert_text(&ev, SLOT_CMDLINE, "cmd /c \xc3\xa4 \xf0\x9f\x90\x88");
	assert_text(&ev, SLOT_USER_SID, "S-1-5-21-1-2-3-500");
	decoder_destroy(d);
}

static void payload__too_small_a_room_is_refused(void **state)
{
	struct gen_event events[SHAPE_COUNT];
	struct payload v = { .count = 0 };
	uint8_t bytes[8];
	size_t len;

	(void)state;
	assert_true(gen_shapes_resolve(20348, events));
	payload_text(&v, SLOT_DNS_NAME, "a.example");
	assert_int_equal(payload_encode(events[SHAPE_DNS_QUERY].layout, &v, bytes, sizeof bytes, &len), ST_LIMIT);
}

static void sid_parse__refuses_what_is_none(void **state)
{
	uint8_t sid[SID_MAX_BYTES];

	(void)state;
	assert_int_equal(sid_parse("S-1-5-18", sid), 12);
	assert_int_equal(sid_parse("S-2-5-18", sid), 0);
	assert_int_equal(sid_parse("S-1-5-18x", sid), 0);
	assert_int_equal(sid_parse("", sid), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gen_shapes__every_build_has_every_event),
		cmocka_unit_test(gen_shapes__versions_follow_the_build),
		cmocka_unit_test(payload__empty_one_of_every_event_decodes),
		cmocka_unit_test(payload__decode_gives_back_what_was_put_in),
		cmocka_unit_test(payload__too_small_a_room_is_refused),
		cmocka_unit_test(sid_parse__refuses_what_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
