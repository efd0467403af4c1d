#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "proto/base/ring.h"
#include "proto/host/thread.h"

static void *read_one(struct ring *r, uint64_t *pos)
{
	uint64_t next;
	void *chunk = ring_peek(r, pos, &next);

	if (chunk)
		*pos = next;
	return chunk;
}

static bool put_number(struct ring *r, uint64_t number, size_t bytes)
{
	uint8_t *room = ring_reserve(r, bytes);

	if (!room)
		return false;
	memset(room, (int)(number & 0xff), bytes);
	memcpy(room, &number, sizeof number);
	ring_commit(r);
	return true;
}

static void ring__hands_out_what_was_committed_in_order(void **state)
{
	struct ring *r = ring_create(0);
	uint64_t pos = 0, got;

	(void)state;
	assert_null(read_one(r, &pos));
	for (uint64_t i = 1; i <= 100; i++)
		assert_true(put_number(r, i, 8 + i));
	for (uint64_t i = 1; i <= 100; i++) {
		void *chunk = read_one(r, &pos);

		assert_non_null(chunk);
		memcpy(&got, chunk, sizeof got);
		assert_int_equal(got, i);
	}
	assert_null(read_one(r, &pos));
	assert_int_equal(ring_committed(r), 100);
	ring_destroy(r);
}

static void ring__shows_nothing_before_commit(void **state)
{
	struct ring *r = ring_create(0);
	uint64_t pos = 0;

	(void)state;
	assert_non_null(ring_reserve(r, 64));
	assert_null(read_one(r, &pos));
	ring_commit(r);
	assert_non_null(read_one(r, &pos));
	ring_destroy(r);
}

static void ring__refuses_and_counts_when_full_and_takes_again_after_release(void **state)
{
	struct ring *r = ring_create(0);
	uint64_t pos = 0, put = 0;

	(void)state;
	while (put_number(r, put, 1000))
		put++;
	assert_in_range(put, RING_MIN_BYTES / 1008 - 1, RING_MIN_BYTES / 1008);
	assert_int_equal(ring_refused(r), 1);
	assert_false(put_number(r, put, 1000));
	assert_int_equal(ring_refused(r), 2);
	assert_non_null(read_one(r, &pos));
	assert_false(put_number(r, put, 1000));    /* looked at, not released */
	ring_release(r, pos);
	assert_true(put_number(r, put, 900));
	assert_int_equal(ring_refused(r), 3);
	ring_destroy(r);
}

static void ring__refuses_a_chunk_larger_than_itself(void **state)
{
	struct ring *r = ring_create(0);

	(void)state;
	assert_null(ring_reserve(r, RING_MIN_BYTES));
	assert_null(ring_reserve(r, SIZE_MAX));
	assert_int_equal(ring_refused(r), 2);
	ring_destroy(r);
}

static void ring__can_be_read_again_until_released(void **state)
{
	struct ring *r = ring_create(0);
	uint64_t pos = 0, again = 0;
	void *first;

	(void)state;
	put_number(r, 1, 16);
	put_number(r, 2, 16);
	first = read_one(r, &pos);
	read_one(r, &pos);
	assert_ptr_equal(read_one(r, &again), first);
	ring_release(r, again);
	assert_int_equal(ring_released(r), again);
	assert_int_equal(ring_used_bytes(r), 24);
	ring_destroy(r);
}

enum { RACE_CHUNKS = 100000 };

struct race {
	struct ring *ring;
	uint64_t refused;
};

static size_t race_bytes(uint64_t i)
{
	return 8 + (size_t)(i * 7919 % 3000);
}

static void write_all(void *ctx)
{
	struct race *race = ctx;

	for (uint64_t i = 0; i < RACE_CHUNKS; i++) {
		while (!put_number(race->ring, i, race_bytes(i)))
			race->refused++;
	}
}

/* Every byte of every chunk, while the other thread writes on. */
static bool chunk_is(const uint8_t *chunk, uint64_t number)
{
	uint64_t got;

	memcpy(&got, chunk, sizeof got);
	for (size_t i = sizeof got; i < race_bytes(number); i++) {
		if (chunk[i] != (uint8_t)number)
			return false;
	}
	return got == number;
}

static void ring__keeps_every_byte_between_two_threads(void **state)
{
	struct race race = { .ring = ring_create(0) };
	struct thread *writer = NULL;
	uint64_t pos = 0, seen = 0, wrong = 0;

	(void)state;
	assert_int_equal(thread_start(write_all, &race, &writer, NULL), ST_OK);
	while (seen < RACE_CHUNKS) {
		const uint8_t *chunk = read_one(race.ring, &pos);

		if (!chunk)
			continue;
		wrong += !chunk_is(chunk, seen++);
		if (seen % 64 == 0)
			ring_release(race.ring, pos);
		if (seen % 64 == 63 && ring_used_bytes(race.ring) > RING_MIN_BYTES / 2)
			ring_release(race.ring, pos);
	}
	thread_join(writer);
	assert_int_equal(wrong, 0);
	assert_int_equal(ring_refused(race.ring), race.refused);
	ring_destroy(race.ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring__hands_out_what_was_committed_in_order),
		cmocka_unit_test(ring__shows_nothing_before_commit),
		cmocka_unit_test(ring__refuses_and_counts_when_full_and_takes_again_after_release),
		cmocka_unit_test(ring__refuses_a_chunk_larger_than_itself),
		cmocka_unit_test(ring__can_be_read_again_until_released),
		cmocka_unit_test(ring__keeps_every_byte_between_two_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
