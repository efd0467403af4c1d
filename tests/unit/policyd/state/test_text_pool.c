#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/state/text_pool.h"

static struct text_view view_of(const char *text)
{
	return (struct text_view){ .ptr = text, .len = strlen(text) };
}

static void same_text__is_stored_once(void **state)
{
	struct text_pool *pool = text_pool_create(1 << 20, 0);
	const struct pooled *a = text_pool_take(pool, view_of("C:\\Windows")), *b = text_pool_take(pool, view_of("C:\\Windows"));

	(void)state;
	assert_non_null(a);
	assert_ptr_equal(a, b);
	assert_int_equal(text_pool_count(pool), 1);
	text_pool_drop(pool, a);
	assert_string_equal(b->text, "C:\\Windows");
	text_pool_drop(pool, b);
	assert_int_equal(text_pool_count(pool), 0);
	text_pool_destroy(pool);
}

static void steady_load__holds_no_more_memory(void **state)
{
	struct text_pool *pool = text_pool_create(1 << 20, 7);
	char text[64];
	size_t held = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		snprintf(text, sizeof text, "\\Device\\HarddiskVolume3\\file%d", i);
		text_pool_drop(pool, text_pool_take(pool, view_of(text)));
		if (i == 100)
			held = text_pool_held_bytes(pool);
	}
	assert_int_equal(text_pool_held_bytes(pool), held);
	text_pool_destroy(pool);
}

static void ceiling__refuses_and_recovers(void **state)
{
	struct text_pool *pool = text_pool_create(64 * 1024, 0);
	const struct pooled *kept[4096];
	size_t count = 0;
	char text[64];

	(void)state;
	do {
		snprintf(text, sizeof text, "text number %zu", count);
		kept[count] = text_pool_take(pool, view_of(text));
	} while (kept[count] && ++count < 4096);
	assert_in_range(count, 500, 4000);
	assert_true(text_pool_held_bytes(pool) <= 64 * 1024);
	text_pool_drop(pool, kept[0]);
	assert_non_null(kept[0] = text_pool_take(pool, view_of("another")));
	for (size_t i = 0; i < count; i++)
		text_pool_drop(pool, kept[i]);
	text_pool_destroy(pool);
}

static void text__longer_than_a_command_line_can_be_is_refused(void **state)
{
	struct text_pool *pool = text_pool_create(1 << 20, 0);
	static char text[TEXT_POOL_MAX_TEXT_BYTES + 1];
	const struct pooled *p;

	(void)state;
	memset(text, 'x', sizeof text);
	assert_null(text_pool_take(pool, (struct text_view){ text, sizeof text }));
	p = text_pool_take(pool, (struct text_view){ text, sizeof text - 1 });
	assert_non_null(p);
	assert_int_equal(p->len, sizeof text - 1);
	text_pool_drop(pool, p);
	text_pool_destroy(pool);
}

static void texts_of_all_sizes__come_back_whole(void **state)
{
	struct text_pool *pool = text_pool_create(64 << 20, 3);
	const struct pooled *kept[600];
	static char text[120000];

	(void)state;
	for (size_t i = 0; i < 600; i++) {
		memset(text, (int)('a' + i % 26), i * 200);
		kept[i] = text_pool_take(pool, (struct text_view){ text, i * 200 });
		assert_non_null(kept[i]);
	}
	for (size_t i = 0; i < 600; i++) {
		assert_int_equal(kept[i]->len, i * 200);
		assert_int_equal(kept[i]->text[kept[i]->len], 0);
		assert_true(i == 0 || kept[i]->text[i * 200 - 1] == (char)('a' + i % 26));
		text_pool_drop(pool, kept[i]);
	}
	text_pool_destroy(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_text__is_stored_once),
		cmocka_unit_test(steady_load__holds_no_more_memory),
		cmocka_unit_test(ceiling__refuses_and_recovers),
		cmocka_unit_test(text__longer_than_a_command_line_can_be_is_refused),
		cmocka_unit_test(texts_of_all_sizes__come_back_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
