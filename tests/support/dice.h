/* dice: choices taken from bytes, so that a fuzzer steers what a random test makes. Past the end every throw is 0. */
#ifndef VITRINE_TEST_DICE_H
#define VITRINE_TEST_DICE_H

#include <stddef.h>
#include <stdint.h>

struct dice {
	const uint8_t *data;
	size_t len, at;
};

/* 0 .. sides - 1; sides at most 256. */
static inline unsigned dice_throw(struct dice *d, unsigned sides)
{
	unsigned byte = d->at < d->len ? d->data[d->at++] : 0;

	return sides > 1 ? byte % sides : 0;
}

#endif
