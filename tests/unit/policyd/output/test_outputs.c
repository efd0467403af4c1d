#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/http/backoff.h"
#include "policyd/output/output.h"
#include "policyd/output/store.h"
#include "proto/base/log.h"
#include "tests/support/test_folder.h"

static void no_log(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	(void)line;
}

struct place {
	char folder[TEST_FOLDER_BYTES], path[TEST_FOLDER_BYTES + 16], store[TEST_FOLDER_BYTES + 16];
};

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	if (!p || !test_folder_make(p->folder))
		return -1;
	snprintf(p->path, sizeof p->path, "%s/alerts.log", p->folder);
	snprintf(p->store, sizeof p->store, "%s/alerts.db", p->folder);
	log_install(no_log, NULL);
	*state = p;
	return 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	char path[TEST_FOLDER_BYTES + 32];

	for (int i = 0; i < 10; i++) {
		snprintf(path, sizeof path, i ? "%s.%d" : "%s", p->path, i);
		unlink(path);
	}
	unlink(p->store);
	rmdir(p->path);
	assert_int_equal(rmdir(p->folder), 0);
	log_install(NULL, NULL);
	free(p);
	return 0;
}

static void push(struct outputs *o, enum priority p, unsigned number)
{
	char text[32], json[64];
	int text_len = snprintf(text, sizeof text, "alert %06u", number);
	int json_len = snprintf(json, sizeof json, "{\"n\":%06u}", number);
	const struct alert_record r = { .time_ns = number, .priority = p, .rule = "r", .source = "windows", .hostname = "h",
		.text = text, .text_len = (size_t)text_len, .json = json, .json_len = (size_t)json_len };

	assert_true(outputs_push(o, &r));
}

static struct outputs *start(const struct place *p, const struct output_config *c, size_t count)
{
	const struct outputs_config all = { .store_path = p->store, .outputs = c, .output_count = count };
	struct diag why = DIAG_INIT;
	struct outputs *o;

	if (outputs_start(&all, &o, &why) != ST_OK)
		fail_msg("%s", why.text);
	return o;
}

static size_t count_lines(const char *path, unsigned first)
{
	FILE *f = fopen(path, "r");
	char line[128], wanted[128];
	size_t count = 0;

	if (!f)
		return 0;
	while (fgets(line, sizeof line, f)) {
		snprintf(wanted, sizeof wanted, "alert %06u\n", first + (unsigned)count++);
		assert_string_equal(line, wanted);
	}
	fclose(f);
	return count;
}

static void outputs__a_file_gets_all_in_order(void **state)
{
	struct place *p = *state;
	const struct output_config c = { .name = "f", .kind = OUTPUT_FILE, .filter = OUTPUT_FILTER_ALL,
		.file = { .path = p->path } };
	struct outputs *o = start(p, &c, 1);
	struct outputs_stats stats;

	for (unsigned i = 0; i < 2000; i++)
		push(o, PRIORITY_ERROR, i);
	outputs_get_stats(o, &stats);
	assert_string_equal(stats.outputs[0].name, "f");
	assert_true(outputs_stop(o, 20000));
	assert_int_equal(count_lines(p->path, 0), 2000);
}

static void outputs__a_file_is_rotated_and_only_as_many_are_kept(void **state)
{
	struct place *p = *state;
	const struct output_config c = { .name = "f", .kind = OUTPUT_FILE, .filter = OUTPUT_FILTER_ALL,
		.file = { .path = p->path, .max_bytes = 13 * 10, .keep = 2 } };
	struct outputs *o = start(p, &c, 1);
	char path[TEST_FOLDER_BYTES + 32];

	for (unsigned i = 0; i < 45; i++)
		push(o, PRIORITY_ERROR, i);
	assert_true(outputs_stop(o, 20000));
	assert_int_equal(count_lines(p->path, 40), 5);
	snprintf(path, sizeof path, "%s.1", p->path);
	assert_int_equal(count_lines(path, 30), 10);
	snprintf(path, sizeof path, "%s.2", p->path);
	assert_int_equal(count_lines(path, 20), 10);
	snprintf(path, sizeof path, "%s.3", p->path);
	assert_int_equal(access(path, F_OK), -1);
}

static void outputs__what_could_not_be_delivered_is_delivered_after_a_restart(void **state)
{
	struct place *p = *state;
	const struct output_config c = { .name = "f", .kind = OUTPUT_FILE, .filter = OUTPUT_FILTER_ALL,
		.file = { .path = p->path } };
	struct output_config broken = c;
	struct outputs *o;

	broken.file.path = "/nonexistent-folder/alerts.log";
	o = start(p, &broken, 1);
	for (unsigned i = 0; i < 100; i++)
		push(o, PRIORITY_ERROR, i);
	assert_true(outputs_stop(o, 300));
	o = start(p, &c, 1);
	for (unsigned i = 100; i < 110; i++)
		push(o, PRIORITY_ERROR, i);
	assert_true(outputs_stop(o, 20000));
	assert_int_equal(count_lines(p->path, 0), 110);
}

static void outputs__a_broken_output_is_seen_and_holds_no_other_up(void **state)
{
	struct place *p = *state;
	const struct output_config c[] = {
		{ .name = "broken", .kind = OUTPUT_FILE, .filter = OUTPUT_FILTER_ALL, .file = { .path = p->folder } },
		{ .name = "good", .kind = OUTPUT_FILE, .filter = { .min_priority = PRIORITY_ERROR }, .file = { .path = p->path } },
	};
	struct outputs *o = start(p, c, 2);
	struct outputs_stats stats;

	push(o, PRIORITY_NOTICE, 7);
	push(o, PRIORITY_ERROR, 0);
	do {
		usleep(1000);
		outputs_get_stats(o, &stats);
	} while (stats.outputs[0].failures == 0 || stats.outputs[1].delivered == 0);
	assert_int_equal(stats.outputs[0].health, OUTPUT_RETRYING);
	assert_int_equal(stats.outputs[0].pending, 2);
	assert_string_equal(stats.outputs[0].last_error, "the file cannot be written");
	assert_int_equal(stats.outputs[1].health, OUTPUT_OK);
	assert_int_equal(stats.stored, 2);
	assert_true(outputs_stop(o, 0));
	assert_int_equal(count_lines(p->path, 0), 1);
}

static void outputs__a_store_that_cannot_be_made_is_replaced_by_memory(void **state)
{
	struct place *p = *state;
	const struct output_config c = { .name = "f", .kind = OUTPUT_FILE, .filter = OUTPUT_FILTER_ALL,
		.file = { .path = p->path } };
	struct place without = *p;
	struct outputs_stats stats;
	struct outputs *o;

	snprintf(without.store, sizeof without.store, "/nonexistent-folder/alerts.db");
	o = start(&without, &c, 1);
	outputs_get_stats(o, &stats);
	assert_non_null(strstr(stats.store_error, "only in memory"));
	push(o, PRIORITY_ERROR, 0);
	assert_true(outputs_stop(o, 20000));
	assert_int_equal(count_lines(p->path, 0), 1);
}

static void change(struct outputs *o, const struct output_config *c, size_t count)
{
	const struct outputs_config all = { .outputs = c, .output_count = count };
	struct outputs_change *made;
	struct diag why = DIAG_INIT;

	if (outputs_prepare(&all, &made, &why) != ST_OK)
		fail_msg("%s", why.text);
	outputs_change(o, made);
}

static void wait_outputs(struct outputs *o, size_t count)
{
	struct outputs_stats stats;

	do {
		usleep(1000);
		outputs_get_stats(o, &stats);
	} while (stats.output_count != count);
}

static void outputs__a_changed_output_goes_on_with_what_it_had_pending(void **state)
{
	struct place *p = *state;
	const struct output_config c = { .name = "f", .kind = OUTPUT_FILE, .filter = OUTPUT_FILTER_ALL,
		.file = { .path = p->path } };
	struct output_config broken = c;
	struct outputs_stats stats;
	struct outputs *o;

	broken.file.path = "/nonexistent-folder/alerts.log";
	o = start(p, &broken, 1);
	for (unsigned i = 0; i < 100; i++)
		push(o, PRIORITY_ERROR, i);
	do {
		usleep(1000);
		outputs_get_stats(o, &stats);
	} while (stats.outputs[0].failures == 0 || stats.outputs[0].pending < 100);
	change(o, &c, 1);
	for (unsigned i = 100; i < 110; i++)
		push(o, PRIORITY_ERROR, i);
	do {
		usleep(1000);
		outputs_get_stats(o, &stats);
	} while (stats.outputs[0].delivered < 110);
	assert_true(stats.outputs[0].failures >= 1);
	assert_true(outputs_stop(o, 20000));
	assert_int_equal(count_lines(p->path, 0), 110);
}

static void outputs__one_that_is_removed_gives_up_what_it_had(void **state)
{
	struct place *p = *state;
	const struct output_config c[] = {
		{ .name = "broken", .kind = OUTPUT_FILE, .filter = OUTPUT_FILTER_ALL, .file = { .path = p->folder } },
		{ .name = "good", .kind = OUTPUT_FILE, .filter = OUTPUT_FILTER_ALL, .file = { .path = p->path } },
	};
	struct outputs *o = start(p, c, 1);
	struct outputs_stats stats;

	push(o, PRIORITY_ERROR, 7);
	do {
		usleep(1000);
		outputs_get_stats(o, &stats);
	} while (stats.outputs[0].pending == 0);
	change(o, NULL, 0);
	wait_outputs(o, 0);
	change(o, &c[1], 1);
	wait_outputs(o, 1);
	push(o, PRIORITY_ERROR, 0);
	assert_true(outputs_stop(o, 20000));
	assert_int_equal(count_lines(p->path, 0), 1);
}

static void outputs__as_many_as_there_may_be_are_all_replaced(void **state)
{
	struct place *p = *state;
	struct output_config c[OUTPUT_MAX_COUNT];
	char names[2][OUTPUT_MAX_COUNT][8];
	struct outputs_stats stats;
	struct outputs *o;

	for (unsigned turn = 0; turn < 2; turn++)
		for (unsigned i = 0; i < OUTPUT_MAX_COUNT; i++)
			snprintf(names[turn][i], sizeof names[turn][i], "%u.%u", turn, i);
	for (unsigned i = 0; i < OUTPUT_MAX_COUNT; i++)
		c[i] = (struct output_config){ .name = names[0][i], .kind = OUTPUT_FILE, .filter = OUTPUT_FILTER_ALL,
			.file = { .path = p->folder } };
	o = start(p, c, OUTPUT_MAX_COUNT);
	push(o, PRIORITY_ERROR, 7);
	for (unsigned i = 0; i < OUTPUT_MAX_COUNT; i++)
		c[i].name = names[1][i];
	change(o, c, OUTPUT_MAX_COUNT);
	do {
		usleep(1000);
		outputs_get_stats(o, &stats);
	} while (strcmp(stats.outputs[0].name, "1.0") != 0);
	assert_int_equal(stats.output_count, OUTPUT_MAX_COUNT);
	assert_true(outputs_stop(o, 0));
}

static void outputs__a_configuration_that_cannot_work_is_refused_before_it_changes_anything(void **state)
{
	const struct output_config c[] = { { .name = "a", .kind = OUTPUT_STDOUT }, { .name = "b", .kind = OUTPUT_FILE } };
	const struct output_config long_name = { .kind = OUTPUT_STDOUT,
		.name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	struct outputs_config all = { .outputs = c, .output_count = 2 };
	struct diag why = DIAG_INIT;
	struct outputs_change *made;

	(void)state;
	assert_int_equal(outputs_prepare(&all, &made, &why), ST_MALFORMED);
	assert_null(made);
	assert_string_equal(why.text, "output b: no path");
	all = (struct outputs_config){ .outputs = &long_name, .output_count = 1 };
	assert_int_equal(outputs_prepare(&all, &made, &why), ST_LIMIT);
}

static void outputs__two_of_one_name_are_refused(void **state)
{
	struct place *p = *state;
	const struct output_config c[] = { { .name = "a", .kind = OUTPUT_STDOUT }, { .name = "a", .kind = OUTPUT_STDOUT } };
	const struct outputs_config all = { .outputs = c, .output_count = 2 };
	struct diag why = DIAG_INIT;
	struct outputs *o;

	(void)p;
	assert_int_equal(outputs_start(&all, &o, &why), ST_MALFORMED);
	assert_null(o);
	assert_string_equal(why.text, "two outputs are named a");
}

static void backoff__doubles_to_its_maximum_with_a_random_half(void **state)
{
	struct backoff b = { .base_ms = 100, .max_ms = 1000 };

	(void)state;
	assert_int_equal(backoff_next_ms(&b, 0, 0), 50);
	assert_int_equal(backoff_next_ms(&b, 100, 0), 200);
	assert_int_equal(backoff_next_ms(&b, 0, 0), 200);
	assert_int_equal(backoff_next_ms(&b, 0, 0), 400);
	assert_int_equal(backoff_next_ms(&b, 500, 0), 1000);
	assert_in_range(backoff_next_ms(&b, UINT32_MAX, 0), 500, 1000);
	backoff_reset(&b);
	assert_int_equal(backoff_next_ms(&b, 0, 0), 50);
}

static void backoff__waits_as_long_as_it_is_asked_to_within_an_hour(void **state)
{
	struct backoff b = { .base_ms = 100, .max_ms = 1000 };

	(void)state;
	assert_in_range(backoff_next_ms(&b, 77, 30000), 30000, 30100);
	assert_in_range(backoff_next_ms(&b, 77, UINT32_MAX), BACKOFF_MAX_ASKED_MS, BACKOFF_MAX_ASKED_MS + 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(outputs__a_file_gets_all_in_order, make_place, remove_place),
		cmocka_unit_test_setup_teardown(outputs__a_file_is_rotated_and_only_as_many_are_kept, make_place, remove_place),
		cmocka_unit_test_setup_teardown(outputs__what_could_not_be_delivered_is_delivered_after_a_restart, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(outputs__a_broken_output_is_seen_and_holds_no_other_up, make_place, remove_place),
		cmocka_unit_test_setup_teardown(outputs__a_store_that_cannot_be_made_is_replaced_by_memory, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(outputs__a_changed_output_goes_on_with_what_it_had_pending, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(outputs__one_that_is_removed_gives_up_what_it_had, make_place, remove_place),
		cmocka_unit_test_setup_teardown(outputs__as_many_as_there_may_be_are_all_replaced, make_place, remove_place),
		cmocka_unit_test(outputs__a_configuration_that_cannot_work_is_refused_before_it_changes_anything),
		cmocka_unit_test_setup_teardown(outputs__two_of_one_name_are_refused, make_place, remove_place),
		cmocka_unit_test(backoff__doubles_to_its_maximum_with_a_random_half),
		cmocka_unit_test(backoff__waits_as_long_as_it_is_asked_to_within_an_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
