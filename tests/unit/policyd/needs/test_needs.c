#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policyd/decode/providers.h"
#include "policyd/needs/needs.h"
#include "proto/offer.h"

static struct collector_request rows[NEEDS_MAX_ROWS];

/* The mask for a rule of these event types. */
static size_t mask_of(const char *const *types, size_t count)
{
	const struct rule rule = { .event_types = { types, count } };
	const struct rule *const rules[] = { &rule };
	const struct ruleset_runs runs = { .rules = rules, .rule_count = 1 };
	struct needs n;

	needs_of_runs(&runs, &n);
	return needs_mask(&n, rows);
}

static const struct collector_request *row_of(size_t count, const struct provider *p)
{
	for (size_t i = 0; i < count; i++) {
		if (guid_equal(&rows[i].provider, &p->guid))
			return &rows[i];
	}
	return NULL;
}

static bool has_id(const struct collector_request *row, uint16_t id)
{
	for (size_t i = 0; row && i < row->id_count; i++) {
		if (row->ids[i] == id)
			return true;
	}
	return false;
}

static void needs__of_a_rule_are_the_events_of_its_types(void **state)
{
	static const char *const types[] = { "process_start", "dns_query" };
	size_t count = mask_of(types, 2);

	(void)state;
	assert_true(has_id(row_of(count, &provider_kernel_process), 1));
	assert_true(has_id(row_of(count, &provider_classic_process), 1));
	assert_true(has_id(row_of(count, &provider_dns_client), 3008));
	assert_false(has_id(row_of(count, &provider_kernel_process), 5));
	assert_null(row_of(count, &provider_kernel_file));
}

static void needs__mark_the_first_and_the_last_row(void **state)
{
	static const char *const types[] = { "process_start", "dns_query" };
	size_t count = mask_of(types, 2), firsts = 0, lasts = 0;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(rows[i].kind, COLLECTOR_REQUEST_PROVIDER);
		firsts += rows[i].first;
		lasts += rows[i].last;
	}
	assert_true(rows[0].first && rows[count - 1].last);
	assert_int_equal(firsts + lasts, 2);
}

static void needs__of_no_rules_are_an_empty_mask(void **state)
{
	const struct ruleset_runs runs = { .rule_count = 0 };
	struct needs n;

	(void)state;
	needs_of_runs(&runs, &n);
	assert_int_equal(needs_mask(&n, rows), 1);
	assert_true(rows[0].first && rows[0].last && guid_is_zero(&rows[0].provider));
}

static void needs__of_types_that_state_makes_are_what_they_are_made_of(void **state)
{
	static const char *const types[] = { "remote_thread", "driver_load" };
	size_t count = mask_of(types, 2);

	(void)state;
	assert_true(has_id(row_of(count, &provider_kernel_process), 3));
	assert_true(has_id(row_of(count, &provider_kernel_process), 5));
	assert_true(has_id(row_of(count, &provider_classic_image), 10));
}

static void needs__bring_the_events_that_tell_names(void **state)
{
	static const char *const types[] = { "file_write", "reg_set_value" };
	size_t count = mask_of(types, 2);

	(void)state;
	assert_true(has_id(row_of(count, &provider_kernel_file), 16));
	assert_true(has_id(row_of(count, &provider_kernel_file), 12));
	assert_true(has_id(row_of(count, &provider_classic_file_io), 36));
	assert_true(has_id(row_of(count, &provider_kernel_registry), 5));
	assert_true(has_id(row_of(count, &provider_kernel_registry), 13));
}

static void needs__of_created_files_are_not_every_open(void **state)
{
	static const char *const types[] = { "file_create" };
	size_t count = mask_of(types, 1);

	(void)state;
	assert_true(has_id(row_of(count, &provider_kernel_file), 30));
	assert_false(has_id(row_of(count, &provider_kernel_file), 12));
}

static void needs__of_a_rule_on_everything_are_everything(void **state)
{
	const struct rule rule = { .all_event_types = true };
	const struct rule *const rules[] = { &rule };
	const struct ruleset_runs runs = { .rules = rules, .rule_count = 1 };
	struct needs n;
	size_t count;

	(void)state;
	needs_of_runs(&runs, &n);
	count = needs_mask(&n, rows);
	assert_true(has_id(row_of(count, &provider_kernel_file), 12));
	assert_non_null(row_of(count, &provider_security_auditing));
	assert_null(row_of(count, &provider_classic_disk_io));    /* nothing of it is ever an event */
}

static void needs__know_what_no_collector_sees(void **state)
{
	(void)state;
	assert_true(needs_is_live(EVENT_process_start));
	assert_true(needs_is_live(EVENT_remote_thread));
	assert_true(needs_is_live(EVENT_container_start));
	assert_true(needs_is_live(EVENT_events_lost));
	assert_false(needs_is_live(EVENT_pipe_created));
}

/* The canary apart, which is the collector's own. */
static bool can_be_decoded(const struct offer_provider *p, uint16_t id)
{
	for (size_t i = 0; i < provider_count; i++) {
		for (size_t k = 0; k < providers[i]->layout_count; k++) {
			if (guid_equal(&providers[i]->guid, &p->guid) && (providers[i]->layouts[k].id == id || id == OFFER_ANY_ID))
				return true;
		}
	}
	return id == OFFER_CANARY_ID;
}

static void offer__is_of_events_that_can_be_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		for (size_t k = 0; k < offer_providers[i].event_count; k++)
			assert_true(can_be_decoded(&offer_providers[i], offer_providers[i].events[k].id));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(needs__of_a_rule_are_the_events_of_its_types),
		cmocka_unit_test(needs__mark_the_first_and_the_last_row),
		cmocka_unit_test(needs__of_no_rules_are_an_empty_mask),
		cmocka_unit_test(needs__of_types_that_state_makes_are_what_they_are_made_of),
		cmocka_unit_test(needs__bring_the_events_that_tell_names),
		cmocka_unit_test(needs__of_created_files_are_not_every_open),
		cmocka_unit_test(needs__of_a_rule_on_everything_are_everything),
		cmocka_unit_test(needs__know_what_no_collector_sees),
		cmocka_unit_test(offer__is_of_events_that_can_be_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
