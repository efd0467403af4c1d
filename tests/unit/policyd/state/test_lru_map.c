#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "policyd/state/lru_map.h"
#include "policyd/state/name_table.h"

static union lru_value number(uint64_t n)
{
	return (union lru_value){ .number = n };
}

static struct lru_key k(uint64_t id)
{
	return (struct lru_key){ .id = id, .space = 3 };
}

static void spaces__are_kept_apart_within_one_bound(void **state)
{
	struct lru_map *m = lru_map_create(4, 0);
	union lru_value v;

	(void)state;
	for (uint32_t space = 0; space < 4; space++)
		lru_map_put(m, (struct lru_key){ .id = 7, .space = space }, number(space), &v);
	assert_int_equal(lru_map_count(m), 4);
	assert_true(lru_map_get(m, (struct lru_key){ .id = 7, .space = 2 }, &v) && v.number == 2);
	assert_true(lru_map_remove(m, (struct lru_key){ .id = 7, .space = 2 }, &v));
	assert_true(lru_map_get(m, (struct lru_key){ .id = 7, .space = 0 }, &v) && v.number == 0);
	assert_false(lru_map_get(m, (struct lru_key){ .id = 7, .space = 2 }, &v));
	lru_map_put(m, (struct lru_key){ .id = 7, .space = 4 }, number(4), &v);
	assert_int_equal(lru_map_put(m, (struct lru_key){ .id = 7, .space = 5 }, number(5), &v), LRU_EVICTED);
	lru_map_destroy(m);
}

static void values__are_found_replaced_and_removed(void **state)
{
	struct lru_map *m = lru_map_create(1000, 0);
	union lru_value v;

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++)
		assert_int_equal(lru_map_put(m, k(i << 4), number(i), &v), LRU_STORED);
	assert_int_equal(lru_map_put(m, k(16), number(77), &v), LRU_REPLACED);
	assert_int_equal(v.number, 1);
	assert_true(lru_map_get(m, k(16), &v));
	assert_int_equal(v.number, 77);
	assert_true(lru_map_remove(m, k(16), &v));
	assert_false(lru_map_get(m, k(16), &v));
	assert_int_equal(lru_map_count(m), 999);
	for (uint64_t i = 2; i <= 1000; i++)
		assert_true(lru_map_get(m, k(i << 4), &v) && v.number == i);
	lru_map_destroy(m);
}

static void full_map__gives_up_what_was_used_longest_ago(void **state)
{
	struct lru_map *m = lru_map_create(4, 0);
	union lru_value v;

	(void)state;
	for (uint64_t i = 1; i <= 4; i++)
		lru_map_put(m, k(i), number(i), &v);
	assert_true(lru_map_get(m, k(1), &v));
	assert_int_equal(lru_map_put(m, k(5), number(5), &v), LRU_EVICTED);
	assert_int_equal(v.number, 2);
	assert_true(lru_map_get(m, k(1), &v));
	assert_false(lru_map_get(m, k(2), &v));
	lru_map_destroy(m);
}

static void random_use__agrees_with_an_array(void **state)
{
	enum { KEYS = 300 };
	struct lru_map *m = lru_map_create(KEYS, 0);
	uint64_t model[KEYS] = { 0 }, seed = 42;
	union lru_value v;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t key;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		key = (seed >> 33) % KEYS;
		if (seed >> 62 == 0) {
			assert_int_equal(lru_map_remove(m, k(key), &v), model[key] != 0);
			model[key] = 0;
		} else if (seed >> 62 == 1) {
			model[key] = seed | 1;
			lru_map_put(m, k(key), number(seed | 1), &v);
		} else {
			assert_int_equal(lru_map_get(m, k(key), &v), model[key] != 0);
			assert_true(!model[key] || v.number == model[key]);
		}
	}
	lru_map_destroy(m);
}

/* Keys that one multiplication puts into one bucket. Chains of them would take 800 million steps. */
static void chosen_keys__do_not_share_a_bucket(void **state)
{
	enum { KEYS = 40000 };
	struct lru_map *m = lru_map_create(KEYS, 0x1234567);
	uint64_t inverse = UINT64_C(0x9E3779B97F4A7C15);
	clock_t begin = clock();
	union lru_value v;

	(void)state;
	for (int i = 0; i < 6; i++)
		inverse *= 2 - UINT64_C(0x9E3779B97F4A7C15) * inverse;
	assert_true(inverse * UINT64_C(0x9E3779B97F4A7C15) == 1);
	for (uint64_t i = 0; i < KEYS; i++)
		lru_map_put(m, k(i * inverse), number(i), &v);
	assert_int_equal(lru_map_count(m), KEYS);
	assert_true(clock() - begin < CLOCKS_PER_SEC);
	lru_map_destroy(m);
}

static struct text_view text(const char *s)
{
	return (struct text_view){ .ptr = s, .len = strlen(s) };
}

static void names__give_way_to_names_when_the_text_pool_is_full(void **state)
{
	struct text_pool *pool = text_pool_create(32 * 1024, 0);
	struct name_table *t = name_table_create(100000, pool, 0);
	struct name_stats stats;
	char name[64] = "\\Device\\HarddiskVolume3\\000000000000000000000";

	(void)state;
	for (uint64_t i = 1; i <= 5000; i++) {
		name[30] = (char)('a' + i % 26);
		name[31] = (char)('a' + i / 26 % 26);
		name[32] = (char)('a' + i / 676 % 26);
		assert_non_null(name_table_put(t, k(i << 4), text(name)));
	}
	assert_non_null(name_table_get(t, k(5000 << 4)));
	assert_null(name_table_get(t, k(1 << 4)));
	name_table_get_stats(t, &stats);
	assert_int_equal(stats.hits, 1);
	assert_int_equal(stats.misses, 1);
	assert_int_equal(stats.entries + stats.evictions, 5000);
	name_table_destroy(t);
	assert_int_equal(text_pool_count(pool), 0);
	text_pool_destroy(pool);
}

static void object_zero__has_no_name(void **state)
{
	struct text_pool *pool = text_pool_create(1 << 20, 0);
	struct name_table *t = name_table_create(16, pool, 0);

	(void)state;
	assert_null(name_table_put(t, k(0), text("x")));
	assert_null(name_table_get(t, k(0)));
	name_table_destroy(t);
	text_pool_destroy(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spaces__are_kept_apart_within_one_bound),
		cmocka_unit_test(values__are_found_replaced_and_removed),
		cmocka_unit_test(full_map__gives_up_what_was_used_longest_ago),
		cmocka_unit_test(random_use__agrees_with_an_array),
		cmocka_unit_test(chosen_keys__do_not_share_a_bucket),
		cmocka_unit_test(names__give_way_to_names_when_the_text_pool_is_full),
		cmocka_unit_test(object_zero__has_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
