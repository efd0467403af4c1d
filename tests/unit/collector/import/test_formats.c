#include "collector/import/formats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/etl_bytes.h"

static enum status open_over(const void *bytes, size_t len, struct diag *why, char name[16])
{
	struct byte_input *in = byte_input_of_memory(bytes, len);
	struct record_source *source;
	enum status st;

	assert_non_null(in);
	st = import_open(in, &source, why);
	name[0] = '\0';
	if (st == ST_OK) {
		snprintf(name, 16, "%s", source->name);
		source->close(source);
	}
	byte_input_close(in);
	return st;
}

static void import_open__content_decides(void **state)
{
	static struct etl_bytes file;
	struct diag why = DIAG_INIT;
	char name[16];

	(void)state;
	etlb_first_buffer(&file, &(struct etlb_header){ .type = 2, .clock = 1 });
	assert_int_equal(open_over(file.data, file.len, &why, name), ST_OK);
	assert_string_equal(name, "etl");
}

static void import_open__says_what_was_tried(void **state)
{
	struct diag why = DIAG_INIT;
	char name[16];

	(void)state;
	assert_int_equal(open_over("hello", 5, &why, name), ST_UNSUPPORTED);
	assert_non_null(strstr(why.text, "tried: "));
	for (size_t i = 0; i < import_format_count; i++)
		assert_non_null(strstr(why.text, import_formats[i].name));
	assert_non_null(strstr(why.text, "68 65 6c 6c 6f"));
}

static void import_open__an_empty_input_is_told(void **state)
{
	struct diag why = DIAG_INIT;
	char name[16];

	(void)state;
	assert_int_equal(open_over("", 0, &why, name), ST_TRUNCATED);
	assert_string_equal(why.text, "the input is empty");
}

static void import_open__a_compressed_stream_without_content_says_why(void **state)
{
	static const uint8_t cut[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x04 };
	struct diag why = DIAG_INIT;
	char name[16];

	(void)state;
	assert_int_equal(open_over(cut, sizeof cut, &why, name), ST_TRUNCATED);
	assert_string_equal(why.text, "the zstd stream is cut off");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(import_open__content_decides),
		cmocka_unit_test(import_open__says_what_was_tried),
		cmocka_unit_test(import_open__an_empty_input_is_told),
		cmocka_unit_test(import_open__a_compressed_stream_without_content_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
