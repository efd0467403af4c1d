#include "policyd/report/incident_histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const int64_t day_ns = INT64_C(86400) * 1000000000;
static const int64_t noon_ns = INT64_C(1700000000) * 1000000000;

static uint64_t total(const struct incident_histogram *h)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < INCIDENT_BUCKETS; i++)
		sum += h->counts[i];
	return sum;
}

static uint64_t count_at(const struct incident_histogram *h, int64_t time_ns)
{
	int64_t bucket = time_ns / h->width_ns - h->first;

	assert_true(bucket >= 0 && bucket < INCIDENT_BUCKETS);
	return h->counts[bucket];
}

static void histogram__keeps_every_count_however_far_times_are_apart(void **state)
{
	static const int64_t spans[] = { 1, 1000000, INT64_C(3600) * 1000000000, INT64_C(86400) * 1000000000 * 365 * 50 };

	(void)state;
	for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
		struct incident_histogram *h = calloc(1, sizeof *h);

		for (int64_t k = 0; k < 1000; k++)
			incident_histogram_add(h, noon_ns + spans[i] / 1000 * k);
		incident_histogram_add(h, noon_ns + spans[i]);
		assert_int_equal(total(h), 1001);
		assert_true(count_at(h, noon_ns) > 0);
		assert_true(count_at(h, noon_ns + spans[i]) > 0);
		free(h);
	}
}

static void histogram__earlier_times_move_the_window_down(void **state)
{
	struct incident_histogram *h = calloc(1, sizeof *h);

	(void)state;
	for (int64_t k = 0; k < 500; k++)
		incident_histogram_add(h, noon_ns - k * day_ns / 7);
	assert_int_equal(total(h), 500);
	assert_int_equal(h->low, (noon_ns - 499 * (day_ns / 7)) / h->width_ns);
	assert_int_equal(h->high, noon_ns / h->width_ns);
	for (int64_t k = 0; k < 500; k++)
		assert_true(count_at(h, noon_ns - k * day_ns / 7) > 0);
	free(h);
}

static void histogram__is_as_fine_as_it_can_be(void **state)
{
	struct incident_histogram *h = calloc(1, sizeof *h);

	(void)state;
	incident_histogram_add(h, noon_ns);
	incident_histogram_add(h, noon_ns + day_ns);
	assert_true(h->high - h->low < INCIDENT_BUCKETS);
	assert_true(h->high - h->low >= INCIDENT_BUCKETS / 2 - 1);
	free(h);
}

static void histogram__times_before_1970_are_none(void **state)
{
	struct incident_histogram *h = calloc(1, sizeof *h);

	(void)state;
	incident_histogram_add(h, 0);
	incident_histogram_add(h, -day_ns);
	assert_int_equal(total(h), 0);
	incident_histogram_add(h, INT64_MAX);
	incident_histogram_add(h, 1);
	assert_int_equal(total(h), 2);
	free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(histogram__keeps_every_count_however_far_times_are_apart),
		cmocka_unit_test(histogram__earlier_times_move_the_window_down),
		cmocka_unit_test(histogram__is_as_fine_as_it_can_be),
		cmocka_unit_test(histogram__times_before_1970_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
