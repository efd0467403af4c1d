#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <windows.h>
#include <sddl.h>

#include "proto/host/registry.h"

static const char path[] = "SOFTWARE\\VitrineTest";
static const wchar_t wide_path[] = L"SOFTWARE\\VitrineTest";
static const uint32_t bounds[2] = { 1, 256 };

/* The key with this descriptor and some values. */
static void make_key(const wchar_t *sddl)
{
	PSECURITY_DESCRIPTOR sd = NULL;
	DWORD large = 100000, small = 7;
	HKEY key;

	assert_true(ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, &sd, NULL));
	RegDeleteKeyW(HKEY_LOCAL_MACHINE, wide_path);
	assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE, wide_path, 0, NULL, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, NULL, &key, NULL), 0);
	RegSetValueExW(key, L"Text", 0, REG_SZ, (const BYTE *)L"\\\\.\\pipe\\other", sizeof L"\\\\.\\pipe\\other");
	RegSetValueExW(key, L"Large", 0, REG_DWORD, (const BYTE *)&large, sizeof large);
	RegSetValueExW(key, L"Small", 0, REG_DWORD, (const BYTE *)&small, sizeof small);
	assert_int_equal(RegSetKeySecurity(key, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, sd), 0);
	RegCloseKey(key);
	LocalFree(sd);
}

static int remove_key(void **state)
{
	(void)state;
	RegDeleteKeyW(HKEY_LOCAL_MACHINE, wide_path);
	return 0;
}

static void registry__reads_a_key_that_only_administrators_change(void **state)
{
	char text[32] = "preset", wrong_type[32] = "preset", absent[32] = "preset";
	uint32_t large = 0, small = 0;
	struct registry_key *key;

	(void)state;
	make_key(L"O:BAD:P(A;;KA;;;SY)(A;;KA;;;BA)(A;;KR;;;BU)");
	assert_int_equal(registry_open_protected(path, &key, NULL), ST_OK);
	registry_text(key, "Text", text, sizeof text);
	registry_text(key, "Small", wrong_type, sizeof wrong_type);
	registry_text(key, "Absent", absent, sizeof absent);
	registry_number(key, "Large", bounds, &large);
	registry_number(key, "Small", bounds, &small);
	assert_string_equal(text, "\\\\.\\pipe\\other");
	assert_string_equal(wrong_type, "preset");
	assert_string_equal(absent, "preset");
	assert_int_equal(large, 256);
	assert_int_equal(small, 7);
	registry_close(key);
}

static void registry__refuses_a_key_that_users_may_write(void **state)
{
	struct diag why = DIAG_INIT;
	struct registry_key *key;

	(void)state;
	make_key(L"O:BAD:P(A;;KA;;;SY)(A;;KA;;;BA)(A;;KRKW;;;BU)");
	assert_int_equal(registry_open_protected(path, &key, &why), ST_UNSUPPORTED);
	assert_null(key);
	assert_non_null(strstr(why.text, "can be changed by others"));
}

static void registry__refuses_a_key_that_a_user_owns(void **state)
{
	struct registry_key *key;

	(void)state;
	make_key(L"O:BUD:P(A;;KA;;;SY)(A;;KA;;;BA)");
	assert_int_equal(registry_open_protected(path, &key, NULL), ST_UNSUPPORTED);
}

static void registry__without_the_key_says_so(void **state)
{
	struct registry_key *key;

	(void)state;
	remove_key(NULL);
	assert_int_equal(registry_open_protected(path, &key, NULL), ST_NOT_FOUND);
	assert_null(key);
	registry_close(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(registry__reads_a_key_that_only_administrators_change, remove_key),
		cmocka_unit_test_teardown(registry__refuses_a_key_that_users_may_write, remove_key),
		cmocka_unit_test_teardown(registry__refuses_a_key_that_a_user_owns, remove_key),
		cmocka_unit_test_teardown(registry__without_the_key_says_so, remove_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
