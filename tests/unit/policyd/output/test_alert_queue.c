#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "policyd/output/alert_queue.h"
#include "policyd/output/uid.h"

static const char *const tags[] = { "container", "T1059" };

static bool push(struct alert_queue *q, enum priority p, const char *rule)
{
	const struct alert_record r = { .time_ns = 5, .priority = p, .rule = rule, .source = "windows", .hostname = "h",
		.tags = tags, .tag_count = 2, .text = "text", .text_len = 4, .json = "{}", .json_len = 2 };

	return alert_queue_push(q, &r);
}

static void assert_rules(struct alert_queue *q, const char *const *rules, size_t count)
{
	struct alert_batch *b = alert_queue_take(q, 64, 0);

	assert_non_null(b);
	assert_int_equal(alert_batch_count(b), count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(alert_batch_at(b, i)->rule, rules[i]);
	alert_batch_destroy(b);
}

static void alert_queue__gives_back_what_was_pushed(void **state)
{
	struct alert_queue *q = alert_queue_create(8, 1 << 20);
	struct alert_batch *b;
	const struct alert_record *r;

	(void)state;
	assert_true(push(q, PRIORITY_ERROR, "a"));
	b = alert_queue_take(q, 8, 1000);
	assert_non_null(b);
	r = alert_batch_at(b, 0);
	assert_string_equal(r->rule, "a");
	assert_string_equal(r->text, "text");
	assert_string_equal(r->json, "{}");
	assert_int_equal(r->tag_count, 2);
	assert_string_equal(r->tags[1], "T1059");
	assert_int_equal(strlen(r->uid), ALERT_UID_CHARS);
	assert_true(r->observed_ns > 0);
	alert_batch_destroy(b);
	assert_null(alert_queue_take(q, 8, 0));
	alert_queue_destroy(q);
}

static void alert_queue__keeps_order_across_priorities(void **state)
{
	struct alert_queue *q = alert_queue_create(8, 1 << 20);

	(void)state;
	push(q, PRIORITY_DEBUG, "first");
	push(q, PRIORITY_EMERGENCY, "second");
	push(q, PRIORITY_NOTICE, "third");
	assert_rules(q, (const char *const[]){ "first", "second", "third" }, 3);
	alert_queue_destroy(q);
}

static void alert_queue__full_gives_up_the_oldest_of_the_least_severe(void **state)
{
	struct alert_queue *q = alert_queue_create(3, 1 << 20);
	struct alert_queue_stats s;

	(void)state;
	push(q, PRIORITY_DEBUG, "d1");
	push(q, PRIORITY_NOTICE, "n1");
	push(q, PRIORITY_DEBUG, "d2");
	assert_true(push(q, PRIORITY_CRITICAL, "c1"));
	assert_false(push(q, PRIORITY_DEBUG, "d3"));
	assert_true(push(q, PRIORITY_CRITICAL, "c2"));
	assert_true(push(q, PRIORITY_CRITICAL, "c3"));
	assert_false(push(q, PRIORITY_CRITICAL, "c4"));
	alert_queue_get_stats(q, &s);
	assert_int_equal(s.dropped[PRIORITY_DEBUG], 3);
	assert_int_equal(s.dropped[PRIORITY_NOTICE], 1);
	assert_int_equal(s.dropped[PRIORITY_CRITICAL], 1);
	assert_rules(q, (const char *const[]){ "c1", "c2", "c3" }, 3);
	alert_queue_destroy(q);
}

static void alert_queue__is_bounded_in_bytes_too(void **state)
{
	struct alert_queue *q = alert_queue_create(1000, 2000);
	struct alert_queue_stats s;
	size_t in = 0;

	(void)state;
	while (in < 1000 && push(q, PRIORITY_ERROR, "a"))
		in++;
	alert_queue_get_stats(q, &s);
	assert_in_range(in, 1, 19);
	assert_true(s.bytes <= 2000);
	assert_int_equal(s.dropped[PRIORITY_ERROR], 1);
	alert_queue_destroy(q);
}

static void alert_queue__woken_taker_returns(void **state)
{
	struct alert_queue *q = alert_queue_create(8, 1 << 20);

	(void)state;
	alert_queue_wake(q);
	assert_null(alert_queue_take(q, 8, 600000));
	push(q, PRIORITY_ERROR, "a");
	assert_rules(q, (const char *const[]){ "a" }, 1);
	alert_queue_destroy(q);
}

static void uid__is_a_ulid(void **state)
{
	const uint8_t ones[UID_RANDOM_BYTES] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const uint8_t zeros[UID_RANDOM_BYTES] = { 0 };
	char a[UID_CHARS + 1], b[UID_CHARS + 1];

	(void)state;
	uid_format(UINT64_C(0xffffffffffff), ones, a);
	assert_string_equal(a, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
	uid_format(UINT64_C(1469918176385), zeros, a);    /* the time of the specification's example */
	assert_string_equal(a, "01ARYZ6S410000000000000000");
	uid_make(1000, a);
	uid_make(1000, b);
	assert_string_not_equal(a, b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alert_queue__gives_back_what_was_pushed),
		cmocka_unit_test(alert_queue__keeps_order_across_priorities),
		cmocka_unit_test(alert_queue__full_gives_up_the_oldest_of_the_least_severe),
		cmocka_unit_test(alert_queue__is_bounded_in_bytes_too),
		cmocka_unit_test(alert_queue__woken_taker_returns),
		cmocka_unit_test(uid__is_a_ulid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
