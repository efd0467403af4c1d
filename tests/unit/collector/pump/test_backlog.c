#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "collector/pump/backlog.h"

enum { RINGS = 2, LARGE_BYTES = 60000 };

struct bench {
	struct ring *rings[RINGS];
	struct backlog b;
};

static int set_up(void **state)
{
	struct bench *s = calloc(1, sizeof *s);

	for (size_t i = 0; i < RINGS; i++)
		s->rings[i] = ring_create(0);
	backlog_init(&s->b, s->rings, RINGS);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *s = *state;

	for (size_t i = 0; i < RINGS; i++)
		ring_destroy(s->rings[i]);
	free(s);
	return 0;
}

static bool put(struct bench *s, size_t ring, uint64_t time)
{
	return event_entry_put(s->rings[ring], &(struct etw_event){ .time_100ns = time });
}

static bool put_large(struct bench *s, size_t ring, uint64_t time)
{
	static const uint8_t payload[LARGE_BYTES];

	return event_entry_put(s->rings[ring], &(struct etw_event){ .time_100ns = time, .payload = payload, .payload_bytes = LARGE_BYTES });
}

/* Sends one; its time, 0: there was none. */
static uint64_t send_one(struct bench *s, uint64_t *seq)
{
	size_t ring = 0;
	struct event_entry *e;
	uint64_t time;

	backlog_look(&s->b);
	e = backlog_first(&s->b, &ring);
	if (!e)
		return 0;
	backlog_number(&s->b, e);
	time = e->time_100ns;
	*seq = e->seq;
	backlog_pass(&s->b, ring);
	return time;
}

static void backlog__hands_out_the_oldest_of_all_rings(void **state)
{
	struct bench *s = *state;
	uint64_t seq;

	put(s, 0, 10);
	put(s, 0, 40);
	put(s, 1, 20);
	put(s, 1, 30);
	for (uint64_t i = 1; i <= 4; i++) {
		assert_int_equal(send_one(s, &seq), i * 10);
		assert_int_equal(seq, i);
	}
	assert_int_equal(send_one(s, &seq), 0);
}

static void backlog__sends_again_what_was_not_confirmed_with_the_same_numbers(void **state)
{
	struct bench *s = *state;
	uint64_t seq;

	put(s, 0, 10);
	put(s, 1, 20);
	put(s, 0, 30);
	send_one(s, &seq);
	backlog_mark(&s->b, 100);
	send_one(s, &seq);
	send_one(s, &seq);
	backlog_mark(&s->b, 200);
	put(s, 1, 5);    /* older than what was sent, and not sent yet */
	backlog_confirm(&s->b, 150);
	assert_int_equal(s->b.confirmed_seq, 1);
	assert_int_equal(backlog_rewind(&s->b), 2);
	assert_int_equal(send_one(s, &seq), 20);
	assert_int_equal(seq, 2);
	assert_int_equal(send_one(s, &seq), 30);
	assert_int_equal(seq, 3);
	assert_int_equal(send_one(s, &seq), 5);
	assert_int_equal(seq, 4);
}

static void backlog__gives_room_back_when_it_is_confirmed(void **state)
{
	struct bench *s = *state;
	uint64_t seq;

	put(s, 0, 10);
	put(s, 1, 20);
	send_one(s, &seq);
	send_one(s, &seq);
	backlog_mark(&s->b, 100);
	backlog_confirm(&s->b, 99);
	assert_int_not_equal(ring_used_bytes(s->rings[0]), 0);
	backlog_confirm(&s->b, 100);
	assert_int_equal(ring_used_bytes(s->rings[0]) + ring_used_bytes(s->rings[1]), 0);
	assert_int_equal(backlog_rewind(&s->b), 3);
}

static void backlog__in_need_of_room_gives_up_what_was_sent(void **state)
{
	struct bench *s = *state;
	uint64_t seq, sent = 0;

	while (put_large(s, 0, 1 + sent)) {
		send_one(s, &seq);
		backlog_mark(&s->b, ++sent);
	}
	backlog_relieve(&s->b);
	assert_in_range(ring_used_bytes(s->rings[0]), 1, RING_MIN_BYTES / 2);
	assert_int_equal(s->b.confirmed_seq, 0);
	assert_in_range(backlog_rewind(&s->b), 2, sent);    /* a hole that a reader sees */
}

static void backlog__keeps_room_of_what_is_not_sent(void **state)
{
	struct bench *s = *state;
	uint64_t n = 0;

	while (put_large(s, 0, 1 + n))
		n++;
	backlog_mark(&s->b, 1);
	backlog_relieve(&s->b);
	assert_int_equal(backlog_waiting(&s->b), n);
	assert_int_equal(s->b.not_sent[0], 0);
}

static void backlog__with_nobody_there_keeps_the_newest_and_counts_the_rest(void **state)
{
	struct bench *s = *state;
	uint64_t seq;

	put(s, 0, 10);
	put(s, 0, 20);
	put(s, 1, 15);
	put(s, 1, 30);
	send_one(s, &seq);    /* went out once, to a reader that is gone */
	backlog_expire(&s->b, 20);
	assert_int_equal(s->b.not_sent[0], 0);
	assert_int_equal(s->b.not_sent[1], 1);
	assert_int_equal(backlog_waiting(&s->b), 2);
	assert_int_equal(backlog_rewind(&s->b), 2);
	assert_int_equal(send_one(s, &seq), 20);
}

static void backlog__with_nobody_there_stays_within_three_quarters(void **state)
{
	struct bench *s = *state;
	uint64_t n = 0, left;

	for (; n < 1000; n++) {
		assert_true(put_large(s, 0, 100 + n));
		backlog_expire(&s->b, 0);
	}
	left = backlog_waiting(&s->b);
	assert_in_range(left, 1, RING_MIN_BYTES / 4 * 3 / LARGE_BYTES);
	assert_int_equal(s->b.not_sent[0] + left, n);
	assert_int_equal(ring_refused(s->rings[0]), 0);
}

static void backlog__of_more_frames_than_marks_confirms_them_together(void **state)
{
	struct bench *s = *state;
	uint64_t seq;

	for (uint64_t i = 1; i <= 2 * BACKLOG_MARKS; i++) {
		put(s, 0, i);
		send_one(s, &seq);
		backlog_mark(&s->b, i);
	}
	backlog_confirm(&s->b, 2 * BACKLOG_MARKS - 1);
	assert_int_equal(s->b.confirmed_seq, BACKLOG_MARKS - 1);
	backlog_confirm(&s->b, 2 * BACKLOG_MARKS);
	assert_int_equal(s->b.confirmed_seq, 2 * BACKLOG_MARKS);
	assert_int_equal(ring_used_bytes(s->rings[0]), 0);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLAIM(backlog__hands_out_the_oldest_of_all_rings),
		CLAIM(backlog__sends_again_what_was_not_confirmed_with_the_same_numbers),
		CLAIM(backlog__gives_room_back_when_it_is_confirmed),
		CLAIM(backlog__in_need_of_room_gives_up_what_was_sent),
		CLAIM(backlog__keeps_room_of_what_is_not_sent),
		CLAIM(backlog__with_nobody_there_keeps_the_newest_and_counts_the_rest),
		CLAIM(backlog__with_nobody_there_stays_within_three_quarters),
		CLAIM(backlog__of_more_frames_than_marks_confirms_them_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
