#include "policyd/decode/sockaddr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const uint8_t v4[16] = { 2, 0, 0x01, 0xbb, 10, 0, 0, 1 };
static const uint8_t v6[28] = { 23, 0, 0x0d, 0x3d, 0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };

static const char *text_of(const uint8_t *address, size_t len)
{
	static char out[ADDRESS_TEXT_BYTES];

	address_format((struct view){ address, len }, out);
	return out;
}

static void address__is_written_as_rfc5952_says(void **state)
{
	static const uint8_t any[16], loopback[16] = { [15] = 1 };
	static const uint8_t one_zero[16] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 };
	static const uint8_t two_runs[16] = { 0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1 };
	static const uint8_t tail[16] = { 0xfe, 0x80, 0, 1 };
	static const uint8_t mapped[16] = { [10] = 0xff, [11] = 0xff, [12] = 192, [13] = 168, [14] = 0, [15] = 255 };

	(void)state;
	assert_string_equal(text_of(v4 + 4, 4), "10.0.0.1");
	assert_string_equal(text_of(any, 16), "::");
	assert_string_equal(text_of(loopback, 16), "::1");
	assert_string_equal(text_of(one_zero, 16), "2001:db8:0:1:1:1:1:1");
	assert_string_equal(text_of(two_runs, 16), "2001:0:0:1::1");
	assert_string_equal(text_of(tail, 16), "fe80:1::");
	assert_string_equal(text_of(mapped, 16), "::ffff:192.168.0.255");
	assert_string_equal(text_of(v4, 5), "");
}

static void sockaddr__gives_address_and_port(void **state)
{
	char text[SOCKADDR_TEXT_BYTES];
	struct sockaddr_parts parts;

	(void)state;
	assert_true(sockaddr_parse((struct view){ v6, sizeof v6 }, &parts));
	assert_int_equal(parts.port, 3389);
	assert_int_equal(parts.address.len, 16);
	sockaddr_format((struct view){ v4, sizeof v4 }, text);
	assert_string_equal(text, "10.0.0.1:443");
	sockaddr_format((struct view){ v6, sizeof v6 }, text);
	assert_string_equal(text, "[2001:db8::1]:3389");
}

static void sockaddr__every_prefix_without_the_address_is_refused(void **state)
{
	struct sockaddr_parts parts;

	(void)state;
	for (size_t n = 0; n < 24; n++) {
		uint8_t *exact = malloc(n ? n : 1);

		assert_non_null(exact);
		memcpy(exact, v6, n);
		assert_false(sockaddr_parse((struct view){ exact, n }, &parts));
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address__is_written_as_rfc5952_says),
		cmocka_unit_test(sockaddr__gives_address_and_port),
		cmocka_unit_test(sockaddr__every_prefix_without_the_address_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
