#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/pods/json_items.h"

enum { MAX_BYTES = 64 };

struct got {
	struct buf text;           /* "key=json;" of each */
	enum status answer;
};

static enum status note(void *ctx, const char *key, const char *json, size_t len)
{
	struct got *g = ctx;

	buf_printf(&g->text, "%s=%.*s;", key, (int)len, json);
	return g->answer;
}

/* In steps of so many bytes, each in memory of exactly that size. */
static enum status scan(enum json_items_shape shape, const char *json, size_t step, struct got *g)
{
	struct json_items j;
	enum status st = ST_OK;

	buf_release(&g->text);
	buf_init(&g->text, 4096);
	json_items_init(&j, shape, MAX_BYTES);
	j.visit = note;
	j.ctx = g;
	for (size_t at = 0, n; st == ST_OK && json[at]; at += n) {
		char *exact;

		n = strlen(json + at) < step ? strlen(json + at) : step;
		exact = malloc(n);
		memcpy(exact, json + at, n);
		st = json_items_feed(&j, exact, n);
		free(exact);
	}
	if (st == ST_OK)
		st = json_items_finish(&j);
	json_items_release(&j);
	return st;
}

static const char list[] = " {\"kind\":\"PodList\",\"metadata\":{\"continue\":\"a}b\",\"x\":{\"items\":[{}]}},\"other\":[{\"items\":[{}]}],"
			   "\"items\":[{\"a\":\"{\\\"[\"}, {\"b\":[{}],\"items\":[{\"c\":1}]},3,[{}]],\"items2\":[{}]}\n";
static const char list_items[] = "metadata={\"continue\":\"a}b\",\"x\":{\"items\":[{}]}};items={\"a\":\"{\\\"[\"};"
				 "items={\"b\":[{}],\"items\":[{\"c\":1}]};";

static void list__gives_items_and_metadata_however_it_is_split(void **state)
{
	struct got g = { .answer = ST_OK };

	(void)state;
	for (size_t step = 1; step <= sizeof list; step++) {
		assert_int_equal(scan(JSON_ITEMS_LIST, list, step, &g), ST_OK);
		assert_string_equal(buf_cstr(&g.text), list_items);
	}
	buf_release(&g.text);
}

static void sequence__gives_each_document_however_it_is_split(void **state)
{
	static const char watch[] = "{\"type\":\"ADDED\"}\n{\"x\":\"\\\\\"}{\"y\":[{\"items\":[{}]}]}\r\n";
	struct got g = { .answer = ST_OK };

	(void)state;
	for (size_t step = 1; step <= sizeof watch; step++) {
		assert_int_equal(scan(JSON_ITEMS_SEQUENCE, watch, step, &g), ST_OK);
		assert_string_equal(buf_cstr(&g.text), "={\"type\":\"ADDED\"};={\"x\":\"\\\\\"};={\"y\":[{\"items\":[{}]}]};");
	}
	buf_release(&g.text);
}

static void every_prefix_of_a_list__is_truncated(void **state)
{
	struct got g = { .answer = ST_OK };
	char prefix[sizeof list];

	(void)state;
	for (size_t n = 0; n < sizeof list - 2; n++) {
		memcpy(prefix, list, n);
		prefix[n] = '\0';
		assert_int_equal(scan(JSON_ITEMS_LIST, prefix, sizeof list, &g), ST_TRUNCATED);
	}
	buf_release(&g.text);
}

static void item__too_long_is_left_out_and_counted(void **state)
{
	struct got g = { .answer = ST_OK };
	struct json_items j;
	char text[256];

	(void)state;
	memset(text, 'a', sizeof text);
	memcpy(text, "{\"items\":[{\"a\":\"", 16);
	memcpy(text + sizeof text - 15, "\"},{\"b\":1}]}", 12);
	buf_init(&g.text, 4096);
	json_items_init(&j, JSON_ITEMS_LIST, MAX_BYTES);
	j.visit = note;
	j.ctx = &g;
	assert_int_equal(json_items_feed(&j, text, sizeof text - 3), ST_OK);
	assert_int_equal(json_items_finish(&j), ST_OK);
	assert_int_equal(j.too_long, 1);
	assert_string_equal(buf_cstr(&g.text), "items={\"b\":1};");
	json_items_release(&j);
	buf_release(&g.text);
}

static void what_is_no_document__is_refused(void **state)
{
	static const char *const wrong[] = { "x", "[]", "}", "{}}", "{} x", "\"a\"", "{}{}" };
	struct got g = { .answer = ST_OK };

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(scan(JSON_ITEMS_LIST, wrong[i], 1, &g), ST_MALFORMED);
	assert_int_equal(scan(JSON_ITEMS_SEQUENCE, "{},{}", 1, &g), ST_MALFORMED);
	buf_release(&g.text);
}

static void depth__has_a_bound(void **state)
{
	char deep[JSON_ITEMS_MAX_DEPTH + 2] = "{\"a\":";
	struct got g = { .answer = ST_OK };

	(void)state;
	memset(deep + 5, '[', sizeof deep - 6);
	assert_int_equal(scan(JSON_ITEMS_LIST, deep, 7, &g), ST_TRUNCATED);
	deep[0] = '{';
	memcpy(deep, "{\"\":", 4);
	deep[4] = '[';
	assert_int_equal(scan(JSON_ITEMS_LIST, deep, 7, &g), ST_TRUNCATED);
	memcpy(deep, "{[[[[", 5);
	assert_int_equal(scan(JSON_ITEMS_LIST, deep, 7, &g), ST_LIMIT);
	buf_release(&g.text);
}

static void visitor__ends_the_scan(void **state)
{
	struct got g = { .answer = ST_STOPPED };

	(void)state;
	assert_int_equal(scan(JSON_ITEMS_SEQUENCE, "{}{}", 4, &g), ST_STOPPED);
	assert_string_equal(buf_cstr(&g.text), "={};");
	buf_release(&g.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list__gives_items_and_metadata_however_it_is_split),
		cmocka_unit_test(sequence__gives_each_document_however_it_is_split),
		cmocka_unit_test(every_prefix_of_a_list__is_truncated),
		cmocka_unit_test(item__too_long_is_left_out_and_counted),
		cmocka_unit_test(what_is_no_document__is_refused),
		cmocka_unit_test(depth__has_a_bound),
		cmocka_unit_test(visitor__ends_the_scan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
