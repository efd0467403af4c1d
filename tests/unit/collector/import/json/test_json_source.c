#include "collector/import/json/json_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "collector/import/json/json_event.h"
#include "proto/base/buf.h"
#include "proto/base/text.h"

enum { SEEN_MAX_BYTES = 16 << 20 };

struct seen {
	struct buf text;            /* "provider id pid host time-seconds name=value ...;" for each record */
	uint64_t damage_line, damages, records;
};

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	(void)ctx;
	assert_int_equal(h->source, SOURCE_JSONL);
	return ST_OK;
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct seen *s = ctx;

	s->records++;
	buf_printf(&s->text, "%.*s %u %d %.*s %u", (int)r->provider_name.len, r->provider_name.ptr ? r->provider_name.ptr : "",
		(unsigned)r->id, (int)r->pid, (int)r->host.len, r->host.ptr ? r->host.ptr : "",
		(unsigned)(r->time_100ns / 10000000 % 86400));
	for (size_t i = 0; i < r->value_count; i++)
		buf_printf(&s->text, " %.*s=%.*s", (int)r->values[i].name.len, r->values[i].name.ptr, (int)r->values[i].value.len,
			r->values[i].value.ptr);
	buf_append_char(&s->text, ';');
	return ST_OK;
}

static enum status on_loss(void *ctx, const struct stream_loss *l)
{
	(void)ctx;
	assert_int_equal(l->reason, LOSS_DAMAGE);
	return ST_OK;
}

static void on_damage(void *ctx, const struct source_damage *d)
{
	struct seen *s = ctx;

	s->damage_line = d->line;
	s->damages++;
}

static enum status run(struct seen *s, const void *text, size_t len)
{
	const struct source_sink sink = {
		.hello = on_hello, .record = on_record, .loss = on_loss, .damage = on_damage, .ctx = s
	};
	struct byte_input *in = byte_input_of_memory(text, len);
	struct record_source *source;
	struct diag why = DIAG_INIT;
	enum status st;

	*s = (struct seen){ .records = 0 };
	buf_init(&s->text, SEEN_MAX_BYTES);
	assert_non_null(in);
	assert_int_equal(json_source_open(in, &source, &why), ST_OK);
	st = source->run(source, &sink, &why);
	assert_int_equal(source->counters(source)->records, s->records);
	source->close(source);
	byte_input_close(in);
	return st;
}

static void assert_reads(const char *text, const char *want)
{
	struct seen s;

	assert_true(json_probe((struct view){ .ptr = (const uint8_t *)text, .len = strlen(text) }));
	assert_int_equal(run(&s, text, strlen(text)), ST_OK);
	assert_string_equal(buf_cstr(&s.text), want);
	assert_int_equal(s.damages, 0);
	buf_release(&s.text);
}

static void json_source__reads_decoded_event_logs(void **state)
{
	(void)state;
	assert_reads("{\"Provider\": \"P\", \"EventID\": 1, \"Computer\": \"h\", \"TimeCreated\": \"2023-04-19T00:00:07.021276000Z\","
		     "\"ExecPid\": 7, \"EventData\": {\"A\": \"b\", \"N\": null, \"_Data\": [\"x\", \"y\"]}, \"UserData\": {\"Q\": {\"R\": \"s\"}}}",
		"P 1 7 h 7 A=b N= =x =y R=s;");
	assert_reads("{\"Provider\": \"P\", \"EventID\": 1, \"TimeCreated\": \"2023-04-19T00:00:07.021276000Z\","
		     "\"EventData\": {\"Binary\": \"00\", \"_Data\": [\"x\"]}}",
		"P 1 -1  7 =x Binary=00;");
}

static void json_source__reads_flat_events(void **state)
{
	(void)state;
	assert_reads("{\"Channel\":\"Security\",\"EventID\":4688,\"SourceName\":\"P\",\"Hostname\":\"h\",\"ProcessID\":4,"
		     "\"ProcessId\":\"0x10\",\"TimeCreated\":\"2022-08-03T00:00:09.136Z\",\"Keywords\":-1}",
		"P 4688 4 h 9 ProcessId=0x10;");
	assert_reads("{\"Channel\":\"Security\",\"EventID\":\"5156\",\"ProcessID\":\"3488\",\"TimeCreated\":\"2020-10-18 00:00:12.527\"}",
		" 5156 -1  12 ProcessID=3488;");
}

/* NXLog put the logging process's id in place of Sysmon's ProcessId; the message has it, behind the record's own GUID. */
static void json_source__takes_a_lost_pid_from_the_message(void **state)
{
	(void)state;
	assert_reads("{\"Channel\":\"C\",\"EventID\":1,\"ProcessID\":3140,\"ProcessGuid\":\"{g}\","
		     "\"Message\":\"Process Create:\\r\\nRuleName: x\\nProcessGuid: {h}\\nProcessId: 7\\r\\nProcessGuid: {g}\\r\\nProcessId: 4892\\r\\nImage: i\"}",
		" 1 3140  0 ProcessGuid={g} Message=Process Create:\r\nRuleName: x\nProcessGuid: {h}\nProcessId: 7\r\nProcessGuid: {g}\r\n"
		"ProcessId: 4892\r\nImage: i ProcessId=4892;");
	assert_reads("{\"Channel\":\"C\",\"EventID\":1,\"ProcessID\":3140,\"ProcessGuid\":\"{g}\",\"Message\":\"CommandLine: a\\nProcessId: 7\"}",
		" 1 3140  0 ProcessGuid={g} Message=CommandLine: a\nProcessId: 7;");
	assert_reads("{\"Channel\":\"C\",\"EventID\":1,\"ProcessId\":\"5\",\"ProcessGuid\":\"{g}\","
		     "\"Message\":\"a\\nProcessGuid: {g}\\nProcessId: 6\"}",
		" 1 -1  0 ProcessId=5 ProcessGuid={g} Message=a\nProcessGuid: {g}\nProcessId: 6;");
}

/* Local time is four hours behind; the record arrived two seconds after it was written. */
static void json_source__finds_the_zone_of_local_times(void **state)
{
	(void)state;
	assert_reads("{\"Channel\":\"C\",\"EventID\":1,\"EventTime\":\"2020-10-12 18:32:46\","
		     "\"EventReceivedTime\":\"2020-10-12 18:32:48\",\"@timestamp\":\"2020-10-12T22:32:48.932Z\"}",
		" 1 -1  81166;");
}

static void json_source__reads_winlogbeat(void **state)
{
	(void)state;
	assert_reads("{\"@timestamp\":\"2022-08-03T00:00:05.136Z\",\"winlog\":{\"provider_name\":\"P\",\"event_id\":\"10\","
		     "\"computer_name\":\"h\",\"process\":{\"pid\":3,\"thread\":{\"id\":4}},\"event_data\":{\"A\":\"b\"}}}",
		"P 10 3 h 5 A=b;");
}

static void json_source__reads_maps_of_fields(void **state)
{
	(void)state;
	assert_reads("{\"evt.type\": \"process_start\", \"proc.name\": \"cmd.exe\", \"proc.pid\": 5, \"x\": true, \"y\": 1.5}",
		FIELD_MAP_PROVIDER " 0 5  0 evt.type=process_start proc.name=cmd.exe proc.pid=5 x=true y=1.5;");
}

static void json_source__reads_bare_sysmon_arrays(void **state)
{
	(void)state;
	assert_reads("[\n  {\n \"EventId\": 10, \"UtcTime\": \"2018-12-04 00:00:01.887\"\n },\n {\"EventId\": 5,"
		     " \"UtcTime\": \"2018-12-04 00:00:02\", \"Image\": \"a[]{}\\\"b\"}\n]\n",
		"Microsoft-Windows-Sysmon 10 -1  1 UtcTime=2018-12-04 00:00:01.887;"
		"Microsoft-Windows-Sysmon 5 -1  2 UtcTime=2018-12-04 00:00:02 Image=a[]{}\"b;");
}

static void json_source__tells_bad_lines_and_goes_on(void **state)
{
	static const char text[] = "{\"evt.type\":\"a\"}\n{\"evt.type\":\n\nnonsense\n{\"evt.type\":\"b\"}";
	struct seen s;

	(void)state;
	assert_int_equal(run(&s, text, sizeof text - 1), ST_OK);
	assert_int_equal(s.records, 2);
	assert_int_equal(s.damages, 2);
	assert_int_equal(s.damage_line, 4);
	buf_release(&s.text);
}

static void json_source__finds_its_way_behind_an_open_quote(void **state)
{
	static const char text[] = "[{\"evt.type\":\"a\"},\n{\"evt.type\":\"b},\n{\"evt.type\":\"c\"}]";
	struct seen s;

	(void)state;
	assert_int_equal(run(&s, text, sizeof text - 1), ST_OK);
	assert_int_equal(s.records, 2);
	assert_int_equal(s.damages, 1);
	assert_int_equal(s.damage_line, 2);
	buf_release(&s.text);
}

static void json_source__reads_utf16_of_both_orders(void **state)
{
	static const char text[] = "{\"evt.type\":\"a\xc3\xa4\xf0\x9f\x98\x80\"}\n";
	uint8_t wide[2 + 4 * sizeof text] = { 0xff, 0xfe };
	size_t len = 2 + text_utf8_to_utf16(text, sizeof text - 1, wide + 2, sizeof wide - 2);
	struct seen s;

	(void)state;
	for (int order = 0; order < 2; order++) {
		assert_true(json_probe((struct view){ .ptr = wide, .len = len }));
		assert_int_equal(run(&s, wide, len), ST_OK);
		assert_string_equal(buf_cstr(&s.text), FIELD_MAP_PROVIDER " 0 -1  0 evt.type=a\xc3\xa4\xf0\x9f\x98\x80;");
		buf_release(&s.text);
		for (size_t i = 0; i + 1 < len; i += 2) {
			uint8_t first = wide[i];

			wide[i] = wide[i + 1];
			wide[i + 1] = first;
		}
	}
}

static void json_source__passes_over_a_line_longer_than_can_be_held(void **state)
{
	const size_t huge = (9 << 20) + 1;
	static const char before[] = "{\"evt.type\":\"a\"}\n{\"evt.type\":\"", after[] = "\"}\n{\"evt.type\":\"b\"}\n";
	char *text = malloc(huge + sizeof before + sizeof after);
	struct seen s;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', huge + sizeof before + sizeof after);
	memcpy(text, before, sizeof before - 1);
	memcpy(text + huge, after, sizeof after - 1);
	assert_int_equal(run(&s, text, huge + sizeof after - 1), ST_OK);
	assert_int_equal(s.records, 2);
	assert_in_range(s.damages, 1, 3);
	buf_release(&s.text);
	free(text);
}

static void json_source__says_when_no_shape_fits(void **state)
{
	static const char text[] = "{\"SystemType\": \"Container\"}\n";
	struct seen s;

	(void)state;
	assert_int_equal(run(&s, text, sizeof text - 1), ST_UNSUPPORTED);
	assert_int_equal(s.records, 0);
	buf_release(&s.text);
}

static void json_source__every_prefix_ends_well(void **state)
{
	static const char text[] = "[{\"evt.type\":\"a\",\"b\":[1,{\"c\":\"\\u00e4\\\\\"}]},\n{\"Channel\":\"C\",\"EventID\":1}]";
	struct seen s;

	(void)state;
	for (size_t n = 0; n < sizeof text; n++) {
		char *exact = malloc(n ? n : 1);

		assert_non_null(exact);
		memcpy(exact, text, n);
		assert_int_equal(run(&s, exact, n), ST_OK);
		assert_in_range(s.records, 0, 2);
		buf_release(&s.text);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_source__reads_decoded_event_logs),
		cmocka_unit_test(json_source__reads_flat_events),
		cmocka_unit_test(json_source__takes_a_lost_pid_from_the_message),
		cmocka_unit_test(json_source__finds_the_zone_of_local_times),
		cmocka_unit_test(json_source__reads_winlogbeat),
		cmocka_unit_test(json_source__reads_maps_of_fields),
		cmocka_unit_test(json_source__reads_bare_sysmon_arrays),
		cmocka_unit_test(json_source__tells_bad_lines_and_goes_on),
		cmocka_unit_test(json_source__finds_its_way_behind_an_open_quote),
		cmocka_unit_test(json_source__reads_utf16_of_both_orders),
		cmocka_unit_test(json_source__passes_over_a_line_longer_than_can_be_held),
		cmocka_unit_test(json_source__says_when_no_shape_fits),
		cmocka_unit_test(json_source__every_prefix_ends_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
