#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policyd/ingest/ledger.h"

static struct ledger *ledger;
static struct buf text;

static int set_up(void **state)
{
	(void)state;
	ledger = ledger_create();
	buf_init(&text, 1 << 20);
	return ledger ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	ledger_destroy(ledger);
	buf_release(&text);
	return 0;
}

static void ledger__balances_only_when_every_record_has_a_fate(void **state)
{
	(void)state;
	ledger->received = 3;
	ledger->fate[LEDGER_EVALUATED] = 1;
	ledger->fate[LEDGER_STATE_ONLY] = 1;
	assert_false(ledger_balances(ledger));
	ledger->fate[LEDGER_JOINED] = 1;
	assert_true(ledger_balances(ledger));
	ledger_write_text(ledger, &text);
	assert_non_null(strstr(buf_cstr(&text), "3 records in = 3 evaluated + 0 undecodable + 0 lost"));
}

static void undecodable__is_counted_by_provider_id_version_and_reason(void **state)
{
	struct record r = { .provider = { { 1 } }, .id = 7, .version = 2 };

	(void)state;
	ledger_add_undecodable(ledger, &r, ST_UNSUPPORTED);
	ledger_add_undecodable(ledger, &r, ST_UNSUPPORTED);
	ledger_add_undecodable(ledger, &r, ST_TRUNCATED);
	assert_int_equal(ledger->undecodable, 3);
	assert_int_equal(ledger->kind_count, 2);
	ledger_write_text(ledger, &text);
	assert_non_null(strstr(buf_cstr(&text), "2  {00000001-0000-0000-0000-000000000000} id 7 version 2: no layout"));
	assert_non_null(strstr(buf_cstr(&text), "1  {00000001-0000-0000-0000-000000000000} id 7 version 2: truncated"));
}

static void kinds_without_a_layout__are_told_apart_from_damage(void **state)
{
	struct record r = { .provider = { { 1 } }, .id = 7, .version = 2 }, classic = { .opcode = 9, .flags = RECORD_CLASSIC };

	(void)state;
	ledger->received = 4;
	ledger->fate[LEDGER_EVALUATED] = 2;
	ledger_note_by_id(ledger, &r);
	ledger_note_by_id(ledger, &r);
	ledger_add_undecodable(ledger, &r, ST_TRUNCATED);
	ledger_add_undecodable(ledger, &classic, ST_UNSUPPORTED);
	assert_true(ledger_balances(ledger));
	ledger_write_text(ledger, &text);
	assert_non_null(strstr(buf_cstr(&text), "Undecodable: 2 (1 with a damaged payload, 1 of kinds without a layout)\n"));
	assert_non_null(strstr(buf_cstr(&text), "Told by id: 2 of those evaluated are log events without a layout, their values "
		"unknown\n               2  {00000001-0000-0000-0000-000000000000} id 7 version 2\n"));
	buf_clear(&text);
	ledger_write_json(ledger, &text);
	assert_non_null(strstr(buf_cstr(&text), "\"undecodable\":2,\"damaged\":1,\"by_id\":2,"));
	assert_non_null(strstr(buf_cstr(&text), "\"by_id_by\":[{\"provider\":\"00000001-0000-0000-0000-000000000000\",\"name\":\"\","
		"\"id\":7,\"version\":2,\"count\":2}]"));
}

static void undecodable__past_the_bound_is_counted_as_other(void **state)
{
	struct record r = { .kind = RECORD_ETW };

	(void)state;
	for (unsigned i = 0; i < LEDGER_KIND_ROWS; i++) {
		r.id = (uint16_t)i;
		ledger_add_undecodable(ledger, &r, ST_UNSUPPORTED);
	}
	assert_int_equal(ledger->undecodable, LEDGER_KIND_ROWS);
	assert_int_equal(ledger->kind_other, LEDGER_KIND_ROWS / 4);
}

static void loss__is_summed_by_session_and_reason(void **state)
{
	struct stream_loss loss = { .session = { "kernel", 6 }, .reason = LOSS_ETW_EVENTS, .events_lost = 5 };

	(void)state;
	ledger_add_loss(ledger, &loss);
	ledger_add_loss(ledger, &loss);
	loss.reason = LOSS_ETW_BUFFERS;
	loss.events_lost = 0;
	loss.buffers_lost = 2;
	ledger_add_loss(ledger, &loss);
	assert_int_equal(ledger->lost, 10);
	assert_int_equal(ledger->lost_buffers, 2);
	assert_int_equal(ledger->loss_count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ledger__balances_only_when_every_record_has_a_fate, set_up, tear_down),
		cmocka_unit_test_setup_teardown(undecodable__is_counted_by_provider_id_version_and_reason, set_up, tear_down),
		cmocka_unit_test_setup_teardown(kinds_without_a_layout__are_told_apart_from_damage, set_up, tear_down),
		cmocka_unit_test_setup_teardown(undecodable__past_the_bound_is_counted_as_other, set_up, tear_down),
		cmocka_unit_test_setup_teardown(loss__is_summed_by_session_and_reason, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
