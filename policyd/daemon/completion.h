/* completion: alerts that went out before their pod was known, until it is: then the store gets what was missing. Bounded;
 * loop thread only. */
#ifndef VITRINE_DAEMON_COMPLETION_H
#define VITRINE_DAEMON_COMPLETION_H

#include "policyd/alert/alert.h"
#include "policyd/daemon/stream_set.h"
#include "policyd/output/output.h"

enum {
	COMPLETION_MAX = 1024,                 /* alerts that wait; each has at most 4 KiB */
	COMPLETION_WAIT_MS = 3600 * 1000,      /* an API that is away for longer leaves its alerts as they are */
	COMPLETION_CURRENT_MS = 120 * 1000,    /* an API that answers names a container's pod within seconds, or it has none */
	COMPLETION_MAX_ID_BYTES = 128,         /* of a container; containerd's have 64 */
};

/* X(name, doc) */
#define COMPLETION_COUNTS_TABLE(X)                                                                                     \
	X(incomplete, "alerts that went out before their pod was known")                                               \
	X(found, "of these, those whose pod came, and were handed to the store")                                       \
	X(given_up, "of these, those whose pod did not come within an hour (two minutes while the API answers), or whose container was forgotten")         \
	X(refused, "of these, those that nothing waits for: too many")

struct completion_stats {
#define X(name, doc) uint64_t name;
	COMPLETION_COUNTS_TABLE(X)
#undef X
	size_t waiting;
};

struct completion;

struct completion *completion_create(struct outputs *outputs);    /* NULL: out of memory */
void completion_destroy(struct completion *c);                    /* NULL is fine */

/* An alert that is incomplete was written: its uid, what it lacks, and the event. */
void completion_add(struct completion *c, const char *uid, const struct alert *alert, const struct alert_gaps *gaps);
/* Pods or containers may have come. now_ms: of the loop. */
void completion_look(struct completion *c, const struct stream_set *streams, uint64_t now_ms);
void completion_get_stats(const struct completion *c, struct completion_stats *out);

#endif
