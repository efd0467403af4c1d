#include <stdbool.h>
#include <string.h>

#include "policyd/output/store_sql.h"
#include "policyd/ruleset/wildcard.h"

#define QUERY_TEXT                                                                                                     \
	"SELECT " STORE_COLUMNS " FROM alert WHERE time_ns >= ?1 AND (?2 = 0 OR time_ns <= ?2) AND priority <= ?3 "       \
	"AND (?4 IS NULL OR CASE WHEN json_valid(json) THEN json_extract(json, '$.output_fields.\"k8s.pod.name\"') END = ?4) " \
	"AND (?5 IS NULL OR instr(lower(json), lower(?5)) > 0) ORDER BY time_ns DESC, id DESC"

static void bind_query(sqlite3_stmt *st, const struct store_query *q)
{
	sqlite3_bind_int64(st, 1, q->since_ns);
	sqlite3_bind_int64(st, 2, q->until_ns);
	sqlite3_bind_int(st, 3, (int)q->min_priority);
	sqlite3_bind_text(st, 4, q->pod, -1, SQLITE_STATIC);       /* NULL binds NULL */
	sqlite3_bind_text(st, 5, q->text, -1, SQLITE_STATIC);
}

static enum status run(sqlite3 *db, const struct store_query *q, store_row *row, void *ctx, struct diag *why)
{
	size_t left = q->limit && q->limit < STORE_QUERY_MAX_ROWS ? q->limit : STORE_QUERY_MAX_ROWS;
	sqlite3_stmt *st = NULL;
	struct alert_record r;
	int result = SQLITE_DONE;
	enum status answer = ST_OK;

	if (sqlite3_prepare_v2(db, QUERY_TEXT, -1, &st, NULL) != SQLITE_OK)
		return store_sql_fail(db, "cannot be asked", why);
	bind_query(st, q);
	while (left > 0 && (result = sqlite3_step(st)) == SQLITE_ROW) {
		store_sql_record(st, &r);
		if (q->rule && !wildcard_match(q->rule, r.rule))
			continue;
		left--;
		if (!row(ctx, &r))
			break;
	}
	if (result != SQLITE_DONE && result != SQLITE_ROW)
		answer = store_sql_fail(db, "cannot be read", why);
	sqlite3_finalize(st);
	return answer;
}

enum status store_query(struct store *s, const struct store_query *q, store_row *row, void *ctx, struct diag *why)
{
	sqlite3 *db = NULL;
	enum status st;

	if (!s->path) {
		uv_mutex_lock(&s->lock);
		st = run(s->db, q, row, ctx, why);
		uv_mutex_unlock(&s->lock);
		return st;
	}
	st = store_sql_open(s->path, true, &db, why);
	if (st == ST_OK)
		st = run(db, q, row, ctx, why);
	sqlite3_close(db);
	return st;
}
