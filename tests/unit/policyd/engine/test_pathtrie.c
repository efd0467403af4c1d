#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/engine/pathtrie.h"

static bool fits(const char *const *consts, struct pathtrie_options options, const char *path)
{
	struct arena *a = arena_create(1 << 20);
	struct value values[8];
	struct pathtrie *t;
	size_t count = 0;
	bool result;

	for (; consts[count]; count++)
		values[count] = (struct value){ .str = { consts[count], strlen(consts[count]) } };
	assert_int_equal(pathtrie_create(a, values, count, options, &t), ST_OK);
	result = pathtrie_match(t, path, strlen(path));
	arena_destroy(a);
	return result;
}

#define CONSTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct pathtrie_options posix = { .windows_path = false }, windows = { .windows_path = true, .fold = true };

static void parts__match_as_a_whole(void **state)
{
	(void)state;
	assert_true(fits(CONSTS("/opt/app"), posix, "/opt/app/x"));
	assert_true(fits(CONSTS("opt//app/"), posix, "/opt/app"));
	assert_false(fits(CONSTS("/opt/app"), posix, "/opt/apple"));
	assert_false(fits(CONSTS("/opt/app"), posix, "/opt"));
	assert_true(fits(CONSTS("/"), posix, "anything"));
	assert_true(fits(CONSTS("/a.b/c", "/a/c", "/a"), posix, "/a/d"));
	assert_true(fits(CONSTS("/a.b/c", "/a/c"), posix, "/a.b/c/d"));
	assert_false(fits(CONSTS("/opt"), posix, "\\opt"));
}

static void backslashes_and_case__are_a_matter_of_windows(void **state)
{
	(void)state;
	assert_true(fits(CONSTS("c:\\windows"), windows, "C:\\Windows\\System32\\cmd.exe"));
	assert_true(fits(CONSTS("c:/windows"), windows, "C:\\WINDOWS"));
	assert_false(fits(CONSTS("c:\\windows"), posix, "C:\\Windows"));
}

static void every_wildcard_sibling__is_tried(void **state)
{
	(void)state;
	/* The first sibling fits the part but leads nowhere; Falco loses its place there. */
	assert_true(fits(CONSTS("/a*/x", "/*b/y", "/ab/z"), posix, "/ab/y"));
	assert_true(fits(CONSTS("/a*/x", "/*b/y", "/ab/z"), posix, "/ab/z"));
	assert_true(fits(CONSTS("/a*/x", "/*b/y", "/ab/z"), posix, "/ab/x/w"));
	assert_false(fits(CONSTS("/a*/x", "/*b/y", "/ab/z"), posix, "/ab/w"));
}

static void too_many_parts__are_refused(void **state)
{
	static char path[2 * PATHTRIE_MAX_PARTS + 3];
	struct arena *a = arena_create(1 << 22);
	struct value v = { .str = { path, sizeof path - 1 } };
	struct pathtrie *t;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof path; i++)
		path[i] = "/a"[i % 2];
	assert_int_equal(pathtrie_create(a, &v, 1, posix, &t), ST_LIMIT);
	v.str.len = 2 * PATHTRIE_MAX_PARTS;
	assert_int_equal(pathtrie_create(a, &v, 1, posix, &t), ST_OK);
	assert_true(pathtrie_match(t, path, sizeof path - 1));
	arena_destroy(a);
}

static void hundred_thousand_paths__are_one_walk(void **state)
{
	enum { MANY = 100000 };
	static char texts[MANY][16];
	static struct value values[MANY];
	struct arena *a = arena_create(256 << 20);
	struct pathtrie *t;

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		values[i] = (struct value){ .str = { texts[i], (size_t)snprintf(texts[i], 16, "/d%u/f%u", i % 317, i) } };
	assert_int_equal(pathtrie_create(a, values, MANY, posix, &t), ST_OK);
	for (unsigned i = 0; i < MANY; i++)
		assert_true(pathtrie_match(t, values[i].str.ptr, values[i].str.len));
	assert_false(pathtrie_match(t, "/d1/f2", 6));
	arena_destroy(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts__match_as_a_whole),
		cmocka_unit_test(backslashes_and_case__are_a_matter_of_windows),
		cmocka_unit_test(every_wildcard_sibling__is_tried),
		cmocka_unit_test(too_many_parts__are_refused),
		cmocka_unit_test(hundred_thousand_paths__are_one_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
