/* compare_engines: random rules on random events through the program and through the oracle. */
#ifndef VITRINE_TEST_COMPARE_ENGINES_H
#define VITRINE_TEST_COMPARE_ENGINES_H

#include "tests/support/dice.h"

struct comparison {
	unsigned long checked;      /* rules times events */
	unsigned long matched;
	long wrong_rule;            /* -1: both agreed always */
};

/* Everything is chosen by the bytes. Stops at the first difference. */
struct comparison compare_engines(const uint8_t *data, size_t len);

#endif
