#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/output/alert_fields.h"
#include "policyd/output/gzip.h"
#include "policyd/output/http.h"
#include "policyd/output/otlp_encode.h"
#include "policyd/output/syslog_encode.h"

#define UID "01ARYZ6S410000000000000000"

static const char document[] = "{\"output_fields\":{\"big\":18446744073709551615,\"proc.name\":\"cmd=1\\nx\",\"proc.pid\":7,"
			       "\"none\":null},\"tags\":[\"a\"]}";

static struct alert_record alert_of(const char *rule, const char *host, const char *text)
{
	struct alert_record r = { .uid = UID, .time_ns = 1767323045678901234, .observed_ns = 2, .priority = PRIORITY_CRITICAL,
		.rule = rule, .source = "windows", .hostname = host, .text = text, .text_len = strlen(text), .json = document,
		.json_len = sizeof document - 1 };

	return r;
}

static void assert_syslog(const struct output_syslog_config *c, const struct alert_record *r, const char *wanted)
{
	struct buf out;

	buf_init(&out, 4096);
	syslog_append(&out, c, r);
	assert_string_equal(buf_cstr(&out), wanted);
	buf_release(&out);
}

static void syslog__header_and_structured_data_are_rfc_5424(void **state)
{
	const struct output_syslog_config c = { .facility = 16, .format = SYSLOG_TEXT };
	const struct alert_record r = alert_of("a \"b\" \\ [c]", "win 01", "line");

	(void)state;
	assert_syslog(&c, &r, "<130>1 2026-01-02T03:04:05.678901Z win_01 policyd - FALCO [falco@32473 "
			      "rule=\"a \\\"b\\\" \\\\ [c\\]\" priority=\"Critical\" source=\"windows\" uid=\"" UID "\"] line");
}

static void syslog__no_host_is_a_dash(void **state)
{
	const struct output_syslog_config c = { .facility = 23, .format = SYSLOG_TEXT, .sd_id = "x@1" };
	const struct alert_record r = alert_of("r", "", "");

	(void)state;
	assert_syslog(&c, &r, "<186>1 2026-01-02T03:04:05.678901Z - policyd - FALCO [x@1 rule=\"r\" priority=\"Critical\" "
			      "source=\"windows\" uid=\"" UID "\"] ");
}

static void syslog__frames_tell_their_length_and_what_does_not_fit_leaves_none(void **state)
{
	const struct output_syslog_config c = { .format = SYSLOG_TEXT };
	const struct alert_record r = alert_of("r", "h", "line");
	struct buf out, scratch;
	size_t first;

	(void)state;
	buf_init(&out, 250);
	buf_init(&scratch, 4096);
	assert_true(syslog_append_frame(&out, &scratch, &c, &r));
	first = out.len;
	assert_int_equal(strtoul(buf_cstr(&out), NULL, 10), first - 4);
	assert_false(syslog_append_frame(&out, &scratch, &c, &r));
	assert_int_equal(out.len, first);
	assert_false(out.failed);
	buf_release(&out);
	buf_release(&scratch);
}

static void cef__escapes_header_and_values(void **state)
{
	const struct alert_record r = alert_of("a|b\\c=d", "h", "03:04:05.6: Critical x=1 |\\\ny");
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	cef_append(&out, &r);
	assert_string_equal(buf_cstr(&out), "CEF:0|Vitrine|policyd|1|a\\|b\\\\c=d|a\\|b\\\\c=d|8|rt=1767323045678 dvchost=h externalId=" UID
					    " cs1Label=source cs1=windows sproc=cmd\\=1\\nx msg=x\\=1 |\\\\\\ny");
	buf_release(&out);
}

static void alert_message__is_the_line_without_time_and_priority(void **state)
{
	(void)state;
	assert_string_equal(alert_message("03:04:05.6: Critical a: b", "Critical"), "a: b");
	assert_string_equal(alert_message("no prefix", "Critical"), "no prefix");
	assert_string_equal(alert_message("1: Error x", "Critical"), "1: Error x");
}

static void count_field(void *ctx, const struct alert_field *f)
{
	(void)f;
	(*(size_t *)ctx)++;
}

static void alert_fields__every_prefix_of_a_document_is_none(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof document - 1; n++) {
		char *exact = malloc(n ? n : 1);

		memcpy(exact, document, n);
		assert_null(alert_fields_parse(exact, n));
		free(exact);
	}
}

static void alert_fields__skips_null_and_reads_numbers_past_2_63(void **state)
{
	struct alert_fields *f = alert_fields_parse(document, sizeof document - 1);
	size_t seen = 0;

	(void)state;
	assert_non_null(f);
	alert_fields_each(f, count_field, &seen);
	assert_int_equal(seen, 3);
	alert_fields_destroy(f);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static bool find_bytes(const struct buf *in, const void *wanted, size_t len)
{
	for (size_t i = 0; i + len <= in->len; i++) {
		if (memcmp(in->data + i, wanted, len) == 0)
			return true;
	}
	return false;
}

static void otlp__request_has_the_bytes_of_the_public_field_numbers(void **state)
{
	/* Protobuf by hand: ResourceLogs 1, of it resource 1 with attributes 1, scope_logs 2, schema_url 3. */
	static const uint8_t head[] = { 0x0a };
	static const uint8_t name[] = "\n\x17\n\x0cservice.name\x12\x07\n\x05other";
	static const uint8_t uid[] = "\n\x0elog.record.uid\x12\x1c\n\x1a" UID;
	static const uint8_t severity[] = { 0x10, 18, 0x1a, 8, 'C', 'r', 'i', 't', 'i', 'c', 'a', 'l', 0x2a, 3, 0x0a, 1, 'x' };
	static const struct output_pair resource[] = { { "service.name", "other" } };
	const struct sink_env env = { .stopping = never, .resource = resource, .resource_count = 1 };
	const struct alert_record r = alert_of("r", "h", "1: Critical x");
	struct alert_batch *b = alert_batch_create(1);
	struct arena *scratch = arena_create(OTLP_ARENA_BYTES);
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	assert_true(alert_batch_add(b, &r));
	assert_true(otlp_encode(b, &env, scratch, &out));
	assert_memory_equal(out.data, head, sizeof head);
	assert_true(find_bytes(&out, name, sizeof name - 1));
	assert_true(find_bytes(&out, uid, sizeof uid - 1));
	assert_true(find_bytes(&out, severity, sizeof severity));
	buf_release(&out);
	arena_destroy(scratch);
	alert_batch_destroy(b);
}

static void otlp__partial_success_is_read_and_no_prefix_is_over_read(void **state)
{
	/* ExportLogsServiceResponse{partial_success 1: {rejected 1: 2, error_message 2: "old"}} */
	static const uint8_t answer[] = { 0x0a, 7, 0x08, 2, 0x12, 3, 'o', 'l', 'd' };
	char message[16];
	uint64_t rejected;

	(void)state;
	assert_true(otlp_read_answer(answer, sizeof answer, &rejected, message, sizeof message));
	assert_int_equal(rejected, 2);
	assert_string_equal(message, "old");
	for (size_t n = 1; n < sizeof answer; n++) {
		uint8_t *exact = malloc(n);

		memcpy(exact, answer, n);
		assert_false(otlp_read_answer(exact, n, &rejected, message, sizeof message));
		assert_int_equal(rejected, 0);
		free(exact);
	}
}

static void otlp__refusal_tells_why(void **state)
{
	static const uint8_t status[] = { 0x08, 3, 0x12, 4, 'b', 'a', '\n', 'd' };
	char message[16];

	(void)state;
	assert_true(otlp_read_refusal(status, sizeof status, message, sizeof message));
	assert_string_equal(message, "ba d");
	assert_false(otlp_read_refusal(status, 2, message, sizeof message));
	assert_false(otlp_read_refusal(status, 5, message, sizeof message));
}

static void http_outcome__is_the_specifications(void **state)
{
	static const int again[] = { 0, 429, 502, 503, 504 }, refused[] = { 301, 400, 401, 404, 413, 500, 501 };

	(void)state;
	assert_int_equal(http_outcome(200), HTTP_ACCEPTED);
	assert_int_equal(http_outcome(204), HTTP_ACCEPTED);
	for (size_t i = 0; i < sizeof again / sizeof again[0]; i++)
		assert_int_equal(http_outcome(again[i]), HTTP_TRY_AGAIN);
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		assert_int_equal(http_outcome(refused[i]), HTTP_REFUSED);
}

static void gzip__has_its_header_and_refuses_what_does_not_fit(void **state)
{
	static const uint8_t zeros[4096];
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	assert_true(gzip_append(&out, zeros, sizeof zeros));
	assert_in_range(out.len, 20, 60);
	assert_memory_equal(out.data, "\x1f\x8b\x08", 3);
	buf_release(&out);
	buf_init(&out, 10);
	assert_false(gzip_append(&out, zeros, sizeof zeros));
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syslog__header_and_structured_data_are_rfc_5424),
		cmocka_unit_test(syslog__no_host_is_a_dash),
		cmocka_unit_test(syslog__frames_tell_their_length_and_what_does_not_fit_leaves_none),
		cmocka_unit_test(cef__escapes_header_and_values),
		cmocka_unit_test(alert_message__is_the_line_without_time_and_priority),
		cmocka_unit_test(alert_fields__every_prefix_of_a_document_is_none),
		cmocka_unit_test(alert_fields__skips_null_and_reads_numbers_past_2_63),
		cmocka_unit_test(otlp__request_has_the_bytes_of_the_public_field_numbers),
		cmocka_unit_test(otlp__partial_success_is_read_and_no_prefix_is_over_read),
		cmocka_unit_test(otlp__refusal_tells_why),
		cmocka_unit_test(http_outcome__is_the_specifications),
		cmocka_unit_test(gzip__has_its_header_and_refuses_what_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
