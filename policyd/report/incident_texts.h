/* incident_texts: each distinct text once, numbered, within a bound of bytes. Private to the layer. */
#ifndef VITRINE_INCIDENT_TEXTS_H
#define VITRINE_INCIDENT_TEXTS_H

#include "proto/base/arena.h"
#include "proto/record.h"

struct incident_texts {
	struct arena *arena;
	struct text_view *texts;               /* [0]: "" */
	uint32_t *slots;                       /* number + 1; 0: free */
	size_t count, cap, slot_count;
	uint64_t refused;
};

bool incident_texts_init(struct incident_texts *t, size_t max_bytes);    /* false: out of memory */
void incident_texts_release(struct incident_texts *t);
/* Number of the text; 0, counted, when there is no room. Longer than max_chars: cut between characters, with a mark. */
uint32_t incident_texts_add(struct incident_texts *t, struct text_view text, size_t max_chars);

/* 64 bits of any bytes; not for peers to aim at: chains are bounded by what a report holds. */
uint64_t incident_hash(const void *ptr, size_t len, uint64_t seed);

#endif
