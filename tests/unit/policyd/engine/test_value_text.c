#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policyd/engine/ip_text.h"
#include "policyd/engine/service_names.h"
#include "policyd/engine/suggest.h"
#include "policyd/engine/value_text.h"

static void assert_address(const char *text, const char *want)
{
	char out[IP_TEXT_BYTES];
	struct ip ip;

	assert_true(ip_parse(text, strlen(text), &ip));
	assert_int_equal(ip_format(&ip, false, out), strlen(want));
	assert_string_equal(out, want);
}

static void addresses__print_as_rfc_5952_says(void **state)
{
	(void)state;
	assert_address("10.0.0.1", "10.0.0.1");
	assert_address("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
	assert_address("::", "::");
	assert_address("::1", "::1");
	assert_address("1::", "1::");
	assert_address("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8");
	assert_address("::ffff:10.0.0.1", "::ffff:10.0.0.1");
}

static void addresses__malformed_are_refused(void **state)
{
	static const char *const bad[] = { "", "1.2.3", "1.2.3.4.", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", ":", ":::", "1:",
		"1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::1.2.3", "1:2:3:4:5:6:7::8", "g::", "1.2.3.4:5" };
	struct ip ip;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (ip_parse(bad[i], strlen(bad[i]), &ip))
			fail_msg("%s was taken", bad[i]);
}

static void networks__lose_their_host_bits(void **state)
{
	char out[IP_TEXT_BYTES];
	struct ip ip;

	(void)state;
	assert_true(ip_parse_net("10.1.2.3/9", 10, &ip));
	ip_format(&ip, true, out);
	assert_string_equal(out, "10.0.0.0/9");
	assert_false(ip_parse_net("10.1.2.3/33", 11, &ip));
	assert_false(ip_parse_net("10.1.2.3/", 9, &ip));
	assert_false(ip_parse_net("10.1.2.3/a", 10, &ip));
}

static void values__print_by_type(void **state)
{
	struct value items[] = { { .u = 1 }, { .u = 0 } };
	struct value list = { .list = { .items = items, .count = 2 } }, number = { .i = -3 }, real = { .d = 2.25 };
	struct value bytes = { .str = { .ptr = "a\0b", .len = 3 } };
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	assert_true(value_append_text(&out, VT_BOOL, true, &list));
	assert_true(value_append_text(&out, VT_INT8, false, &number));
	assert_true(value_append_text(&out, VT_DOUBLE, false, &real));
	assert_true(value_append_text(&out, VT_BYTES, false, &bytes));
	assert_string_equal(buf_cstr(&out), "(true,false)-32.2a.b");
	buf_release(&out);
}

static void suggestions__are_near_or_none(void **state)
{
	struct suggest s;
	char text[64];

	(void)state;
	suggest_init(&s, "proc.nmae", 9);
	suggest_offer(&s, "proc.pname");
	suggest_offer(&s, "proc.name");
	suggest_text(&s, text, sizeof text);
	assert_string_equal(text, "did you mean 'proc.name'?");
	suggest_init(&s, "zebra", 5);
	suggest_offer(&s, "proc.name");
	suggest_text(&s, text, sizeof text);
	assert_string_equal(text, "");
}

static void services__have_their_ports(void **state)
{
	uint16_t port = 0;

	(void)state;
	assert_true(service_port("https", 5, &port));
	assert_int_equal(port, 443);
	assert_false(service_port("http", 3, &port));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses__print_as_rfc_5952_says),
		cmocka_unit_test(addresses__malformed_are_refused),
		cmocka_unit_test(networks__lose_their_host_bits),
		cmocka_unit_test(values__print_by_type),
		cmocka_unit_test(suggestions__are_near_or_none),
		cmocka_unit_test(services__have_their_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
