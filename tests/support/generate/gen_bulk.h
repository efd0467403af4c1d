/* gen_bulk: a recording of any size: a desktop-and-server population with one container, kept busy. */
#ifndef VITRINE_TEST_GEN_BULK_H
#define VITRINE_TEST_GEN_BULK_H

#include "tests/support/generate/gen_world.h"

struct gen_bulk_limits {
	uint64_t bytes, records;         /* 0: none; one must be given */
	uint64_t seed;                   /* 0: the default sequence */
};

/* written: asked between steps how many bytes there are. */
struct gen_bulk_meter {
	uint64_t (*written)(const void *ctx);
	const void *ctx;
};

extern const struct gen_machine gen_bulk_machine;

enum status gen_bulk_play(const struct gen_bulk_limits *limits, const struct gen_output *out,
	const struct gen_bulk_meter *meter, uint64_t *records);

#endif
