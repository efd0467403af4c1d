/* coverage_parts: what coverage*.c share. Private to them. */
#ifndef VITRINE_ATTACK_COVERAGE_PARTS_H
#define VITRINE_ATTACK_COVERAGE_PARTS_H

#include "policyd/attack/coverage.h"

enum { COVERAGE_NO_TECHNIQUE = 0xFFFF };

/* One rule under one cell of the matrix. Sorted by tactic, technique, rule; each once. */
struct coverage_hit {
	uint32_t rule;               /* index in the ruleset */
	uint16_t technique;          /* index in the table; COVERAGE_NO_TECHNIQUE: for its tactic alone */
	uint8_t tactic;
	bool direct;                 /* false: the rule names a technique below this one */
};

struct coverage {
	const struct ruleset *rs;
	struct coverage_hit *hits;
	size_t hit_count, hit_cap;
	struct coverage_unknown *unknown;
	size_t unknown_count, unknown_cap;
	size_t rules, rules_left_out, rules_untagged;
};

/* The hits of one cell, [from, to). */
struct coverage_cell {
	const struct attack_technique *technique;    /* NULL: the tactic alone */
	size_t tactic, from, to;
	size_t direct;               /* rules that name it; to - from: those that name one below it, too */
};

/* The cell that begins at hit `from`. from < hit_count. */
struct coverage_cell coverage_cell_at(const struct coverage *c, size_t from);

#endif
