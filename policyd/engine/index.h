/* index: which variants an event can match, by event type and guard. Made by index_*.c, read by match.c. */
#ifndef VITRINE_ENGINE_INDEX_H
#define VITRINE_ENGINE_INDEX_H

#include <stddef.h>
#include <stdint.h>

/* The variants filed under one event type, or under all. */
struct part {
	const uint32_t *always;              /* variants without guard */
	uint32_t always_count;
};

struct emit;

#endif
