#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/daemon/metric_table.h"

enum { PAGE_BYTES = 1 << 20 };

static void metric_table__page_is_current(void **state)
{
	static char old[PAGE_BYTES];
	FILE *file = fopen("docs/metrics.md", "rb");
	struct buf page;
	size_t n;

	(void)state;
	assert_non_null(file);
	n = fread(old, 1, sizeof old, file);
	fclose(file);
	buf_init(&page, PAGE_BYTES);
	assert_true(metric_write_markdown(&page));
	if (page.len != n || memcmp(page.data, old, n) != 0)
		fail_msg("docs/metrics.md is old: build/dev/bin/write_metrics_doc > docs/metrics.md");
	buf_release(&page);
}

static void metric_label__escapes_what_would_end_it(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	metric_begin(&out, METRIC_DELIVERED);
	metric_label(&out, "output", "a\\b\"c\nd");
	metric_label(&out, "x", "");
	metric_end(&out, 7);
	assert_string_equal(buf_cstr(&out), "vitrine_output_delivered_total{output=\"a\\\\b\\\"c\\nd\",x=\"\"} 7\n");
	buf_release(&out);
}

static void metric_seconds__tells_microseconds_as_a_fraction(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	metric_seconds(&out, METRIC_CPU, 12000034);
	assert_non_null(strstr(buf_cstr(&out), "# TYPE vitrine_cpu_seconds_total counter\nvitrine_cpu_seconds_total 12.000034\n"));
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metric_table__page_is_current),
		cmocka_unit_test(metric_label__escapes_what_would_end_it),
		cmocka_unit_test(metric_seconds__tells_microseconds_as_a_fraction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
