#include "policyd/output/store.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/output/store_sql.h"

/* ---- what store*.c share ---- */

enum status store_sql_fail(sqlite3 *db, const char *what, struct diag *why)
{
	return diag_set(why, ST_SYSTEM, "alert store: %s: %s", what, db ? sqlite3_errmsg(db) : "out of memory");
}

enum status store_sql_exec(sqlite3 *db, const char *sql, struct diag *why)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? ST_OK : store_sql_fail(db, "cannot be set up", why);
}

bool store_sql_number(sqlite3 *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *st = NULL;
	bool ok = sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;

	if (ok)
		*out = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return ok;
}

static const char *column_text(sqlite3_stmt *row, int i)
{
	const unsigned char *text = sqlite3_column_text(row, i);

	return text ? (const char *)text : "";
}

void store_sql_record(sqlite3_stmt *row, struct alert_record *out)
{
	int64_t priority = sqlite3_column_int64(row, 4);
	const char *uid = column_text(row, 1);
	size_t len = strlen(uid);

	*out = (struct alert_record){ .id = sqlite3_column_int64(row, 0), .time_ns = sqlite3_column_int64(row, 2),
		.observed_ns = sqlite3_column_int64(row, 3), .rule = column_text(row, 5), .source = column_text(row, 6),
		.hostname = column_text(row, 7), .text = column_text(row, 8), .json = column_text(row, 9) };
	out->priority = priority >= 0 && priority < PRIORITY_COUNT ? (enum priority)priority : PRIORITY_DEBUG;
	memcpy(out->uid, uid, len < ALERT_UID_CHARS ? len : ALERT_UID_CHARS);
	out->text_len = strlen(out->text);
	out->json_len = strlen(out->json);
	out->story = sqlite3_column_count(row) > STORE_STORY_COLUMN ? column_text(row, STORE_STORY_COLUMN) : "";
	out->story_len = strlen(out->story);
}

bool store_run(struct store *s, enum store_stmt which)
{
	sqlite3_stmt *st = s->stmts[which];
	int result = sqlite3_step(st);

	sqlite3_reset(st);
	return result == SQLITE_DONE || result == SQLITE_ROW;
}

void store_show_stats(struct store *s)
{
	uv_mutex_lock(&s->shown_lock);
	s->shown = s->stats;
	uv_mutex_unlock(&s->shown_lock);
}

bool store_begin(struct store *s)
{
	return store_run(s, STMT_BEGIN);
}

bool store_end(struct store *s, bool good)
{
	if (good && store_run(s, STMT_COMMIT)) {
		store_show_stats(s);
		return true;
	}
	if (!sqlite3_get_autocommit(s->db))
		store_run(s, STMT_ROLLBACK);
	s->stats = s->shown;
	return false;
}

/* ---- writing ---- */

static void bind_text(sqlite3_stmt *st, int at, const char *text, size_t len)
{
	sqlite3_bind_text64(st, at, text, len, SQLITE_STATIC, SQLITE_UTF8);
}

static uint64_t size_of(const struct alert_record *r)
{
	return STORE_ROW_BYTES + r->text_len + r->json_len + r->story_len + strlen(r->rule) + strlen(r->hostname);
}

static bool insert_alert(struct store *s, const struct alert_record *r)
{
	sqlite3_stmt *st = s->stmts[STMT_INSERT];
	uint64_t bytes = size_of(r);

	bind_text(st, 1, r->uid, strlen(r->uid));
	sqlite3_bind_int64(st, 2, r->time_ns);
	sqlite3_bind_int64(st, 3, r->observed_ns);
	sqlite3_bind_int(st, 4, (int)r->priority);
	bind_text(st, 5, r->rule, strlen(r->rule));
	bind_text(st, 6, r->source, strlen(r->source));
	bind_text(st, 7, r->hostname, strlen(r->hostname));
	bind_text(st, 8, r->text, r->text_len);
	bind_text(st, 9, r->json, r->json_len);
	sqlite3_bind_int64(st, 10, (int64_t)bytes);
	bind_text(st, 11, r->story ? r->story : "", r->story_len);
	if (!store_run(s, STMT_INSERT))
		return false;
	s->stats.count++;
	s->stats.bytes += bytes;
	return true;
}

static bool insert_pending(struct store *s, const struct alert_record *r, size_t k, int64_t id)
{
	sqlite3_stmt *st = s->stmts[STMT_PEND];
	uint64_t bytes = size_of(r);

	if (!s->outputs[k].filter || !output_filter_passes(s->outputs[k].filter, r))
		return true;
	sqlite3_bind_int64(st, 1, s->output_ids[k]);
	sqlite3_bind_int64(st, 2, id);
	sqlite3_bind_int(st, 3, (int)r->priority);
	sqlite3_bind_int64(st, 4, (int64_t)bytes);
	if (!store_run(s, STMT_PEND))
		return false;
	s->stats.outputs[k].pending++;
	s->stats.outputs[k].pending_bytes += bytes;
	return true;
}

static bool insert_one(struct store *s, const struct alert_record *r)
{
	int64_t id;

	if (!insert_alert(s, r))
		return false;
	id = sqlite3_last_insert_rowid(s->db);
	for (size_t k = 0; k < s->output_count; k++)
		if (!insert_pending(s, r, k, id))
			return false;
	return true;
}

enum status store_insert(struct store *s, const struct alert_batch *b, struct diag *why)
{
	enum status st = ST_OK;
	bool good;

	uv_mutex_lock(&s->lock);
	good = store_begin(s);
	for (size_t i = 0; good && i < alert_batch_count(b); i++)
		good = insert_one(s, alert_batch_at(b, i));
	good = good && store_make_room(s);
	if (!good)
		st = store_sql_fail(s->db, "cannot write", why);    /* before a rollback makes SQLite forget */
	if (!store_end(s, good) && good)
		st = store_sql_fail(s->db, "cannot write", why);
	uv_mutex_unlock(&s->lock);
	return st;
}

/* ---- delivery ---- */

struct alert_batch *store_fetch(struct store *s, size_t k, size_t max_count, size_t max_bytes, struct diag *why)
{
	struct alert_batch *b = alert_batch_create(max_count);
	sqlite3_stmt *st = s->stmts[STMT_FETCH];
	struct alert_record r;
	size_t bytes = 0;
	int result = SQLITE_DONE;

	if (!b) {
		diag_set(why, ST_NOMEM, "out of memory");
		return NULL;
	}
	uv_mutex_lock(&s->lock);
	sqlite3_bind_int64(st, 1, s->output_ids[k]);
	sqlite3_bind_int64(st, 2, (int64_t)max_count);
	while ((alert_batch_count(b) == 0 || bytes < max_bytes) && (result = sqlite3_step(st)) == SQLITE_ROW) {
		store_sql_record(st, &r);
		bytes += r.text_len + r.json_len;
		if ((alert_batch_count(b) > 0 && bytes > max_bytes) || !alert_batch_add(b, &r))
			break;
	}
	if (result != SQLITE_DONE && result != SQLITE_ROW)
		store_sql_fail(s->db, "cannot read", why);
	sqlite3_reset(st);
	uv_mutex_unlock(&s->lock);
	if (alert_batch_count(b) > 0)
		return b;
	alert_batch_destroy(b);
	return NULL;
}

static bool ack_one(struct store *s, size_t k, int64_t id)
{
	sqlite3_stmt *st = s->stmts[STMT_ACK];
	int result;

	sqlite3_bind_int64(st, 1, s->output_ids[k]);
	sqlite3_bind_int64(st, 2, id);
	result = sqlite3_step(st);
	if (result == SQLITE_ROW) {                /* no row: it was evicted meanwhile */
		s->stats.outputs[k].pending--;
		s->stats.outputs[k].pending_bytes -= (uint64_t)sqlite3_column_int64(st, 0);
		result = sqlite3_step(st);
	}
	sqlite3_reset(st);
	return result == SQLITE_DONE;
}

enum status store_ack(struct store *s, size_t k, const int64_t *ids, size_t count, struct diag *why)
{
	enum status st = ST_OK;
	bool good;

	uv_mutex_lock(&s->lock);
	good = store_begin(s);
	for (size_t i = 0; good && i < count; i++)
		good = ack_one(s, k, ids[i]);
	if (!good)
		st = store_sql_fail(s->db, "cannot record deliveries", why);
	if (!store_end(s, good) && good)
		st = store_sql_fail(s->db, "cannot record deliveries", why);
	uv_mutex_unlock(&s->lock);
	return st;
}

enum status store_expire(struct store *s, int64_t now_ns, struct diag *why)
{
	enum status st = ST_OK;

	uv_mutex_lock(&s->lock);
	if (!store_end(s, store_begin(s) && store_drop_old(s, now_ns)))
		st = store_sql_fail(s->db, "cannot drop old alerts", why);
	uv_mutex_unlock(&s->lock);
	return st;
}

void store_get_stats(struct store *s, struct store_stats *out)
{
	uv_mutex_lock(&s->shown_lock);
	*out = s->shown;
	uv_mutex_unlock(&s->shown_lock);
}
