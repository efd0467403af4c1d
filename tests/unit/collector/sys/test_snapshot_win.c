#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <windows.h>

#include "collector/sys/system.h"

static const struct stream_process *find(const struct stream_snapshot *s, uint32_t pid)
{
	for (size_t i = 0; i < s->process_count; i++) {
		if (s->processes[i].pid == pid)
			return &s->processes[i];
	}
	return NULL;
}

static bool holds(struct text_view text, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= text.len; i++) {
		if (memcmp(text.ptr + i, part, len) == 0)
			return true;
	}
	return false;
}

static void snapshot__lists_this_process_as_it_is(void **state)
{
	struct arena *a = arena_create(64 << 20);
	struct stream_snapshot s = { .time_100ns = 0 };
	const struct stream_process *me;
	FILETIME created, other;
	DWORD session = 0;

	(void)state;
	assert_int_equal(system_snapshot(NULL, a, &s), ST_OK);
	me = find(&s, GetCurrentProcessId());
	assert_non_null(me);
	assert_true(holds(me->image_path, "test_snapshot_win"));
	GetProcessTimes(GetCurrentProcess(), &created, &other, &other, &other);
	assert_int_equal(me->create_time_100ns, (uint64_t)created.dwHighDateTime << 32 | created.dwLowDateTime);
	ProcessIdToSessionId(GetCurrentProcessId(), &session);
	assert_int_equal(me->session_id, session);
	assert_in_range(me->user_sid.len, 8, 68);
	assert_int_equal(me->user_sid.ptr[0], 1);    /* revision */
	arena_destroy(a);
}

/* Wine 8 does not know the question (ProcessCommandLineInformation): what is not told stays empty, and is never made up. */
static void snapshot__has_command_lines_where_the_system_tells_them(void **state)
{
	bool told = !GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version");
	struct arena *a = arena_create(64 << 20);
	struct stream_snapshot s = { .time_100ns = 0 };
	struct text_view cmdline;

	(void)state;
	assert_int_equal(system_snapshot(NULL, a, &s), ST_OK);
	cmdline = find(&s, GetCurrentProcessId())->cmdline;
	if (told)
		assert_true(holds(cmdline, "test_snapshot_win"));
	else
		assert_int_equal(cmdline.len, 0);
	arena_destroy(a);
}

static void snapshot__without_containers_has_no_rows_of_them(void **state)
{
	struct arena *a = arena_create(64 << 20);
	struct stream_snapshot s = { .time_100ns = 0 };

	(void)state;
	assert_int_equal(system_snapshot(NULL, a, &s), ST_OK);
	for (size_t i = 0; i < s.container_count; i++)
		assert_int_not_equal(s.containers[i].hcs_json.len, 0);
	arena_destroy(a);
}

static void snapshot__stays_within_its_memory(void **state)
{
	struct arena *a = arena_create(1 << 16);    /* less than the rows alone */
	struct stream_snapshot s = { .time_100ns = 0 };

	(void)state;
	assert_int_equal(system_snapshot(NULL, a, &s), ST_NOMEM);
	assert_int_equal(s.process_count, 0);
	arena_destroy(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshot__lists_this_process_as_it_is),
		cmocka_unit_test(snapshot__has_command_lines_where_the_system_tells_them),
		cmocka_unit_test(snapshot__without_containers_has_no_rows_of_them),
		cmocka_unit_test(snapshot__stays_within_its_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
