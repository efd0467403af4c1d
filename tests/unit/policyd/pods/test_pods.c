#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/pods/pod_read.h"
#include "policyd/pods/pods_file.h"

static struct pod *pod_of(const char *uid, const char *name, const char *container)
{
	char json[512];
	struct pod *p;

	snprintf(json, sizeof json, "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"shop\",\"uid\":\"%s\"},\"status\":{"
		"\"containerStatuses\":[{\"name\":\"c\",\"containerID\":\"containerd://%s\"}]}}", name, uid, container);
	assert_int_equal(pod_read(json, strlen(json), &p), ST_OK);
	return p;
}

static const char *name_by_container(const struct pods *p, const char *id)
{
	const struct pod_container *which;
	const struct pod *pod = pods_by_container(p, id, strlen(id), &which);

	if (pod)
		assert_string_equal(which->id, id);
	return pod ? pod->name : "";
}

static int setup(void **state)
{
	*state = pods_create(7);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	pods_destroy(*state);
	return 0;
}

static void pod__is_found_by_container_and_uid(void **state)
{
	struct pods *p = *state;

	pods_put(p, pod_of("u1", "one", "aaa"));
	pods_put(p, pod_of("u2", "two", "bbb"));
	assert_string_equal(name_by_container(p, "bbb"), "two");
	assert_string_equal(name_by_container(p, "bb"), "");
	assert_string_equal(name_by_container(p, "u1"), "");
	assert_string_equal(pods_by_uid(p, "u1", 2)->name, "one");
	assert_null(pods_by_uid(p, "aaa", 3));
}

static void pod__that_changes_takes_the_place_of_the_old(void **state)
{
	struct pods *p = *state;
	uint64_t version;

	pods_put(p, pod_of("u1", "one", "aaa"));
	version = pods_version(p);
	pods_put(p, pod_of("u1", "one", "bbb"));
	assert_true(pods_version(p) > version);
	assert_string_equal(name_by_container(p, "aaa"), "");
	assert_string_equal(name_by_container(p, "bbb"), "one");
}

static void deleted_pod__stays_for_a_minute(void **state)
{
	struct pods *p = *state;
	struct pods_stats stats;

	pods_put(p, pod_of("u1", "one", "aaa"));
	pods_remove(p, "u1", 1000);
	pods_remove(p, "u1", 50000);
	pods_remove(p, "u9", 1000);
	pods_expire(p, 1000 + PODS_KEEP_MS - 1);
	assert_string_equal(name_by_container(p, "aaa"), "one");
	pods_get_stats(p, &stats);
	assert_int_equal(stats.gone, 1);
	pods_expire(p, 1000 + PODS_KEEP_MS);
	assert_string_equal(name_by_container(p, "aaa"), "");
	pods_get_stats(p, &stats);
	assert_int_equal(stats.pods + stats.gone + stats.containers, 0);
}

static void list__tells_what_is_gone(void **state)
{
	struct pods *p = *state;

	pods_put(p, pod_of("u1", "one", "aaa"));
	pods_put(p, pod_of("u2", "two", "bbb"));
	pods_list_begin(p);
	pods_put(p, pod_of("u2", "two", "bbb"));
	pods_list_end(p, 1000);
	pods_expire(p, 1000 + PODS_KEEP_MS);
	assert_string_equal(name_by_container(p, "aaa"), "");
	assert_string_equal(name_by_container(p, "bbb"), "two");
}

static void list__that_breaks_off_takes_nothing_away(void **state)
{
	struct pods *p = *state;

	pods_put(p, pod_of("u1", "one", "aaa"));
	pods_list_begin(p);
	pods_list_begin(p);
	pods_put(p, pod_of("u1", "one", "aaa"));
	pods_list_end(p, 1000);
	pods_list_end(p, 1000);
	pods_expire(p, 1000 + PODS_KEEP_MS);
	assert_string_equal(name_by_container(p, "aaa"), "one");
}

static void full_table__prefers_what_is_there_to_what_is_gone(void **state)
{
	struct pods *p = *state;
	struct pods_stats stats;
	char uid[16];

	for (int i = 0; i < PODS_MAX; i++) {
		snprintf(uid, sizeof uid, "u%d", i);
		pods_put(p, pod_of(uid, uid, uid));
	}
	pods_put(p, pod_of("new", "new", "new"));
	pods_get_stats(p, &stats);
	assert_int_equal(stats.refused, 1);
	pods_remove(p, "u17", 5);
	pods_put(p, pod_of("new", "new", "new"));
	assert_string_equal(name_by_container(p, "new"), "new");
	assert_string_equal(name_by_container(p, "u17"), "");
	pods_get_stats(p, &stats);
	assert_int_equal(stats.pods, PODS_MAX);
	assert_int_equal(stats.refused, 1);
}

static void namespace_of(struct pods *p, const char *name, const char *value)
{
	struct pod_namespace *n;
	char json[256];

	snprintf(json, sizeof json, "{\"metadata\":{\"name\":\"%s\",\"uid\":\"x\",\"labels\":{\"k\":\"%s\"}}}", name, value);
	assert_int_equal(pod_namespace_read(json, strlen(json), &n), ST_OK);
	pods_put_namespace(p, n);
}

static void namespace__is_replaced_and_removed(void **state)
{
	struct pods *p = *state;

	namespace_of(p, "a", "1");
	namespace_of(p, "b", "1");
	namespace_of(p, "a", "2");
	assert_string_equal(pods_namespace(p, "a")->labels.pairs[0].value, "2");
	pods_remove_namespace(p, "a");
	pods_remove_namespace(p, "a");
	assert_null(pods_namespace(p, "a"));
	assert_non_null(pods_namespace(p, "b"));
}

static void namespaces__have_a_bound(void **state)
{
	struct pods *p = *state;
	struct pods_stats stats;
	char name[16];

	for (int i = 0; i <= PODS_MAX_NAMESPACES; i++) {
		snprintf(name, sizeof name, "n%d", i);
		namespace_of(p, name, "v");
	}
	pods_get_stats(p, &stats);
	assert_int_equal(stats.namespaces, PODS_MAX_NAMESPACES);
	assert_int_equal(stats.refused, 1);
}

static enum status from_file(struct pods *p, const char *json, size_t *count)
{
	struct pods_file *f = pods_file_open(p);
	enum status st, end;

	assert_non_null(f);
	st = pods_file_feed(f, json, strlen(json));
	end = pods_file_close(f, count);
	return st == ST_OK ? end : st;
}

static void file__is_a_list_or_one_pod(void **state)
{
	static const char list[] = "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\","
		"\"namespace\":\"n\",\"uid\":\"u\"}},{\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"namespace\":\"n\",\"uid\":\"v\"}},"
		"{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"n\",\"uid\":\"w\"}}],\"metadata\":{\"resourceVersion\":\"\"}}";
	struct pods *p = *state;
	size_t count;

	assert_int_equal(from_file(p, list, &count), ST_OK);
	assert_int_equal(count, 2);
	assert_non_null(pods_namespace(p, "n"));
	assert_int_equal(pods_source(p), PODS_FIXED);
	assert_int_equal(from_file(p, "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"one\",\"namespace\":\"n\",\"uid\":\"u1\"}}", &count), ST_OK);
	assert_int_equal(count, 1);
	assert_string_equal(pods_by_uid(p, "u1", 2)->name, "one");
	assert_int_equal(from_file(p, "{\"items\":[", &count), ST_TRUNCATED);
	assert_int_equal(from_file(p, "NAME READY", &count), ST_MALFORMED);
}

static void place__is_kept(void **state)
{
	struct pods *p = *state;

	assert_string_equal(pods_cluster(p), "");
	assert_true(pods_set_place(p, "c1", NULL));
	assert_string_equal(pods_cluster(p), "c1");
	assert_string_equal(pods_node(p), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(pod__is_found_by_container_and_uid),
		TEST(pod__that_changes_takes_the_place_of_the_old),
		TEST(deleted_pod__stays_for_a_minute),
		TEST(list__tells_what_is_gone),
		TEST(list__that_breaks_off_takes_nothing_away),
		TEST(full_table__prefers_what_is_there_to_what_is_gone),
		TEST(namespace__is_replaced_and_removed),
		TEST(namespaces__have_a_bound),
		TEST(file__is_a_list_or_one_pod),
		TEST(place__is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
