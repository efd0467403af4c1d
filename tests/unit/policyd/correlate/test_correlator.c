#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/correlate/correlator.h"

/* Events of one text field; an empty text is a missing one. */
static enum field_result get_name(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const char *text = view->ctx;

	(void)f;
	(void)arg;
	out->str.ptr = text;
	out->str.len = strlen(text);
	return *text ? FIELD_OK : FIELD_MISSING;
}

static const struct field name_field = { .name = "name", .type = VT_STRING, .flags = FIELD_WINDOWS_NAME, .get = get_name };
static const struct operand name_operand = { .kind = OPERAND_FIELD, .type = VT_STRING, .field = &name_field };
static const struct operand *const by_name[] = { &name_operand };
static const struct correlate_key name_key = { by_name, 1 };

static struct correlate_event event(struct event_view *view, const char *name, uint64_t time)
{
	*view = (struct event_view){ .ctx = NULL };
	memcpy(&view->ctx, &(const void *){ name }, sizeof view->ctx);
	return (struct correlate_event){ .view = view, .time_100ns = time };
}

static bool match(struct correlator *c, const char *name, uint64_t time, struct correlated *out)
{
	struct event_view view;
	struct correlate_event ev = event(&view, name, time);

	return correlator_match(c, 0, &ev, out);
}

static bool alerts(struct correlator *c, const char *name, uint64_t time)
{
	struct correlated more;

	return match(c, name, time, &more);
}

static void step(struct correlator *c, size_t which, const char *name, uint64_t time)
{
	struct event_view view;
	struct correlate_event ev = event(&view, name, time);

	correlator_step(c, 0, which, &ev);
}

static struct correlator *create(const struct correlation *spec)
{
	struct correlator *c = correlator_create(&spec, 1);

	assert_non_null(c);
	return c;
}

static void throttle__counts_what_it_holds_back(void **state)
{
	const struct throttle_spec throttle = { .key = name_key, .window_100ns = 100, .max = 2 };
	const struct correlation spec = { .throttle = &throttle };
	struct correlator *c = create(&spec);
	struct correlated more;

	(void)state;
	assert_true(alerts(c, "a", 1000));
	assert_true(alerts(c, "A", 1001));
	assert_false(alerts(c, "a", 1002));
	assert_false(alerts(c, "a", 1099));
	assert_true(alerts(c, "b", 1099));
	assert_true(match(c, "a", 1100, &more));
	assert_int_equal(more.held_back, 2);
	assert_true(match(c, "a", 1101, &more));
	assert_int_equal(more.held_back, 0);
	assert_int_equal(correlator_counters(c).held_back, 2);
	assert_int_equal(correlator_counters(c).keys, 2);
	correlator_destroy(c);
}

static void throttle__time_running_backwards_holds_only_as_far_as_the_window(void **state)
{
	const struct throttle_spec throttle = { .key = name_key, .window_100ns = 100, .max = 1 };
	const struct correlation spec = { .throttle = &throttle };
	struct correlator *c = create(&spec);

	(void)state;
	assert_true(alerts(c, "a", 1000));
	assert_false(alerts(c, "a", 950));
	assert_true(alerts(c, "a", 10));
	assert_false(alerts(c, "a", 50));
	correlator_destroy(c);
}

static void throttle__a_missing_value_is_a_key_of_its_own(void **state)
{
	const struct throttle_spec throttle = { .key = name_key, .window_100ns = 100, .max = 1 };
	const struct correlation spec = { .throttle = &throttle };
	struct correlator *c = create(&spec);

	(void)state;
	assert_true(alerts(c, "", 0));
	assert_true(alerts(c, "a", 0));
	assert_false(alerts(c, "", 1));
	correlator_destroy(c);
}

static void threshold__wants_all_of_them_within_the_window(void **state)
{
	const struct threshold_spec threshold = { .key = name_key, .window_100ns = 100, .count = 3 };
	const struct correlation spec = { .threshold = &threshold };
	struct correlator *c = create(&spec);
	struct correlated more;

	(void)state;
	assert_false(alerts(c, "a", 0));
	assert_false(alerts(c, "a", 50));
	assert_false(alerts(c, "a", 101));
	assert_true(match(c, "a", 150, &more));
	assert_int_equal(more.count, 3);
	assert_false(more.distinct);
	assert_false(alerts(c, "a", 151));
	assert_false(alerts(c, "a", 140));
	assert_true(alerts(c, "a", 152));
	correlator_destroy(c);
}

static void threshold__counts_different_values(void **state)
{
	const struct threshold_spec threshold = { .window_100ns = 100, .count = 3, .distinct = &name_operand };
	const struct correlation spec = { .threshold = &threshold };
	struct correlator *c = create(&spec);

	(void)state;
	assert_false(alerts(c, "a", 0));
	assert_false(alerts(c, "b", 1));
	assert_false(alerts(c, "A", 2));
	assert_false(alerts(c, "", 3));
	assert_false(alerts(c, "c", 102));    /* b is too old */
	assert_true(alerts(c, "d", 102));
	assert_int_equal(correlator_counters(c).below_threshold, 4);
	correlator_destroy(c);
}

static void sequence__needs_every_step_in_order_and_in_time(void **state)
{
	const struct sequence_spec sequence = { .within_100ns = 100, .step_count = 3, .by = { name_key, name_key, name_key } };
	const struct correlation spec = { .sequence = &sequence };
	struct correlator *c = create(&spec);

	(void)state;
	assert_false(alerts(c, "a", 0));
	step(c, 1, "a", 1);
	step(c, 0, "a", 2);
	assert_false(alerts(c, "a", 3));
	step(c, 1, "b", 4);
	step(c, 1, "a", 4);
	assert_false(alerts(c, "b", 5));
	assert_true(alerts(c, "a", 102));
	assert_false(alerts(c, "a", 102));
	step(c, 0, "a", 200);
	step(c, 1, "a", 210);
	assert_false(alerts(c, "a", 301));
	assert_int_equal(correlator_counters(c).sequences_begun, 2);
	assert_int_equal(correlator_counters(c).sequences_done, 1);
	correlator_destroy(c);
}

static void sequence__the_newest_beginning_counts(void **state)
{
	const struct sequence_spec sequence = { .within_100ns = 100, .step_count = 2, .by = { name_key, name_key } };
	const struct correlation spec = { .sequence = &sequence };
	struct correlator *c = create(&spec);

	(void)state;
	step(c, 0, "a", 0);
	step(c, 0, "a", 90);
	assert_true(alerts(c, "a", 150));
	step(c, 0, "", 200);
	assert_false(alerts(c, "", 201));
	correlator_destroy(c);
}

static void keys__give_way_when_there_is_no_room_and_are_counted(void **state)
{
	const struct throttle_spec throttle = { .key = name_key, .window_100ns = 1000, .max = 1 };
	const struct correlation spec = { .throttle = &throttle };
	struct correlator *c = create(&spec);
	struct correlate_counters counters;
	char name[1100];

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(name, sizeof name, "%01000u", i);
		assert_true(alerts(c, name, i < 10000 ? 0 : 5000));
		assert_false(alerts(c, name, i < 10000 ? 0 : 5000));
	}
	counters = correlator_counters(c);
	assert_int_equal(counters.keys + counters.keys_evicted + counters.keys_expired, 20000);
	assert_true(counters.keys_evicted > 0);
	assert_true(counters.keys_expired > 0);
	assert_true(counters.keys > 7000 && counters.keys < 8400);
	assert_int_equal(counters.held_untold, counters.keys_evicted + counters.keys_expired);
	snprintf(name, sizeof name, "%01000u", 0u);
	assert_true(alerts(c, name, 5000));
	correlator_destroy(c);
}

static void rules__share_one_bound(void **state)
{
	enum { RULES = 64 };
	const struct throttle_spec throttle = { .key = name_key, .window_100ns = 1000, .max = 1 };
	const struct correlation spec = { .throttle = &throttle }, *specs[RULES];
	struct correlated more;
	struct correlator *c;
	char name[1100];

	(void)state;
	for (size_t i = 0; i < RULES; i++)
		specs[i] = &spec;
	c = correlator_create(specs, RULES);
	for (unsigned i = 0; i < 2000; i++) {
		struct event_view view;
		struct correlate_event ev;

		snprintf(name, sizeof name, "%01000u", i);
		ev = event(&view, name, 0);
		for (size_t rule = 0; rule < RULES; rule++)
			correlator_match(c, rule, &ev, &more);
	}
	assert_in_range(correlator_counters(c).keys, CORRELATE_MAX_BYTES / 1300, CORRELATE_MAX_BYTES / 1000);
	correlator_destroy(c);
}

static void keys__differ_in_length_behind_the_part_that_is_kept(void **state)
{
	const struct throttle_spec throttle = { .key = name_key, .window_100ns = 1000, .max = 1 };
	const struct correlation spec = { .throttle = &throttle };
	struct correlator *c = create(&spec);
	char one[3000], other[3000];

	(void)state;
	memset(one, 'x', sizeof one);
	memset(other, 'x', sizeof other);
	one[2000] = other[2001] = '\0';
	assert_true(alerts(c, one, 0));
	assert_true(alerts(c, other, 0));
	assert_false(alerts(c, one, 1));
	correlator_destroy(c);
}

static void reload__goes_on_where_the_old_rules_stood_if_they_ask_for_the_same(void **state)
{
	const struct throttle_spec throttle = { .key = name_key, .window_100ns = 100, .max = 1 };
	const struct throttle_spec longer = { .key = name_key, .window_100ns = 200, .max = 1 };
	const struct correlation spec = { .throttle = &throttle }, changed = { .throttle = &longer };
	struct correlator *old = create(&spec), *same = create(&spec), *other = create(&changed);
	struct correlated more;

	(void)state;
	assert_true(alerts(old, "a", 0));
	assert_false(alerts(old, "a", 1));
	correlator_take_over(other, 0, old, 0);
	assert_true(alerts(other, "a", 2));
	correlator_take_over(same, 0, old, 0);
	correlator_take_counters(same, old);
	correlator_destroy(old);
	assert_false(alerts(same, "a", 3));
	assert_true(match(same, "a", 100, &more));
	assert_int_equal(more.held_back, 2);
	assert_int_equal(correlator_counters(same).held_back, 2);
	correlator_destroy(same);
	correlator_destroy(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(throttle__counts_what_it_holds_back),
		cmocka_unit_test(throttle__time_running_backwards_holds_only_as_far_as_the_window),
		cmocka_unit_test(throttle__a_missing_value_is_a_key_of_its_own),
		cmocka_unit_test(threshold__wants_all_of_them_within_the_window),
		cmocka_unit_test(threshold__counts_different_values),
		cmocka_unit_test(sequence__needs_every_step_in_order_and_in_time),
		cmocka_unit_test(sequence__the_newest_beginning_counts),
		cmocka_unit_test(keys__give_way_when_there_is_no_room_and_are_counted),
		cmocka_unit_test(rules__share_one_bound),
		cmocka_unit_test(keys__differ_in_length_behind_the_part_that_is_kept),
		cmocka_unit_test(reload__goes_on_where_the_old_rules_stood_if_they_ask_for_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
