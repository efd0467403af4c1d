#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "proto/wire/collector_request.h"

static const struct guid some_provider = GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16);

static struct collector_request provider_row(void)
{
	struct collector_request r = { .kind = COLLECTOR_REQUEST_PROVIDER, .first = true, .last = true,
		.provider = some_provider, .id_count = COLLECTOR_REQUEST_MAX_IDS };

	for (uint16_t i = 0; i < COLLECTOR_REQUEST_MAX_IDS; i++)
		r.ids[i] = (uint16_t)(i * 1000 + 1);
	return r;
}

static enum status decode(const uint8_t *bytes, size_t len, struct collector_request *out)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum status st;

	memcpy(exact, bytes, len);
	st = collector_request_decode(exact, len, out);
	free(exact);
	return st;
}

static void collector_request__of_a_provider_arrives_whole(void **state)
{
	const struct collector_request want = provider_row();
	uint8_t bytes[COLLECTOR_REQUEST_BYTES];
	struct collector_request got;

	(void)state;
	collector_request_encode(&want, bytes);
	assert_int_equal(decode(bytes, sizeof bytes, &got), ST_OK);
	assert_int_equal(got.kind, COLLECTOR_REQUEST_PROVIDER);
	assert_true(got.first && got.last);
	assert_memory_equal(&got.provider, &some_provider, sizeof got.provider);
	assert_int_equal(got.id_count, COLLECTOR_REQUEST_MAX_IDS);
	assert_memory_equal(got.ids, want.ids, sizeof got.ids);
}

static void collector_request__has_these_bytes(void **state)
{
	const struct collector_request want = { .kind = COLLECTOR_REQUEST_STATS, .connection = 0x0102, .received_bytes = 0x0304 };
	const uint8_t expected[24] = { 'V', 'T', 'R', 'Q', 1, 0, 3, 0, 2, 1, 0, 0, 0, 0, 0, 0, 4, 3 };
	uint8_t bytes[COLLECTOR_REQUEST_BYTES];
	struct collector_request got;

	(void)state;
	collector_request_encode(&want, bytes);
	assert_memory_equal(bytes, expected, sizeof expected);
	assert_int_equal(decode(bytes, sizeof bytes, &got), ST_OK);
	assert_int_equal(got.connection, 0x0102);
	assert_int_equal(got.received_bytes, 0x0304);
}

static void collector_request__every_prefix_is_truncated(void **state)
{
	const struct collector_request want = provider_row();
	uint8_t bytes[COLLECTOR_REQUEST_BYTES];
	struct collector_request got;

	(void)state;
	collector_request_encode(&want, bytes);
	for (size_t n = 0; n < sizeof bytes; n++)
		assert_int_equal(decode(bytes, n, &got), ST_TRUNCATED);
}

static void collector_request__refuses_what_is_not_defined(void **state)
{
	struct { size_t at; uint8_t value; enum status want; } const cases[] = {
		{ 0, 'X', ST_MALFORMED },        /* magic */
		{ 4, 2, ST_UNSUPPORTED },        /* version */
		{ 6, 0, ST_UNSUPPORTED }, { 6, 4, ST_UNSUPPORTED }, { 7, 1, ST_UNSUPPORTED },    /* kind */
		{ 24, 4, ST_MALFORMED },         /* flags */
		{ 26, 65, ST_LIMIT }, { 27, 255, ST_LIMIT },    /* number of ids */
		{ 26, 63, ST_MALFORMED },        /* an id behind the last */
		{ 255, 1, ST_MALFORMED },        /* behind the message */
	};
	const struct collector_request want = provider_row();
	uint8_t bytes[COLLECTOR_REQUEST_BYTES];
	struct collector_request got;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		collector_request_encode(&want, bytes);
		bytes[cases[i].at] = cases[i].value;
		assert_int_equal(decode(bytes, sizeof bytes, &got), cases[i].want);
	}
}

static void collector_request__of_a_snapshot_is_otherwise_empty(void **state)
{
	const struct collector_request want = { .kind = COLLECTOR_REQUEST_SNAPSHOT };
	uint8_t bytes[COLLECTOR_REQUEST_BYTES];
	struct collector_request got;

	(void)state;
	collector_request_encode(&want, bytes);
	assert_int_equal(decode(bytes, sizeof bytes, &got), ST_OK);
	assert_int_equal(got.kind, COLLECTOR_REQUEST_SNAPSHOT);
	bytes[8] = 1;
	assert_int_equal(decode(bytes, sizeof bytes, &got), ST_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(collector_request__of_a_provider_arrives_whole),
		cmocka_unit_test(collector_request__has_these_bytes),
		cmocka_unit_test(collector_request__every_prefix_is_truncated),
		cmocka_unit_test(collector_request__refuses_what_is_not_defined),
		cmocka_unit_test(collector_request__of_a_snapshot_is_otherwise_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
