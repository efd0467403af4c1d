/* correlator: the memory behind throttle, threshold and sequence: for every rule a bounded table of keys. Time is the
 * stream's, so a replay gives what happened live. Nothing is allocated but when a rule with correlation matches.
 *
 * Time may run backwards a little, since records of several processors are sorted only so far: what is earlier counts as
 * within a window as long as it is no further from its start than the window is long. A clock set back by more starts
 * the window anew. One thread. */
#ifndef VITRINE_CORRELATE_CORRELATOR_H
#define VITRINE_CORRELATE_CORRELATOR_H

#include "policyd/correlate/correlation.h"
#include "proto/base/status.h"

enum {
	CORRELATE_MAX_KEY_BYTES = 8192,        /* of one key, all fields together */
	CORRELATE_MAX_VALUE_BYTES = 1024,      /* of one field in a key: longer values differ by these and their length */
	CORRELATE_MAX_BYTES = 64 << 20,        /* of all tables together, who share alike; what events can make us hold */
	CORRELATE_MAX_TABLE_BYTES = 8 << 20,   /* of one table; a rule has at most three. 50,000 keys of usual length */
	CORRELATE_MIN_TABLE_BYTES = 64 << 10,  /* with more than a thousand tables; 400 keys */
};

struct correlator;

/* specs[i] of rule i, NULL for rules without; borrowed until destroy. NULL: out of memory. */
struct correlator *correlator_create(const struct correlation *const *specs, size_t count);
void correlator_destroy(struct correlator *c);                    /* NULL is fine */

struct correlate_event {
	const struct event_view *view;
	uint64_t time_100ns;
};

/* The event matches a step before the last of the rule's sequence. Of one event, the later steps must come first, the
 * rule's own match before all of them: an event moves a sequence by one step at most. */
void correlator_step(struct correlator *c, size_t rule, size_t step, const struct correlate_event *ev);

struct correlated {
	uint64_t held_back;                    /* alerts of this key held back since the last one told */
	uint32_t count;                        /* of the threshold reached; 0: none */
	bool distinct;                         /* it counts different values */
};

/* The event matches the rule. True: an alert is due. */
bool correlator_match(struct correlator *c, size_t rule, const struct correlate_event *ev, struct correlated *out);

/* Reload: what `rule` asks for in the same way as old_rule did goes on with that one's memory. The vocabulary is the same. */
void correlator_take_over(struct correlator *c, size_t rule, struct correlator *old, size_t old_rule);
void correlator_take_counters(struct correlator *c, const struct correlator *old);

/* X(name, doc): counters of a correlator. */
#define CORRELATE_COUNTERS_TABLE(X)                                                                                    \
	X(held_back, "alerts held back by throttle")                                                                   \
	X(held_untold, "of these, not told of by a later alert, its key having given way")                             \
	X(below_threshold, "matches that count towards a threshold, without an alert")                                 \
	X(sequences_begun, "sequences begun")                                                                          \
	X(sequences_done, "sequences completed")                                                                       \
	X(keys, "keys remembered now")                                                                                 \
	X(keys_expired, "keys that gave way after their window")                                                       \
	X(keys_evicted, "keys that gave way within their window, for want of room")                                    \
	X(keys_refused, "keys too long, or without memory: an alert was let through, a step not remembered")

struct correlate_counters {
#define X(name, doc) uint64_t name;
	CORRELATE_COUNTERS_TABLE(X)
#undef X
};
struct correlate_counters correlator_counters(const struct correlator *c);

#endif
