/* shed: what is given up when evaluation falls behind a live stream: event types, least useful first, in steps that are
 * logged, counted and visible to rules as `events_lost`. State is kept from shed events too. Loop thread only. */
#ifndef VITRINE_DAEMON_SHED_H
#define VITRINE_DAEMON_SHED_H

#include "policyd/config/config.h"
#include "policyd/daemon/stream_set.h"
#include "policyd/event.h"

enum { SHED_TICK_MS = 250, SHED_STEP_MS = 1000 };    /* at most one step a second: each needs time to show */

struct shed {
	unsigned level;                        /* 0: nothing is shed */
	uint64_t steps_up;                     /* since the start */
	uint64_t stepped_ms, calm_since_ms;    /* loop time; calm 0: not calm */
	int64_t lag_ms;                        /* of the slowest stream at the last look */
	bool kinds[EVENT_KIND_COUNT];          /* what is shed now; pipelines look at it */
	uint64_t seen[STREAM_SET_MAX];         /* records of each stream at the last look */
};

/* Looks at the streams; every SHED_TICK_MS. */
void shed_tick(struct shed *s, struct stream_set *streams, const struct config *c, uint64_t now_ms);
/* Names of the event types that are shed now, separated by ", ". */
void shed_describe(const struct shed *s, struct buf *out);

#endif
