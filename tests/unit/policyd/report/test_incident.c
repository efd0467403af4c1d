#include "policyd/report/incident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/report/incident_parts.h"

enum { NOISY = 0, QUIET = 1, SEVERE = 2, RULES = 3 };

static struct incident *world(size_t max_alerts)
{
	static const struct incident_rule rules[RULES] = {
		{ .name = "noisy", .priority = PRIORITY_NOTICE },
		{ .name = "quiet", .priority = PRIORITY_NOTICE },
		{ .name = "severe", .priority = PRIORITY_CRITICAL },
	};
	struct incident *r = incident_create(max_alerts);

	assert_non_null(r);
	for (uint32_t i = 0; i < RULES; i++)
		assert_int_equal(incident_rule(r, &rules[i]), i);
	return r;
}

static void add(struct incident *r, uint32_t rule, int64_t time_ns)
{
	const struct incident_alert a = { .rule = rule, .proc = INCIDENT_NONE, .target = INCIDENT_NONE, .time_ns = time_ns,
		.message = "m", .message_len = 1, .fields = "{}", .fields_len = 2 };

	incident_add_alert(r, &a);
}

static void alerts__of_one_rule_the_first_are_kept(void **state)
{
	struct incident *r = world(10);
	int64_t latest = 0;

	(void)state;
	for (int64_t i = 1; i <= 1000; i++)
		add(r, NOISY, i);
	for (size_t i = 0; i < r->alert_places; i++)
		latest = r->alerts[i].time_ns > latest ? r->alerts[i].time_ns : latest;
	assert_int_equal(r->alert_count, 10);
	assert_int_equal(latest, 10);
	assert_int_equal(r->rules[NOISY].alerts, 1000);
	incident_destroy(r);
}

static void alerts__a_noisy_rule_gives_way_to_a_quiet_one_and_both_to_a_severe_one(void **state)
{
	struct incident *r = world(10);

	(void)state;
	for (int64_t i = 1; i <= 1000; i++)
		add(r, NOISY, i);
	for (int64_t i = 1; i <= 20; i++)
		add(r, QUIET, 2000 + i);
	assert_int_equal(r->rules[NOISY].kept, 5);
	assert_int_equal(r->rules[QUIET].kept, 5);
	for (int64_t i = 1; i <= 8; i++)
		add(r, SEVERE, 3000 + i);
	assert_int_equal(r->rules[SEVERE].kept, 8);
	assert_int_equal(r->rules[NOISY].kept + r->rules[QUIET].kept, 2);
	for (int64_t i = 1; i <= 50; i++)
		add(r, NOISY, 4000 + i);
	assert_int_equal(r->rules[SEVERE].kept, 8);
	assert_int_equal(r->alert_count, 10);
	assert_int_equal(r->alerts_seen, 1078);
	incident_destroy(r);
}

static void alerts__texts_have_a_bound_too(void **state)
{
	struct incident *r = world(0);
	size_t len = 1 << 20;
	char *big = calloc(1, len);
	struct incident_alert a = { .rule = NOISY, .proc = INCIDENT_NONE, .target = INCIDENT_NONE, .message = big,
		.message_len = len, .fields = "{}", .fields_len = 2 };

	(void)state;
	for (int i = 0; i < 200; i++)
		incident_add_alert(r, &a);
	assert_true(r->alert_bytes <= INCIDENT_ALERT_BYTES);
	assert_true(r->alert_count > 80 && r->alert_count < 100);
	a.rule = SEVERE;
	incident_add_alert(r, &a);
	assert_int_equal(r->rules[SEVERE].kept, 1);
	assert_true(r->alert_bytes <= INCIDENT_ALERT_BYTES);
	free(big);
	incident_destroy(r);
}

static void rules__of_one_name_and_two_priorities_are_two(void **state)
{
	struct incident *r = world(0);
	const struct incident_rule rule = { .name = "noisy", .priority = PRIORITY_ERROR };

	(void)state;
	assert_int_equal(incident_rule(r, &rule), RULES);
	assert_int_equal(incident_rule(r, &rule), RULES);
	incident_destroy(r);
}

static struct text_view view(const char *text)
{
	return (struct text_view){ text, strlen(text) };
}

static uint32_t put(struct incident *r, uint32_t pid, uint32_t parent, bool is_context)
{
	const struct incident_proc p = { .key = { .host = 0, .pid = pid, .born = 7 }, .parent = parent, .is_context = is_context,
		.name = view("a.exe") };

	return incident_put_proc(r, &p);
}

static void procs__what_was_missing_is_filled_in_and_what_was_known_stays(void **state)
{
	struct incident *r = world(0);
	struct incident_proc more = { .key = { .host = 0, .pid = 4, .born = 7 }, .parent = INCIDENT_NONE, .name = view("b.exe"),
		.cmdline = view("b /x") };
	uint32_t at = put(r, 4, INCIDENT_NONE, false);

	(void)state;
	assert_int_equal(incident_put_proc(r, &more), at);
	assert_string_equal(r->texts.texts[r->procs[at].name].ptr, "a.exe");
	assert_string_equal(r->texts.texts[r->procs[at].cmdline].ptr, "b /x");
	more.key.born = 8;
	assert_int_not_equal(incident_put_proc(r, &more), at);
	incident_destroy(r);
}

static void procs__links_never_make_a_ring(void **state)
{
	struct incident *r = world(0);
	uint32_t a = put(r, 4, INCIDENT_NONE, true), b = put(r, 8, a, true), c = put(r, 12, b, false);

	(void)state;
	put(r, 4, c, true);
	put(r, 4, a, true);
	assert_int_equal(r->procs[a].parent, INCIDENT_NONE);
	assert_true(incident_proc_is_told(r, c));
	assert_false(incident_proc_is_told(r, a));
	incident_destroy(r);
}

static void procs__context_fills_half_and_all_that_is_refused_is_counted(void **state)
{
	struct incident *r = world(0);
	struct incident_stats stats;

	(void)state;
	for (uint32_t i = 0; i < INCIDENT_MAX_PROCS; i++)
		put(r, i, INCIDENT_NONE, true);
	incident_get_stats(r, &stats);
	assert_int_equal(stats.procs, INCIDENT_MAX_PROCS / 2);
	assert_int_equal(stats.contexts_refused, INCIDENT_MAX_PROCS / 2);
	assert_int_equal(stats.procs_refused, 0);
	for (uint32_t i = 0; i < INCIDENT_MAX_PROCS; i++)
		put(r, INCIDENT_MAX_PROCS + i, INCIDENT_NONE, false);
	incident_get_stats(r, &stats);
	assert_int_equal(stats.procs, INCIDENT_MAX_PROCS);
	assert_int_equal(stats.procs_refused, INCIDENT_MAX_PROCS / 2);
	incident_destroy(r);
}

static void texts__long_ones_are_cut_between_characters_with_a_mark(void **state)
{
	struct incident_texts t;
	uint32_t n;

	(void)state;
	assert_true(incident_texts_init(&t, 1 << 20));
	n = incident_texts_add(&t, view("abc\xC3\xA4" "def"), 4);
	assert_string_equal(t.texts[n].ptr, "abc...[cut]");
	assert_int_equal(incident_texts_add(&t, view("abc"), 4), incident_texts_add(&t, view("abc"), 4));
	incident_texts_release(&t);
}

static void texts__what_does_not_fit_is_counted(void **state)
{
	struct incident_texts t;
	char text[32];

	(void)state;
	assert_true(incident_texts_init(&t, 64 * 1024));
	for (int i = 0; i < 20000; i++) {
		snprintf(text, sizeof text, "text number %d", i);
		incident_texts_add(&t, view(text), 1000);
	}
	assert_true(t.refused > 0);
	assert_int_equal(t.count - 1 + t.refused, 20000);
	incident_texts_release(&t);
}

static void hosts__past_the_bound_are_one(void **state)
{
	struct incident *r = world(0);
	char name[32];

	(void)state;
	for (int i = 0; i < INCIDENT_MAX_HOSTS * 2; i++) {
		snprintf(name, sizeof name, "host%d", i);
		incident_host(r, name);
	}
	assert_int_equal(r->host_count, INCIDENT_MAX_HOSTS);
	assert_int_equal(incident_host(r, "host3"), 3);
	assert_int_equal(incident_host(r, "another"), INCIDENT_MAX_HOSTS - 1);
	incident_destroy(r);
}

static void write__where_nothing_can_be_made_nothing_is_left(void **state)
{
	struct incident *r = world(0);
	const struct incident_summary s = { .kind = "replay", .version = "test" };
	struct diag why = DIAG_INIT;

	(void)state;
	assert_int_equal(incident_write(r, &s, "/nonexistent/folder/r.html", &why), ST_SYSTEM);
	assert_string_equal(why.file, "/nonexistent/folder/r.html");
	assert_true(strlen(why.text) > 0);
	incident_destroy(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alerts__of_one_rule_the_first_are_kept),
		cmocka_unit_test(alerts__a_noisy_rule_gives_way_to_a_quiet_one_and_both_to_a_severe_one),
		cmocka_unit_test(alerts__texts_have_a_bound_too),
		cmocka_unit_test(rules__of_one_name_and_two_priorities_are_two),
		cmocka_unit_test(procs__what_was_missing_is_filled_in_and_what_was_known_stays),
		cmocka_unit_test(procs__links_never_make_a_ring),
		cmocka_unit_test(procs__context_fills_half_and_all_that_is_refused_is_counted),
		cmocka_unit_test(texts__long_ones_are_cut_between_characters_with_a_mark),
		cmocka_unit_test(texts__what_does_not_fit_is_counted),
		cmocka_unit_test(hosts__past_the_bound_are_one),
		cmocka_unit_test(write__where_nothing_can_be_made_nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
