#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "proto/base/buf.h"
#include "proto/host/child.h"

static enum status collect(void *ctx, const void *ptr, size_t len)
{
	return buf_append(ctx, ptr, len) ? ST_OK : ST_LIMIT;
}

static void child_run__hands_out_all_output_and_the_exit_status(void **state)
{
	const char *argv[] = { "/bin/sh", "-c", "i=0; while [ $i -lt 2000 ]; do echo 0123456789abcdef; i=$((i+1)); done; exit 3", NULL };
	struct diag why = DIAG_INIT;
	int exit_status = 0;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	assert_int_equal(child_run(argv, collect, &out, &exit_status, &why), ST_OK);
	assert_int_equal(exit_status, 3);
	assert_int_equal(out.len, 2000 * 17);
	buf_release(&out);
}

static void child_run__ends_the_child_when_the_sink_refuses(void **state)
{
	const char *argv[] = { "/bin/sh", "-c", "while :; do echo more; done", NULL };
	struct diag why = DIAG_INIT;
	int exit_status = 0;
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(child_run(argv, collect, &out, &exit_status, &why), ST_LIMIT);
	assert_int_not_equal(exit_status, 0);
	buf_release(&out);
}

static void child_run__says_when_the_program_is_not_there(void **state)
{
	const char *argv[] = { "/nonexistent/program", NULL };
	struct diag why = DIAG_INIT;
	int exit_status = 0;

	(void)state;
	assert_int_equal(child_run(argv, collect, NULL, &exit_status, &why), ST_SYSTEM);
	assert_non_null(strstr(why.text, "/nonexistent/program"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(child_run__hands_out_all_output_and_the_exit_status),
		cmocka_unit_test(child_run__ends_the_child_when_the_sink_refuses),
		cmocka_unit_test(child_run__says_when_the_program_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
