#include "collector/import/csv/csv_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

struct fixture {
	struct named_record named;
	struct csv_row header, row;
	char header_text[512], row_text[512];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	*state = f;
	return f && named_record_init(&f->named) == ST_OK ? 0 : 1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	named_record_release(&f->named);
	free(f);
	return 0;
}

static const struct record *read_row(struct fixture *f, const char *header, const char *row)
{
	assert_in_range(strlen(header) + strlen(row), 1, sizeof f->row_text - 1);
	memcpy(f->header_text, header, strlen(header));
	memcpy(f->row_text, row, strlen(row));
	assert_true(csv_row_parse(f->header_text, strlen(header), &f->header));
	assert_true(csv_row_parse(f->row_text, strlen(row), &f->row));
	csv_event_read(csv_kind_of(&f->header), &f->header, &f->row, &f->named);
	return named_record_finish(&f->named);
}

static void assert_value(const struct record *r, size_t i, const char *name, const char *value)
{
	assert_in_range(i, 0, r->value_count - 1);
	assert_int_equal(r->values[i].name.len, strlen(name));
	assert_memory_equal(r->values[i].name.ptr, name, strlen(name));
	assert_int_equal(r->values[i].value.len, strlen(value));
	assert_memory_equal(r->values[i].value.ptr, value, strlen(value));
}

static void csv_row__cuts_quoted_and_plain_fields(void **state)
{
	char text[] = "a,\"b,\"\"c\"\"\nd\",,\"\",e\r\n";
	struct csv_row row;

	(void)state;
	assert_true(csv_row_parse(text, sizeof text - 1, &row));
	assert_int_equal(row.count, 5);
	assert_int_equal(row.fields[1].len, 7);
	assert_memory_equal(row.fields[1].ptr, "b,\"c\"\nd", 7);
	assert_int_equal(row.fields[2].len, 0);
	assert_int_equal(row.fields[3].len, 0);
	assert_int_equal(row.fields[4].len, 1);
}

static void csv_row__refuses_too_many_columns(void **state)
{
	char text[CSV_COLUMNS_MAX + 1];
	struct csv_row row;

	(void)state;
	memset(text, ',', sizeof text);
	assert_true(csv_row_parse(text, CSV_COLUMNS_MAX - 1, &row));
	assert_false(csv_row_parse(text, CSV_COLUMNS_MAX, &row));
}

static void csv_row__every_prefix_stays_inside(void **state)
{
	static const char text[] = "a,\"b,\"\"c\"\"\nd\",,\"\"x,e\r\n";
	struct csv_row row;

	(void)state;
	for (size_t n = 0; n < sizeof text; n++) {
		char *exact = malloc(n ? n : 1);

		assert_non_null(exact);
		memcpy(exact, text, n);
		assert_true(csv_row_parse(exact, n, &row));
		assert_in_range(row.count, 1, 5);
		free(exact);
	}
}

static void csv_event__splits_the_detail_of_process_monitor(void **state)
{
	const struct record *r = read_row(*state, "Time of Day,Process Name,PID,Operation,Detail,Date & Time,TID",
		"6:40:00.1234567 PM,a.exe,12,CreateFile,\"Desired Access: Read, ShareMode: Read, Write, OpenResult: Opened\","
		"4/17/2019 6:40:00 PM,34");

	assert_int_equal(r->time_100ns, UINT64_C(132000000001234567));
	assert_int_equal(r->flags, RECORD_FORGED_CLOCK);
	assert_int_equal(r->pid, 12);
	assert_int_equal(r->tid, 34);
	assert_value(r, 3, "Operation", "CreateFile");
	assert_value(r, 7, "Desired Access", "Read");
	assert_value(r, 8, "ShareMode", "Read, Write");
	assert_value(r, 9, "OpenResult", "Opened");
	assert_int_equal(r->value_count, 10);
}

static void csv_event__reads_tables_of_the_security_log(void **state)
{
	const struct record *r = read_row(*state, ",EventID,TimeGenerated,Computer,SubjectUserSid,NewProcessId",
		"0,4688,2019-04-17 18:40:00.000,host,S-1-5-18,0x10");

	assert_int_equal(r->id, 4688);
	assert_int_equal(r->time_100ns, UINT64_C(132000000000000000));
	assert_memory_equal(r->channel.ptr, "Security", 8);
	assert_memory_equal(r->host.ptr, "host", 4);
	assert_int_equal(r->value_count, 2);
	assert_value(r, 1, "NewProcessId", "0x10");
}

static void csv_event__knows_no_other_table(void **state)
{
	char text[] = "name,age";
	struct csv_row row;

	(void)state;
	assert_true(csv_row_parse(text, sizeof text - 1, &row));
	assert_int_equal(csv_kind_of(&row), CSV_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_row__cuts_quoted_and_plain_fields),
		cmocka_unit_test(csv_row__refuses_too_many_columns),
		cmocka_unit_test(csv_row__every_prefix_stays_inside),
		cmocka_unit_test_setup_teardown(csv_event__splits_the_detail_of_process_monitor, set_up, tear_down),
		cmocka_unit_test_setup_teardown(csv_event__reads_tables_of_the_security_log, set_up, tear_down),
		cmocka_unit_test(csv_event__knows_no_other_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
