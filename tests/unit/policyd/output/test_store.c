#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/output/store.h"
#include "proto/base/log.h"
#include "tests/support/test_folder.h"

enum { NO_CAP = 1 << 30, JSON_BYTES = 1000 };

static const struct output_filter all = OUTPUT_FILTER_ALL, severe = { .min_priority = PRIORITY_ERROR };

/* A path in a folder of its own, and what the log said. */
struct place {
	char folder[TEST_FOLDER_BYTES], path[TEST_FOLDER_BYTES + 16], log[1024];
};

static void keep_log(void *ctx, enum log_level level, const char *line)
{
	struct place *p = ctx;

	(void)level;
	snprintf(p->log + strlen(p->log), sizeof p->log - strlen(p->log), "%s\n", line);
}

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	if (!p || !test_folder_make(p->folder))
		return -1;
	snprintf(p->path, sizeof p->path, "%s/alerts.db", p->folder);
	log_install(keep_log, p);
	*state = p;
	return 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	char name[TEST_FOLDER_BYTES + 32];
	const char *const names[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%s%s", p->path, names[i]);
		unlink(name);
	}
	rmdir(p->folder);
	log_install(NULL, NULL);
	free(p);
	return 0;
}

static struct store *open_store(const char *path, uint64_t max_bytes, uint64_t max_pending)
{
	const struct store_output outputs[] = { { .name = "a", .filter = &all, .max_bytes = max_pending },
		{ .name = "b", .filter = &severe, .max_bytes = NO_CAP } };
	const struct store_config c = { .path = path, .max_bytes = max_bytes, .outputs = outputs, .output_count = 2 };
	struct diag why = DIAG_INIT;
	struct store *s;

	if (store_open(&c, &s, &why) != ST_OK)
		fail_msg("%s", why.text);
	return s;
}

static void insert(struct store *s, enum priority p, const char *rule, int64_t time_ns)
{
	static const char json[] = "{\"output_fields\":{\"k8s.pod.name\":\"web-1\",\"proc.cmdline\":\"Whoami /all\"},\"p\":\"%*s\"}";
	struct alert_batch *b = alert_batch_create(1);
	struct diag why = DIAG_INIT;
	char doc[2 * JSON_BYTES];
	int len = snprintf(doc, sizeof doc, json, JSON_BYTES, "");
	const struct alert_record r = { .time_ns = time_ns, .observed_ns = time_ns, .priority = p, .rule = rule,
		.source = "windows", .hostname = "h", .text = "line", .text_len = 4, .json = doc, .json_len = (size_t)len };

	assert_true(alert_batch_add(b, &r));
	assert_int_equal(store_insert(s, b, &why), ST_OK);
	alert_batch_destroy(b);
}

/* Rules of what output k has pending, joined. */
static void assert_pending(struct store *s, size_t k, const char *rules)
{
	struct diag why = DIAG_INIT;
	struct alert_batch *b = store_fetch(s, k, 100, 1 << 20, &why);
	char joined[256] = "";

	for (size_t i = 0; b && i < alert_batch_count(b); i++)
		snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s ", alert_batch_at(b, i)->rule);
	assert_string_equal(joined, rules);
	alert_batch_destroy(b);
}

static void store__keeps_for_each_output_what_its_filter_takes(void **state)
{
	struct store *s = open_store(NULL, NO_CAP, NO_CAP);
	struct diag why = DIAG_INIT;
	struct store_stats stats;
	int64_t id;
	struct alert_batch *b;

	(void)state;
	insert(s, PRIORITY_NOTICE, "n", 1);
	insert(s, PRIORITY_CRITICAL, "c", 2);
	assert_pending(s, 0, "n c ");
	assert_pending(s, 1, "c ");
	b = store_fetch(s, 0, 1, 1, &why);
	id = alert_batch_at(b, 0)->id;
	alert_batch_destroy(b);
	assert_int_equal(store_ack(s, 0, &id, 1, &why), ST_OK);
	assert_int_equal(store_ack(s, 0, &id, 1, &why), ST_OK);
	assert_pending(s, 0, "c ");
	store_get_stats(s, &stats);
	assert_int_equal(stats.outputs[0].pending, 1);
	assert_int_equal(stats.count, 2);
	store_close(s);
}

static void store__survives_being_closed(void **state)
{
	struct place *p = *state;
	struct store *s = open_store(p->path, NO_CAP, NO_CAP);
	struct store_stats before, after;
	char uid[ALERT_UID_CHARS + 1];
	struct alert_batch *b;

	insert(s, PRIORITY_NOTICE, "n", 1);
	b = store_fetch(s, 0, 1, 1, NULL);
	memcpy(uid, alert_batch_at(b, 0)->uid, sizeof uid);
	alert_batch_destroy(b);
	store_get_stats(s, &before);
	store_close(s);
	s = open_store(p->path, NO_CAP, NO_CAP);
	store_get_stats(s, &after);
	assert_memory_equal(&before, &after, sizeof after);
	b = store_fetch(s, 0, 1, 1, NULL);
	assert_string_equal(alert_batch_at(b, 0)->uid, uid);
	alert_batch_destroy(b);
	store_close(s);
}

static void store__an_output_over_its_cap_loses_the_oldest_of_the_least_severe(void **state)
{
	struct store *s = open_store(NULL, NO_CAP, 4 * (JSON_BYTES + 400));
	struct store_stats stats;

	(void)state;
	insert(s, PRIORITY_CRITICAL, "c1", 1);
	insert(s, PRIORITY_DEBUG, "d1", 2);
	insert(s, PRIORITY_NOTICE, "n1", 3);
	insert(s, PRIORITY_DEBUG, "d2", 4);
	insert(s, PRIORITY_CRITICAL, "c2", 5);
	assert_pending(s, 0, "c1 n1 d2 c2 ");
	insert(s, PRIORITY_CRITICAL, "c3", 6);
	insert(s, PRIORITY_CRITICAL, "c4", 7);
	insert(s, PRIORITY_CRITICAL, "c5", 8);
	assert_pending(s, 0, "c2 c3 c4 c5 ");
	assert_pending(s, 1, "c1 c2 c3 c4 c5 ");
	store_get_stats(s, &stats);
	assert_int_equal(stats.outputs[0].evicted[PRIORITY_DEBUG], 2);
	assert_int_equal(stats.outputs[0].evicted[PRIORITY_NOTICE], 1);
	assert_int_equal(stats.outputs[0].evicted[PRIORITY_CRITICAL], 1);
	assert_int_equal(stats.count, 8);
	store_close(s);
}

static void store__over_its_cap_history_goes_before_what_is_pending(void **state)
{
	struct store *s = open_store(NULL, 3 * (JSON_BYTES + 400), 1 << 20);
	struct store_stats stats;
	struct alert_batch *b;
	int64_t ids[2];

	(void)state;
	insert(s, PRIORITY_DEBUG, "d1", 1);
	insert(s, PRIORITY_NOTICE, "n1", 2);
	b = store_fetch(s, 0, 2, 1 << 20, NULL);
	ids[0] = alert_batch_at(b, 1)->id;
	alert_batch_destroy(b);
	assert_int_equal(store_ack(s, 0, ids, 1, NULL), ST_OK);
	insert(s, PRIORITY_DEBUG, "d2", 3);
	insert(s, PRIORITY_DEBUG, "d3", 4);
	assert_pending(s, 0, "d1 d2 d3 ");
	insert(s, PRIORITY_CRITICAL, "c1", 5);
	assert_pending(s, 0, "d2 d3 c1 ");
	store_get_stats(s, &stats);
	assert_int_equal(stats.count, 3);
	assert_int_equal(stats.outputs[0].evicted[PRIORITY_DEBUG], 1);
	assert_int_equal(stats.outputs[0].pending, 3);
	store_close(s);
}

static void store__old_alerts_go(void **state)
{
	const struct store_output outputs[] = { { .name = "a", .filter = &all, .max_bytes = NO_CAP, .max_age_s = 10 } };
	const struct store_config c = { .max_bytes = NO_CAP, .max_age_s = 100, .outputs = outputs, .output_count = 1 };
	struct store_stats stats;
	struct store *s;

	(void)state;
	assert_int_equal(store_open(&c, &s, NULL), ST_OK);
	insert(s, PRIORITY_ERROR, "old", 1000000000);
	insert(s, PRIORITY_ERROR, "new", 50000000000);
	assert_int_equal(store_expire(s, 55000000000, NULL), ST_OK);
	assert_pending(s, 0, "new ");
	store_get_stats(s, &stats);
	assert_int_equal(stats.count, 2);
	assert_int_equal(stats.outputs[0].evicted[PRIORITY_ERROR], 1);
	assert_int_equal(store_expire(s, 110000000000, NULL), ST_OK);
	store_get_stats(s, &stats);
	assert_int_equal(stats.count, 1);
	store_close(s);
}

static bool join_rule(void *ctx, const struct alert_record *r)
{
	char *joined = ctx;

	snprintf(joined + strlen(joined), 200 - strlen(joined), "%s ", r->rule);
	return true;
}

static void assert_found(struct store *s, const struct store_query *q, const char *rules)
{
	char joined[200] = "";
	struct diag why = DIAG_INIT;

	assert_int_equal(store_query(s, q, join_rule, joined, &why), ST_OK);
	assert_string_equal(joined, rules);
}

static void store__answers_queries_newest_first(void **state)
{
	struct place *p = *state;
	struct store *s = open_store(p->path, NO_CAP, NO_CAP);
	struct store_query q = { .min_priority = PRIORITY_DEBUG };

	insert(s, PRIORITY_NOTICE, "Shell one", 10);
	insert(s, PRIORITY_CRITICAL, "Shell two", 20);
	insert(s, PRIORITY_ERROR, "Other", 30);
	assert_found(s, &q, "Other Shell two Shell one ");
	assert_found(s, &(struct store_query){ .min_priority = PRIORITY_ERROR, .limit = 1 }, "Other ");
	assert_found(s, &(struct store_query){ .min_priority = PRIORITY_DEBUG, .rule = "Shell*" }, "Shell two Shell one ");
	assert_found(s, &(struct store_query){ .min_priority = PRIORITY_DEBUG, .since_ns = 20, .until_ns = 25 }, "Shell two ");
	assert_found(s, &(struct store_query){ .min_priority = PRIORITY_DEBUG, .pod = "web-1", .limit = 1 }, "Other ");
	assert_found(s, &(struct store_query){ .min_priority = PRIORITY_DEBUG, .pod = "web" }, "");
	assert_found(s, &(struct store_query){ .min_priority = PRIORITY_DEBUG, .text = "wHOAMI", .limit = 1 }, "Other ");
	assert_found(s, &(struct store_query){ .min_priority = PRIORITY_DEBUG, .text = "who_mi" }, "");
	store_close(s);
}

static void overwrite(const char *path, long at, size_t len)
{
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	for (size_t i = 0; i < len; i++)
		fputc(0xa5, f);
	fclose(f);
}

static void assert_set_aside(struct place *p)
{
	char *name = strstr(p->log, "set aside as ");
	char path[TEST_FOLDER_BYTES + 64];

	assert_non_null(name);
	snprintf(path, sizeof path, "%.*s", (int)strcspn(name + 13, ","), name + 13);
	assert_int_equal(unlink(path), 0);
}

static void store__sets_a_damaged_file_aside_and_goes_on(void **state)
{
	struct place *p = *state;
	struct store *s = open_store(p->path, NO_CAP, NO_CAP);

	for (int i = 0; i < 50; i++)
		insert(s, PRIORITY_NOTICE, "n", i);
	store_close(s);
	overwrite(p->path, 4096, 20000);
	s = open_store(p->path, NO_CAP, NO_CAP);
	assert_set_aside(p);
	insert(s, PRIORITY_NOTICE, "after", 1);
	assert_pending(s, 0, "after ");
	store_close(s);
}

static void store__sets_a_file_aside_that_is_no_database(void **state)
{
	struct place *p = *state;
	FILE *f = fopen(p->path, "wb");
	struct store *s;

	for (int i = 0; i < 1000; i++)
		fputs("no database ", f);
	fclose(f);
	s = open_store(p->path, NO_CAP, NO_CAP);
	assert_set_aside(p);
	store_close(s);
}

static void store__that_cannot_be_made_is_an_error(void **state)
{
	const struct store_config c = { .path = "/nonexistent-folder/alerts.db", .max_bytes = NO_CAP };
	struct diag why = DIAG_INIT;
	struct store *s;

	(void)state;
	assert_int_equal(store_open(&c, &s, &why), ST_SYSTEM);
	assert_null(s);
	assert_non_null(strstr(why.text, "cannot be opened"));
}

static void store__an_output_that_is_removed_frees_its_place_and_one_that_comes_takes_it(void **state)
{
	struct place *p = *state;
	struct store *s = open_store(p->path, NO_CAP, NO_CAP);
	const struct store_output c = { .filter = &all, .max_bytes = NO_CAP };
	struct diag why = DIAG_INIT;
	struct store_stats stats;
	size_t k;

	insert(s, PRIORITY_CRITICAL, "c1", 1);
	assert_int_equal(store_add_output(s, "b", &k, &why), ST_OK);
	assert_int_equal(k, 1);
	assert_int_equal(store_remove_output(s, 0, &why), ST_OK);
	assert_int_equal(store_remove_output(s, 0, &why), ST_OK);
	assert_non_null(strstr(p->log, "1 undelivered alerts of an output"));
	insert(s, PRIORITY_CRITICAL, "c2", 2);
	assert_int_equal(store_add_output(s, "c", &k, &why), ST_OK);
	assert_int_equal(k, 0);
	insert(s, PRIORITY_CRITICAL, "c3", 3);
	store_set_output(s, 0, &c);
	insert(s, PRIORITY_CRITICAL, "c4", 4);
	assert_pending(s, 0, "c4 ");
	assert_pending(s, 1, "c1 c2 c3 c4 ");
	store_get_stats(s, &stats);
	assert_int_equal(stats.outputs[0].pending, 1);
	assert_int_equal(stats.outputs[1].pending, 4);
	store_close(s);
}

static void store__has_a_bound_for_outputs(void **state)
{
	struct store *s = open_store(NULL, NO_CAP, NO_CAP);
	struct diag why = DIAG_INIT;
	char name[16];
	size_t k;

	(void)state;
	for (unsigned i = 2; i < STORE_MAX_OUTPUTS; i++) {
		snprintf(name, sizeof name, "%u", i);
		assert_int_equal(store_add_output(s, name, &k, &why), ST_OK);
		assert_int_equal(k, i);
	}
	assert_int_equal(store_add_output(s, "one more", &k, &why), ST_LIMIT);
	assert_int_equal(store_remove_output(s, 5, &why), ST_OK);
	assert_int_equal(store_add_output(s, "one more", &k, &why), ST_OK);
	assert_int_equal(k, 5);
	store_close(s);
}

static void store__drops_what_outputs_had_that_are_gone_and_says_so(void **state)
{
	struct place *p = *state;
	const struct store_config c = { .path = p->path, .max_bytes = NO_CAP };
	struct store *s = open_store(p->path, NO_CAP, NO_CAP);
	struct store_stats stats;

	insert(s, PRIORITY_CRITICAL, "c", 1);
	store_close(s);
	assert_int_equal(store_open(&c, &s, NULL), ST_OK);
	assert_non_null(strstr(p->log, "2 undelivered alerts"));
	store_get_stats(s, &stats);
	assert_int_equal(stats.count, 1);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(store__keeps_for_each_output_what_its_filter_takes),
		cmocka_unit_test_setup_teardown(store__survives_being_closed, make_place, remove_place),
		cmocka_unit_test(store__an_output_over_its_cap_loses_the_oldest_of_the_least_severe),
		cmocka_unit_test(store__over_its_cap_history_goes_before_what_is_pending),
		cmocka_unit_test(store__old_alerts_go),
		cmocka_unit_test_setup_teardown(store__answers_queries_newest_first, make_place, remove_place),
		cmocka_unit_test_setup_teardown(store__sets_a_damaged_file_aside_and_goes_on, make_place, remove_place),
		cmocka_unit_test_setup_teardown(store__sets_a_file_aside_that_is_no_database, make_place, remove_place),
		cmocka_unit_test(store__that_cannot_be_made_is_an_error),
		cmocka_unit_test_setup_teardown(store__an_output_that_is_removed_frees_its_place_and_one_that_comes_takes_it,
			make_place, remove_place),
		cmocka_unit_test(store__has_a_bound_for_outputs),
		cmocka_unit_test_setup_teardown(store__drops_what_outputs_had_that_are_gone_and_says_so, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
