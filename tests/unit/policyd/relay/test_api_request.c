#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/relay/api_request.h"

/* As libcurl writes it, and as kubectl 1.34 does. */
static const char watch[] =
	"GET /api/v1/pods?fieldSelector=spec.nodeName%3Dwin-1&watch=1&allowWatchBookmarks=true&resourceVersion=12746&timeoutSeconds=427 HTTP/1.1\r\n"
	"Host: relay:8443\r\nAuthorization: Bearer abc.def-g_h\r\nAccept: application/json\r\n\r\n";
static const char kubectl[] =
	"GET /api/v1/pods?fieldSelector=spec.nodeName%3Dwin-1&limit=500 HTTP/1.1\r\nHost: relay\r\nUser-Agent: kubectl/v1.34.5 (linux/amd64)\r\n"
	"Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json\r\nAuthorization: Bearer t\r\nKubectl-Command: kubectl get\r\n"
	"Accept-Encoding: gzip\r\n\r\n";

static enum status parse(const char *text, struct api_request *r)
{
	return api_request_read(text, strlen(text), r);
}

static void request__of_a_watch_is_understood(void **state)
{
	struct api_request r;

	(void)state;
	assert_int_equal(parse(watch, &r), ST_OK);
	assert_string_equal(r.path, "/api/v1/pods");
	assert_string_equal(api_request_node(&r), "win-1");
	assert_string_equal(r.version, "12746");
	assert_true(r.watch && r.bookmarks && r.keep_alive);
	assert_int_equal(r.timeout_s, 427);
	assert_int_equal(r.token_len, 11);
	assert_memory_equal(r.token, "abc.def-g_h", 11);
	assert_int_equal(r.head_bytes, sizeof watch - 1);
}

static void request__of_kubectl_is_understood(void **state)
{
	struct api_request r;

	(void)state;
	assert_int_equal(parse(kubectl, &r), ST_OK);
	assert_false(r.watch);
	assert_string_equal(api_request_node(&r), "win-1");
	assert_memory_equal(r.token, "t", 1);
}

static void request__every_prefix_is_truncated(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof watch - 1; n++) {
		char *exact = malloc(n ? n : 1);
		struct api_request r;

		assert_non_null(exact);
		memcpy(exact, watch, n);
		assert_int_equal(api_request_read(exact, n, &r), ST_TRUNCATED);
		free(exact);
	}
}

static void request__with_a_body_or_of_another_protocol_is_refused(void **state)
{
	static const char *const wrong[] = {
		"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n",
		"GET / HTTP/1.1\r\nAuthorization: Bearer a b\r\n\r\n", "GET / HTTP/1.1\r\nAuthorization: Bearer a\"b\r\n\r\n", "\x16\x03\x01\n\n",
	};
	struct api_request r;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(parse(wrong[i], &r), ST_MALFORMED);
	assert_int_equal(parse("DELETE /api/v1/pods HTTP/1.1\r\nContent-Length: 0\r\n\r\n", &r), ST_OK);
	assert_true(r.other_method);
}

static void request__what_is_too_long_or_ill_coded_is_refused(void **state)
{
	static const char *const wrong[] = {
		"GET /%zz HTTP/1.1\r\n\r\n", "GET /%0 HTTP/1.1\r\n\r\n", "GET /a%00b HTTP/1.1\r\n\r\n", "GET /?fieldSelector=%x HTTP/1.1\r\n\r\n",
		"GET /?resourceVersion=0123456789012345678901234567890123456789012345678901234567890123456789 HTTP/1.1\r\n\r\n",
	};
	char *head = malloc(API_MAX_HEAD_BYTES + 1);
	struct api_request r;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(parse(wrong[i], &r), ST_LIMIT);
	assert_non_null(head);
	memset(head, 'a', API_MAX_HEAD_BYTES);
	assert_int_equal(api_request_read(head, API_MAX_HEAD_BYTES - 1, &r), ST_TRUNCATED);
	assert_int_equal(api_request_read(head, API_MAX_HEAD_BYTES, &r), ST_LIMIT);
	n = (size_t)snprintf(head, API_MAX_HEAD_BYTES, "GET / HTTP/1.1\r\nAuthorization: Bearer %0*d\r\n\r\n", API_MAX_TOKEN_BYTES + 1, 0);
	assert_int_equal(api_request_read(head, n, &r), ST_LIMIT);
	free(head);
}

static void request__names_one_node_or_none(void **state)
{
	static const char *const none[] = { "", "spec.nodeName", "spec.nodeName=", "spec.nodeName!=a", "spec.nodeName=a,status.phase=Running",
		"metadata.name=a", "spec.nodeName===" };
	struct api_request r = { .field_selector = "spec.nodeName==win-1" };

	(void)state;
	assert_string_equal(api_request_node(&r), "win-1");
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		snprintf(r.field_selector, sizeof r.field_selector, "%s", none[i]);
		assert_null(api_request_node(&r));
	}
}

static void request__says_whether_the_connection_stays(void **state)
{
	struct api_request r;

	(void)state;
	assert_int_equal(parse("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", &r), ST_OK);
	assert_false(r.keep_alive);
	assert_int_equal(parse("GET / HTTP/1.0\r\n\r\n", &r), ST_OK);
	assert_false(r.keep_alive);
	assert_null(r.token);
	assert_int_equal(r.timeout_s, API_DEFAULT_WATCH_S);
	assert_int_equal(parse("GET /?timeoutSeconds=99999999999999999999 HTTP/1.1\r\nAuthorization: Basic abcdefgh\r\n\r\n", &r), ST_OK);
	assert_int_equal(r.timeout_s, API_MAX_WATCH_S);
	assert_null(r.token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request__of_a_watch_is_understood),
		cmocka_unit_test(request__of_kubectl_is_understood),
		cmocka_unit_test(request__every_prefix_is_truncated),
		cmocka_unit_test(request__with_a_body_or_of_another_protocol_is_refused),
		cmocka_unit_test(request__what_is_too_long_or_ill_coded_is_refused),
		cmocka_unit_test(request__names_one_node_or_none),
		cmocka_unit_test(request__says_whether_the_connection_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
