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

#define PATH "\\Device\\HarddiskVolume3\\Temp\\a.txt"
#define OBJECT UINT64_C(0xffff8000a0001230)
#define KEY UINT64_C(0xffff8000b0004560)
#define OPEN_EXISTING (UINT64_C(1) << 24)
#define CREATE_NEW (UINT64_C(2) << 24)

static enum state_verdict create(struct world *w, uint64_t object, uint64_t options, const char *path)
{
	return WORLD(w, provider_kernel_file, 12, 1, { "FileObject", object, NULL }, { "CreateOptions", options, NULL },
		{ "FileName", 0, path });
}

static void map_drive(struct world *w)
{
	const struct stream_device_path c = { { "\\Device\\HarddiskVolume3", 23 }, { "C:", 2 } };
	const struct stream_hello hello = { .device_paths = &c, .device_path_count = 1 };

	state_apply_hello(w->state, &hello);
}

static void open__names_the_file_with_its_drive(void **state)
{
	struct world *w = *state;

	map_drive(w);
	assert_int_equal(create(w, OBJECT, OPEN_EXISTING, PATH), STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_file_open);
	assert_view(w->ev.path, "C:\\Temp\\a.txt");
}

static void write__has_the_name_of_its_object(void **state)
{
	struct world *w = *state;

	map_drive(w);
	create(w, OBJECT, OPEN_EXISTING, PATH);
	assert_int_equal(WORLD(w, provider_kernel_file, 16, 1, { "FileObject", OBJECT, NULL }, { "FileKey", KEY, NULL }),
		STATE_EVALUATE);
	assert_view(w->ev.path, "C:\\Temp\\a.txt");
}

static void write__has_the_name_of_its_key_when_the_object_is_unknown(void **state)
{
	struct world *w = *state;

	assert_int_equal(WORLD(w, provider_kernel_file, 10, 0, { "FileKey", KEY, NULL }, { "FileName", 0, PATH }), STATE_ONLY);
	WORLD(w, provider_kernel_file, 16, 1, { "FileObject", OBJECT, NULL }, { "FileKey", KEY, NULL });
	assert_view(w->ev.path, PATH);
	WORLD(w, provider_kernel_file, 11, 0, { "FileKey", KEY, NULL }, { "FileName", 0, PATH });
	WORLD(w, provider_kernel_file, 16, 1, { "FileObject", OBJECT, NULL }, { "FileKey", KEY, NULL });
	assert_view(w->ev.path, "");
	assert_int_equal(world_stats(w).file_misses, 3);
	assert_int_equal(world_stats(w).file_hits, 1);
}

static void close__ends_a_name_and_cleanup_does_not(void **state)
{
	struct world *w = *state;

	create(w, OBJECT, OPEN_EXISTING, PATH);
	WORLD(w, provider_kernel_file, 13, 1, { "FileObject", OBJECT, NULL });
	assert_int_equal(world_stats(w).files, 1);
	assert_int_equal(WORLD(w, provider_kernel_file, 14, 1, { "FileObject", OBJECT, NULL }), STATE_ONLY);
	assert_int_equal(world_stats(w).files, 0);
}

static void rename__has_both_paths_and_renames_the_object(void **state)
{
	struct world *w = *state;

	map_drive(w);
	create(w, OBJECT, OPEN_EXISTING, PATH);
	WORLD(w, provider_kernel_file, 27, 1, { "FileObject", OBJECT, NULL }, { "FileKey", KEY, NULL },
		{ "FilePath", 0, "\\Device\\HarddiskVolume3\\Temp\\b.txt" });
	assert_int_equal(w->ev.kind, EVENT_file_rename);
	assert_view(w->ev.path, "C:\\Temp\\a.txt");
	assert_view(w->ev.target_path, "C:\\Temp\\b.txt");
	WORLD(w, provider_kernel_file, 16, 1, { "FileObject", OBJECT, NULL });
	assert_view(w->ev.path, "C:\\Temp\\b.txt");
}

static void link__leaves_the_name_of_the_object(void **state)
{
	struct world *w = *state;

	create(w, OBJECT, OPEN_EXISTING, PATH);
	WORLD(w, provider_kernel_file, 28, 1, { "FileObject", OBJECT, NULL }, { "FilePath", 0, "\\Device\\X\\link" });
	assert_view(w->ev.target_path, "\\Device\\X\\link");
	WORLD(w, provider_kernel_file, 16, 1, { "FileObject", OBJECT, NULL });
	assert_view(w->ev.path, PATH);
}

static void delete__has_the_path_of_its_record(void **state)
{
	struct world *w = *state;

	WORLD(w, provider_kernel_file, 26, 1, { "FileObject", OBJECT, NULL }, { "FilePath", 0, PATH });
	assert_int_equal(w->ev.kind, EVENT_file_delete);
	assert_view(w->ev.path, PATH);
}

static void new_file__is_created_once(void **state)
{
	struct world *w = *state;

	assert_int_equal(create(w, OBJECT, CREATE_NEW, PATH), STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_file_create);
	assert_int_equal(WORLD(w, provider_kernel_file, 30, 1, { "FileObject", OBJECT, NULL },
				 { "CreateOptions", CREATE_NEW, NULL }, { "FileName", 0, PATH }),
		STATE_ONLY);
	assert_int_equal(create(w, OBJECT, CREATE_NEW, PATH), STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_file_create);
}

static void new_file__of_an_open_that_may_create_is_created(void **state)
{
	struct world *w = *state;

	create(w, OBJECT, UINT64_C(3) << 24, PATH);
	assert_int_equal(w->ev.kind, EVENT_file_open);
	assert_int_equal(WORLD(w, provider_kernel_file, 30, 1, { "FileObject", OBJECT, NULL }, { "FileName", 0, PATH }),
		STATE_EVALUATE);
	assert_int_equal(w->ev.kind, EVENT_file_create);
}

static void classic_rundown__names_keys(void **state)
{
	struct world *w = *state;

	assert_int_equal(WORLD(w, provider_classic_file_io, 36, 3, { "FileObject", KEY, NULL }, { "FileName", 0, PATH }),
		STATE_ONLY);
	WORLD(w, provider_classic_file_io, 68, 3, { "FileObject", OBJECT, NULL }, { "FileKey", KEY, NULL });
	assert_int_equal(w->ev.kind, EVENT_file_write);
	assert_view(w->ev.path, PATH);
	WORLD(w, provider_classic_file_io, 64, 3, { "FileObject", OBJECT, NULL }, { "CreateOptions", OPEN_EXISTING, NULL },
		{ "OpenPath", 0, "\\Device\\X\\other" });
	WORLD(w, provider_classic_file_io, 68, 3, { "FileObject", OBJECT, NULL }, { "FileKey", KEY, NULL });
	assert_view(w->ev.path, "\\Device\\X\\other");
	WORLD(w, provider_classic_file_io, 66, 3, { "FileObject", OBJECT, NULL }, { "FileKey", KEY, NULL });
	WORLD(w, provider_classic_file_io, 68, 3, { "FileObject", OBJECT, NULL }, { "FileKey", KEY, NULL });
	assert_view(w->ev.path, PATH);
}

static void thread__names_the_process_of_a_header_without_one(void **state)
{
	struct world *w = *state;
	const struct world_program cmd = { 200, 100, "\\Device\\X\\cmd.exe", "cmd", NULL, 0 };

	world_start(w, &cmd);
	WORLD(w, provider_classic_thread, 3, 3, { "ProcessId", 200, NULL }, { "TThreadId", 204, NULL });
	WORLD(w, provider_classic_file_io, 68, 3, { "FileObject", OBJECT, NULL }, { "TTID", 204, NULL });
	assert_string_equal(world_name(w->ev.proc), "cmd.exe");
}

static void table__is_bounded_and_counts_what_it_forgets(void **state)
{
	const struct state_limits small = { .max_names = 100 };
	struct world *w = world_create(&small);

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++)
		create(w, i << 4, OPEN_EXISTING, PATH);
	assert_int_equal(world_stats(w).files, 100);
	assert_int_equal(world_stats(w).file_evictions, 900);
	WORLD(w, provider_kernel_file, 16, 1, { "FileObject", 1000 << 4, NULL });
	assert_view(w->ev.path, PATH);
	world_destroy(w);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(open__names_the_file_with_its_drive),
		TEST(write__has_the_name_of_its_object),
		TEST(write__has_the_name_of_its_key_when_the_object_is_unknown),
		TEST(close__ends_a_name_and_cleanup_does_not),
		TEST(rename__has_both_paths_and_renames_the_object),
		TEST(link__leaves_the_name_of_the_object),
		TEST(delete__has_the_path_of_its_record),
		TEST(new_file__is_created_once),
		TEST(new_file__of_an_open_that_may_create_is_created),
		TEST(classic_rundown__names_keys),
		TEST(thread__names_the_process_of_a_header_without_one),
		TEST(table__is_bounded_and_counts_what_it_forgets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
