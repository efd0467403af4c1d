/* store: alerts on disk, in one SQLite file: history, and for each output what it has not delivered yet. Only store*.c
 * see SQLite. Any thread; one lock inside. Evaluation never calls it.
 * Caps: an output whose pending alerts pass its cap loses the oldest of the least severe; a store over its own cap loses
 * history the same way, and pending alerts only when there is no other history left. All of it is counted. */
#ifndef VITRINE_OUTPUT_STORE_H
#define VITRINE_OUTPUT_STORE_H

#include "policyd/output/alert_queue.h"
#include "policyd/output/output_filter.h"
#include "proto/base/status.h"

enum {
	STORE_MAX_OUTPUTS = 32,
	STORE_ROW_BYTES = 256,                 /* what an alert counts beside its texts: keys, indexes, numbers */
	STORE_QUERY_MAX_ROWS = 100000,         /* of one query, whatever it asks for */
};

struct store;

struct store_output {
	const char *name;
	const struct output_filter *filter;    /* what it will have to deliver is decided when an alert is written */
	uint64_t max_bytes;
	int64_t max_age_s;                     /* 0: no limit */
};

struct store_config {
	const char *path;                      /* NULL: in memory */
	uint64_t max_bytes;                    /* of all alerts */
	int64_t max_age_s;                     /* of history; 0: no limit */
	const struct store_output *outputs;    /* copied, but for names and filters */
	size_t output_count;
};

/* Checks the file first. Damage: repaired where only indexes are hurt, else the file is renamed to
 * PATH.damaged-SECONDS and a new one begun; the log tells either. What an output that is no longer configured had
 * pending is dropped, and the log tells how much. ST_SYSTEM: no store can be made there. */
enum status store_open(const struct store_config *c, struct store **out, struct diag *why);
void store_close(struct store *s);             /* NULL is fine */

/* All of the batch or, unless ST_OK, none of it: ST_SYSTEM when the disk refuses (full, read-only, broken). */
enum status store_insert(struct store *s, const struct alert_batch *b, struct diag *why);

/* What output k has pending, oldest first; NULL: nothing, or the store fails (then *why has a text). The caller destroys
 * it. At least one alert is given, even when it is larger than max_bytes. */
struct alert_batch *store_fetch(struct store *s, size_t k, size_t max_count, size_t max_bytes, struct diag *why);
/* Output k needs these no more. ST_SYSTEM: not recorded; try again. */
enum status store_ack(struct store *s, size_t k, const int64_t *ids, size_t count, struct diag *why);
/* Drops what is older than the caps of age say; call it now and then. */
enum status store_expire(struct store *s, int64_t now_ns, struct diag *why);

struct store_output_stats {
	uint64_t pending, pending_bytes;
	uint64_t evicted[PRIORITY_COUNT];      /* since the store was opened */
};
struct store_stats {
	uint64_t count, bytes;
	struct store_output_stats outputs[STORE_MAX_OUTPUTS];
};
void store_get_stats(struct store *s, struct store_stats *out);

struct store_query {
	int64_t since_ns, until_ns;            /* time of the event; 0: open */
	enum priority min_priority;            /* PRIORITY_DEBUG: all */
	const char *rule;                      /* wildcard; NULL: any */
	const char *pod;                       /* k8s.pod.name, whole; NULL: any */
	const char *text;                      /* anywhere in the document, ASCII letters in either case; NULL: any */
	size_t limit;                          /* newest ones; 0: STORE_QUERY_MAX_ROWS */
};

/* tags are not kept apart from the document: tag_count is 0. Dies on return. False ends the query. */
typedef bool store_row(void *ctx, const struct alert_record *r);

/* Newest first. Reads beside the writers, over a connection of its own. */
enum status store_query(struct store *s, const struct store_query *q, store_row *row, void *ctx, struct diag *why);

#endif
