#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "policyd/engine/affix_trie.h"
#include "policyd/engine/gram_scan.h"

enum { LITERALS = 60, ROUNDS = 400, TEXTS = 30, MAX_TEXT = 60 };

struct random {
	uint64_t x;
};

static unsigned throw(struct random *r, unsigned sides)
{
	r->x ^= r->x << 13;
	r->x ^= r->x >> 7;
	r->x ^= r->x << 17;
	return (unsigned)(r->x >> 33) % sides;
}

/* Few letters, so that literals overlap, share grams and are found. */
static size_t random_text(struct random *r, char *out, size_t least, size_t most)
{
	static const char letters[] = "abcABC\\.@`";
	size_t len = least + throw(r, (unsigned)(most - least + 1));

	for (size_t i = 0; i < len; i++)
		out[i] = letters[throw(r, 3 + throw(r, 8))];
	return len;
}

struct round {
	struct random random;
	struct arena *arena;
	struct literal literals[LITERALS];
	bool found[LITERALS];
	unsigned hits;
};

static void on_found(void *ctx, uint32_t trigger)
{
	((struct round *)ctx)->found[trigger] = true;
}

static void make_literals(struct round *r, size_t least)
{
	size_t longest = 4 + throw(&r->random, 9);

	for (uint32_t i = 0; i < LITERALS; i++) {
		struct literal *l = &r->literals[i];
		char *text = arena_alloc(r->arena, 32);

		l->len = (uint32_t)random_text(&r->random, text, least, longest);
		l->trigger = i;
		l->fold = throw(&r->random, 2);
		for (uint32_t k = 0; l->fold && k < l->len; k++)
			text[k] = text_fold(text[k]);
		l->ptr = text;
	}
}

typedef void run_fn(struct round *r, const char *text, size_t len);
typedef bool expect_fn(const struct literal *l, const char *text, size_t len);

static void compare_texts(struct round *r, run_fn *run, expect_fn *expect)
{
	for (size_t t = 0; t < TEXTS; t++) {
		char text[MAX_TEXT];
		size_t len = random_text(&r->random, text, 0, MAX_TEXT);
		char *exact = malloc(len ? len : 1);    /* exact size, so that ASan sees an over-read */

		memcpy(exact, text, len);
		memset(r->found, 0, sizeof r->found);
		run(r, exact, len);
		for (size_t i = 0; i < LITERALS; i++) {
			if (r->found[i] != expect(&r->literals[i], exact, len))
				fail_msg("%.*s in %.*s", (int)r->literals[i].len, r->literals[i].ptr, (int)len, exact);
			r->hits += r->found[i];
		}
		free(exact);
	}
}

static const struct gram_scan *current_scan(struct round *r)
{
	struct gram_scan *scan;

	assert_int_equal(gram_scan_create(r->arena, r->literals, LITERALS, &scan), ST_OK);
	return scan;
}

static void run_scan(struct round *r, const char *text, size_t len)
{
	gram_scan_run(current_scan(r), text, len, on_found, r);
}

static void run_prefix(struct round *r, const char *text, size_t len)
{
	struct affix_trie *t;

	assert_int_equal(affix_trie_create(r->arena, r->literals, LITERALS, AFFIX_PREFIX, &t), ST_OK);
	affix_trie_run(t, text, len, on_found, r);
}

static void run_suffix(struct round *r, const char *text, size_t len)
{
	struct affix_trie *t;

	assert_int_equal(affix_trie_create(r->arena, r->literals, LITERALS, AFFIX_SUFFIX, &t), ST_OK);
	affix_trie_run(t, text, len, on_found, r);
}

static bool is_anywhere(const struct literal *l, const char *text, size_t len)
{
	for (size_t at = 0; at + l->len <= len; at++) {
		if (literal_is_at(l, text + at))
			return true;
	}
	return false;
}

static bool is_prefix(const struct literal *l, const char *text, size_t len)
{
	return l->len <= len && literal_is_at(l, text);
}

static bool is_suffix(const struct literal *l, const char *text, size_t len)
{
	return l->len <= len && literal_is_at(l, text + (len - l->len));
}

static void compare_rounds(size_t least, run_fn *run, expect_fn *expect)
{
	struct round r = { .random = { 88172645463325252u } };

	for (unsigned i = 0; i < ROUNDS / 20; i++) {
		r.arena = arena_create(256 << 20);
		make_literals(&r, least);
		compare_texts(&r, run, expect);
		arena_destroy(r.arena);
	}
	assert_true(r.hits > 100);
}

static void gram_scan__finds_just_the_literals_that_are_there(void **state)
{
	(void)state;
	compare_rounds(GRAM_SCAN_MIN_BYTES, run_scan, is_anywhere);
	compare_rounds(4, run_scan, is_anywhere);
	compare_rounds(1 + GRAM_SCAN_MIN_BYTES, run_scan, is_anywhere);
}

static void affix_trie__finds_just_the_beginnings(void **state)
{
	(void)state;
	compare_rounds(1, run_prefix, is_prefix);
}

static void affix_trie__finds_just_the_ends(void **state)
{
	(void)state;
	compare_rounds(1, run_suffix, is_suffix);
}

static void long_affixes__are_compared_whole(void **state)
{
	struct arena *a = arena_create(1 << 20);
	char text[200], other[200];
	struct literal l = { text, 150, 0, false };
	struct round r = { .hits = 0 };
	struct affix_trie *t;

	(void)state;
	memset(text, 'a', sizeof text);
	memcpy(other, text, sizeof text);
	other[140] = 'b';
	assert_int_equal(affix_trie_create(a, &l, 1, AFFIX_PREFIX, &t), ST_OK);
	affix_trie_run(t, other, sizeof other, on_found, &r);
	assert_false(r.found[0]);
	affix_trie_run(t, text, 149, on_found, &r);
	assert_false(r.found[0]);
	affix_trie_run(t, text, 150, on_found, &r);
	assert_true(r.found[0]);
	arena_destroy(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gram_scan__finds_just_the_literals_that_are_there),
		cmocka_unit_test(affix_trie__finds_just_the_beginnings),
		cmocka_unit_test(affix_trie__finds_just_the_ends),
		cmocka_unit_test(long_affixes__are_compared_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
