#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policyd/state/device_map.h"
#include "policyd/state/registry_path.h"
#include "policyd/state/sid_name.h"

struct pair {
	const char *in, *out;
};

static struct text_view view_of(const char *text)
{
	return (struct text_view){ .ptr = text, .len = strlen(text) };
}

static void assert_view(struct text_view got, const char *want)
{
	char text[512];

	assert_true(got.len < sizeof text);
	memcpy(text, got.ptr, got.len);
	text[got.len] = '\0';
	assert_string_equal(text, want);
}

static void paths__are_as_people_write_them(void **state)
{
	static const struct pair pairs[] = {
		{ "\\Device\\HarddiskVolume3\\Windows\\notepad.exe", "C:\\Windows\\notepad.exe" },
		{ "\\device\\harddiskvolume3\\windows\\notepad.exe", "C:\\windows\\notepad.exe" },
		{ "\\Device\\HarddiskVolume3", "C:" },
		{ "\\Device\\HarddiskVolume33\\x", "\\Device\\HarddiskVolume33\\x" },
		{ "\\Device\\HarddiskVolume1\\x", "D:\\x" },
		{ "\\Device\\VhdHardDisk{7a5e0f2c}\\Windows\\cmd.exe", "\\Device\\VhdHardDisk{7a5e0f2c}\\Windows\\cmd.exe" },
		{ "\\SystemRoot\\System32\\smss.exe", "C:\\Windows\\System32\\smss.exe" },
		{ "\\??\\C:\\x", "C:\\x" },
		{ "\\??\\UNC\\server\\share\\x", "\\\\server\\share\\x" },
		{ "\\\\?\\C:\\x", "C:\\x" },
		{ "\\DosDevices\\E:\\x", "E:\\x" },
		{ "\\GLOBAL??\\E:\\x", "E:\\x" },
		{ "\\??\\Volume{1}\\x", "\\??\\Volume{1}\\x" },
		{ "\\Device\\Mup\\server\\share\\x", "\\\\server\\share\\x" },
		{ "\\Device\\Mup\\;LanmanRedirector\\;Z:000000000001e240\\server\\share\\x", "\\\\server\\share\\x" },
		{ "\\Device\\Mup\\DfsClient\\;Z:0000000000020d40\\server\\share\\x", "\\\\server\\share\\x" },
		{ "\\Device\\LanmanRedirector\\;Z:1\\server\\share\\x", "\\\\server\\share\\x" },
		{ "\\Device\\Mup", "\\Device\\Mup" },
		{ "\\Device\\Mup\\;", "\\" },
		{ "C:\\x", "C:\\x" },
		{ "\\\\server\\share", "\\\\server\\share" },
		{ "Registry", "Registry" },
		{ "\\", "\\" },
		{ "", "" },
	};
	struct device_map *m = device_map_create();
	struct arena *scratch = arena_create(1 << 16);

	(void)state;
	device_map_add(m, view_of("\\Device\\HarddiskVolume3"), view_of("C:"));
	device_map_add(m, view_of("\\Device\\HarddiskVolume1\\"), view_of("D:\\"));
	device_map_add(m, view_of(""), view_of("X:"));
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		assert_view(device_map_dos_path(m, view_of(pairs[i].in), scratch), pairs[i].out);
	arena_destroy(scratch);
	device_map_destroy(m);
}

static void map__learns_the_system_drive_once(void **state)
{
	struct device_map *m = device_map_create();
	struct arena *scratch = arena_create(1 << 16);

	(void)state;
	device_map_learn(m, view_of("\\Device\\VhdHardDisk{1}\\Windows\\System32\\smss.exe"));
	device_map_learn(m, view_of("\\Device\\HarddiskVolume5\\Temp\\smss.exe"));
	assert_view(device_map_dos_path(m, view_of("\\Device\\HarddiskVolume5\\x"), scratch), "\\Device\\HarddiskVolume5\\x");
	device_map_learn(m, view_of("\\Device\\HarddiskVolume2\\Windows\\System32\\lsass.exe"));
	device_map_learn(m, view_of("\\Device\\HarddiskVolume5\\Windows\\System32\\lsass.exe"));
	assert_view(device_map_dos_path(m, view_of("\\Device\\HarddiskVolume2\\x"), scratch), "C:\\x");
	assert_view(device_map_dos_path(m, view_of("\\Device\\HarddiskVolume5\\x"), scratch), "\\Device\\HarddiskVolume5\\x");
	arena_destroy(scratch);
	device_map_destroy(m);
}

static void device__replaced_gets_its_new_drive_and_the_map_is_bounded(void **state)
{
	struct device_map *m = device_map_create();
	struct arena *scratch = arena_create(1 << 16);
	char name[] = "\\Device\\HarddiskVolume000";

	(void)state;
	for (int i = 0; i < 400; i++) {
		name[22] = (char)('0' + i / 100);
		name[23] = (char)('0' + i / 10 % 10);
		name[24] = (char)('0' + i % 10);
		device_map_add(m, view_of(name), view_of("E:"));
	}
	device_map_add(m, view_of("\\Device\\HarddiskVolume000"), view_of("F:"));
	assert_view(device_map_dos_path(m, view_of("\\Device\\HarddiskVolume000\\x"), scratch), "F:\\x");
	assert_view(device_map_dos_path(m, view_of("\\Device\\HarddiskVolume255\\x"), scratch), "E:\\x");
	assert_view(device_map_dos_path(m, view_of("\\Device\\HarddiskVolume256\\x"), scratch),
		"\\Device\\HarddiskVolume256\\x");
	arena_destroy(scratch);
	device_map_destroy(m);
}

static void keys__have_the_names_of_regedit(void **state)
{
	static const struct pair pairs[] = {
		{ "\\REGISTRY\\MACHINE\\SOFTWARE\\x", "HKLM\\SOFTWARE\\x" },
		{ "\\Registry\\Machine", "HKLM" },
		{ "\\REGISTRY\\MACHINERY\\x", "\\REGISTRY\\MACHINERY\\x" },
		{ "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services", "HKLM\\SYSTEM\\CurrentControlSet\\Services" },
		{ "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet002\\x", "HKLM\\SYSTEM\\ControlSet002\\x" },
		{ "\\REGISTRY\\USER\\S-1-5-21-1-2-3-500\\Software", "HKU\\S-1-5-21-1-2-3-500\\Software" },
		{ "\\REGISTRY\\USER\\S-1-5-21-1-2-3-500_Classes\\x", "HKU\\S-1-5-21-1-2-3-500_Classes\\x" },
		{ "\\REGISTRY\\USER\\.DEFAULT", "HKU\\.DEFAULT" },
		{ "\\REGISTRY\\WC\\Silo0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0machine\\SOFTWARE\\x", "HKLM\\SOFTWARE\\x" },
		{ "\\REGISTRY\\WC\\Silo0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0user\\.DEFAULT", "HKU\\.DEFAULT" },
		{ "\\REGISTRY\\WC\\Siloxx", "\\REGISTRY\\WC\\Siloxx" },
		{ "\\REGISTRY\\A\\{1}\\x", "\\REGISTRY\\A\\{1}\\x" },
		{ "HKLM\\System\\ControlSet001\\x", "HKLM\\SYSTEM\\CurrentControlSet\\x" },
		{ "HKLM\\SOFTWARE", "HKLM\\SOFTWARE" },
		{ "", "" },
	};
	struct arena *scratch = arena_create(1 << 16);

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		assert_view(registry_path(view_of(pairs[i].in), scratch), pairs[i].out);
	assert_view(registry_path_join(view_of("HKLM\\"), view_of("\\a"), scratch), "HKLM\\a");
	assert_view(registry_path_join(view_of(""), view_of("a"), scratch), "a");
	assert_view(registry_path_join(view_of("HKLM"), view_of(""), scratch), "HKLM");
	arena_destroy(scratch);
}

static void sids__of_every_windows_have_names(void **state)
{
	static const struct pair pairs[] = {
		{ "S-1-5-18", "NT AUTHORITY\\SYSTEM" },
		{ "S-1-5-19", "NT AUTHORITY\\LOCAL SERVICE" },
		{ "S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE" },
		{ "S-1-5-32-544", "BUILTIN\\Administrators" },
		{ "S-1-5-93-2-1", "User Manager\\ContainerAdministrator" },
		{ "S-1-5-93-2-2", "User Manager\\ContainerUser" },
		{ "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415", "IIS APPPOOL\\DefaultAppPool" },
		{ "S-1-5-82-1-2-3-4-5", "IIS APPPOOL" },
		{ "S-1-5-80-1-2-3-4-5", "NT SERVICE" },
	};
	struct text_view name;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		assert_true(sid_well_known_name(view_of(pairs[i].in), &name));
		assert_view(name, pairs[i].out);
	}
	assert_false(sid_well_known_name(view_of("S-1-5-21-1-2-3-500"), &name));
	assert_false(sid_well_known_name(view_of(""), &name));
}

static void integrity__is_read_from_label_and_name(void **state)
{
	uint32_t rid = 0;

	(void)state;
	assert_true(integrity_level_parse(view_of("S-1-16-12288"), &rid));
	assert_string_equal(integrity_level_name(rid), "High");
	assert_true(integrity_level_parse(view_of("medium"), &rid));
	assert_int_equal(rid, 0x2000);
	assert_false(integrity_level_parse(view_of("S-1-16-"), &rid));
	assert_false(integrity_level_parse(view_of("S-1-16-99999999999"), &rid));
	assert_null(integrity_level_name(0x2001));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths__are_as_people_write_them),
		cmocka_unit_test(map__learns_the_system_drive_once),
		cmocka_unit_test(device__replaced_gets_its_new_drive_and_the_map_is_bounded),
		cmocka_unit_test(keys__have_the_names_of_regedit),
		cmocka_unit_test(sids__of_every_windows_have_names),
		cmocka_unit_test(integrity__is_read_from_label_and_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
