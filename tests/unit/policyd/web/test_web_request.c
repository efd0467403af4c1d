#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/web/web.h"

/* On an exact-size copy, so that a read beyond it shows. */
static bool parse(const char *line, struct web_request *out)
{
	size_t n = strlen(line);
	char *exact = malloc(n ? n : 1);
	bool ok;

	assert_non_null(exact);
	memcpy(exact, line, n);
	ok = web_parse_request(exact, n, out);
	out->path = NULL;    /* points into what goes now */
	free(exact);
	return ok;
}

static void request__path_ends_before_the_query(void **state)
{
	static const char line[] = "GET /metrics?a=b HTTP/1.1\r";
	struct web_request r;

	(void)state;
	assert_true(web_parse_request(line, sizeof line - 1, &r));
	assert_int_equal(r.path_len, 8);
	assert_memory_equal(r.path, "/metrics", 8);
	assert_int_equal(r.query_len, 3);
	assert_memory_equal(r.query, "a=b", 3);
	assert_false(r.head);
	assert_false(r.other_method);
}

static void request__other_methods_are_told_apart(void **state)
{
	struct web_request r;

	(void)state;
	assert_true(parse("HEAD / HTTP/1.0", &r));
	assert_true(r.head);
	assert_false(r.other_method);
	assert_true(parse("DELETE / HTTP/1.1", &r));
	assert_true(r.other_method);
	assert_true(parse("GETX / HTTP/1.1", &r));
	assert_true(r.other_method);
}

static void request__what_is_no_http_is_refused(void **state)
{
	static const char *const lines[] = { "", " ", "GET", "GET ", "GET /", "GET / ", "GET x HTTP/1.1", "GET / HTTP/2",
		"G\x01T / HTTP/1.1", "GET /\x7f HTTP/1.1", "GET /\t HTTP/1.1", "GET  / HTTP/1.1" };
	struct web_request r;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		assert_false(parse(lines[i], &r));
}

static void request__every_prefix_is_read_within_its_bytes(void **state)
{
	static const char whole[] = "GET /healthz HTTP/1.";
	char prefix[sizeof whole];
	struct web_request r;

	(void)state;
	for (size_t n = 0; n < sizeof whole - 1; n++) {
		memcpy(prefix, whole, n);
		prefix[n] = '\0';
		assert_false(parse(prefix, &r));
	}
	assert_true(parse(whole, &r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request__path_ends_before_the_query),
		cmocka_unit_test(request__other_methods_are_told_apart),
		cmocka_unit_test(request__what_is_no_http_is_refused),
		cmocka_unit_test(request__every_prefix_is_read_within_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
