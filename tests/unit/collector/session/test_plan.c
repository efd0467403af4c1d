#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "collector/session/plan.h"

static size_t provider_named(const char *name)
{
	size_t i = 0;

	while (i < PLAN_PROVIDERS && strcmp(plan_providers[i].name, name) != 0)
		i++;
	assert_int_not_equal(i, PLAN_PROVIDERS);
	return i;
}

static void plan_table__has_at_most_one_bit_an_event(void **state)
{
	(void)state;
	for (size_t i = 0; i < PLAN_PROVIDERS; i++) {
		assert_non_null(plan_providers[i].name);
		assert_in_range(plan_providers[i].event_count, 1, PLAN_MAX_EVENTS);
		assert_false(guid_is_zero(&plan_providers[i].guid));
		assert_true(plan_providers[i].in_containers || !plan_providers[i].tracked);
		assert_int_equal(plan_providers[i].kernel_flags != 0, plan_providers[i].session == PLAN_KERNEL);
	}
}

/* One that needs no keyword among others that need one would narrow the others' keywords to theirs, and still come. */
static void plan_table__names_each_event_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < PLAN_PROVIDERS; i++) {
		for (size_t a = 0; a < plan_providers[i].event_count; a++) {
			for (size_t b = 0; b < a; b++)
				assert_int_not_equal(plan_providers[i].events[a].id, plan_providers[i].events[b].id);
		}
	}
}

static void plan__floor_stays_on_when_nothing_is_asked_for(void **state)
{
	size_t process = provider_named("Microsoft-Windows-Kernel-Process"), file = provider_named("Microsoft-Windows-Kernel-File");
	uint16_t ids[ETW_MAX_FILTER_IDS];
	struct etw_enable e;
	struct plan p = { .unknown = 0 };

	(void)state;
	plan_begin(&p);
	assert_true(plan_enable(&p, process, ids, &e));
	assert_int_equal(e.id_count, 4);
	assert_int_equal(e.keywords, 0x4010);
	assert_false(plan_enable(&p, file, ids, &e));
	assert_int_equal(plan_kernel_flags(&p), 0x1);
	assert_true(plan_needs_session(&p, PLAN_KERNEL));
	assert_true(plan_needs_session(&p, PLAN_PROCESS));
	assert_true(plan_needs_session(&p, PLAN_BULK));
	assert_false(plan_needs_session(&p, PLAN_SECURITY));
}

static void plan__is_wider_before_anybody_asked(void **state)
{
	struct plan first, floor = { .unknown = 0 };
	size_t powershell = provider_named("Microsoft-Windows-PowerShell");

	(void)state;
	plan_init(&first);
	plan_begin(&floor);
	assert_int_equal(floor.on[powershell], 0);
	assert_int_equal(first.on[powershell], 3);
	assert_true(plan_needs_session(&first, PLAN_SECURITY));
}

static void plan__adds_what_is_asked_for_and_in_the_table(void **state)
{
	size_t file = provider_named("Microsoft-Windows-Kernel-File");
	struct collector_request row = { .kind = COLLECTOR_REQUEST_PROVIDER, .provider = plan_providers[file].guid, .id_count = 3,
		.ids = { 12, 30, 9999 } };
	uint16_t ids[ETW_MAX_FILTER_IDS];
	struct etw_enable e;
	struct plan p = { .unknown = 0 };

	(void)state;
	plan_begin(&p);
	plan_add(&p, &row);
	assert_true(plan_enable(&p, file, ids, &e));
	assert_int_equal(e.id_count, 2);
	assert_int_equal(ids[0], 30);
	assert_int_equal(ids[1], 12);
	assert_ptr_equal(e.ids, ids);
	assert_int_equal(e.keywords, 0x1080);
	assert_int_equal(p.unknown, 1);
}

static void plan__without_ids_is_all_of_a_provider(void **state)
{
	size_t registry = provider_named("Microsoft-Windows-Kernel-Registry");
	const struct collector_request row = { .kind = COLLECTOR_REQUEST_PROVIDER, .provider = plan_providers[registry].guid };
	uint16_t ids[ETW_MAX_FILTER_IDS];
	struct etw_enable e;
	struct plan p = { .unknown = 0 };

	(void)state;
	plan_begin(&p);
	plan_add(&p, &row);
	assert_true(plan_enable(&p, registry, ids, &e));
	assert_int_equal(e.id_count, plan_providers[registry].event_count);
	assert_int_equal(e.system_flags, PLAN_REGISTRY_DATA);
}

static void plan__switches_classic_groups_by_their_flags(void **state)
{
	size_t image = provider_named("MSNT_SystemTrace/Image");
	const struct collector_request row = { .kind = COLLECTOR_REQUEST_PROVIDER, .provider = plan_providers[image].guid,
		.id_count = 1, .ids = { 10 } };
	uint16_t ids[ETW_MAX_FILTER_IDS];
	struct etw_enable e;
	struct plan p = { .unknown = 0 };

	(void)state;
	plan_begin(&p);
	plan_add(&p, &row);
	assert_int_equal(plan_kernel_flags(&p), 0x5);
	assert_false(plan_enable(&p, image, ids, &e));
}

static void plan__counts_providers_that_are_not_offered(void **state)
{
	/* Microsoft-Windows-Threat-Intelligence */
	const struct collector_request row = { .kind = COLLECTOR_REQUEST_PROVIDER,
		.provider = GUID_INIT(0xf4e1897c, 0xbb5d, 0x5668, 0xf1, 0xd8, 0x04, 0x0f, 0x4d, 0x8d, 0xd3, 0x44), .id_count = 1, .ids = { 1 } };
	const struct collector_request nothing = { .kind = COLLECTOR_REQUEST_PROVIDER };
	struct plan p = { .unknown = 0 }, floor = { .unknown = 0 };

	(void)state;
	plan_begin(&p);
	plan_begin(&floor);
	plan_add(&p, &row);
	plan_add(&p, &nothing);
	assert_int_equal(p.unknown, 1);
	assert_memory_equal(p.on, floor.on, sizeof p.on);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plan_table__has_at_most_one_bit_an_event),
		cmocka_unit_test(plan_table__names_each_event_once),
		cmocka_unit_test(plan__floor_stays_on_when_nothing_is_asked_for),
		cmocka_unit_test(plan__is_wider_before_anybody_asked),
		cmocka_unit_test(plan__adds_what_is_asked_for_and_in_the_table),
		cmocka_unit_test(plan__without_ids_is_all_of_a_provider),
		cmocka_unit_test(plan__switches_classic_groups_by_their_flags),
		cmocka_unit_test(plan__counts_providers_that_are_not_offered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
