/* match_state: a matcher, and the steps of a run. Seen by match_*.c only. */
#ifndef VITRINE_ENGINE_MATCH_STATE_H
#define VITRINE_ENGINE_MATCH_STATE_H

#include "policyd/engine/program_layout.h"

/* A slot's values in the event with this epoch. */
struct slot_value {
	uint32_t epoch;
	uint32_t count;                      /* 0: no value */
	const struct value *items;
	struct value one;                    /* what items points to when the slot yields one value, or the list itself */
};

struct matcher {
	const struct program *p;
	const struct event_view *ev;
	struct slot_value *values;           /* by slot */
	uint32_t *results;                   /* by check: yes or no of this epoch, or something older */
	uint32_t *fired;                     /* by trigger: the epoch it fired last */
	uint32_t epoch, yes, no;
	uint64_t *awake;                     /* bit per variant */
	uint64_t *awake_words;               /* bit per word of awake */
	struct regex_scratch *regex;
	struct rule_stats *stats;            /* NULL: not counted */
	uint64_t (*now_ns)(void);
	uint64_t refused;
};

static inline void match_wake_variant(struct matcher *m, uint32_t variant)
{
	m->awake[variant / 64] |= UINT64_C(1) << variant % 64;
	m->awake_words[variant / 4096] |= UINT64_C(1) << variant / 64 % 64;
}

/* The slot's values, fetched once per event. */
const struct slot_value *match_fetch(struct matcher *m, uint32_t slot);
static inline const struct slot_value *match_slot(struct matcher *m, uint32_t slot)
{
	return m->values[slot].epoch == m->epoch ? &m->values[slot] : match_fetch(m, slot);
}

/* The check's truth, found out once per event. */
bool match_decide(struct matcher *m, uint32_t pred);
static inline bool match_pred(struct matcher *m, uint32_t pred)
{
	uint32_t known = m->results[pred];

	return (known | 1) == m->yes ? known & 1 : match_decide(m, pred);
}

/* Wakes the variants of the part whose guard fires. */
void match_wake(struct matcher *m, const struct part *part);

#endif
