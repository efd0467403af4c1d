#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "policyd/output/store_sql.h"
#include "policyd/ruleset/wildcard.h"

#define QUERY_FROM                                                                                                     \
	" FROM alert WHERE time_ns >= ?1 AND (?2 = 0 OR time_ns <= ?2) AND priority <= ?3 "       \
	"AND (?4 IS NULL OR CASE WHEN json_valid(json) THEN json_extract(json, '$.output_fields.\"k8s.pod.name\"') END = ?4) " \
	"AND (?5 IS NULL OR instr(lower(json), lower(?5)) > 0) "

static const char newest_first[] = "SELECT " STORE_COLUMNS QUERY_FROM "ORDER BY time_ns DESC, id DESC";
static const char with_stories[] = "SELECT " STORE_COLUMNS ", story" QUERY_FROM "ORDER BY time_ns, id";
static const char without_stories[] = "SELECT " STORE_COLUMNS QUERY_FROM "ORDER BY time_ns, id";    /* version 1 */

static void bind_query(sqlite3_stmt *st, const struct store_query *q)
{
	sqlite3_bind_int64(st, 1, q->since_ns);
	sqlite3_bind_int64(st, 2, q->until_ns);
	sqlite3_bind_int(st, 3, (int)q->min_priority);
	sqlite3_bind_text(st, 4, q->pod, -1, SQLITE_STATIC);       /* NULL binds NULL */
	sqlite3_bind_text(st, 5, q->text, -1, SQLITE_STATIC);
}

struct asking {
	const char *sql;
	const struct store_query *query;
	store_row *row;
	void *ctx;
};

static size_t max_rows(const struct store_query *q)
{
	if (q->whole)
		return SIZE_MAX;
	return q->limit && q->limit < STORE_QUERY_MAX_ROWS ? q->limit : STORE_QUERY_MAX_ROWS;
}

static enum status run(sqlite3 *db, const struct asking *a, struct diag *why)
{
	size_t left = max_rows(a->query);
	sqlite3_stmt *st = NULL;
	struct alert_record r;
	int result = SQLITE_DONE;
	enum status answer = ST_OK;

	if (sqlite3_prepare_v2(db, a->sql, -1, &st, NULL) != SQLITE_OK)
		return store_sql_fail(db, "cannot be asked", why);
	bind_query(st, a->query);
	while (left > 0 && (result = sqlite3_step(st)) == SQLITE_ROW) {
		store_sql_record(st, &r);
		if (a->query->rule && !wildcard_match(a->query->rule, r.rule))
			continue;
		left--;
		if (!a->row(a->ctx, &r))
			break;
	}
	if (result != SQLITE_DONE && result != SQLITE_ROW)
		answer = store_sql_fail(db, "cannot be read", why);
	sqlite3_finalize(st);
	return answer;
}

enum status store_query(struct store *s, const struct store_query *q, store_row *row, void *ctx, struct diag *why)
{
	const struct asking a = { newest_first, q, row, ctx };
	sqlite3 *db = NULL;
	enum status st;

	if (!s->path) {
		uv_mutex_lock(&s->lock);
		st = run(s->db, &a, why);
		uv_mutex_unlock(&s->lock);
		return st;
	}
	st = store_sql_open(s->path, true, &db, why);
	if (st == ST_OK)
		st = run(db, &a, why);
	sqlite3_close(db);
	return st;
}

enum status store_read(const char *path, const struct store_query *q, store_row *row, void *ctx, struct diag *why)
{
	struct asking a = { with_stories, q, row, ctx };
	int64_t version = 0;
	sqlite3 *db = NULL;
	enum status st = store_sql_open(path, true, &db, why);

	if (st != ST_OK)
		return st;
	if (!store_sql_number(db, "PRAGMA user_version", &version))
		st = store_sql_fail(db, "is no alert store", why);
	else if (version < 1 || version > STORE_VERSION)
		st = diag_set(why, ST_UNSUPPORTED, "alert store: its version is %" PRId64 ", known are 1 to %d", version, STORE_VERSION);
	if (version == 1)
		a.sql = without_stories;
	if (st == ST_OK)
		st = run(db, &a, why);
	sqlite3_close(db);
	return st;
}
