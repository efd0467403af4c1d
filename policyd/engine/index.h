/* index: which variants an event can match, by event type and guard. Made by index_*.c, read by match_wake.c. */
#ifndef VITRINE_ENGINE_INDEX_H
#define VITRINE_ENGINE_INDEX_H

#include "policyd/engine/affix_trie.h"
#include "policyd/engine/const_set.h"
#include "policyd/engine/gram_scan.h"

/* A constant that equals a value, and what that fires. */
struct equal_key {
	struct value value;
	uint32_t trigger;
	bool fold;
};

/* Every constant of one class that checks of one slot ask equality with. */
struct equal_table {
	struct hash_index index;             /* ids: into keys */
	const struct equal_key *keys;
	size_t longest;                      /* texts: longer values equal none */
	struct ip_prefixes prefixes;         /* CLASS_IP */
};

/* What one slot's values are looked up in. */
struct part_slot {
	uint32_t slot;
	const struct equal_table *equal;     /* NULL: none, as below */
	const struct gram_scan *scan;
	const struct affix_trie *prefix, *suffix;
};

/* A check some guards consist of. When it, or a text it needs, is found, its variants wake. */
struct trigger {
	uint32_t stamp;                      /* into matcher.fired */
	uint32_t pred;                       /* the check that is true then; NO_ID: it only may be */
	uint32_t first_wake, wake_count;     /* into part.wakes */
};

/* The variants filed under one event type, or under all. */
struct part {
	const uint32_t *always;              /* variants without guard */
	const struct part_slot *slots;
	const struct trigger *triggers;
	const uint32_t *wakes;               /* variants */
	uint32_t always_count, slot_count;
};

#endif
