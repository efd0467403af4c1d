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

#define SILO_A "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define SILO_B "1f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define ID_A "39a1659b6a2b6db298df630237b2b7d959d1b1722edc81ce9b1bc7f06237850c"
#define ID_B "49a1659b6a2b6db298df630237b2b7d959d1b1722edc81ce9b1bc7f06237850c"
#define X "\\Device\\X\\"

static const struct world_program init = { 100, 4, X "CExecSvc.exe", "CExecSvc", NULL, 0 };
static const struct world_program w3wp = { 200, 100, X "w3wp.exe", "w3wp -ap x", NULL, 0 };

static void snapshot_of(struct world *w, const char *silo, const char *id, const char *hcs)
{
	struct stream_container row = { .id = { id, strlen(id) }, .hcs_json = { hcs, strlen(hcs) } };
	struct stream_snapshot snapshot = { .containers = &row, .container_count = 1 };

	if (silo)
		assert_true(guid_parse(silo, 36, &row.silo));
	state_apply_snapshot(w->state, &snapshot);
}

static void from_inside(struct world *w, uint32_t pid, const char *silo)
{
	assert_true(guid_parse(silo, 36, &w->container));
	w->pid = pid;
	WORLD(w, provider_kernel_file, 12, 1, { "FileName", 0, X "a" });
	memset(&w->container, 0, sizeof w->container);
	w->pid = UINT32_MAX;
}

static const char *text(const struct pooled *p)
{
	return p ? p->text : "(none)";
}

static void hcs_document__bridges_a_silo_the_row_does_not_name(void **state)
{
	struct world *w = *state;
	const struct container *c;

	world_start(w, &init);
	from_inside(w, 100, SILO_A);
	snapshot_of(w, NULL, ID_A, "{\"Id\":\"" ID_A "\",\"SystemType\":\"Container\",\"SiloGuid\":\"" SILO_A "\"}");
	c = world_proc(w, 100)->container;
	assert_string_equal(text(c->full_id), ID_A);
	assert_string_equal(c->id, "39a1659b6a2b");
	assert_string_equal(text(c->type), "windows");
	assert_int_equal(world_stats(w).containers, 1);
}

static void hcs_annotations__name_the_pod(void **state)
{
	struct world *w = *state;
	const struct container *c;

	world_start(w, &init);
	from_inside(w, 100, SILO_A);
	snapshot_of(w, SILO_A, "", "[{\"Id\":\"" ID_B "\",\"SystemType\":\"Container\",\"SiloGuid\":\"" SILO_B "\"},"
		"{\"Id\":\"" ID_A "\",\"SystemType\":\"Container\",\"SiloGuid\":\"" SILO_A "\",\"annotations\":{"
		"\"io.kubernetes.cri.container-name\":\"web\",\"io.kubernetes.cri.image-name\":\"iis:1\","
		"\"io.kubernetes.cri.sandbox-name\":\"pod-1\",\"io.kubernetes.cri.sandbox-namespace\":\"shop\","
		"\"io.kubernetes.cri.sandbox-uid\":\"uid-1\",\"io.kubernetes.cri.sandbox-id\":\"" ID_B "\"}}]");
	c = world_proc(w, 100)->container;
	assert_string_equal(text(c->full_id), ID_A);
	assert_string_equal(text(c->name), "web");
	assert_string_equal(text(c->image), "iis:1");
	assert_string_equal(text(c->pod_name), "pod-1");
	assert_string_equal(text(c->pod_namespace), "shop");
	assert_string_equal(text(c->pod_uid), "uid-1");
	assert_string_equal(text(c->sandbox_id), ID_B);
}

static void hcs_process_list__places_processes(void **state)
{
	struct world *w = *state;

	world_start(w, &init);
	snapshot_of(w, SILO_A, ID_A, "{\"Id\":\"" ID_A "\",\"SystemType\":\"Container\",\"ProcessList\":[{\"ProcessId\":100},"
		"{\"ProcessId\":9999}]}");
	assert_string_equal(text(world_proc(w, 100)->container->full_id), ID_A);
	world_start(w, &w3wp);
	assert_ptr_equal(w->ev.container, world_proc(w, 100)->container);
}

static void hcs_process_list__of_a_utility_vm_is_not_of_this_kernel(void **state)
{
	struct world *w = *state;

	world_start(w, &init);
	snapshot_of(w, NULL, ID_A, "{\"Id\":\"" ID_A "\",\"SystemType\":\"Container\",\"HvPartition\":true,"
		"\"ProcessList\":[{\"ProcessId\":100}]}");
	assert_null(world_proc(w, 100)->container);
	assert_int_equal(world_stats(w).containers, 1);
}

static void hcs_process_list__with_another_birth_is_another_process(void **state)
{
	struct world *w = *state;

	world_start(w, &init);
	snapshot_of(w, SILO_A, ID_A, "{\"Id\":\"" ID_A "\",\"SystemType\":\"Container\",\"ProcessList\":[{\"ProcessId\":100,"
		"\"CreateTimestamp\":\"2020-01-01T00:00:00Z\"}]}");
	assert_null(world_proc(w, 100)->container);
}

static void inherited_container__is_corrected_by_the_kernel(void **state)
{
	struct world *w = *state;

	world_start(w, &init);
	from_inside(w, 100, SILO_A);
	world_start(w, &w3wp);
	from_inside(w, 200, SILO_B);
	assert_string_equal(world_proc(w, 200)->container->id, "1f1e2d3c4b5a");
	assert_string_equal(world_proc(w, 100)->container->id, "0f1e2d3c4b5a");
	assert_int_equal(world_proc(w, 100)->container->proc_count, 1);
	assert_int_equal(world_stats(w).containers_corrected, 1);
}

static void damaged_document__is_counted_and_the_row_kept(void **state)
{
	struct world *w = *state;

	world_start(w, &init);
	from_inside(w, 100, SILO_A);
	snapshot_of(w, SILO_A, ID_A, "{\"Id\":");
	assert_string_equal(text(world_proc(w, 100)->container->full_id), ID_A);
	assert_int_equal(world_stats(w).hcs_refused, 1);
}

static void host_process__is_known_by_its_folder(void **state)
{
	static const struct world_program agent = { 300, 4, "C:\\hpc\\" ID_A "\\bin\\agent.exe", "agent", NULL, 0 };
	static const struct world_program child = { 301, 300, X "cmd.exe", "cmd", NULL, 0 };
	struct world *w = *state;

	world_start(w, &agent);
	assert_non_null(w->ev.container);
	assert_string_equal(text(w->ev.container->type), "hostprocess");
	assert_string_equal(text(w->ev.container->full_id), ID_A);
	assert_true(guid_is_zero(&w->ev.container->guid));
	world_start(w, &child);
	assert_ptr_equal(w->ev.container, world_proc(w, 300)->container);
}

static void host_process__is_known_by_the_shim_that_starts_it(void **state)
{
	static const struct world_program shim = { 500, 4, X "containerd-shim-runhcs-v1.exe",
		"containerd-shim-runhcs-v1.exe -namespace k8s.io -id " ID_B " serve", NULL, 0 };
	static const struct world_program publish = { 501, 500, X "containerd.exe", "containerd publish", NULL, 0 };
	static const struct world_program agent = { 502, 500, X "agent.exe", "agent", NULL, 0 };
	struct world *w = *state;

	world_start(w, &shim);
	world_start(w, &publish);
	assert_null(w->ev.container);
	world_start(w, &agent);
	assert_non_null(w->ev.container);
	assert_string_equal(text(w->ev.container->type), "hostprocess");
	assert_string_equal(text(w->ev.container->sandbox_id), ID_B);
}

static void folder__that_only_looks_like_a_container_is_none(void **state)
{
	static const struct world_program programs[] = {
		{ 600, 4, "C:\\hpc\\agent.exe", "agent", NULL, 0 },
		{ 601, 4, "C:\\hpc\\zza1659b6a2b6db298df630237b2b7d959d1b1722edc81ce9b1bc7f06237850c\\agent.exe", "agent", NULL, 0 },
		{ 602, 4, "C:\\hpc\\" ID_A, "agent", NULL, 0 },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
		world_start(w, &programs[i]);
		assert_null(w->ev.container);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(hcs_document__bridges_a_silo_the_row_does_not_name),
		TEST(hcs_annotations__name_the_pod),
		TEST(hcs_process_list__places_processes),
		TEST(hcs_process_list__of_a_utility_vm_is_not_of_this_kernel),
		TEST(hcs_process_list__with_another_birth_is_another_process),
		TEST(inherited_container__is_corrected_by_the_kernel),
		TEST(damaged_document__is_counted_and_the_row_kept),
		TEST(host_process__is_known_by_its_folder),
		TEST(host_process__is_known_by_the_shim_that_starts_it),
		TEST(folder__that_only_looks_like_a_container_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
