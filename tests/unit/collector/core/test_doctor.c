#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "collector/core/collector.h"
#include "tests/support/session_world.h"

static unsigned examine(struct session_world *w, struct buf *out)
{
	struct collector_settings settings;
	const struct collector_options o = { .api = w->api, .settings = &settings };

	collector_settings_init(&settings);
	buf_init(out, 1 << 16);
	return collector_doctor(&o, out);
}

static void doctor__finds_nothing_wrong_with_sessions_that_run(void **state)
{
	struct session_world *w = *state;
	struct buf out;

	session_set_apply(w->set, &w->plan);
	assert_int_equal(examine(w, &out), 0);
	assert_non_null(strstr(buf_cstr(&out), "Microsoft-Windows-Kernel-Process: on, level 4, keywords 0x4010"));
	assert_non_null(strstr(buf_cstr(&out), "kernel flags 0x1"));
	assert_non_null(strstr(buf_cstr(&out), "vitrine-events"));
	buf_release(&out);
}

static void doctor__names_sessions_that_do_not_run(void **state)
{
	struct session_world *w = *state;
	struct buf out;

	assert_int_equal(examine(w, &out), 3);
	assert_non_null(strstr(buf_cstr(&out), "session vitrine-bulk: WRONG: does not run"));
	buf_release(&out);
}

static void doctor__names_a_provider_that_is_off_and_losses(void **state)
{
	const struct etw_enable off = { .provider = KERNEL_PROCESS, .control = ETW_DISABLE };
	struct session_world *w = *state;
	struct buf out;

	session_set_apply(w->set, &w->plan);
	w->api->enable(w->api->self, session_world_state(w, "vitrine-process").handle, &off);
	fake_etw_lose(w->etw, "vitrine-bulk", 5, 0);
	assert_int_equal(examine(w, &out), 2);
	assert_non_null(strstr(buf_cstr(&out), "Microsoft-Windows-Kernel-Process: WRONG: off"));
	assert_non_null(strstr(buf_cstr(&out), "lost 5 events"));
	buf_release(&out);
}

static void doctor__says_that_rights_are_missing(void **state)
{
	struct session_world *w = *state;
	struct buf out;

	fake_etw_fail(w->etw, FAKE_QUERY, ETW_ACCESS_DENIED, 4);
	assert_int_equal(examine(w, &out), 3);
	assert_non_null(strstr(buf_cstr(&out), "run as administrator"));
	buf_release(&out);
}

static void doctor__knows_an_etw_that_is_none(void **state)
{
	const struct etw_session_settings hollow = { .name = "vitrine-bulk" };    /* what Wine answers */
	struct session_world *w = *state;
	struct buf out;
	uint64_t handle;

	w->api->start(w->api->self, &hollow, &handle);
	assert_int_equal(examine(w, &out), 3);
	assert_non_null(strstr(buf_cstr(&out), "this system has no ETW"));
	buf_release(&out);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, session_world_set_up, session_world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLAIM(doctor__finds_nothing_wrong_with_sessions_that_run),
		CLAIM(doctor__names_sessions_that_do_not_run),
		CLAIM(doctor__names_a_provider_that_is_off_and_losses),
		CLAIM(doctor__says_that_rights_are_missing),
		CLAIM(doctor__knows_an_etw_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
