#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "policyd/output/output_config.h"

static const char *const tags[] = { "a", "b" }, *const rules[] = { "r*" };
static const struct output_pair headers[] = { { "X-A", "1" }, { "X-B", "" } };

static struct output_config whole(void)
{
	struct output_config c = { .name = "n", .kind = OUTPUT_HTTP, .json = true, .max_pending_bytes = 1, .max_pending_age_s = 2,
		.filter = { .min_priority = PRIORITY_ERROR, .tags = tags, .tag_count = 2, .rules = rules, .rule_count = 1 } };

	c.tls = (struct output_tls){ .ca_file = "ca", .cert_file = "cert", .key_file = "key" };
	c.http = (struct output_http_config){ .url = "u", .user_agent = "ua", .headers = headers, .header_count = 2,
		.token = { "file", "env" }, .proxy = "p", .no_proxy = "np", .proxy_user = "pu", .proxy_password = { "pf", "pe" } };
	c.syslog = (struct output_syslog_config){ .host = "h", .sd_id = "sd" };
	c.file.path = "path";
	return c;
}

static void output_config__a_copy_is_the_same_and_shares_no_text(void **state)
{
	struct arena *a = arena_create(OUTPUT_CONFIG_BYTES);
	struct output_config c = whole(), copy;

	(void)state;
	assert_true(output_config_copy(a, &c, &copy));
	assert_true(output_config_is_same(&c, &copy));
	assert_ptr_not_equal(copy.http.url, c.http.url);
	assert_ptr_not_equal(copy.filter.tags[1], c.filter.tags[1]);
	assert_ptr_not_equal(copy.http.headers[0].value, c.http.headers[0].value);
	c = (struct output_config){ .name = "only" };
	assert_true(output_config_copy(a, &c, &copy));
	assert_true(output_config_is_same(&c, &copy));
	assert_null(copy.http.url);
	arena_destroy(a);
}

static void assert_differs(const struct output_config *changed)
{
	const struct output_config c = whole();

	assert_false(output_config_is_same(changed, &c));
	assert_false(output_config_is_same(&c, changed));
}

#define DIFFERS(member, value) \
	do { \
		struct output_config changed = whole(); \
		changed.member = (value); \
		assert_differs(&changed); \
	} while (0)

static void output_config__every_member_that_differs_is_seen(void **state)
{
	static const char *const other[] = { "a", "c" };
	static const struct output_pair others[] = { { "X-A", "1" }, { "X-B", "2" } };

	(void)state;
	DIFFERS(name, "x");
	DIFFERS(kind, OUTPUT_OTLP);
	DIFFERS(filter.min_priority, PRIORITY_DEBUG);
	DIFFERS(filter.tags, other);
	DIFFERS(filter.tag_count, 1);
	DIFFERS(filter.rules, other);
	DIFFERS(filter.rule_count, 0);
	DIFFERS(json, false);
	DIFFERS(tls.ca_file, NULL);
	DIFFERS(tls.cert_file, "x");
	DIFFERS(tls.key_file, "x");
	DIFFERS(tls.insecure, true);
	DIFFERS(http.url, "x");
	DIFFERS(http.user_agent, NULL);
	DIFFERS(http.headers, others);
	DIFFERS(http.header_count, 1);
	DIFFERS(http.token.file, "x");
	DIFFERS(http.token.env, "x");
	DIFFERS(http.proxy, "");
	DIFFERS(http.no_proxy, "x");
	DIFFERS(http.proxy_user, "x");
	DIFFERS(http.proxy_password.file, "x");
	DIFFERS(http.proxy_password.env, "x");
	DIFFERS(http.compress, true);
	DIFFERS(http.timeout_ms, 1);
	DIFFERS(syslog.host, "x");
	DIFFERS(syslog.port, 1);
	DIFFERS(syslog.tls, true);
	DIFFERS(syslog.format, SYSLOG_CEF);
	DIFFERS(syslog.facility, 1);
	DIFFERS(syslog.sd_id, "x");
	DIFFERS(syslog.timeout_ms, 1);
	DIFFERS(file.path, "x");
	DIFFERS(file.max_bytes, 1);
	DIFFERS(file.keep, 1);
	DIFFERS(max_pending_bytes, 9);
	DIFFERS(max_pending_age_s, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_config__a_copy_is_the_same_and_shares_no_text),
		cmocka_unit_test(output_config__every_member_that_differs_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
