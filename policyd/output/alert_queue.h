/* alert_queue: alerts between evaluation and the store, in memory. A push copies and never waits for anything but a lock
 * that is held for a few instructions. When it is full the oldest of the least severe goes, so that Critical and above
 * are dropped last; drops are counted by priority. One or more threads push, one takes. */
#ifndef VITRINE_OUTPUT_ALERT_QUEUE_H
#define VITRINE_OUTPUT_ALERT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/ruleset/priority.h"

enum {
	ALERT_QUEUE_COUNT = 65536,             /* default capacity: 65 s of 1,000 alerts/s while the store stands still */
	ALERT_QUEUE_BYTES = 64 << 20,          /* default: 1 KiB each */
	ALERT_MAX_TAGS = 256,                  /* of one alert; a rule has a dozen. More are cut from the filter's view */
	ALERT_UID_CHARS = 26,                  /* ULID */
};

/* One alert as bytes. Borrowed for a call, or owned by what holds it. Texts are not NULL, but story may be. */
struct alert_record {
	char uid[ALERT_UID_CHARS + 1];         /* "" until the queue has given one: stays the same for ever (log.record.uid) */
	int64_t id;                            /* row in the store, in the order of arrival; 0: none yet */
	int64_t time_ns;                       /* of the event, since 1970 UTC */
	int64_t observed_ns;                   /* when policyd saw it; 0: the queue sets it */
	enum priority priority;
	const char *rule, *source, *hostname;
	const char *const *tags;
	size_t tag_count;
	const char *text;                      /* Falco's line, without a line break */
	size_t text_len;
	const char *json;                      /* Falco's document, with output_fields */
	size_t json_len;
	const char *story;                     /* its processes, for reports (policyd/report/story.h); "": none */
	size_t story_len;
};

struct alert_queue_stats {
	uint64_t pushed, taken;                /* pushed counts what was let in, even when it was pushed out later */
	uint64_t dropped[PRIORITY_COUNT];
	size_t count, bytes, most_count;       /* now; most_count: ever */
};

struct alert_queue;
struct alert_batch;

struct alert_queue *alert_queue_create(size_t max_count, size_t max_bytes);    /* NULL: out of memory */
void alert_queue_destroy(struct alert_queue *q);                               /* NULL is fine; nobody may wait in it */

/* False: dropped and counted, or memory is out. */
bool alert_queue_push(struct alert_queue *q, const struct alert_record *r);

/* Up to max alerts in the order they came, after waiting up to wait_ms for the first. NULL: none came, or woken. The
 * caller destroys the batch. */
struct alert_batch *alert_queue_take(struct alert_queue *q, size_t max, uint32_t wait_ms);
void alert_queue_nudge(struct alert_queue *q);      /* the taker returns at once, this time */
void alert_queue_wake(struct alert_queue *q);       /* the taker returns at once, now and from then on */
void alert_queue_get_stats(struct alert_queue *q, struct alert_queue_stats *out);

/* An empty batch with room for max. NULL: out of memory. */
struct alert_batch *alert_batch_create(size_t max);
bool alert_batch_add(struct alert_batch *b, const struct alert_record *r);    /* copies; false: full, or out of memory */
size_t alert_batch_count(const struct alert_batch *b);
const struct alert_record *alert_batch_at(const struct alert_batch *b, size_t i);
void alert_batch_destroy(struct alert_batch *b);    /* NULL is fine */

#endif
