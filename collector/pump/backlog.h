/* backlog: what waits in the rings to be sent, oldest first over all of them; what was sent and not confirmed stays until
 * it is, or until its room is needed. Sequence numbers are given here, once. The rings' reader; one thread. */
#ifndef VITRINE_COLLECTOR_BACKLOG_H
#define VITRINE_COLLECTOR_BACKLOG_H

#include "collector/etw/event_entry.h"

enum {
	BACKLOG_MAX_RINGS = 8,
	BACKLOG_MARKS = 1024,        /* frames on their way; more share the last mark, and are confirmed together */
};

struct backlog_mark {                /* a place in the stream, and what had been sent before it */
	uint64_t stream_bytes, seq;
	uint64_t pos[BACKLOG_MAX_RINGS];
};

struct backlog {
	struct ring *rings[BACKLOG_MAX_RINGS];
	size_t ring_count;
	uint64_t pos[BACKLOG_MAX_RINGS], next[BACKLOG_MAX_RINGS];
	struct event_entry *head[BACKLOG_MAX_RINGS];     /* NULL: nothing was there when it was looked at */
	uint64_t last_seq;                   /* given so far */
	uint64_t confirmed_seq;              /* a reader told it had them up to here */
	uint64_t not_sent[BACKLOG_MAX_RINGS];    /* given up before they were sent once */
	struct backlog_mark marks[BACKLOG_MARKS];
	size_t first_mark, mark_count;
};

void backlog_init(struct backlog *b, struct ring *const *rings, size_t ring_count);

/* The oldest entry not handed out on this connection; *ring: whose. NULL: none. Numbered by backlog_number. */
struct event_entry *backlog_first(struct backlog *b, size_t *ring);
void backlog_number(struct backlog *b, struct event_entry *e);
void backlog_pass(struct backlog *b, size_t ring);       /* it was handed out */
/* Looks again at rings that were empty. */
void backlog_look(struct backlog *b);

/* All that was handed out before is in the first stream_bytes of the connection. */
void backlog_mark(struct backlog *b, uint64_t stream_bytes);
/* The reader has that much of the connection. */
void backlog_confirm(struct backlog *b, uint64_t stream_bytes);
/* Gives up what was sent and not confirmed, where it takes more than half of a ring. */
void backlog_relieve(struct backlog *b);
/* A new connection: what was not confirmed comes again. The number that comes first. */
uint64_t backlog_rewind(struct backlog *b);
/* Nobody is connected: gives up what is older than that, and the oldest of rings that are three quarters full. */
void backlog_expire(struct backlog *b, uint64_t older_than_100ns);
/* Entries not sent yet. */
uint64_t backlog_waiting(struct backlog *b);

#endif
