#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/kube/kube_json.h"

static enum status read_line(const char *json, struct kube_event *e)
{
	return kube_event_read(json, strlen(json), e);
}

static void object_is(const struct kube_event *e, const char *want)
{
	assert_int_equal(e->object.len, strlen(want));
	assert_memory_equal(e->object.ptr, want, e->object.len);
}

static void event__gives_the_object_as_it_came(void **state)
{
	struct kube_event e;

	(void)state;
	assert_int_equal(read_line("{\"type\":\"MODIFIED\",\"object\":{ \"metadata\":{\"resourceVersion\":\"12\",\"x\":\"}\\\"{\"}} }\n", &e), ST_OK);
	assert_int_equal(e.change, KUBE_MODIFIED);
	assert_string_equal(e.version, "12");
	object_is(&e, "{ \"metadata\":{\"resourceVersion\":\"12\",\"x\":\"}\\\"{\"}}");
	assert_int_equal(read_line(" { \"object\" : {\"a\":[{}, \"]\"]} , \"more\": [1, {\"object\":{}}], \"type\" : \"ADDED\" } ", &e), ST_OK);
	assert_int_equal(e.change, KUBE_ADDED);
	assert_string_equal(e.version, "");
	object_is(&e, "{\"a\":[{}, \"]\"]}");
}

static void event__has_its_change_by_type(void **state)
{
	static const struct {
		const char *json;
		enum kube_change change;
	} cases[] = {
		{ "{\"type\":\"DELETED\",\"object\":{}}", KUBE_DELETED },
		{ "{\"type\":\"BOOKMARK\",\"object\":{}}", KUBE_BOOKMARK },
		{ "{\"type\":\"ERROR\",\"object\":{}}", KUBE_ERROR },
		{ "{\"type\":\"LATER\",\"object\":{}}", KUBE_CHANGE_UNKNOWN },
	};
	struct kube_event e;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(read_line(cases[i].json, &e), ST_OK);
		assert_int_equal(e.change, cases[i].change);
	}
}

static void event__without_type_or_object_is_refused(void **state)
{
	static const char *const wrong[] = { "", "{}", "[]", "{\"type\":\"ADDED\"}", "{\"object\":{}}", "{\"type\":1,\"object\":{}}",
		"{\"type\":\"ADDED\",\"object\":3}", "{\"type\":\"ADDED\",\"obj\\u0065ct\":{}}" };
	struct kube_event e;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(read_line(wrong[i], &e), ST_MALFORMED);
	assert_int_equal(kube_event_read("{}", KUBE_MAX_OBJECT_BYTES + 1, &e), ST_LIMIT);
}

static void every_prefix_of_an_event__is_refused(void **state)
{
	static const char line[] = "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"resourceVersion\":\"7\"}}}";
	struct kube_event e;

	(void)state;
	for (size_t n = 0; n < sizeof line - 1; n++) {
		char *exact = malloc(n ? n : 1);

		memcpy(exact, line, n);
		assert_int_equal(kube_event_read(exact, n, &e), ST_MALFORMED);
		free(exact);
	}
}

static void token__too_long_is_none(void **state)
{
	char json[KUBE_CONTINUE_BYTES + 64] = "{\"resourceVersion\":\"1\",\"continue\":\"";
	size_t at = strlen(json);
	struct kube_list_meta m;

	(void)state;
	memset(json + at, 'x', KUBE_CONTINUE_BYTES - 1);
	memcpy(json + at + KUBE_CONTINUE_BYTES - 1, "\"}", 3);
	assert_int_equal(kube_list_meta_read(json, strlen(json), &m), ST_OK);
	assert_int_equal(strlen(m.more), KUBE_CONTINUE_BYTES - 1);
	memcpy(json + at + KUBE_CONTINUE_BYTES - 1, "x\"}", 4);
	assert_int_equal(kube_list_meta_read(json, strlen(json), &m), ST_OK);
	assert_string_equal(m.more, "");
	assert_string_equal(m.version, "1");
}

static void status__is_read(void **state)
{
	static const char json[] = "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":\"pods is forbidden\"}";
	struct kube_status s;

	(void)state;
	assert_int_equal(kube_status_read(json, sizeof json - 1, &s), ST_OK);
	assert_int_equal(s.code, 403);
	assert_string_equal(s.reason, "Forbidden");
	assert_string_equal(s.message, "pods is forbidden");
	assert_int_equal(kube_status_read("no", 2, &s), ST_MALFORMED);
	assert_string_equal(s.message, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(event__gives_the_object_as_it_came),
		cmocka_unit_test(event__has_its_change_by_type),
		cmocka_unit_test(event__without_type_or_object_is_refused),
		cmocka_unit_test(every_prefix_of_an_event__is_refused),
		cmocka_unit_test(token__too_long_is_none),
		cmocka_unit_test(status__is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
