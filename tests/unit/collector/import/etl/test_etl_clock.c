#include "collector/import/etl/etl_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define START UINT64_C(132404547797984230)

static struct etl_clock clock_of(unsigned kind, uint64_t frequency, uint32_t mhz)
{
	return etl_clock_of(&(struct etl_clock_facts){
		.kind = kind, .first_ticks = 1000000, .start_100ns = START, .perf_frequency = frequency, .cpu_mhz = mhz });
}

static void etl_clock__qpc_is_scaled_and_rounded_down(void **state)
{
	struct etl_clock c = clock_of(ETL_CLOCK_QPC, 3000000, 0);

	(void)state;
	assert_false(c.approximate);
	assert_int_equal(etl_clock_100ns(&c, 1000000), START);
	assert_int_equal(etl_clock_100ns(&c, 1000001), START + 3);    /* 3.33 */
	assert_int_equal(etl_clock_100ns(&c, 4000000), START + 10000000);
}

static void etl_clock__stamps_before_the_header_round_down_too(void **state)
{
	struct etl_clock c = clock_of(ETL_CLOCK_QPC, 3000000, 0);

	(void)state;
	assert_int_equal(etl_clock_100ns(&c, 999999), START - 4);     /* -3.33 */
}

static void etl_clock__system_time_is_taken_as_it_is(void **state)
{
	struct etl_clock c = clock_of(ETL_CLOCK_SYSTEM_TIME, 3000000, 2000);

	(void)state;
	assert_int_equal(etl_clock_100ns(&c, START + 12345), START + 12345);
}

static void etl_clock__cpu_cycles_use_the_processor_speed(void **state)
{
	struct etl_clock c = clock_of(ETL_CLOCK_CPU_CYCLES, 3000000, 2000);

	(void)state;
	assert_false(c.approximate);
	assert_int_equal(etl_clock_100ns(&c, 1000000 + 2000000000), START + 10000000);
}

static void etl_clock__without_a_frequency_it_says_approximate(void **state)
{
	(void)state;
	assert_true(clock_of(ETL_CLOCK_QPC, 0, 2000).approximate);
	assert_true(clock_of(ETL_CLOCK_CPU_CYCLES, 3000000, 0).approximate);
	assert_true(clock_of(ETL_CLOCK_QPC, UINT64_MAX, 0).approximate);
}

static void etl_clock__extremes_are_clamped(void **state)
{
	struct etl_clock slow = clock_of(ETL_CLOCK_QPC, 1, 0), fast = clock_of(ETL_CLOCK_QPC, UINT64_C(1000000000000), 0);

	(void)state;
	assert_int_equal(etl_clock_100ns(&slow, UINT64_MAX), UINT64_MAX);
	assert_int_equal(etl_clock_100ns(&slow, 0), START - UINT64_C(1000000) * 10000000);
	slow.base_ticks = UINT64_MAX;
	assert_int_equal(etl_clock_100ns(&slow, 0), 0);
	assert_int_equal(etl_clock_100ns(&fast, 1000000 + UINT64_C(999999999999)), START + 9999999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(etl_clock__qpc_is_scaled_and_rounded_down),
		cmocka_unit_test(etl_clock__stamps_before_the_header_round_down_too),
		cmocka_unit_test(etl_clock__system_time_is_taken_as_it_is),
		cmocka_unit_test(etl_clock__cpu_cycles_use_the_processor_speed),
		cmocka_unit_test(etl_clock__without_a_frequency_it_says_approximate),
		cmocka_unit_test(etl_clock__extremes_are_clamped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
