#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policyd/output/store_sql.h"
#include "proto/base/log.h"

enum {
	BUSY_MS = 5000,                /* a reader's checkpoint may hold the file for a moment */
};

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS alert(id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, time_ns INTEGER NOT NULL,"
	" observed_ns INTEGER NOT NULL, priority INTEGER NOT NULL, rule TEXT NOT NULL, source TEXT NOT NULL,"
	" hostname TEXT NOT NULL, text TEXT NOT NULL, json TEXT NOT NULL, bytes INTEGER NOT NULL,"
	" story TEXT NOT NULL DEFAULT '');"
	"CREATE INDEX IF NOT EXISTS alert_time ON alert(time_ns);"
	"CREATE INDEX IF NOT EXISTS alert_order ON alert(priority DESC, id);"
	"CREATE TABLE IF NOT EXISTS output(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	"CREATE TABLE IF NOT EXISTS pending(output INTEGER NOT NULL, alert INTEGER NOT NULL, priority INTEGER NOT NULL,"
	" bytes INTEGER NOT NULL, PRIMARY KEY(output, alert)) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS pending_order ON pending(output, priority DESC, alert);"
	"CREATE INDEX IF NOT EXISTS pending_alert ON pending(alert);";

static const char *const texts[STMT_COUNT] = {
	[STMT_BEGIN] = "BEGIN IMMEDIATE",
	[STMT_COMMIT] = "COMMIT",
	[STMT_ROLLBACK] = "ROLLBACK",
	[STMT_INSERT] = "INSERT INTO alert(uid, time_ns, observed_ns, priority, rule, source, hostname, text, json, bytes,"
			" story) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[STMT_PEND] = "INSERT INTO pending(output, alert, priority, bytes) VALUES(?1, ?2, ?3, ?4)",
	[STMT_FIND] = "SELECT " STORE_COLUMNS " FROM alert WHERE time_ns = ?1 AND uid = ?2",
	[STMT_PATCH] = "UPDATE alert SET text = ?2, json = ?3, bytes = bytes + ?4 WHERE id = ?1",
	[STMT_FETCH] = "SELECT a.id, uid, time_ns, observed_ns, a.priority, rule, source, hostname, text, json"
		       " FROM pending p JOIN alert a ON a.id = p.alert WHERE p.output = ?1 ORDER BY p.alert LIMIT ?2",
	[STMT_ACK] = "DELETE FROM pending WHERE output = ?1 AND alert = ?2 RETURNING bytes",
	[STMT_VICTIM] = "SELECT alert, priority, bytes FROM pending WHERE output = ?1 ORDER BY priority DESC, alert LIMIT 256",
	[STMT_OLD] = "SELECT p.alert, p.priority, p.bytes FROM pending p JOIN alert a ON a.id = p.alert"
		     " WHERE p.output = ?1 AND a.observed_ns < ?2 ORDER BY p.alert LIMIT 256",
	[STMT_HISTORY_VICTIM] = "SELECT id, priority, bytes FROM alert WHERE NOT EXISTS"
				" (SELECT 1 FROM pending WHERE pending.alert = alert.id) ORDER BY priority DESC, id LIMIT 256",
	[STMT_ANY_VICTIM] = "SELECT id, priority, bytes FROM alert ORDER BY priority DESC, id LIMIT 256",
	[STMT_OLD_HISTORY] = "SELECT id, priority, bytes FROM alert WHERE time_ns < ?1 AND observed_ns < ?1 AND NOT EXISTS"
			     " (SELECT 1 FROM pending WHERE pending.alert = alert.id) LIMIT 256",
	[STMT_DELETE] = "DELETE FROM alert WHERE id = ?1",
	[STMT_WAITING] = "SELECT 1 FROM pending WHERE output = ?1 AND alert = ?2",
};

enum status store_sql_open(const char *path, bool read_only, sqlite3 **out, struct diag *why)
{
	int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	enum status st = ST_OK;

	*out = NULL;
	if (sqlite3_open_v2(path ? path : ":memory:", out, flags | SQLITE_OPEN_FULLMUTEX, NULL) != SQLITE_OK) {
		st = store_sql_fail(*out, "cannot be opened", why);
		sqlite3_close(*out);
		*out = NULL;
		return st;
	}
	sqlite3_busy_timeout(*out, BUSY_MS);
	return ST_OK;
}

/* ---- is the file whole? ---- */

static bool quick_check(sqlite3 *db)
{
	sqlite3_stmt *st = NULL;
	bool whole = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &st, NULL) == SQLITE_OK &&
		     sqlite3_step(st) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0;

	sqlite3_finalize(st);
	return whole;
}

/* quick_check does not compare indexes with their tables; an index that lost rows would hide alerts. */
static bool indexes_whole(sqlite3 *db)
{
	int64_t rows = 0, by_time = -1, by_order = -1, pending = 0, by_priority = -1;

	return store_sql_number(db, "SELECT count(*) FROM alert NOT INDEXED", &rows) &&
	       store_sql_number(db, "SELECT count(*) FROM alert INDEXED BY alert_time", &by_time) &&
	       store_sql_number(db, "SELECT count(*) FROM alert INDEXED BY alert_order", &by_order) &&
	       store_sql_number(db, "SELECT count(*) FROM pending NOT INDEXED", &pending) &&
	       store_sql_number(db, "SELECT count(*) FROM pending INDEXED BY pending_order", &by_priority) &&
	       rows == by_time && rows == by_order && pending == by_priority;
}

static enum status set_up(sqlite3 *db, struct diag *why)
{
	char version[64];
	int64_t found = 0;

	if (!store_sql_number(db, "PRAGMA user_version", &found))
		return store_sql_fail(db, "is no alert store", why);
	if (found > STORE_VERSION)
		return diag_set(why, ST_UNSUPPORTED, "alert store: written by a newer version (%" PRId64 ")", found);
	if (found == 1 && store_sql_exec(db, "ALTER TABLE alert ADD COLUMN story TEXT NOT NULL DEFAULT ''", why) != ST_OK)
		return ST_SYSTEM;
	snprintf(version, sizeof version, "PRAGMA user_version = %d", STORE_VERSION);
	/* FULL: an alert that was accepted survives a power cut too; writes are batched. */
	if (store_sql_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
			       "PRAGMA journal_size_limit = 16777216", why) != ST_OK ||
	    store_sql_exec(db, schema, why) != ST_OK)
		return ST_SYSTEM;
	return store_sql_exec(db, version, why);
}

/* ST_MALFORMED: the file is damaged; *db may be open all the same. */
static enum status open_whole(const char *path, sqlite3 **db, struct diag *why)
{
	enum status st = store_sql_open(path, false, db, why);
	int code;

	if (st != ST_OK)
		return st;
	if (!quick_check(*db)) {
		code = sqlite3_errcode(*db);
		if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW && code != SQLITE_CORRUPT &&
		    code != SQLITE_NOTADB)
			return store_sql_fail(*db, "cannot be checked", why);
		if (sqlite3_exec(*db, "REINDEX", NULL, NULL, NULL) != SQLITE_OK || !quick_check(*db))
			return diag_set(why, ST_MALFORMED, "alert store: %s", "the file is damaged");
		log_line(LOG_LEVEL_WARNING, "alert store: %s: damaged indexes were made anew", path);
	}
	st = set_up(*db, why);
	if (st == ST_SYSTEM && (sqlite3_errcode(*db) == SQLITE_CORRUPT || sqlite3_errcode(*db) == SQLITE_ERROR))
		return ST_MALFORMED;       /* a file of SQLite, but not ours, or damaged where quick_check did not look */
	if (st == ST_OK && !indexes_whole(*db)) {
		if (store_sql_exec(*db, "REINDEX", why) != ST_OK || !indexes_whole(*db))
			return ST_MALFORMED;
		log_line(LOG_LEVEL_WARNING, "alert store: indexes that lacked rows were made anew");
	}
	return st;
}

static void move_beside(const char *path, const char *suffix, long long seconds)
{
	char from[1024], to[1024];

	snprintf(from, sizeof from, "%s%s", path, suffix);
	snprintf(to, sizeof to, "%s.damaged-%lld%s", path, seconds, suffix);
	if (rename(from, to) == 0)
		log_line(LOG_LEVEL_ERROR, "alert store: %s is damaged; set aside as %s, a new one is begun", from, to);
}

static enum status open_file(const char *path, sqlite3 **db, struct diag *why)
{
	enum status st = open_whole(path, db, why);
	long long now = (long long)time(NULL);

	if (st != ST_MALFORMED)
		return st;
	sqlite3_close(*db);
	*db = NULL;
	move_beside(path, "", now);
	move_beside(path, "-wal", now);
	remove(path);
	return open_whole(path, db, why);
}

static enum status prepare(struct store *s, struct diag *why)
{
	int64_t count = 0, bytes = 0;

	if (!store_forget_others(s) || !store_sql_number(s->db, "SELECT count(*) FROM alert", &count) ||
	    !store_sql_number(s->db, "SELECT total(bytes) FROM alert", &bytes))
		return store_sql_fail(s->db, "cannot be set up", why);
	s->stats.count = (uint64_t)count;
	s->stats.bytes = (uint64_t)bytes;
	store_show_stats(s);
	for (unsigned i = 0; i < STMT_COUNT; i++)
		if (sqlite3_prepare_v3(s->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &s->stmts[i], NULL) != SQLITE_OK)
			return store_sql_fail(s->db, "cannot be set up", why);
	return ST_OK;
}

static bool take_config(struct store *s, const struct store_config *c)
{
	s->max_bytes = c->max_bytes;
	s->max_age_s = c->max_age_s;
	if (!c->path)
		return true;
	s->path = malloc(strlen(c->path) + 1);
	if (s->path)
		memcpy(s->path, c->path, strlen(c->path) + 1);
	return s->path != NULL;
}

static enum status add_outputs(struct store *s, const struct store_config *c, struct diag *why)
{
	enum status st = ST_OK;
	size_t k;

	for (size_t i = 0; st == ST_OK && i < c->output_count; i++) {
		st = store_add_output(s, c->outputs[i].name, &k, why);
		if (st == ST_OK)
			store_set_output(s, k, &c->outputs[i]);
	}
	return st;
}

static struct store *create(void)
{
	struct store *s = calloc(1, sizeof *s);

	if (!s || uv_mutex_init(&s->lock) != 0)
		goto failed;
	if (uv_mutex_init(&s->shown_lock) == 0)
		return s;
	uv_mutex_destroy(&s->lock);
failed:
	free(s);
	return NULL;
}

enum status store_open(const struct store_config *c, struct store **out, struct diag *why)
{
	struct store *s;
	enum status st;

	*out = NULL;
	if (c->output_count > STORE_MAX_OUTPUTS)
		return diag_set(why, ST_LIMIT, "alert store: more than %d outputs", STORE_MAX_OUTPUTS);
	s = create();
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	st = take_config(s, c) ? ST_OK : diag_set(why, ST_NOMEM, "out of memory");
	if (st == ST_OK)
		st = c->path ? open_file(c->path, &s->db, why) : open_whole(NULL, &s->db, why);
	if (st == ST_OK)
		st = add_outputs(s, c, why);
	if (st == ST_OK)
		st = prepare(s, why);
	if (st == ST_OK)
		*out = s;
	else
		store_close(s);
	return st;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < STMT_COUNT; i++)
		sqlite3_finalize(s->stmts[i]);
	sqlite3_close(s->db);
	free(s->path);
	uv_mutex_destroy(&s->shown_lock);
	uv_mutex_destroy(&s->lock);
	free(s);
}
