#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/compare_engines.h"

enum { ROUNDS = 300, ROUND_BYTES = 40000 };

/* xorshift: the same bytes on every machine. */
static void fill(uint8_t *out, size_t len, uint64_t seed)
{
	uint64_t x = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;

	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		out[i] = (uint8_t)(x >> 32);
	}
}

static void program__agrees_with_a_plain_tree_walk(void **state)
{
	static uint8_t bytes[ROUND_BYTES];
	unsigned long matched = 0, checked = 0;

	(void)state;
	for (uint64_t round = 0; round < ROUNDS; round++) {
		struct comparison c;

		fill(bytes, sizeof bytes, round + 1);
		c = compare_engines(bytes, sizeof bytes);
		if (c.wrong_rule >= 0)
			fail_msg("round %u: rule %ld", (unsigned)round, c.wrong_rule);
		checked += c.checked;
		matched += c.matched;
	}
	/* Neither side may be right by never matching. */
	assert_true(matched > checked / 20);
	assert_true(matched < checked - checked / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program__agrees_with_a_plain_tree_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
