#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "policyd/output/collector_url.h"

static void assert_endpoint(const char *url, const char *port, const char *wanted)
{
	char got[COLLECTOR_URL_MAX_BYTES];
	struct diag why = DIAG_INIT;

	if (collector_url_endpoint(url, port, got, &why) != ST_OK)
		fail_msg("%s: %s", url, why.text);
	assert_string_equal(got, wanted);
}

static void collector_url__a_host_gets_the_defaults(void **state)
{
	(void)state;
	assert_endpoint("collector.example", NULL, "https://collector.example:6443/v1/logs");
	assert_endpoint("10.0.0.5", "4318", "https://10.0.0.5:4318/v1/logs");
	assert_endpoint("[fd00::1]", "", "https://[fd00::1]:6443/v1/logs");
	assert_endpoint("collector.example:99", "4318", "https://collector.example:99/v1/logs");
	assert_endpoint("collector.example/", NULL, "https://collector.example:6443/v1/logs");
}

static void collector_url__what_a_url_says_wins(void **state)
{
	(void)state;
	assert_endpoint("http://c", "1", "http://c:1/v1/logs");
	assert_endpoint("HTTPS://c:8443/otlp/v1/logs", "1", "https://c:8443/otlp/v1/logs");
	assert_endpoint("https://[::1]:5/x", NULL, "https://[::1]:5/x");
}

static void collector_url__what_is_neither_is_refused_and_not_repeated(void **state)
{
	static const char *const bad[] = { "", "ftp://c", "https://", "user:secret@c", "https://user:secret@c/", "a b", "c:0",
		"c:70000", "c:", "[::1", "[::1]x", "::1", "c/\"", "c?secret" };
	char got[COLLECTOR_URL_MAX_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct diag why = DIAG_INIT;

		assert_int_equal(collector_url_endpoint(bad[i], NULL, got, &why), ST_MALFORMED);
		assert_null(strstr(why.text, "secret"));
	}
	assert_int_equal(collector_url_endpoint("c", "x", got, NULL), ST_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(collector_url__a_host_gets_the_defaults),
		cmocka_unit_test(collector_url__what_a_url_says_wins),
		cmocka_unit_test(collector_url__what_is_neither_is_refused_and_not_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
