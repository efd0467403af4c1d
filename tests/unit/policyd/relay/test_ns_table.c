#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/relay/ns_table.h"

static void put(struct ns_table *t, const char *name, const char *version)
{
	char json[256];
	struct slim *s;

	snprintf(json, sizeof json, "{\"metadata\":{\"name\":\"%s\",\"uid\":\"u-%s\",\"resourceVersion\":\"%s\"}}", name, name, version);
	assert_int_equal(slim_namespace(json, strlen(json), &s), ST_OK);
	ns_table_put(t, s);
}

static void ns_table__has_what_was_put_last(void **state)
{
	struct ns_table *t = ns_table_create(7);

	(void)state;
	assert_non_null(t);
	put(t, "shop", "1");
	put(t, "shop", "2");
	put(t, "bank", "3");
	assert_int_equal(ns_table_count(t), 2);
	assert_string_equal(ns_table_find(t, "shop")->version, "2");
	ns_table_remove(t, "shop");
	ns_table_remove(t, "nothing");
	assert_null(ns_table_find(t, "shop"));
	assert_int_equal(ns_table_count(t), 1);
	ns_table_destroy(t);
}

static void ns_table__a_list_leaves_only_what_it_has(void **state)
{
	struct ns_table *t = ns_table_create(7);

	(void)state;
	put(t, "old", "1");
	put(t, "stays", "1");
	ns_table_list_begin(t);
	put(t, "stays", "1");
	put(t, "fresh", "2");
	assert_non_null(ns_table_find(t, "old"));      /* until the list is whole */
	ns_table_list_end(t);
	assert_null(ns_table_find(t, "old"));
	assert_non_null(ns_table_find(t, "stays"));
	assert_non_null(ns_table_find(t, "fresh"));
	ns_table_destroy(t);
}

static void ns_table__is_bounded(void **state)
{
	struct ns_table *t = ns_table_create(7);
	char name[32];

	(void)state;
	for (int i = 0; i < NS_MAX + 2; i++) {
		snprintf(name, sizeof name, "ns-%d", i);
		put(t, name, "1");
	}
	assert_int_equal(ns_table_count(t), NS_MAX);
	assert_int_equal(ns_table_refused(t), 2);
	put(t, "ns-0", "2");                           /* what is there may change */
	assert_string_equal(ns_table_find(t, "ns-0")->version, "2");
	ns_table_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ns_table__has_what_was_put_last),
		cmocka_unit_test(ns_table__a_list_leaves_only_what_it_has),
		cmocka_unit_test(ns_table__is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
