#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <uv.h>

#include "proto/base/buf.h"
#include "proto/host/child.h"
#include "proto/host/os_file.h"

static enum status collect(void *ctx, const void *ptr, size_t len)
{
	return buf_append(ctx, ptr, len) ? ST_OK : ST_LIMIT;
}

/* The child is this program again: with "emit" it writes 2,000 lines and ends with 3, with "flood" it writes for ever. */
static int be_child(const char *what)
{
	bool flood = strcmp(what, "flood") == 0;

	os_stdio_binary();
	for (int i = 0; flood || i < 2000; i++) {
		if (puts("0123456789abcdef") == EOF)
			return 4;
	}
	return 3;
}

static enum status run_self(const char *what, struct buf *out, int *exit_status)
{
	char own[4096];
	size_t own_bytes = sizeof own;
	const char *argv[] = { own, what, NULL };
	struct diag why = DIAG_INIT;

	assert_int_equal(uv_exepath(own, &own_bytes), 0);
	return child_run(argv, collect, out, exit_status, &why);
}

static void child_run__hands_out_all_output_and_the_exit_status(void **state)
{
	int exit_status = 0;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	assert_int_equal(run_self("emit", &out, &exit_status), ST_OK);
	assert_int_equal(exit_status, 3);
	assert_int_equal(out.len, 2000 * 17);
	buf_release(&out);
}

static void child_run__ends_the_child_when_the_sink_refuses(void **state)
{
	int exit_status = 0;
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(run_self("flood", &out, &exit_status), ST_LIMIT);
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(child_run__hands_out_all_output_and_the_exit_status),
		cmocka_unit_test(child_run__ends_the_child_when_the_sink_refuses),
		cmocka_unit_test(child_run__says_when_the_program_is_not_there),
	};

	if (argc > 1)
		return be_child(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
