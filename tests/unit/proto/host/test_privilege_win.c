#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "proto/host/privilege.h"

static void privilege__are_cut_to_what_is_named(void **state)
{
	static const char *const keep[] = { "SeChangeNotifyPrivilege", "SeSystemProfilePrivilege", "SeNoSuchPrivilege" };
	struct diag why = DIAG_INIT;
	struct buf before, after;

	(void)state;
	buf_init(&before, 1 << 16);
	buf_init(&after, 1 << 16);
	privilege_describe(&before);
	assert_non_null(strstr(buf_cstr(&before), "SeDebugPrivilege"));    /* tests run as an administrator */
	assert_int_equal(privilege_keep_only(keep, 3, &why), ST_OK);
	privilege_describe(&after);
	assert_non_null(strstr(buf_cstr(&after), "SeChangeNotifyPrivilege(enabled)"));
	assert_null(strstr(buf_cstr(&after), "SeDebugPrivilege"));
	assert_null(strstr(buf_cstr(&after), "SeImpersonatePrivilege"));
	buf_release(&before);
	buf_release(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(privilege__are_cut_to_what_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
