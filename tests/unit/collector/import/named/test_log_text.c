#include "collector/import/named/log_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "collector/import/named/named_record.h"

static uint64_t number_of(const char *text)
{
	uint64_t value = 4711;

	return log_text_number(text_of(text), &value) ? value : 4711;
}

static void log_text__reads_numbers_of_every_spelling(void **state)
{
	(void)state;
	assert_int_equal(number_of("9044"), 9044);
	assert_int_equal(number_of("0xef0"), 0xef0);
	assert_int_equal(number_of("0X8000000000000000"), UINT64_C(0x8000000000000000));
	assert_int_equal(number_of("18446744073709551615"), UINT64_MAX);
	assert_int_equal(number_of("-9223372036854775808"), UINT64_C(0x8000000000000000));
}

static void log_text__refuses_what_is_no_number(void **state)
{
	static const char *const texts[] = { "", "-", "0x", "12a", "0xfg", "18446744073709551616", " 1", "1 ", "--1", "%%1936" };
	uint64_t value = 4711;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_false(log_text_number(text_of(texts[i]), &value));
	assert_false(log_text_number_max(text_of("256"), 255, &value));
	assert_int_equal(value, 4711);
}

static uint64_t iso(const char *text, bool zone)
{
	struct log_time time = { .time_100ns = 0 };

	assert_true(log_text_iso_time(text_of(text), &time));
	assert_int_equal(time.has_zone, zone);
	return time.time_100ns;
}

/* 2019-04-17 18:40:00 UTC is 1555526400 s of Unix time. */
static void log_text__reads_iso_times(void **state)
{
	const uint64_t want = UINT64_C(132000000000000000);

	(void)state;
	assert_int_equal(iso("2019-04-17T18:40:00Z", true), want);
	assert_int_equal(iso("2019-04-17 18:40:00", false), want);
	assert_int_equal(iso("2019-04-17T20:40:00+02:00", true), want);
	assert_int_equal(iso("2019-04-17T13:10:00-0530", true), want);
	assert_int_equal(iso("2019-04-17T18:40:00.123456789Z", true), want + 1234567);
	assert_int_equal(iso("2019-04-17T18:40:00.12Z", true), want + 1200000);
	assert_int_equal(iso("2020-02-29T00:00:00Z", true) + UINT64_C(864000000000), iso("2020-03-01T00:00:00Z", true));
}

static void log_text__refuses_times_that_are_none(void **state)
{
	static const char *const texts[] = { "", "2019-04-17", "2019-13-17T18:40:00Z", "2019-02-29T18:40:00Z", "2019-04-17T24:40:00Z",
		"2019-04-17T18:40:00X", "2019-04-17T18:40:00.Z", "2019-04-17T18:40:00+2", "2019-04-17T18:40:00Z ", "1600-01-01T00:00:00Z",
		"2019-4-17T18:40:00Z", "1601-01-01T00:00:00+01:00" };
	struct log_time time = { .time_100ns = 4711 };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_false(log_text_iso_time(text_of(texts[i]), &time));
	assert_int_equal(time.time_100ns, 4711);
}

static void log_text__reads_american_times(void **state)
{
	uint64_t noon = 0, midnight = 0, clock = 0;

	(void)state;
	assert_true(log_text_us_time(text_of("4/17/2019 12:00:00 PM"), &noon));
	assert_true(log_text_us_time(text_of("4/17/2019 12:00:00 AM"), &midnight));
	assert_int_equal(noon, iso("2019-04-17 12:00:00", false));
	assert_int_equal(midnight, iso("2019-04-17 00:00:00", false));
	assert_true(log_text_us_clock(text_of("1:00:00.0147934 AM"), &clock));
	assert_int_equal(clock, UINT64_C(36000147934));
	assert_false(log_text_us_time(text_of("4/17/2019 13:00:00 PM"), &noon));
	assert_false(log_text_us_time(text_of("17.4.2019 13:00:00"), &noon));
	assert_false(log_text_us_clock(text_of("1:00:00"), &clock));
}

static void log_text__turns_sids_into_bytes(void **state)
{
	static const uint8_t system_sid[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };
	uint8_t sid[LIMIT_SID_BYTES];

	(void)state;
	assert_int_equal(log_text_sid(text_of("S-1-5-18"), sid), sizeof system_sid);
	assert_memory_equal(sid, system_sid, sizeof system_sid);
	assert_int_equal(log_text_sid(text_of("S-1-5-21-1-2-3-4-5-6-7-8-9-10-11-12-13-4294967295"), sid), LIMIT_SID_BYTES);
}

static void log_text__refuses_what_is_no_sid(void **state)
{
	static const char *const texts[] = { "", "-", "S-1", "S-1-", "S-2-5-18", "S-1-5-", "S-1-5-4294967296", "S-1-5-18x",
		"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", "S-1-281474976710656-1" };
	uint8_t sid[LIMIT_SID_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(log_text_sid(text_of(texts[i]), sid), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_text__reads_numbers_of_every_spelling),
		cmocka_unit_test(log_text__refuses_what_is_no_number),
		cmocka_unit_test(log_text__reads_iso_times),
		cmocka_unit_test(log_text__refuses_times_that_are_none),
		cmocka_unit_test(log_text__reads_american_times),
		cmocka_unit_test(log_text__turns_sids_into_bytes),
		cmocka_unit_test(log_text__refuses_what_is_no_sid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
