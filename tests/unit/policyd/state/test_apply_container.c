#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

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

#define GUID_A "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define X "\\Device\\X\\"

static const struct world_program init = { 100, 4, X "CExecSvc.exe", "CExecSvc", NULL, 0 };
static const struct world_program w3wp = { 200, 100, X "w3wp.exe", "w3wp -ap x", NULL, 0 };
static const struct world_program cmd = { 300, 200, X "cmd.exe", "cmd /c whoami", NULL, 0 };

static enum state_verdict silo(struct world *w, uint16_t silo_state)
{
	return WORLD(w, provider_kernel_process, 22, 0, { "ContainerID", 0, GUID_A }, { "JobID", 77, NULL },
		{ "State", silo_state, NULL });
}

static void from_inside(struct world *w, uint32_t pid)
{
	assert_true(guid_parse(GUID_A, 36, &w->container));
	w->pid = pid;
	WORLD(w, provider_kernel_file, 12, 1, { "FileName", 0, X "a" });
	memset(&w->container, 0, sizeof w->container);
	w->pid = UINT32_MAX;
}

static void silo_start__is_a_container_start_once(void **state)
{
	struct world *w = *state;

	assert_int_equal(silo(w, 0), STATE_ONLY);
	assert_int_equal(silo(w, 1), STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_container_start);
	assert_string_equal(w->ev.container->id, "0f1e2d3c4b5a");
	assert_string_equal(w->ev.container->full_id->text, GUID_A);
	assert_int_equal(silo(w, 1), STATE_ONLY);
	assert_int_equal(world_stats(w).containers, 1);
}

static void silo_end__is_a_container_stop_once(void **state)
{
	struct world *w = *state;

	silo(w, 1);
	assert_int_equal(silo(w, 2), STATE_ONLY);
	assert_int_equal(silo(w, 3), STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_container_stop);
	assert_int_equal(silo(w, 4), STATE_ONLY);
}

static void header_item__puts_a_process_into_its_container(void **state)
{
	struct world *w = *state;

	world_start(w, &init);
	assert_null(w->ev.container);
	from_inside(w, 100);
	assert_non_null(w->ev.container);
	assert_string_equal(world_proc(w, 100)->container->id, "0f1e2d3c4b5a");
}

static void child__inherits_the_container(void **state)
{
	struct world *w = *state;

	world_start(w, &init);
	from_inside(w, 100);
	world_start(w, &w3wp);
	world_start(w, &cmd);
	assert_non_null(w->ev.container);
	assert_ptr_equal(w->ev.container, world_proc(w, 100)->container);
	assert_int_equal(w->ev.container->proc_count, 3);
}

static void start_record__of_an_unknown_parent_tells_the_container(void **state)
{
	struct world *w = *state;

	assert_true(guid_parse(GUID_A, 36, &w->container));
	world_start(w, &cmd);
	assert_string_equal(w->ev.container->id, "0f1e2d3c4b5a");
}

static void snapshot__bridges_silo_and_runtime(void **state)
{
	struct world *w = *state;
	struct stream_container row = { .id = { "4f2a9c81d0e7b6", 14 }, .name = { "web", 3 },
		.image = { "registry.example:5000/iis:2022", 30 } };
	struct stream_snapshot snapshot = { .containers = &row, .container_count = 1 };

	world_start(w, &init);
	from_inside(w, 100);
	guid_parse(GUID_A, 36, &row.silo);
	state_apply_snapshot(w->state, &snapshot);
	assert_string_equal(world_proc(w, 100)->container->id, "4f2a9c81d0e7");
	assert_string_equal(world_proc(w, 100)->container->full_id->text, "4f2a9c81d0e7b6");
	assert_string_equal(world_proc(w, 100)->container->name->text, "web");
	assert_int_equal(world_stats(w).containers, 1);
}

static void snapshot__seeds_processes(void **state)
{
	static const uint8_t system_sid[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };
	struct world *w = *state;
	struct stream_process row = { .pid = 100, .ppid = 4, .session_id = 0, .create_time_100ns = WORLD_START_100NS - 5,
		.start_key = 9, .image_path = { X "CExecSvc.exe", sizeof X "CExecSvc.exe" - 1 }, .cmdline = { "CExecSvc", 8 },
		.user_sid = { system_sid, sizeof system_sid } };
	struct stream_snapshot snapshot = { .time_100ns = WORLD_START_100NS, .processes = &row, .process_count = 1 };

	guid_parse(GUID_A, 36, &row.container);
	state_apply_snapshot(w->state, &snapshot);
	world_start(w, &w3wp);
	assert_string_equal(world_name(proc_parent(w->ev.proc)), "CExecSvc.exe");
	assert_string_equal(proc_parent(w->ev.proc)->user_name->text, "NT AUTHORITY\\SYSTEM");
	assert_string_equal(w->ev.container->id, "0f1e2d3c4b5a");
}

static void job_assignment__puts_a_process_into_a_known_silo(void **state)
{
	struct world *w = *state;

	world_start(w, &cmd);
	silo(w, 1);
	WORLD(w, provider_classic_job, 35, 0, { "JobId", 0, GUID_A }, { "UniqueProcessId", 300, NULL });
	assert_non_null(world_proc(w, 300)->container);
}

static void table__forgets_stopped_containers_without_processes_first(void **state)
{
	struct world *w = *state;
	char guid[40];

	world_start(w, &init);
	from_inside(w, 100);
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(guid, sizeof guid, "%08x-0000-0000-0000-000000000001", i + 1);
		WORLD(w, provider_kernel_process, 22, 0, { "ContainerID", 0, guid }, { "State", 1, NULL });
	}
	assert_int_equal(world_stats(w).containers, STATE_MAX_CONTAINERS);
	assert_int_equal(world_stats(w).container_evictions, 2001 - STATE_MAX_CONTAINERS);
	assert_string_equal(world_proc(w, 100)->container->id, "0f1e2d3c4b5a");
}

static void hello__of_another_boot_forgets(void **state)
{
	struct world *w = *state;
	struct stream_hello hello = { .host_name = { "node1", 5 }, .boot_time_100ns = 1 };

	world_start(w, &init);
	from_inside(w, 100);
	state_apply_hello(w->state, &hello);
	assert_null(world_proc(w, 100));
	world_start(w, &cmd);
	state_apply_hello(w->state, &hello);             /* the same one again: a connection that came back */
	assert_non_null(world_proc(w, 300));
	assert_int_equal(state_host_name(w->state, NULL).len, 5);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(silo_start__is_a_container_start_once),
		TEST(silo_end__is_a_container_stop_once),
		TEST(header_item__puts_a_process_into_its_container),
		TEST(child__inherits_the_container),
		TEST(start_record__of_an_unknown_parent_tells_the_container),
		TEST(snapshot__bridges_silo_and_runtime),
		TEST(snapshot__seeds_processes),
		TEST(job_assignment__puts_a_process_into_a_known_silo),
		TEST(table__forgets_stopped_containers_without_processes_first),
		TEST(hello__of_another_boot_forgets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
