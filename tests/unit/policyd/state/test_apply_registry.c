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

#define RUN "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run"

enum { BASE = 0x1110, KEY = 0x2220 };

static void open_machine(struct world *w)
{
	WORLD(w, provider_kernel_registry, 2, 0, { "KeyObject", BASE, NULL }, { "RelativeName", 0, "\\REGISTRY\\MACHINE" });
}

static void open_run(struct world *w)
{
	open_machine(w);
	WORLD(w, provider_kernel_registry, 2, 0, { "BaseObject", BASE, NULL }, { "KeyObject", KEY, NULL },
		{ "RelativeName", 0, RUN });
}

static void open__is_relative_to_its_base(void **state)
{
	struct world *w = *state;

	open_run(w);
	assert_int_equal(w->ev.kind, EVENT_reg_open_key);
	assert_view(w->ev.key_path, "HKLM\\" RUN);
	assert_int_equal(world_stats(w).keys, 2);
}

static void base_name__is_taken_when_the_record_has_it(void **state)
{
	struct world *w = *state;

	WORLD(w, provider_kernel_registry, 1, 0, { "KeyObject", KEY, NULL }, { "BaseName", 0, "\\REGISTRY\\USER\\S-1-5-18" },
		{ "RelativeName", 0, "Software" });
	assert_int_equal(w->ev.kind, EVENT_reg_create_key);
	assert_view(w->ev.key_path, "HKU\\S-1-5-18\\Software");
}

static void set_value__has_the_path_of_its_key(void **state)
{
	struct world *w = *state;

	open_run(w);
	WORLD(w, provider_kernel_registry, 5, 0, { "KeyObject", KEY, NULL }, { "ValueName", 0, "evil" });
	assert_int_equal(w->ev.kind, EVENT_reg_set_value);
	assert_view(w->ev.key_path, "HKLM\\" RUN);
	assert_int_equal(world_stats(w).key_hits, 2);
}

static void set_value__of_an_unknown_key_has_what_the_record_says(void **state)
{
	struct world *w = *state;

	WORLD(w, provider_kernel_registry, 5, 0, { "KeyObject", 0x9990, NULL }, { "KeyName", 0, "Run" });
	assert_view(w->ev.key_path, "Run");
	WORLD(w, provider_kernel_registry, 5, 0, { "KeyObject", 0x9990, NULL },
		{ "KeyName", 0, "\\REGISTRY\\MACHINE\\x" });
	assert_view(w->ev.key_path, "HKLM\\x");
	assert_int_equal(world_stats(w).key_misses, 1);
}

static void failed_open__names_no_key(void **state)
{
	struct world *w = *state;

	WORLD(w, provider_kernel_registry, 2, 0, { "KeyObject", KEY, NULL }, { "Status", 0xC0000034, NULL },
		{ "RelativeName", 0, "\\REGISTRY\\MACHINE\\x" });
	assert_view(w->ev.key_path, "HKLM\\x");
	assert_int_equal(world_stats(w).keys, 0);
}

static void relative_name__under_an_unknown_base_stays_relative_and_is_not_stored(void **state)
{
	struct world *w = *state;

	WORLD(w, provider_kernel_registry, 2, 0, { "BaseObject", 0x7770, NULL }, { "KeyObject", KEY, NULL },
		{ "RelativeName", 0, RUN });
	assert_view(w->ev.key_path, RUN);
	assert_int_equal(world_stats(w).keys, 0);
}

static void close__ends_a_name(void **state)
{
	struct world *w = *state;

	open_run(w);
	assert_int_equal(WORLD(w, provider_kernel_registry, 13, 0, { "KeyObject", KEY, NULL }), STATE_ONLY);
	assert_int_equal(world_stats(w).keys, 1);
}

static void control_blocks__name_keys_of_classic_events(void **state)
{
	struct world *w = *state;

	assert_int_equal(WORLD(w, provider_classic_registry, 24, 2, { "KeyHandle", KEY, NULL },
				 { "KeyName", 0, "\\REGISTRY\\MACHINE\\SOFTWARE" }),
		STATE_ONLY);
	WORLD(w, provider_classic_registry, 11, 2, { "KeyHandle", KEY, NULL }, { "KeyName", 0, "Microsoft" });
	assert_view(w->ev.key_path, "HKLM\\SOFTWARE\\Microsoft");
	WORLD(w, provider_classic_registry, 14, 2, { "KeyHandle", KEY, NULL }, { "KeyName", 0, "evil" });
	assert_int_equal(w->ev.kind, EVENT_reg_set_value);
	assert_view(w->ev.key_path, "HKLM\\SOFTWARE");
	WORLD(w, provider_classic_registry, 23, 2, { "KeyHandle", KEY, NULL });
	assert_int_equal(world_stats(w).keys, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(open__is_relative_to_its_base),
		TEST(base_name__is_taken_when_the_record_has_it),
		TEST(set_value__has_the_path_of_its_key),
		TEST(set_value__of_an_unknown_key_has_what_the_record_says),
		TEST(failed_open__names_no_key),
		TEST(relative_name__under_an_unknown_base_stays_relative_and_is_not_stored),
		TEST(close__ends_a_name),
		TEST(control_blocks__name_keys_of_classic_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
