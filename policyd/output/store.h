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
	STORE_MAX_OUTPUTS = 64,                /* 32 that are configured, and as many on their way out */
	STORE_ROW_BYTES = 256,                 /* what an alert counts beside its texts: keys, indexes, numbers */
	STORE_QUERY_MAX_ROWS = 100000,         /* of one query, whatever it asks for */
};

struct store;

struct store_output {
	const char *name;
	const struct output_filter *filter;    /* what it will have to deliver is decided when an alert is written; NULL: none */
	uint64_t max_bytes;
	int64_t max_age_s;                     /* 0: no limit */
};

struct store_config {
	const char *path;                      /* NULL: in memory */
	uint64_t max_bytes;                    /* of all alerts */
	int64_t max_age_s;                     /* of history; 0: no limit */
	const struct store_output *outputs;    /* copied, but for filters; output k has place k */
	size_t output_count;
};

/* Checks the file first. Damage: repaired where only indexes are hurt, else the file is renamed to
 * PATH.damaged-SECONDS and a new one begun; the log tells either. What an output that is no longer configured had
 * pending is dropped, and the log tells how much. ST_SYSTEM: no store can be made there. ST_UNSUPPORTED:
 * a newer version has written it; it is left alone. */
enum status store_open(const struct store_config *c, struct store **out, struct diag *why);
void store_close(struct store *s);             /* NULL is fine */

/* The place k of the output of that name: the one it has, or a free one, without a filter and with what it once had
 * pending. ST_LIMIT: all are taken; ST_SYSTEM: the disk refuses. */
enum status store_add_output(struct store *s, const char *name, size_t *k, struct diag *why);
/* What place k takes from now on; the filter is borrowed until it is set again or removed. */
void store_set_output(struct store *s, size_t k, const struct store_output *o);
/* Gives up what place k has pending, and tells the log how much; frees the place. One that is free is fine. */
enum status store_remove_output(struct store *s, size_t k, struct diag *why);
void store_set_limits(struct store *s, uint64_t max_bytes, int64_t max_age_s);

/* All of the batch or, unless ST_OK, none of it: ST_SYSTEM when the disk refuses (full, read-only, broken). */
enum status store_insert(struct store *s, const struct alert_batch *b, struct diag *why);

/* Completes alerts that are there; found[i]: patch i's is. What an output has pending is told as it is now. ST_SYSTEM: the
 * disk refuses, nothing is changed. */
struct alert_patch;
enum status store_patch(struct store *s, struct alert_patch *const *patches, size_t count, bool *found, struct diag *why);

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
/* As of the last transaction; never waits for the disk. */
void store_get_stats(struct store *s, struct store_stats *out);

struct store_query {
	int64_t since_ns, until_ns;            /* time of the event; 0: open */
	enum priority min_priority;            /* PRIORITY_DEBUG: all */
	const char *rule;                      /* wildcard; NULL: any */
	const char *pod;                       /* k8s.pod.name, whole; NULL: any */
	const char *text;                      /* anywhere in the document, ASCII letters in either case; NULL: any */
	size_t limit;                          /* newest ones; 0: STORE_QUERY_MAX_ROWS */
	bool whole;                            /* store_read: all there are, oldest first, with their stories */
};

/* tags are not kept apart from the document: tag_count is 0. Dies on return. False ends the query. */
typedef bool store_row(void *ctx, const struct alert_record *r);

/* Newest first. Reads beside the writers, over a connection of its own. */
enum status store_query(struct store *s, const struct store_query *q, store_row *row, void *ctx, struct diag *why);
/* The same of a store in a file that nobody here has open; one that is written meanwhile included. Changes nothing. */
enum status store_read(const char *path, const struct store_query *q, store_row *row, void *ctx, struct diag *why);

#endif
