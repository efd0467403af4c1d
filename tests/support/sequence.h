/* sequence: a small deterministic random sequence for tests and the generator; the same on every machine. */
#ifndef VITRINE_TEST_SEQUENCE_H
#define VITRINE_TEST_SEQUENCE_H

#include <stdint.h>

struct sequence {
	uint64_t state;          /* never 0 */
};

static inline uint64_t sequence_next(struct sequence *s)
{
	s->state ^= s->state << 13;
	s->state ^= s->state >> 7;
	s->state ^= s->state << 17;
	return s->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* 0 .. bound - 1; bound > 0. */
static inline uint32_t sequence_below(struct sequence *s, uint32_t bound)
{
	return (uint32_t)((sequence_next(s) >> 32) * bound >> 32);
}

#endif
