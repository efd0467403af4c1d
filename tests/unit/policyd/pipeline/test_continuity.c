#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policyd/pipeline/continuity.h"

static uint64_t hello(struct continuity *c, uint64_t stream_id, uint64_t first, uint64_t received, uint64_t *before)
{
	const struct stream_hello h = { .source = SOURCE_ETW_LIVE, .stream_id = stream_id, .connection = 1, .first_seq = first,
		.received_seq = received };

	continuity_begin(c);
	return continuity_hello(c, &h, before);
}

/* Takes records first..last; the number of those that were new. */
static uint64_t records(struct continuity *c, uint64_t first, uint64_t last, uint64_t *missing)
{
	uint64_t fresh = 0, gap;

	*missing = 0;
	for (uint64_t seq = first; seq <= last; seq++) {
		fresh += continuity_record(c, seq, &gap);
		*missing += gap;
	}
	return fresh;
}

static void continuity__of_a_new_stream_starts_where_it_says(void **state)
{
	struct continuity c = { 0 };
	uint64_t before, missing;

	(void)state;
	assert_int_equal(hello(&c, 7, 1, 0, &before), 0);
	assert_int_equal(before, 0);
	assert_int_equal(records(&c, 1, 10, &missing), 10);
	assert_int_equal(missing, 0);
}

static void continuity__leaves_out_what_is_sent_again(void **state)
{
	struct continuity c = { 0 };
	uint64_t before, missing;

	(void)state;
	hello(&c, 7, 1, 0, &before);
	records(&c, 1, 10, &missing);
	assert_int_equal(hello(&c, 7, 4, 3, &before), 0);
	assert_int_equal(before, 0);
	assert_int_equal(records(&c, 4, 15, &missing), 5);
	assert_int_equal(missing, 0);
}

static void continuity__counts_what_was_sent_to_a_broken_connection(void **state)
{
	struct continuity c = { 0 };
	uint64_t before, missing;

	(void)state;
	hello(&c, 7, 1, 0, &before);
	records(&c, 1, 10, &missing);
	assert_int_equal(hello(&c, 7, 16, 3, &before), 5);
	assert_int_equal(records(&c, 16, 20, &missing), 5);
	assert_int_equal(missing, 0);
}

static void continuity__of_a_later_reader_knows_what_the_one_before_had(void **state)
{
	struct continuity c = { 0 };
	uint64_t before;

	(void)state;
	assert_int_equal(hello(&c, 7, 121, 100, &before), 20);    /* 101 to 120: nobody knows whether they arrived */
	assert_int_equal(before, 100);
	assert_int_equal(hello(&c, 7, 121, 100, &before), 0);
	assert_int_equal(before, 0);
}

static void continuity__starts_anew_with_another_run(void **state)
{
	struct continuity c = { 0 };
	uint64_t before, missing;

	(void)state;
	hello(&c, 7, 1, 0, &before);
	records(&c, 1, 10, &missing);
	assert_int_equal(hello(&c, 8, 1, 0, &before), 0);
	assert_int_equal(records(&c, 1, 3, &missing), 3);
}

static void continuity__finds_holes_between_records(void **state)
{
	struct continuity c = { 0 };
	uint64_t before, missing;

	(void)state;
	hello(&c, 7, 1, 0, &before);
	records(&c, 1, 3, &missing);
	assert_true(continuity_record(&c, 9, &missing));
	assert_int_equal(missing, 5);
}

static void continuity__of_a_recording_takes_the_numbers_that_come(void **state)
{
	const struct stream_hello h = { .source = SOURCE_ETL_FILE };
	struct continuity c = { 0 };
	uint64_t before, missing;

	(void)state;
	continuity_begin(&c);
	assert_int_equal(continuity_hello(&c, &h, &before), 0);
	assert_int_equal(records(&c, 50, 60, &missing), 11);
	assert_int_equal(missing, 0);
	continuity_hello(&c, &h, &before);
	assert_int_equal(records(&c, 1, 5, &missing), 5);
	assert_int_equal(missing, 0);
}

static struct stream_loss loss(enum loss_reason reason, uint64_t news, uint64_t total)
{
	return (struct stream_loss){ .session = { "vitrine-bulk", 12 }, .reason = reason, .events_lost = news, .events_total = total };
}

static uint64_t told(struct continuity *c, struct stream_loss l)
{
	continuity_loss(c, &l);
	return l.events_lost;
}

static void continuity__tells_a_loss_once_however_often_it_comes(void **state)
{
	struct continuity c = { 0 };
	uint64_t before;

	(void)state;
	hello(&c, 7, 1, 0, &before);
	assert_int_equal(told(&c, loss(LOSS_ETW_EVENTS, 10, 10)), 10);
	assert_int_equal(told(&c, loss(LOSS_ETW_EVENTS, 10, 10)), 0);
	assert_int_equal(told(&c, loss(LOSS_ETW_EVENTS, 12, 12)), 2);
	assert_int_equal(told(&c, loss(LOSS_COLLECTOR_QUEUE, 3, 3)), 3);
	assert_int_equal(told(&c, loss(LOSS_ETW_EVENTS, 0, 0)), 0);
}

static void continuity__of_a_later_reader_takes_only_losses_not_told_before(void **state)
{
	struct continuity c = { 0 };
	uint64_t before;

	(void)state;
	hello(&c, 7, 1, 0, &before);
	assert_int_equal(told(&c, loss(LOSS_ETW_EVENTS, 2, 12)), 2);
	assert_int_equal(told(&c, loss(LOSS_ETW_EVENTS, 1, 13)), 1);
}

static void continuity__of_losses_stays_within_its_rows(void **state)
{
	struct continuity c = { 0 };
	uint64_t before;
	char name[] = "s00";

	(void)state;
	hello(&c, 7, 1, 0, &before);
	for (unsigned i = 0; i < 2 * CONTINUITY_LOSS_ROWS; i++) {
		struct stream_loss l = loss(LOSS_ETW_EVENTS, 1, 5);

		name[1] = (char)('0' + i / 16);
		name[2] = (char)('a' + i % 16);
		l.session = (struct text_view){ name, 3 };
		assert_int_equal(told(&c, l), 1);
	}
	assert_int_equal(c.told_count, CONTINUITY_LOSS_ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(continuity__of_a_new_stream_starts_where_it_says),
		cmocka_unit_test(continuity__leaves_out_what_is_sent_again),
		cmocka_unit_test(continuity__counts_what_was_sent_to_a_broken_connection),
		cmocka_unit_test(continuity__of_a_later_reader_knows_what_the_one_before_had),
		cmocka_unit_test(continuity__starts_anew_with_another_run),
		cmocka_unit_test(continuity__finds_holes_between_records),
		cmocka_unit_test(continuity__of_a_recording_takes_the_numbers_that_come),
		cmocka_unit_test(continuity__tells_a_loss_once_however_often_it_comes),
		cmocka_unit_test(continuity__of_a_later_reader_takes_only_losses_not_told_before),
		cmocka_unit_test(continuity__of_losses_stays_within_its_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
