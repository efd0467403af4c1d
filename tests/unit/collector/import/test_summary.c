#include "collector/import/summary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct guid process_class =
	GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c);
static const struct guid own_provider =
	GUID_INIT(0x01020304, 0x0506, 0x0708, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10);

static void add(struct summary *s, const struct guid *provider, uint16_t id, uint32_t flags, const char *name)
{
	struct record r = { .kind = RECORD_ETW, .flags = flags, .provider = *provider, .id = id, .opcode = 1, .version = 4 };

	r.time_100ns = UINT64_C(132264173104203138) + id;
	r.provider_name = (struct text_view){ .ptr = name, .len = strlen(name) };
	assert_int_equal(summary_add(s, &r), ST_OK);
}

static void read_back(FILE *f, char *out, size_t out_bytes)
{
	size_t n;

	rewind(f);
	n = fread(out, 1, out_bytes - 1, f);
	out[n] = '\0';
	fclose(f);
}

static void summary__json_has_the_agreed_form(void **state)
{
	static const char want[] =
		"{\"file\":\"a\\\"b.etl\",\"events\":3,\"lost\":5,\"damage\":1,\"first\":\"2020-02-17T12:48:30.4203138Z\","
		"\"last\":\"2020-02-17T12:48:30.4203145Z\",\"counts\":["
		"{\"provider\":\"01020304-0506-0708-090a-0b0c0d0e0f10\",\"name\":\"Mine\",\"id\":7,\"opcode\":1,\"version\":4,\"count\":2},"
		"{\"provider\":\"3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c\",\"name\":\"Process\",\"id\":null,\"opcode\":1,\"version\":4,\"count\":1}]}\n";
	struct source_counters counters = { .events_lost = 3, .buffers_lost = 2, .damaged_places = 1 };
	struct summary_facts facts = { .file = "a\"b.etl", .counters = &counters };
	struct summary *s = summary_create();
	FILE *f = tmpfile();
	char got[2048];

	(void)state;
	assert_non_null(f);
	add(s, &process_class, 0, RECORD_CLASSIC, "");
	add(s, &own_provider, 7, 0, "");
	add(s, &own_provider, 7, 0, "Mine");
	assert_true(summary_print_json(s, &facts, f));
	read_back(f, got, sizeof got);
	assert_string_equal(got, want);
	summary_destroy(s);
}

static void summary__without_records_times_are_null(void **state)
{
	struct source_counters counters = { .records = 0 };
	struct summary_facts facts = { .file = "x", .counters = &counters };
	struct summary *s = summary_create();
	FILE *f = tmpfile();
	char got[256];

	(void)state;
	assert_non_null(f);
	assert_true(summary_print_json(s, &facts, f));
	read_back(f, got, sizeof got);
	assert_string_equal(got,
		"{\"file\":\"x\",\"events\":0,\"lost\":0,\"damage\":0,\"first\":null,\"last\":null,\"counts\":[]}\n");
	summary_destroy(s);
}

static void summary__names_of_a_recording_cannot_drive_the_terminal(void **state)
{
	struct source_counters counters = { .records = 1 };
	struct summary_facts facts = { .file = "x", .counters = &counters };
	struct summary *s = summary_create();
	FILE *f = tmpfile();
	char got[1024];

	(void)state;
	assert_non_null(f);
	add(s, &own_provider, 7, 0, "evil\x1b[2Jname");
	assert_true(summary_print_text(s, &facts, f));
	read_back(f, got, sizeof got);
	assert_null(strchr(got, 0x1b));
	assert_non_null(strstr(got, "evil"));
	summary_destroy(s);
}

static void summary__kinds_past_the_limit_are_counted_in_one(void **state)
{
	struct summary *s = summary_create();
	struct record r = { .kind = RECORD_ETW, .provider = own_provider };
	struct summary_kind *kinds;
	size_t count;

	(void)state;
	for (uint32_t i = 0; i < SUMMARY_KINDS_MAX + 10; i++) {
		r.id = (uint16_t)i;
		r.version = (uint8_t)(i >> 16);
		assert_int_equal(summary_add(s, &r), ST_OK);
	}
	kinds = summary_sorted(s, &count);
	assert_non_null(kinds);
	assert_int_equal(count, SUMMARY_KINDS_MAX);
	assert_int_equal(summary_totals(s).events, SUMMARY_KINDS_MAX + 10);
	assert_int_equal(summary_totals(s).other_kinds, 10);
	free(kinds);
	summary_destroy(s);
}

static void summary__opcode_and_version_make_kinds_of_their_own(void **state)
{
	struct summary *s = summary_create();
	struct record r = { .kind = RECORD_ETW, .provider = own_provider, .id = 1 };
	struct summary_kind *kinds;
	size_t count;

	(void)state;
	assert_int_equal(summary_add(s, &r), ST_OK);
	r.opcode = 1;
	assert_int_equal(summary_add(s, &r), ST_OK);
	r.version = 1;
	assert_int_equal(summary_add(s, &r), ST_OK);
	r.flags = RECORD_CLASSIC;
	assert_int_equal(summary_add(s, &r), ST_OK);
	kinds = summary_sorted(s, &count);
	assert_int_equal(count, 4);
	free(kinds);
	summary_destroy(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(summary__json_has_the_agreed_form),
		cmocka_unit_test(summary__without_records_times_are_null),
		cmocka_unit_test(summary__names_of_a_recording_cannot_drive_the_terminal),
		cmocka_unit_test(summary__kinds_past_the_limit_are_counted_in_one),
		cmocka_unit_test(summary__opcode_and_version_make_kinds_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
