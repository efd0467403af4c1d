#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "proto/wire/frame.h"

struct seen {
	int frames;
	uint8_t type;
	size_t body_len;
	const uint8_t *body;
	uint64_t offset;
	enum status answer;
};

static enum status see(void *ctx, const struct frame *f, struct diag *why)
{
	struct seen *s = ctx;

	(void)why;
	s->frames++;
	s->type = f->type;
	s->body_len = f->body.len;
	s->body = f->body.ptr;
	s->offset = f->offset;
	return s->answer;
}

static enum status feed_once(const uint8_t *bytes, size_t len, struct seen *s, struct diag *why)
{
	struct frame_parser *p = frame_parser_create(see, s);
	enum status st;

	assert_non_null(p);
	st = frame_parser_feed(p, bytes, len, why);
	if (st == ST_OK)
		st = frame_parser_finish(p, why);
	frame_parser_destroy(p);
	return st;
}

static void frame_parser__frame_inside_the_input_is_not_copied(void **state)
{
	const uint8_t raw[] = { 2, 0, 0, 0, 5, 0, 0, 0, 'a', 'b' };
	struct seen s = { 0 };
	struct diag why = DIAG_INIT;

	(void)state;
	assert_int_equal(feed_once(raw, sizeof raw, &s, &why), ST_OK);
	assert_int_equal(s.frames, 1);
	assert_int_equal(s.type, FRAME_HEARTBEAT);
	assert_int_equal(s.body_len, 2);
	assert_ptr_equal(s.body, raw + 8);
}

static void frame_parser__magic_is_taken_at_any_frame_boundary(void **state)
{
	const uint8_t raw[] = { 'V', 'T', 'R', 'I', 'N', 'E', 0, 1, 0, 0, 0, 0, 6, 0, 0, 0,
		'V', 'T', 'R', 'I', 'N', 'E', 0, 1, 0, 0, 0, 0, 1, 0, 0, 0 };
	struct seen s = { 0 };
	struct diag why = DIAG_INIT;

	(void)state;
	assert_int_equal(feed_once(raw, sizeof raw, &s, &why), ST_OK);
	assert_int_equal(s.frames, 2);
	assert_int_equal(s.type, FRAME_HELLO);
	assert_int_equal(s.offset, 24);
}

static void frame_parser__says_where_it_went_wrong(void **state)
{
	const uint8_t long_body[] = { 0, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0x10, 0, 2, 0, 0, 0 };
	const uint8_t flags[] = { 0, 0, 0, 0, 6, 1, 0, 0 };
	const uint8_t reserved[] = { 0, 0, 0, 0, 6, 0, 0, 1 };
	const uint8_t next_magic[] = { 'V', 'T', 'R', 'I', 'N', 'E', 0, 2 };
	struct seen s = { 0 };
	struct diag why = DIAG_INIT;

	(void)state;
	assert_int_equal(feed_once(long_body, sizeof long_body, &s, &why), ST_LIMIT);
	assert_int_equal(why.offset, 8);
	assert_string_equal(why.text, "frame body of 1048577 bytes, at most 1048576 are allowed");
	assert_int_equal(feed_once(flags, sizeof flags, &s, &why), ST_UNSUPPORTED);
	assert_string_equal(why.text, "frame flags 0x01 are not known");
	assert_int_equal(feed_once(reserved, sizeof reserved, &s, &why), ST_MALFORMED);
	assert_int_equal(feed_once(next_magic, sizeof next_magic, &s, &why), ST_UNSUPPORTED);
	assert_string_equal(why.text, "stream format 2 is not known, only 1");
}

static void frame_parser__largest_body_passes_in_pieces(void **state)
{
	uint8_t *raw = calloc(1, FRAME_HEADER_BYTES + LIMIT_FRAME_BODY_BYTES);
	struct seen s = { 0 };
	struct diag why = DIAG_INIT;
	struct frame_parser *p = frame_parser_create(see, &s);

	(void)state;
	assert_non_null(raw);
	assert_non_null(p);
	frame_put_header(raw, FRAME_RECORDS, LIMIT_FRAME_BODY_BYTES);
	assert_int_equal(frame_parser_feed(p, raw, 5, &why), ST_OK);
	assert_int_equal(frame_parser_feed(p, raw + 5, 4, &why), ST_OK);
	assert_int_equal(frame_parser_finish(p, &why), ST_TRUNCATED);
	assert_int_equal(why.offset, 9);
	assert_int_equal(frame_parser_feed(p, raw + 9, LIMIT_FRAME_BODY_BYTES - 1, &why), ST_OK);
	assert_int_equal(frame_parser_finish(p, &why), ST_OK);
	assert_int_equal(s.body_len, LIMIT_FRAME_BODY_BYTES);
	frame_parser_destroy(p);
	free(raw);
}

static void frame_parser__an_error_sticks(void **state)
{
	const uint8_t raw[] = { 0, 0, 0, 0, 6, 0, 0, 0 };
	struct seen s = { .answer = ST_STOPPED };
	struct diag why = DIAG_INIT;
	struct frame_parser *p = frame_parser_create(see, &s);

	(void)state;
	assert_non_null(p);
	assert_int_equal(frame_parser_feed(p, raw, sizeof raw, &why), ST_STOPPED);
	assert_int_equal(frame_parser_feed(p, raw, sizeof raw, &why), ST_STOPPED);
	assert_int_equal(s.frames, 1);
	frame_parser_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_parser__frame_inside_the_input_is_not_copied),
		cmocka_unit_test(frame_parser__magic_is_taken_at_any_frame_boundary),
		cmocka_unit_test(frame_parser__says_where_it_went_wrong),
		cmocka_unit_test(frame_parser__largest_body_passes_in_pieces),
		cmocka_unit_test(frame_parser__an_error_sticks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
