/* join: one process start (or exit) reported by two sources is one event. The first record is copied and held; when its
 * twin comes (same process, other source) both go on as one, else it goes on alone after a time-out. Holds a bounded
 * number of copies in storage that is reused. Single-threaded. */
#ifndef VITRINE_STATE_JOIN_H
#define VITRINE_STATE_JOIN_H

#include "policyd/event.h"
#include "policyd/state/proc.h"

struct join;

enum {
	JOIN_TIMEOUT_100NS = 200 * 10000,	 /* etw.md §1.4 */
	JOIN_MAX_HELD = 256,			 /* starts and exits of 200 ms: 1,280 a second */
	JOIN_MAX_RECORD_BYTES = 64 * 1024 + 512, /* payload, SID, schema and names of one record */
	JOIN_MAX_BYTES = 4 << 20,		 /* all copies together */
};

struct join *join_create(void); /* NULL: out of memory */
void join_destroy(struct join *j);

/* Copies ev and its record. False: pool full, or the record is not of a kind that is held (named). */
bool join_hold(struct join *j, const struct event *ev, uint64_t now_100ns);

/* Takes out the held event of this process and kind. It lives until join_recycle. NULL: none. */
struct event *join_take_twin(struct join *j, const struct proc *p, enum event_kind kind);
/* Takes out the oldest held event, if it was held before now - time-out; now UINT64_MAX: any. Same life. */
struct event *join_take_overdue(struct join *j, uint64_t now_100ns);

/* Storage of what was taken out may be reused from here on. */
void join_recycle(struct join *j);

/* The process table goes away: held events stay, without their process. */
void join_forget_procs(struct join *j);

bool join_is_empty(const struct join *j);

#endif
