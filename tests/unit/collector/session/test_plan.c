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

	while (i < OFFER_PROVIDERS && strcmp(offer_providers[i].name, name) != 0)
		i++;
	assert_int_not_equal(i, OFFER_PROVIDERS);
	return i;
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
	assert_true(plan_needs_session(&p, OFFER_KERNEL));
	assert_true(plan_needs_session(&p, OFFER_PROCESS));
	assert_true(plan_needs_session(&p, OFFER_BULK));
	assert_false(plan_needs_session(&p, OFFER_SECURITY));
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
	assert_true(plan_needs_session(&first, OFFER_SECURITY));
}

static void plan__adds_what_is_asked_for_and_in_the_table(void **state)
{
	size_t file = provider_named("Microsoft-Windows-Kernel-File");
	struct collector_request row = { .kind = COLLECTOR_REQUEST_PROVIDER, .provider = offer_providers[file].guid, .id_count = 3,
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
	const struct collector_request row = { .kind = COLLECTOR_REQUEST_PROVIDER, .provider = offer_providers[registry].guid };
	uint16_t ids[ETW_MAX_FILTER_IDS];
	struct etw_enable e;
	struct plan p = { .unknown = 0 };

	(void)state;
	plan_begin(&p);
	plan_add(&p, &row);
	assert_true(plan_enable(&p, registry, ids, &e));
	assert_int_equal(e.id_count, offer_providers[registry].event_count);
	assert_int_equal(e.system_flags, OFFER_REGISTRY_DATA);
}

static void plan__switches_classic_groups_by_their_flags(void **state)
{
	size_t image = provider_named("MSNT_SystemTrace/Image");
	const struct collector_request row = { .kind = COLLECTOR_REQUEST_PROVIDER, .provider = offer_providers[image].guid,
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
		cmocka_unit_test(plan__floor_stays_on_when_nothing_is_asked_for),
		cmocka_unit_test(plan__is_wider_before_anybody_asked),
		cmocka_unit_test(plan__adds_what_is_asked_for_and_in_the_table),
		cmocka_unit_test(plan__without_ids_is_all_of_a_provider),
		cmocka_unit_test(plan__switches_classic_groups_by_their_flags),
		cmocka_unit_test(plan__counts_providers_that_are_not_offered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
