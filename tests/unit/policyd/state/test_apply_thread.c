#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/state_world.h"

static int setup(void **state)
{
	*state = world_create(NULL);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	world_destroy(*state);
	return 0;
}

static void assert_view(struct text_view got, const char *want)
{
	char text[512];

	assert_true(got.len < sizeof text);
	if (got.len)
		memcpy(text, got.ptr, got.len);
	text[got.len] = '\0';
	assert_string_equal(text, want);
}

#define X "\\Device\\X\\"

static const struct world_program explorer = { 100, 4, X "explorer.exe", "explorer", NULL, 0 };
static const struct world_program cmd = { 200, 100, X "cmd.exe", "cmd", NULL, 0 };
static const struct world_program evil = { 300, 100, X "evil.exe", "evil", NULL, 0 };

static void thread(struct world *w, uint32_t creator, uint32_t pid, uint32_t tid)
{
	w->pid = creator;
	WORLD(w, provider_kernel_process, 3, 1, { "ProcessID", pid, NULL }, { "ThreadID", tid, NULL },
		{ "TebBase", 0x7ff0, NULL });
	w->pid = UINT32_MAX;
}

static void start_all(struct world *w)
{
	world_start(w, &explorer);
	world_start(w, &cmd);
	world_start(w, &evil);
}

static void own_thread__is_a_thread_start(void **state)
{
	struct world *w = *state;

	start_all(w);
	thread(w, 200, 200, 201);
	assert_int_equal(w->ev.kind, EVENT_thread_start);
	assert_string_equal(world_name(w->ev.proc), "cmd.exe");
	assert_int_equal(w->ev.proc->thread_count, 1);
}

static void thread_of_another_process__is_remote(void **state)
{
	struct world *w = *state;

	start_all(w);
	thread(w, 100, 200, 201);
	assert_int_equal(w->ev.kind, EVENT_thread_start);        /* the first one, made by the parent */
	thread(w, 300, 200, 202);
	assert_int_equal(w->ev.kind, EVENT_remote_thread);
	assert_string_equal(world_name(w->ev.proc), "evil.exe");
	assert_string_equal(world_name(w->ev.target), "cmd.exe");
}

static void first_thread__told_by_two_sources_is_not_remote(void **state)
{
	struct world *w = *state;

	start_all(w);
	thread(w, 100, 200, 201);
	w->pid = 100;
	WORLD(w, provider_classic_thread, 1, 3, { "ProcessId", 200, NULL }, { "TThreadId", 201, NULL });
	assert_int_equal(w->ev.kind, EVENT_thread_start);
	assert_int_equal(world_proc(w, 200)->thread_count, 1);
}

static void thread__told_by_two_sources_is_one_event(void **state)
{
	struct world *w = *state;

	start_all(w);
	thread(w, 100, 200, 201);
	thread(w, 300, 200, 202);
	assert_int_equal(w->verdict, STATE_EVALUATE);
	w->pid = 300;
	WORLD(w, provider_classic_thread, 1, 3, { "ProcessId", 200, NULL }, { "TThreadId", 202, NULL }, { "TebBase", 1, NULL });
	assert_int_equal(w->verdict, STATE_ONLY);
	WORLD(w, provider_classic_thread, 1, 3, { "ProcessId", 200, NULL }, { "TThreadId", 202, NULL }, { "TebBase", 1, NULL });
	assert_int_equal(w->verdict, STATE_EVALUATE);        /* a third is another one: the id was used again */
	thread(w, 300, 200, 202);
	assert_int_equal(w->verdict, STATE_ONLY);
	thread(w, 300, 200, 203);
	world_wait_ms(w, 60);
	w->pid = 300;
	WORLD(w, provider_classic_thread, 1, 3, { "ProcessId", 200, NULL }, { "TThreadId", 203, NULL }, { "TebBase", 1, NULL });
	assert_int_equal(w->verdict, STATE_EVALUATE);        /* too late to be the same */
	assert_int_equal(world_stats(w).told_twice, 2);
}

static void image__told_by_two_sources_is_one_event(void **state)
{
	struct world *w = *state;

	start_all(w);
	WORLD(w, provider_kernel_process, 5, 0, { "ImageBase", 0x1000, NULL }, { "ProcessID", 200, NULL },
		{ "ImageName", 0, X "a.dll" });
	assert_int_equal(w->verdict, STATE_EVALUATE);
	WORLD(w, provider_classic_image, 10, 3, { "ImageBase", 0x1000, NULL }, { "ProcessId", 300, NULL },
		{ "FileName", 0, X "a.dll" });
	assert_int_equal(w->verdict, STATE_EVALUATE);        /* the same image in another process */
	WORLD(w, provider_classic_image, 10, 3, { "ImageBase", 0x1000, NULL }, { "ProcessId", 200, NULL },
		{ "FileName", 0, X "a.dll" });
	assert_int_equal(w->verdict, STATE_ONLY);
	WORLD(w, provider_kernel_process, 5, 0, { "ImageBase", 0x1000, NULL }, { "ProcessID", 200, NULL },
		{ "ImageName", 0, X "a.dll" });
	WORLD(w, provider_kernel_process, 5, 0, { "ImageBase", 0x1000, NULL }, { "ProcessID", 200, NULL },
		{ "ImageName", 0, X "a.dll" });
	assert_int_equal(w->verdict, STATE_EVALUATE);        /* one source never tells a thing twice */
}

static void thread_made_by_the_system__is_not_remote(void **state)
{
	struct world *w = *state;

	start_all(w);
	thread(w, 100, 200, 201);
	thread(w, 4, 200, 202);
	assert_int_equal(w->ev.kind, EVENT_thread_start);
}

static void thread_of_the_kernel__is_not_remote(void **state)
{
	struct world *w = *state;

	world_classic_rundown(w, &cmd);
	w->pid = 300;
	WORLD(w, provider_kernel_process, 3, 1, { "ProcessID", 200, NULL }, { "ThreadID", 205, NULL },
		{ "TebBase", 0, NULL });
	assert_int_equal(w->ev.kind, EVENT_thread_start);
}

static void thread_in_a_process_from_rundown__is_remote_at_once(void **state)
{
	struct world *w = *state;

	world_classic_rundown(w, &cmd);
	thread(w, 300, 200, 201);
	assert_int_equal(w->ev.kind, EVENT_remote_thread);
}

static void thread_in_an_unknown_process__is_remote_only_when_starts_are_seen(void **state)
{
	struct world *w = *state;

	thread(w, 300, 900, 901);
	assert_int_equal(w->ev.kind, EVENT_thread_start);
	start_all(w);
	thread(w, 300, 904, 905);
	assert_int_equal(w->ev.kind, EVENT_remote_thread);
	assert_null(w->ev.target);
}

static void thread_end__is_counted(void **state)
{
	struct world *w = *state;

	start_all(w);
	thread(w, 200, 200, 201);
	thread(w, 200, 200, 202);
	WORLD(w, provider_kernel_process, 4, 1, { "ProcessID", 200, NULL }, { "ThreadID", 201, NULL });
	assert_int_equal(world_proc(w, 200)->thread_count, 1);
	assert_int_equal(world_stats(w).threads, 1);
}

static void sys_in_the_system_process__is_a_driver(void **state)
{
	struct world *w = *state;

	WORLD(w, provider_kernel_process, 5, 0, { "ProcessID", 4, NULL }, { "ImageName", 0, X "evil.SYS" });
	assert_int_equal(w->ev.kind, EVENT_driver_load);
	assert_view(w->ev.path, X "evil.SYS");
	assert_string_equal(world_name(w->ev.proc), "System");
	WORLD(w, provider_classic_image, 10, 3, { "ProcessId", 0, NULL }, { "FileName", 0, X "a.sys" });
	assert_int_equal(w->ev.kind, EVENT_driver_load);
	WORLD(w, provider_kernel_process, 5, 0, { "ProcessID", 4, NULL }, { "ImageName", 0, X "ntdll.dll" });
	assert_int_equal(w->ev.kind, EVENT_image_load);
	WORLD(w, provider_kernel_process, 5, 0, { "ProcessID", 200, NULL }, { "ImageName", 0, X "a.sys" });
	assert_int_equal(w->ev.kind, EVENT_image_load);
}

static void access__names_actor_and_target(void **state)
{
	struct world *w = *state;

	start_all(w);
	w->pid = 300;
	WORLD(w, provider_audit_api_calls, 5, 0, { "TargetProcessId", 200, NULL }, { "DesiredAccess", 0x1410, NULL });
	assert_int_equal(w->ev.kind, EVENT_process_access);
	assert_string_equal(world_name(w->ev.proc), "evil.exe");
	assert_string_equal(world_name(w->ev.target), "cmd.exe");
}

static void connection__is_of_the_process_in_its_payload(void **state)
{
	struct world *w = *state;

	start_all(w);
	w->pid = 4;
	WORLD(w, provider_kernel_network, 12, 0, { "PID", 200, NULL });
	assert_int_equal(w->ev.kind, EVENT_net_connect);
	assert_string_equal(world_name(w->ev.proc), "cmd.exe");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(own_thread__is_a_thread_start),
		TEST(thread_of_another_process__is_remote),
		TEST(first_thread__told_by_two_sources_is_not_remote),
		TEST(thread__told_by_two_sources_is_one_event),
		TEST(image__told_by_two_sources_is_one_event),
		TEST(thread_made_by_the_system__is_not_remote),
		TEST(thread_of_the_kernel__is_not_remote),
		TEST(thread_in_a_process_from_rundown__is_remote_at_once),
		TEST(thread_in_an_unknown_process__is_remote_only_when_starts_are_seen),
		TEST(thread_end__is_counted),
		TEST(sys_in_the_system_process__is_a_driver),
		TEST(access__names_actor_and_target),
		TEST(connection__is_of_the_process_in_its_payload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
