#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "collector/etw/event_entry.h"
#include "collector/pump/sender.h"
#include "proto/host/thread.h"
#include "tests/support/pipe_reader.h"

enum { RINGS = 2 };

struct bench {
	char name[PIPE_NAME_BYTES];
	struct sender_options options;
	struct sender *sender;
	struct thread *thread;
	uint64_t put, lost_events;    /* lost_events: of ETW; set before the sender looks */
};

static uint64_t fixed_now(void)
{
	return UINT64_C(133400000000000000);
}

static void fake_losses(void *ctx, uint64_t out[SENDER_LOSS_COUNT])
{
	out[SENDER_LOST_EVENTS] = ((struct bench *)ctx)->lost_events;
}

static int set_up(void **state)
{
	struct bench *s = calloc(1, sizeof *s);
	struct pipe_options pipe = { .name = s->name, .direction = PIPE_OUT };

	pipe_test_name(s->name);
	s->options = (struct sender_options){ .source_count = RINGS, .keep_ms = 1000, .now_100ns = fixed_now,
		.hello = { .source = SOURCE_ETW_LIVE, .stream_id = 77, .pointer_bytes = 8 } };
	s->options.sources[0] = (struct sender_source){ .name = "first", .ring = ring_create(0), .losses = fake_losses, .ctx = s };
	s->options.sources[1] = (struct sender_source){ .name = "second", .ring = ring_create(0) };
	*state = s;
	return pipe_end_open(&pipe, &s->options.pipe, NULL) == ST_OK ? 0 : -1;
}

static void start(struct bench *s)
{
	s->sender = sender_create(&s->options);
	assert_int_equal(thread_start(sender_run, s->sender, &s->thread, NULL), ST_OK);
}

static void stop(struct bench *s)
{
	if (!s->thread)
		return;
	sender_stop(s->sender);
	thread_join(s->thread);
	s->thread = NULL;
}

static int tear_down(void **state)
{
	struct bench *s = *state;

	stop(s);
	sender_destroy(s->sender);
	pipe_end_close(s->options.pipe);
	for (size_t i = 0; i < RINGS; i++)
		ring_destroy(s->options.sources[i].ring);
	free(s);
	return 0;
}

static void put(struct bench *s, uint64_t count, uint64_t time)
{
	for (uint64_t i = 0; i < count; i++) {
		const struct etw_event ev = { .time_100ns = time, .payload = "0123456789", .payload_bytes = 10 };

		s->put += event_entry_put(s->options.sources[i % RINGS].ring, &ev);
	}
}

static void sender__sends_records_in_order_and_ends(void **state)
{
	struct bench *s = *state;
	struct pipe_reader *r;
	const struct pipe_seen *seen;

	start(s);
	r = pipe_reader_open(s->name);
	seen = pipe_reader_seen(r);
	put(s, 1000, fixed_now());
	assert_true(pipe_reader_until(r, pipe_has_records, 1000));
	sender_stop(s->sender);
	assert_true(pipe_reader_until(r, pipe_has_ended, 1));
	assert_int_equal(seen->hello.stream_id, 77);
	assert_int_equal(seen->hello.connection, 1);
	assert_int_equal(seen->hello.first_seq, 1);
	assert_int_equal(seen->first_seq, 1);
	assert_int_equal(seen->out_of_order, 0);
	assert_int_equal(seen->end.records_total, 1000);
	assert_int_equal(seen->errors, 0);
	pipe_reader_close(r);
}

static void sender__keeps_what_comes_while_nobody_is_there(void **state)
{
	struct bench *s = *state;
	struct pipe_reader *r;

	put(s, 500, fixed_now());
	start(s);
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_records, 500));
	assert_int_equal(pipe_reader_seen(r)->events_lost[LOSS_NOT_CONNECTED], 0);
	pipe_reader_close(r);
}

static void sender__accounts_for_what_was_too_old_when_somebody_came(void **state)
{
	struct bench *s = *state;
	struct sender_stats stats = { .sent = 0 };
	struct pipe_reader *r;

	put(s, 300, fixed_now() - 5 * UINT64_C(10000000));    /* five seconds old, one is kept */
	put(s, 200, fixed_now());
	start(s);
	for (unsigned ms = 0; ms < 10000 && stats.lost[0][SENDER_NOT_CONNECTED] + stats.lost[1][SENDER_NOT_CONNECTED] < 300; ms += 10) {
		thread_sleep_ms(10);
		sender_get_stats(s->sender, &stats);
	}
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_records, 200));
	assert_int_equal(pipe_reader_seen(r)->events_lost[LOSS_NOT_CONNECTED], 300);
	assert_int_equal(pipe_reader_seen(r)->hello.first_seq, 1);
	pipe_reader_close(r);
}

static void sender__sends_again_what_nobody_confirmed(void **state)
{
	struct bench *s = *state;
	struct pipe_reader *r;

	start(s);
	r = pipe_reader_open(s->name);
	put(s, 100, fixed_now());
	assert_true(pipe_reader_until(r, pipe_has_records, 100));
	pipe_reader_close(r);
	put(s, 50, fixed_now());
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_records, 150));
	assert_int_equal(pipe_reader_seen(r)->hello.connection, 2);
	assert_int_equal(pipe_reader_seen(r)->hello.first_seq, 1);
	assert_int_equal(pipe_reader_seen(r)->out_of_order, 0);
	pipe_reader_close(r);
}

static void sender__does_not_send_again_what_was_confirmed(void **state)
{
	struct bench *s = *state;
	struct pipe_reader *r;

	start(s);
	r = pipe_reader_open(s->name);
	put(s, 100, fixed_now());
	assert_true(pipe_reader_until(r, pipe_has_records, 100));
	sender_confirm(s->sender, 1, pipe_reader_seen(r)->bytes);
	assert_true(pipe_reader_until(r, pipe_has_heartbeats, pipe_reader_seen(r)->heartbeats + 1));
	pipe_reader_close(r);
	put(s, 50, fixed_now());
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_records, 50));
	assert_int_equal(pipe_reader_seen(r)->hello.first_seq, 101);
	assert_int_equal(pipe_reader_seen(r)->hello.received_seq, 100);
	assert_int_equal(pipe_reader_seen(r)->first_seq, 101);
	pipe_reader_close(r);
}

static void sender__takes_no_confirmation_of_another_connection(void **state)
{
	struct bench *s = *state;
	struct pipe_reader *r;

	start(s);
	r = pipe_reader_open(s->name);
	put(s, 100, fixed_now());
	assert_true(pipe_reader_until(r, pipe_has_records, 100));
	sender_confirm(s->sender, 7, UINT64_MAX);
	assert_true(pipe_reader_until(r, pipe_has_heartbeats, pipe_reader_seen(r)->heartbeats + 1));
	pipe_reader_close(r);
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_records, 100));
	assert_int_equal(pipe_reader_seen(r)->hello.received_seq, 0);
	pipe_reader_close(r);
}

static void sender__tells_what_did_not_fit_the_ring(void **state)
{
	struct bench *s = *state;
	uint64_t tried = 40000;
	struct pipe_reader *r;

	put(s, tried, fixed_now());
	start(s);
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_heartbeats, 1));
	sender_stop(s->sender);
	assert_true(pipe_reader_until(r, pipe_has_ended, 1));
	assert_in_range(s->put, 1, tried - 1);
	assert_int_equal(pipe_reader_seen(r)->events_lost[LOSS_COLLECTOR_QUEUE], tried - s->put);
	assert_int_equal(pipe_reader_seen(r)->records + pipe_reader_seen(r)->events_lost[LOSS_NOT_CONNECTED], s->put);
	assert_int_equal(pipe_reader_seen(r)->end.events_lost_total, tried - pipe_reader_seen(r)->records);
	pipe_reader_close(r);
}

static void sender__tells_a_loss_again_with_its_total_until_it_is_confirmed(void **state)
{
	struct bench *s = *state;
	struct pipe_reader *r;

	s->lost_events = 12;
	start(s);
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_heartbeats, 1));
	assert_int_equal(pipe_reader_seen(r)->events_lost[LOSS_ETW_EVENTS], 12);
	pipe_reader_close(r);
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_heartbeats, 1));
	assert_int_equal(pipe_reader_seen(r)->events_lost[LOSS_ETW_EVENTS], 12);
	assert_int_equal(pipe_reader_seen(r)->events_total[LOSS_ETW_EVENTS], 12);
	sender_confirm(s->sender, 2, pipe_reader_seen(r)->bytes);
	assert_true(pipe_reader_until(r, pipe_has_heartbeats, 2));
	pipe_reader_close(r);
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_heartbeats, 1));
	assert_int_equal(pipe_reader_seen(r)->events_lost[LOSS_ETW_EVENTS], 0);
	pipe_reader_close(r);
}

static struct sender_snapshot *make_snapshot(size_t processes)
{
	struct arena *a = arena_create(1 << 20);
	struct sender_snapshot *snapshot = arena_zalloc(a, sizeof *snapshot);

	*snapshot = (struct sender_snapshot){ .arena = a, .rows = { .processes = arena_zalloc(a, processes * sizeof(struct stream_process)),
		.process_count = processes, .complete = true } };
	return snapshot;
}

static void sender__sends_the_newest_snapshot_and_heartbeats(void **state)
{
	struct bench *s = *state;
	struct pipe_reader *r;

	start(s);
	sender_give_snapshot(s->sender, make_snapshot(1));
	sender_give_snapshot(s->sender, make_snapshot(3));    /* takes the place of the first */
	r = pipe_reader_open(s->name);
	assert_true(pipe_reader_until(r, pipe_has_snapshots, 1));
	assert_int_equal(pipe_reader_seen(r)->processes, 3);
	assert_true(pipe_reader_until(r, pipe_has_heartbeats, 1));
	pipe_reader_close(r);
}

static void sender__ends_although_its_reader_takes_nothing(void **state)
{
	struct bench *s = *state;
	struct sender_stats stats;
	struct pipe_reader *r;

	start(s);
	r = pipe_reader_open(s->name);
	for (unsigned i = 0; i < 40; i++) {
		put(s, 500, fixed_now());
		thread_sleep_ms(5);
	}
	stop(s);
	sender_get_stats(s->sender, &stats);
	assert_int_equal(stats.stalls, 1);
	assert_int_equal(stats.sent + stats.waiting, s->put);
	pipe_reader_close(r);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLAIM(sender__sends_records_in_order_and_ends),
		CLAIM(sender__keeps_what_comes_while_nobody_is_there),
		CLAIM(sender__accounts_for_what_was_too_old_when_somebody_came),
		CLAIM(sender__sends_again_what_nobody_confirmed),
		CLAIM(sender__does_not_send_again_what_was_confirmed),
		CLAIM(sender__takes_no_confirmation_of_another_connection),
		CLAIM(sender__tells_what_did_not_fit_the_ring),
		CLAIM(sender__tells_a_loss_again_with_its_total_until_it_is_confirmed),
		CLAIM(sender__sends_the_newest_snapshot_and_heartbeats),
		CLAIM(sender__ends_although_its_reader_takes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
