#include <stdbool.h>
#include <stdlib.h>

#include "policyd/output/store_sql.h"

enum {
	EVICT_CHUNK = 256,             /* alerts found by one look at an index */
	EVICT_SHARE = 64,              /* a store over its cap shrinks by one part in so many: finding history among alerts that are
					* pending may be a long look, and is taken once for thousands of alerts */
};

struct victim {
	int64_t id, bytes;
	unsigned priority;
};

/* Rows of (alert, priority, bytes); -1: the store fails. */
static int find_victims(sqlite3_stmt *st, struct victim *out)
{
	int count = 0, result;

	while ((result = sqlite3_step(st)) == SQLITE_ROW && count < EVICT_CHUNK) {
		int priority = sqlite3_column_int(st, 1);

		out[count++] = (struct victim){ .id = sqlite3_column_int64(st, 0),
			.priority = priority >= 0 && priority < PRIORITY_COUNT ? (unsigned)priority : PRIORITY_DEBUG,
			.bytes = sqlite3_column_int64(st, 2) };
	}
	sqlite3_reset(st);
	return result == SQLITE_ROW || result == SQLITE_DONE ? count : -1;
}

static bool drop_pending(struct store *s, size_t k, const struct victim *v)
{
	sqlite3_stmt *st = s->stmts[STMT_ACK];
	struct store_output_stats *stats = &s->stats.outputs[k];

	sqlite3_bind_int64(st, 1, s->output_ids[k]);
	sqlite3_bind_int64(st, 2, v->id);
	if (!store_run(s, STMT_ACK))
		return false;
	stats->pending--;
	stats->pending_bytes -= (uint64_t)v->bytes;
	stats->evicted[v->priority]++;
	return true;
}

static bool shrink_output(struct store *s, size_t k)
{
	struct victim victims[EVICT_CHUNK];
	int count = 1;

	while (s->stats.outputs[k].pending_bytes > s->outputs[k].max_bytes && count > 0) {
		sqlite3_bind_int64(s->stmts[STMT_VICTIM], 1, s->output_ids[k]);
		count = find_victims(s->stmts[STMT_VICTIM], victims);
		for (int i = 0; i < count && s->stats.outputs[k].pending_bytes > s->outputs[k].max_bytes; i++)
			if (!drop_pending(s, k, &victims[i]))
				return false;
	}
	return count >= 0;
}

static bool delete_alert(struct store *s, const struct victim *v)
{
	sqlite3_bind_int64(s->stmts[STMT_DELETE], 1, v->id);
	if (!store_run(s, STMT_DELETE))
		return false;
	s->stats.count--;
	s->stats.bytes -= (uint64_t)v->bytes;
	return true;
}

/* No output may be left with a pending alert that is gone. */
static bool drop_everywhere(struct store *s, const struct victim *v)
{
	for (size_t k = 0; k < s->output_count; k++) {
		sqlite3_stmt *st = s->stmts[STMT_WAITING];
		bool waits;

		sqlite3_bind_int64(st, 1, s->output_ids[k]);
		sqlite3_bind_int64(st, 2, v->id);
		waits = sqlite3_step(st) == SQLITE_ROW;
		sqlite3_reset(st);
		if (waits && !drop_pending(s, k, v))
			return false;
	}
	return delete_alert(s, v);
}

/* One chunk; false: the store fails. *found: how many were looked at. */
static bool shrink_by(struct store *s, enum store_stmt which, uint64_t wanted_bytes, int *found)
{
	struct victim victims[EVICT_CHUNK];
	int count = find_victims(s->stmts[which], victims);

	for (int i = 0; i < count && s->stats.bytes > wanted_bytes; i++)
		if (!drop_everywhere(s, &victims[i]))
			return false;
	*found = count;
	return count >= 0;
}

bool store_make_room(struct store *s)
{
	uint64_t wanted_bytes = s->stats.bytes > s->max_bytes ? s->max_bytes - s->max_bytes / EVICT_SHARE : UINT64_MAX;
	int found = 1;

	for (size_t k = 0; k < s->output_count; k++)
		if (!shrink_output(s, k))
			return false;
	while (s->stats.bytes > wanted_bytes && found > 0)
		if (!shrink_by(s, STMT_HISTORY_VICTIM, wanted_bytes, &found))
			return false;
	for (found = 1; s->stats.bytes > wanted_bytes && found > 0;)
		if (!shrink_by(s, STMT_ANY_VICTIM, wanted_bytes, &found))
			return false;
	return true;
}

/* ---- age ---- */

static bool drop_old_pending(struct store *s, size_t k, int64_t before_ns)
{
	struct victim victims[EVICT_CHUNK];
	int count;

	do {
		sqlite3_bind_int64(s->stmts[STMT_OLD], 1, s->output_ids[k]);
		sqlite3_bind_int64(s->stmts[STMT_OLD], 2, before_ns);
		count = find_victims(s->stmts[STMT_OLD], victims);
		for (int i = 0; i < count; i++)
			if (!drop_pending(s, k, &victims[i]))
				return false;
	} while (count == EVICT_CHUNK);
	return count >= 0;
}

static bool drop_old_history(struct store *s, int64_t before_ns)
{
	struct victim victims[EVICT_CHUNK];
	int count;

	do {
		sqlite3_bind_int64(s->stmts[STMT_OLD_HISTORY], 1, before_ns);
		count = find_victims(s->stmts[STMT_OLD_HISTORY], victims);
		for (int i = 0; i < count; i++)
			if (!delete_alert(s, &victims[i]))
				return false;
	} while (count == EVICT_CHUNK);
	return count >= 0;
}

bool store_drop_old(struct store *s, int64_t now_ns)
{
	for (size_t k = 0; k < s->output_count; k++)
		if (s->outputs[k].max_age_s && !drop_old_pending(s, k, now_ns - s->outputs[k].max_age_s * 1000000000))
			return false;
	return !s->max_age_s || drop_old_history(s, now_ns - s->max_age_s * 1000000000);
}
