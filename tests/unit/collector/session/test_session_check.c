#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "proto/host/thread.h"
#include "tests/support/session_world.h"

static const struct guid kernel_process = KERNEL_PROCESS;

static void session_check__starts_a_stopped_session_again_and_tells(void **state)
{
	struct etw_session_state st;
	struct session_world *w = *state;
	struct etw_enable e;

	session_set_apply(w->set, &w->plan);
	w->api->stop(w->api->self, "vitrine-process", &st);
	session_world_pass_s(w, 1);
	assert_true(session_set_is_up(w->set, OFFER_PROCESS));
	assert_true(fake_etw_enabled(w->etw, "vitrine-process", &kernel_process, &e));
	assert_int_equal(session_world_notices(w, NOTICE_SESSION_STOPPED, "vitrine-process"), 1);
}

static void session_check__starts_again_where_the_consumer_was_ended(void **state)
{
	struct session_world *w = *state;

	fake_etw_fail(w->etw, FAKE_PROCESS, 1223, 1);    /* ERROR_CANCELLED */
	session_set_apply(w->set, &w->plan);
	for (unsigned i = 0; i < 1000 && fake_etw_calls(w->etw, FAKE_PROCESS) < 4; i++) {
		thread_sleep_ms(1);
		session_world_pass_s(w, 1);
	}
	assert_int_equal(session_world_notices(w, NOTICE_SESSION_STOPPED, "1223"), 1);
	assert_true(session_set_is_up(w->set, OFFER_KERNEL) && session_set_is_up(w->set, OFFER_PROCESS));
}

static void session_check__sees_a_session_replaced_behind_its_back(void **state)
{
	const struct etw_session_settings theirs = { .name = "vitrine-bulk", .mode = ETW_MODE_REAL_TIME, .buffer_kb = 256, .guid = KERNEL_FILE };
	struct etw_session_state st;
	struct session_world *w = *state;
	uint64_t handle;

	session_set_apply(w->set, &w->plan);
	w->api->stop(w->api->self, "vitrine-bulk", &st);
	assert_int_equal(w->api->start(w->api->self, &theirs, &handle), ETW_OK);
	session_world_pass_s(w, 2);
	assert_true(session_set_is_up(w->set, OFFER_BULK));
	assert_int_not_equal(session_world_state(w, "vitrine-bulk").handle, handle);
	assert_true(session_world_state(w, "vitrine-bulk").mode & ETW_MODE_INDEPENDENT);
}

static void session_check__enables_a_disabled_provider_again_and_tells(void **state)
{
	struct etw_enable off = { .provider = KERNEL_PROCESS, .control = ETW_DISABLE }, e;
	struct session_world *w = *state;

	session_set_apply(w->set, &w->plan);
	w->api->enable(w->api->self, session_world_state(w, "vitrine-process").handle, &off);
	session_world_pass_s(w, 1);
	assert_true(fake_etw_enabled(w->etw, "vitrine-process", &kernel_process, &e));
	assert_int_equal(session_world_notices(w, NOTICE_PROVIDER_DISABLED, "Microsoft-Windows-Kernel-Process"), 1);
	session_world_pass_s(w, 1);
	assert_int_equal(session_world_notices(w, NOTICE_PROVIDER_DISABLED, "Microsoft-Windows-Kernel-Process"), 0);
}

static void session_check__mends_keywords_that_somebody_changed(void **state)
{
	struct etw_enable blind = { .provider = KERNEL_PROCESS, .control = ETW_ENABLE, .level = 4, .keywords = 0x1000000 }, e;
	struct session_world *w = *state;

	session_set_apply(w->set, &w->plan);
	w->api->enable(w->api->self, session_world_state(w, "vitrine-process").handle, &blind);
	session_world_pass_s(w, 1);
	assert_true(fake_etw_enabled(w->etw, "vitrine-process", &kernel_process, &e));
	assert_int_equal(e.keywords, 0x4010);
	assert_int_equal(session_world_notices(w, NOTICE_PROVIDER_CHANGED, "Microsoft-Windows-Kernel-Process"), 1);
}

static void session_check__sets_filters_again_that_nobody_can_ask_for(void **state)
{
	const uint16_t nothing[] = { 9999 };
	struct etw_enable blind = { .provider = KERNEL_PROCESS, .control = ETW_ENABLE, .level = 4, .keywords = 0x4010, .ids = nothing,
		.id_count = 1 }, e;
	struct session_world *w = *state;

	session_set_apply(w->set, &w->plan);
	session_world_pass_s(w, 1);
	w->api->enable(w->api->self, session_world_state(w, "vitrine-process").handle, &blind);
	session_world_pass_s(w, SESSION_REASSERT_S);
	assert_true(fake_etw_enabled(w->etw, "vitrine-process", &kernel_process, &e));
	assert_int_equal(e.id_count, 4);
}

static void session_check__sets_kernel_flags_again_that_somebody_cleared(void **state)
{
	struct session_world *w = *state;
	uint32_t flags = 0;

	session_set_apply(w->set, &w->plan);
	w->api->set_kernel_flags(w->api->self, session_world_state(w, "vitrine-kernel").handle, 0);
	session_world_pass_s(w, 1);
	assert_true(fake_etw_flags(w->etw, "vitrine-kernel", &flags));
	assert_int_equal(flags, 1);
	assert_int_equal(session_world_notices(w, NOTICE_PROVIDER_DISABLED, "MSNT_SystemTrace/Process"), 1);
}

static void session_check__adds_up_losses_over_restarts_and_at_the_end(void **state)
{
	struct etw_session_state st;
	struct session_losses losses;
	struct session_world *w = *state;

	session_set_apply(w->set, &w->plan);
	fake_etw_lose(w->etw, "vitrine-bulk", 10, 1);
	session_world_pass_s(w, 2);
	session_set_losses(w->set, OFFER_BULK, &losses);
	assert_int_equal(losses.events, 10);
	assert_int_equal(losses.realtime_buffers, 1);
	w->api->stop(w->api->self, "vitrine-bulk", &st);
	session_world_pass_s(w, 1);
	fake_etw_lose(w->etw, "vitrine-bulk", 5, 0);
	session_set_stop(w->set);
	session_set_losses(w->set, OFFER_BULK, &losses);
	assert_int_equal(losses.events, 15);
}

static void session_check__misses_a_canary_that_does_not_arrive(void **state)
{
	struct session_world *w = *state;

	session_set_apply(w->set, &w->plan);
	fake_etw_mute_canary(w->etw, true);
	session_world_pass_s(w, 2 + SESSION_CANARY_WAIT_S);
	assert_int_equal(session_world_notices(w, NOTICE_CANARY_MISSING, "vitrine-bulk"), 1);
}

static void session_check__is_calm_when_the_canary_arrives(void **state)
{
	struct session_world *w = *state;

	session_set_apply(w->set, &w->plan);
	session_world_pass_s(w, 1);
	fake_etw_settle(w->etw);
	assert_int_equal(ring_committed(w->options.rings[OFFER_BULK]), 0);    /* it is ours and goes no further */
	session_world_pass_s(w, SESSION_CANARY_WAIT_S + 1);
	assert_int_equal(session_world_notices(w, NOTICE_CANARY_MISSING, "vitrine-bulk"), 0);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLAIM(session_check__starts_a_stopped_session_again_and_tells),
		CLAIM(session_check__starts_again_where_the_consumer_was_ended),
		CLAIM(session_check__sees_a_session_replaced_behind_its_back),
		CLAIM(session_check__enables_a_disabled_provider_again_and_tells),
		CLAIM(session_check__mends_keywords_that_somebody_changed),
		CLAIM(session_check__sets_filters_again_that_nobody_can_ask_for),
		CLAIM(session_check__sets_kernel_flags_again_that_somebody_cleared),
		CLAIM(session_check__adds_up_losses_over_restarts_and_at_the_end),
		CLAIM(session_check__misses_a_canary_that_does_not_arrive),
		CLAIM(session_check__is_calm_when_the_canary_arrives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
