#include "collector/import/etl/etl_window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/support/etl_bytes.h"

/* A block of PERFINFO records without payload at these ticks. */
static struct etl_block *block_of(uint64_t index, const uint64_t *ticks, size_t count)
{
	struct etl_block *b = calloc(1, sizeof *b + count * 16);
	struct etl_bytes *bytes = calloc(1, sizeof *bytes);

	assert_non_null(b);
	assert_non_null(bytes);
	for (size_t i = 0; i < count; i++)
		etlb_system(bytes, 17, 0x0f2e, ticks[i], 16);
	memcpy(b->data, bytes->data, bytes->len);
	b->len = (uint32_t)bytes->len;
	b->index = index;
	free(bytes);
	return b;
}

static void add(struct etl_window *w, uint64_t index, const uint64_t *ticks, size_t count)
{
	struct etl_walk walk;

	etl_window_add(w, block_of(index, ticks, count), &walk);
	assert_int_equal(walk.count[ETL_KIND_EVENT], count);
	assert_null(walk.damage);
}

static uint64_t take(struct etl_window *w)
{
	const struct etl_block *from;
	struct etl_mark m;

	assert_true(etl_window_take(w, &m, &from));
	return m.ticks;
}

static void etl_window__merges_runs_of_all_buffers(void **state)
{
	static const uint64_t a[] = { 5, 9, 2, 3 }, b[] = { 1, 4, 6 };
	static const uint64_t want[] = { 1, 2, 3, 4, 5, 6, 9 };
	struct etl_window *w = etl_window_create(1 << 20);
	const struct etl_block *from;
	struct etl_mark m;

	(void)state;
	add(w, 1, a, 4);
	add(w, 2, b, 3);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(take(w), want[i]);
	assert_false(etl_window_take(w, &m, &from));
	etl_window_destroy(w);
}

static void etl_window__equal_times_keep_the_order_of_the_file(void **state)
{
	static const uint64_t a[] = { 7, 7 }, b[] = { 7 };
	struct etl_window *w = etl_window_create(1 << 20);
	const struct etl_block *from;
	struct etl_mark m;

	(void)state;
	add(w, 1, b, 1);
	add(w, 2, a, 2);
	assert_true(etl_window_take(w, &m, &from));
	assert_int_equal(from->index, 1);
	assert_true(etl_window_take(w, &m, &from));
	assert_int_equal(from->index, 2);
	assert_int_equal(m.pos, 0);
	assert_true(etl_window_take(w, &m, &from));
	assert_int_equal(m.pos, 16);
	etl_window_destroy(w);
}

static void etl_window__is_full_by_bytes_until_a_buffer_is_spent(void **state)
{
	static const uint64_t a[] = { 1, 2 }, b[] = { 3, 4 };
	struct etl_window *w = etl_window_create(sizeof(struct etl_block) + 2 * 16);

	(void)state;
	add(w, 1, a, 2);
	assert_false(etl_window_full(w));
	add(w, 2, b, 2);
	assert_true(etl_window_full(w));
	assert_int_equal(take(w), 1);
	assert_true(etl_window_full(w));
	assert_int_equal(take(w), 2);
	assert_false(etl_window_full(w));
	etl_window_destroy(w);
}

/* A buffer whose every record steps backward would need a run each; the bookkeeping stays bounded all the same. */
static void etl_window__backward_buffers_cannot_exhaust_it(void **state)
{
	enum { COUNT = 4000, BLOCKS = 20 };
	static uint64_t ticks[COUNT];
	struct etl_window *w = etl_window_create(64 << 20);
	const struct etl_block *from;
	struct etl_mark m;
	size_t taken = 0, added = 0;

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		ticks[i] = COUNT - i;
	for (size_t i = 0; i < BLOCKS; i++) {
		while (etl_window_full(w) && etl_window_take(w, &m, &from))
			taken++;
		add(w, i, ticks, COUNT);
		added += COUNT;
	}
	while (etl_window_take(w, &m, &from))
		taken++;
	assert_int_equal(taken, added);
	etl_window_destroy(w);
}

static void etl_window__destroy_frees_what_was_not_taken(void **state)
{
	static const uint64_t a[] = { 5, 9, 2, 3 };
	struct etl_window *w = etl_window_create(1 << 20);

	(void)state;
	add(w, 1, a, 4);
	add(w, 2, a, 4);
	assert_int_equal(take(w), 2);
	etl_window_destroy(w);    /* LeakSanitizer is the judge */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(etl_window__merges_runs_of_all_buffers),
		cmocka_unit_test(etl_window__equal_times_keep_the_order_of_the_file),
		cmocka_unit_test(etl_window__is_full_by_bytes_until_a_buffer_is_spent),
		cmocka_unit_test(etl_window__backward_buffers_cannot_exhaust_it),
		cmocka_unit_test(etl_window__destroy_frees_what_was_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
