#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "proto/host/thread.h"
#include "tests/support/session_world.h"

static const struct guid kernel_process = KERNEL_PROCESS, kernel_file = KERNEL_FILE;

static void session_set__starts_what_the_floor_needs(void **state)
{
	struct session_world *w = *state;
	struct etw_enable e;
	uint32_t flags;

	session_set_apply(w->set, &w->plan);
	assert_true(fake_etw_flags(w->etw, "vitrine-kernel", &flags));
	assert_int_equal(flags, 1);
	assert_true(fake_etw_enabled(w->etw, "vitrine-process", &kernel_process, &e));
	assert_int_equal(e.id_count, 4);
	assert_true(e.properties & ETW_PROPERTY_START_KEY);
	assert_true(e.properties & ETW_PROPERTY_CONTAINER_TRACKING);
	assert_false(fake_etw_enabled(w->etw, "vitrine-bulk", &kernel_file, &e));
	assert_true(session_world_state(w, "vitrine-kernel").mode & ETW_MODE_SYSTEM_LOGGER);
	assert_false(session_world_state(w, "vitrine-bulk").mode & ETW_MODE_SYSTEM_LOGGER);
	assert_true(session_world_state(w, "vitrine-bulk").mode & ETW_MODE_INDEPENDENT);
	assert_int_equal(session_world_notices(w, NOTICE_SESSION_STARTED, "vitrine-bulk"), 1);
}

static void session_set__hands_enabled_events_to_the_ring_of_their_session(void **state)
{
	const struct record records[] = {
		{ .kind = RECORD_ETW, .provider = KERNEL_PROCESS, .id = 1, .keyword = 0x10, .level = 4, .pointer_bytes = 8 },
		{ .kind = RECORD_ETW, .provider = KERNEL_PROCESS, .id = 5, .keyword = 0x40, .level = 4, .pointer_bytes = 8 },
		{ .kind = RECORD_ETW, .provider = KERNEL_FILE, .id = 12, .keyword = 0x80, .level = 4, .pointer_bytes = 8 },
		{ .kind = RECORD_ETW, .provider = CLASSIC_PROCESS, .flags = RECORD_CLASSIC, .opcode = 1, .pointer_bytes = 8 },
	};
	const struct collector_request file = { .kind = COLLECTOR_REQUEST_PROVIDER, .provider = KERNEL_FILE, .id_count = 1, .ids = { 12 } };
	struct session_world *w = *state;

	session_world_load(w, records, 4);
	session_set_apply(w->set, &w->plan);
	fake_etw_happen(w->etw, 4);
	fake_etw_settle(w->etw);
	assert_int_equal(ring_committed(w->options.rings[OFFER_KERNEL]), 1);
	assert_int_equal(ring_committed(w->options.rings[OFFER_PROCESS]), 1);
	assert_int_equal(ring_committed(w->options.rings[OFFER_BULK]), 0);
	plan_add(&w->plan, &file);
	session_set_apply(w->set, &w->plan);
	fake_etw_happen(w->etw, 4);
	fake_etw_settle(w->etw);
	assert_int_equal(ring_committed(w->options.rings[OFFER_BULK]), 1);
	assert_int_equal(fake_etw_delivered(w->etw), 5);
}

static void session_set__switches_off_what_is_not_wanted_any_more(void **state)
{
	struct session_world *w = *state;
	struct etw_enable e;

	plan_init(&w->plan);
	session_set_apply(w->set, &w->plan);
	assert_true(fake_etw_enabled(w->etw, "vitrine-bulk", &kernel_file, &e));
	plan_begin(&w->plan);
	session_set_apply(w->set, &w->plan);
	assert_false(fake_etw_enabled(w->etw, "vitrine-bulk", &kernel_file, &e));
	assert_true(fake_etw_enabled(w->etw, "vitrine-process", &kernel_process, &e));
}

static void session_set__takes_over_what_a_run_that_died_left(void **state)
{
	const struct record records[] = {
		{ .kind = RECORD_ETW, .provider = KERNEL_PROCESS, .id = 1, .keyword = 0x10, .level = 4, .pointer_bytes = 8 },
	};
	struct session_world *w = *state;
	struct session_losses losses;
	uint64_t handle;

	session_world_load(w, records, 1);
	session_set_apply(w->set, &w->plan);
	handle = session_world_state(w, "vitrine-process").handle;
	/* The process dies: its consumers go, the sessions stay. */
	while (fake_etw_calls(w->etw, FAKE_PROCESS) < 3)
		thread_sleep_ms(1);
	for (uint64_t trace = 1; trace <= 3; trace++)
		w->api->close(w->api->self, trace);
	fake_etw_lose(w->etw, "vitrine-process", 100, 0);
	fake_etw_happen(w->etw, 2);

	struct session_world next = *w;
	session_world_make_set(&next);
	session_set_apply(next.set, &next.plan);
	assert_int_equal(session_world_state(w, "vitrine-process").handle, handle);
	fake_etw_settle(w->etw);
	assert_int_equal(ring_committed(w->options.rings[OFFER_PROCESS]), 2);    /* what its buffers held */
	fake_etw_lose(w->etw, "vitrine-process", 7, 0);
	session_world_pass_s(&next, 1);
	session_set_losses(next.set, OFFER_PROCESS, &losses);
	assert_int_equal(losses.events, 7);    /* the 100 were the other run's */
	session_world_drop_set(&next);
	assert_false(fake_etw_exists(w->etw, "vitrine-process"));
}

static void session_set__replaces_a_stale_session_with_other_settings(void **state)
{
	struct etw_session_settings stale = { .name = "vitrine-bulk", .mode = ETW_MODE_REAL_TIME, .buffer_kb = 8, .min_buffers = 4,
		.guid = GUID_INIT(0x2b9e41c7, 0x05fd, 0x4a36, 0x93, 0x7c, 0xd1, 0x68, 0x4f, 0x0b, 0xe2, OFFER_BULK) };
	struct session_world *w = *state;
	uint64_t handle;

	assert_int_equal(w->api->start(w->api->self, &stale, &handle), ETW_OK);
	session_set_apply(w->set, &w->plan);
	assert_int_equal(session_world_state(w, "vitrine-bulk").buffer_kb, 256);
	assert_int_equal(session_world_notices(w, NOTICE_SESSION_CHANGED, "vitrine-bulk"), 0);
}

static void session_set__takes_its_name_back_and_tells(void **state)
{
	const struct etw_session_settings theirs = { .name = "vitrine-process", .mode = ETW_MODE_REAL_TIME, .buffer_kb = 64, .guid = KERNEL_FILE };
	struct session_world *w = *state;
	uint64_t handle;

	assert_int_equal(w->api->start(w->api->self, &theirs, &handle), ETW_OK);
	session_set_apply(w->set, &w->plan);
	assert_int_not_equal(session_world_state(w, "vitrine-process").handle, handle);
	assert_int_equal(session_world_notices(w, NOTICE_SESSION_CHANGED, "vitrine-process"), 1);
}

static void session_set__without_rights_says_so_once_and_tries_again(void **state)
{
	struct session_world *w = *state;

	fake_etw_fail(w->etw, FAKE_START, ETW_ACCESS_DENIED, 6);
	session_set_apply(w->set, &w->plan);
	assert_int_equal(fake_etw_calls(w->etw, FAKE_START), 3);
	session_world_pass_s(w, SESSION_RETRY_S - 1);
	assert_int_equal(fake_etw_calls(w->etw, FAKE_START), 3);
	session_world_pass_s(w, 1);
	assert_int_equal(fake_etw_calls(w->etw, FAKE_START), 6);
	assert_int_equal(session_world_notices(w, NOTICE_SESSION_FAILED, "5"), 3);
	session_world_pass_s(w, SESSION_RETRY_S);
	assert_true(session_set_is_up(w->set, OFFER_KERNEL));
	assert_true(session_set_is_up(w->set, OFFER_BULK));
}

static void session_set__without_a_slot_for_classic_events_keeps_the_others(void **state)
{
	struct session_world *w = *state;

	fake_etw_fail(w->etw, FAKE_START, ETW_NO_RESOURCES, 1);    /* the kernel session is the first */
	session_set_apply(w->set, &w->plan);
	assert_false(session_set_is_up(w->set, OFFER_KERNEL));
	assert_true(session_set_is_up(w->set, OFFER_PROCESS));
	assert_int_equal(session_world_notices(w, NOTICE_SESSION_FAILED, "vitrine-kernel"), 1);
	session_world_pass_s(w, SESSION_RETRY_S);
	assert_true(session_set_is_up(w->set, OFFER_KERNEL));
}

static void session_set__where_a_session_cannot_be_opened_leaves_none_behind(void **state)
{
	struct session_world *w = *state;

	fake_etw_fail(w->etw, FAKE_OPEN, ETW_ACCESS_DENIED, 3);
	session_set_apply(w->set, &w->plan);
	assert_false(session_set_is_up(w->set, OFFER_BULK));
	assert_false(fake_etw_exists(w->etw, "vitrine-bulk"));
}

static void session_set__on_an_older_system_asks_for_less(void **state)
{
	struct session_world *w = *state;
	struct etw_enable e;

	fake_etw_set_known(w->etw, ETW_PROPERTY_SID | ETW_PROPERTY_START_KEY, true, false);
	plan_init(&w->plan);
	session_set_apply(w->set, &w->plan);
	assert_true(fake_etw_enabled(w->etw, "vitrine-process", &kernel_process, &e));
	assert_int_equal(e.properties, ETW_PROPERTY_SID | ETW_PROPERTY_START_KEY);
	assert_int_equal(e.id_count, 4);
	assert_int_equal(session_world_notices(w, NOTICE_PROVIDER_FAILED, "Microsoft-Windows-Kernel-Process"), 0);
}

static void session_set__on_a_system_without_filters_takes_all_of_a_provider(void **state)
{
	struct session_world *w = *state;
	struct etw_enable e;

	fake_etw_set_known(w->etw, 0, false, false);
	session_set_apply(w->set, &w->plan);
	assert_true(fake_etw_enabled(w->etw, "vitrine-process", &kernel_process, &e));
	assert_null(e.ids);
	assert_int_equal(e.properties, 0);
}

static void session_set__tells_once_of_a_provider_that_cannot_be_enabled(void **state)
{
	struct session_world *w = *state;
	struct etw_enable e;

	fake_etw_fail(w->etw, FAKE_ENABLE, ETW_ACCESS_DENIED, 5);
	session_set_apply(w->set, &w->plan);    /* Kernel-Process and both canaries, Kernel-EventTracing */
	session_world_pass_s(w, 3);
	assert_int_equal(session_world_notices(w, NOTICE_PROVIDER_FAILED, "Microsoft-Windows-Kernel-Process"), 1);
	assert_true(fake_etw_enabled(w->etw, "vitrine-process", &kernel_process, &e));
}

static void session_set__listens_to_the_systems_security_session_and_leaves_it(void **state)
{
	const struct etw_session_settings systems = { .name = "EventLog-Security", .mode = ETW_MODE_REAL_TIME, .buffer_kb = 64 };
	struct session_world *w = *state;
	uint64_t handle;

	assert_int_equal(w->api->start(w->api->self, &systems, &handle), ETW_OK);
	plan_init(&w->plan);
	session_set_apply(w->set, &w->plan);
	assert_true(session_set_is_up(w->set, OFFER_SECURITY));
	session_world_pass_s(w, 2);
	session_world_drop_set(w);
	assert_true(fake_etw_exists(w->etw, "EventLog-Security"));
}

static void session_set__asks_for_rundown(void **state)
{
	struct session_world *w = *state;
	unsigned before;
	uint32_t flags = 0;

	session_set_apply(w->set, &w->plan);
	before = fake_etw_calls(w->etw, FAKE_SET_FLAGS);
	session_set_rundown(w->set);
	assert_int_equal(fake_etw_calls(w->etw, FAKE_SET_FLAGS), before + 2);
	assert_true(fake_etw_flags(w->etw, "vitrine-kernel", &flags));
	assert_int_equal(flags, 1);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLAIM(session_set__starts_what_the_floor_needs),
		CLAIM(session_set__hands_enabled_events_to_the_ring_of_their_session),
		CLAIM(session_set__switches_off_what_is_not_wanted_any_more),
		CLAIM(session_set__takes_over_what_a_run_that_died_left),
		CLAIM(session_set__replaces_a_stale_session_with_other_settings),
		CLAIM(session_set__takes_its_name_back_and_tells),
		CLAIM(session_set__without_rights_says_so_once_and_tries_again),
		CLAIM(session_set__without_a_slot_for_classic_events_keeps_the_others),
		CLAIM(session_set__where_a_session_cannot_be_opened_leaves_none_behind),
		CLAIM(session_set__on_an_older_system_asks_for_less),
		CLAIM(session_set__on_a_system_without_filters_takes_all_of_a_provider),
		CLAIM(session_set__tells_once_of_a_provider_that_cannot_be_enabled),
		CLAIM(session_set__listens_to_the_systems_security_session_and_leaves_it),
		CLAIM(session_set__asks_for_rundown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
