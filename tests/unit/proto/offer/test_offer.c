#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "proto/offer.h"

static void offer__has_at_most_one_bit_an_event(void **state)
{
	(void)state;
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		assert_non_null(offer_providers[i].name);
		assert_in_range(offer_providers[i].event_count, 1, OFFER_MAX_EVENTS);
		assert_false(guid_is_zero(&offer_providers[i].guid));
		assert_true(offer_providers[i].in_containers || !offer_providers[i].tracked);
		assert_int_equal(offer_providers[i].kernel_flags != 0, offer_providers[i].session == OFFER_KERNEL);
	}
}

static void offer__names_each_event_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		for (size_t k = 0; k < offer_providers[i].event_count; k++)
			assert_int_equal(offer_find_event(i, offer_providers[i].events[k].id), k);
	}
}

static void offer__finds_a_provider_by_its_guid(void **state)
{
	static const struct guid rpc = GUID_INIT(0x6ad52b32, 0xd609, 0x4be9, 0xae, 0x07, 0xce, 0x8d, 0xae, 0x93, 0x7e, 0x39);
	static const struct guid file = GUID_INIT(0xedd08927, 0x9cc4, 0x4e65, 0xb9, 0x70, 0xc2, 0x56, 0x0f, 0xb5, 0xc2, 0x89);
	size_t i = offer_find(&file);

	(void)state;
	assert_in_range(i, 0, OFFER_PROVIDERS - 1);
	assert_string_equal(offer_providers[i].name, "Microsoft-Windows-Kernel-File");
	assert_int_equal(offer_find(&rpc), OFFER_PROVIDERS);
	assert_int_equal(offer_find_event(i, 9999), OFFER_MAX_EVENTS);
}

static void offer__of_chosen_by_no_id_finds_any(void **state)
{
	static const struct guid security = GUID_INIT(0x54849625, 0x5478, 0x4994, 0xa5, 0xba, 0x3e, 0x3b, 0x03, 0x28, 0xc3, 0x0d);

	(void)state;
	assert_int_equal(offer_find_event(offer_find(&security), 4624), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offer__has_at_most_one_bit_an_event),
		cmocka_unit_test(offer__names_each_event_once),
		cmocka_unit_test(offer__finds_a_provider_by_its_guid),
		cmocka_unit_test(offer__of_chosen_by_no_id_finds_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
