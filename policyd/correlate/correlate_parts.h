/* correlate_parts: what the files of the correlator share. Private to the layer. */
#ifndef VITRINE_CORRELATE_PARTS_H
#define VITRINE_CORRELATE_PARTS_H

#include "policyd/correlate/correlator.h"
#include "policyd/correlate/key_table.h"
#include "proto/base/buf.h"

struct memory {
	struct key_table *table;               /* NULL: the rule does not ask for it */
	uint64_t window_100ns;
	size_t max_bytes;
	struct correlate_counters *counters;
};

struct rule_memory {
	const struct correlation *spec;
	struct memory sequence, threshold, throttle;
};

struct correlator {
	struct rule_memory *rules;
	size_t rule_count;
	size_t table_bytes;                    /* share of one table */
	struct buf key;                        /* of the event at hand */
	struct correlate_counters counters;
};

/* now lies within the window that start opened; see correlator.h on time that runs backwards. */
static inline bool time_within(uint64_t start, uint64_t now, uint64_t window)
{
	return now >= start ? now - start <= window : start - now <= window;
}

enum missing { MISSING_IS_A_VALUE, MISSING_REFUSES };

/* Fills c->key. False: too long (counted), or a value is missing and that refuses. */
bool correlate_key_make(struct correlator *c, const struct correlate_key *key, enum missing missing,
	const struct correlate_event *ev);
/* The key's state, made where there is none. NULL: no memory (counted). */
void *correlate_state(struct correlator *c, const struct memory *m, uint64_t now);

/* sequence.c */
size_t sequence_state_bytes(const struct sequence_spec *s);
void sequence_step(struct correlator *c, struct rule_memory *m, size_t step, const struct correlate_event *ev);
bool sequence_complete(struct correlator *c, struct rule_memory *m, const struct correlate_event *ev);

/* threshold.c. True: reached. */
size_t threshold_state_bytes(const struct threshold_spec *s);
bool threshold_reached(struct correlator *c, struct rule_memory *m, const struct correlate_event *ev);

/* spec_same.c; false where either is NULL. */
bool throttle_same(const struct throttle_spec *a, const struct throttle_spec *b);
bool threshold_same(const struct threshold_spec *a, const struct threshold_spec *b);
bool sequence_same(const struct sequence_spec *a, const struct sequence_spec *b);

/* throttle.c. True: let through. */
size_t throttle_state_bytes(void);
bool throttle_pass(struct correlator *c, struct rule_memory *m, const struct correlate_event *ev, uint64_t *held_back);
uint64_t throttle_held(const void *state);    /* held back and not told of yet */

#endif
