/* The outputs that a store keeps alerts for: each has a place, and in the file a number under its name. */
#include <inttypes.h>
#include <stdio.h>

#include "policyd/output/store_sql.h"
#include "proto/base/log.h"

static bool output_id(sqlite3 *db, const char *name, int64_t *out)
{
	sqlite3_stmt *st = NULL;
	bool ok = sqlite3_prepare_v2(db, "INSERT INTO output(name) VALUES(?1) ON CONFLICT(name) DO UPDATE SET name = name"
					 " RETURNING id", -1, &st, NULL) == SQLITE_OK;

	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	ok = ok && sqlite3_step(st) == SQLITE_ROW;
	if (ok) {
		*out = sqlite3_column_int64(st, 0);
		ok = sqlite3_step(st) == SQLITE_DONE;
	}
	sqlite3_finalize(st);
	return ok;
}

static bool pending_of(struct store *s, size_t k)
{
	char sql[128];
	int64_t count = 0, bytes = 0;
	bool ok;

	snprintf(sql, sizeof sql, "SELECT count(*) FROM pending WHERE output = %" PRId64, s->output_ids[k]);
	ok = store_sql_number(s->db, sql, &count);
	snprintf(sql, sizeof sql, "SELECT total(bytes) FROM pending WHERE output = %" PRId64, s->output_ids[k]);
	ok = ok && store_sql_number(s->db, sql, &bytes);
	s->stats.outputs[k].pending = (uint64_t)count;
	s->stats.outputs[k].pending_bytes = (uint64_t)bytes;
	return ok;
}

/* Rows of outputs that are configured no more: made known by a temporary table, since names come from outside. */
bool store_forget_others(struct store *s)
{
	static const char others[] = "DELETE FROM pending WHERE output NOT IN (SELECT id FROM temp.known);"
				     "DELETE FROM output WHERE id NOT IN (SELECT id FROM temp.known)";
	int64_t dropped = 0;
	char sql[96];

	if (sqlite3_exec(s->db, "CREATE TEMP TABLE known(id INTEGER PRIMARY KEY)", NULL, NULL, NULL) != SQLITE_OK)
		return false;
	for (size_t k = 0; k < s->output_count; k++) {
		snprintf(sql, sizeof sql, "INSERT INTO temp.known VALUES(%" PRId64 ")", s->output_ids[k]);
		if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
			return false;
	}
	store_sql_number(s->db, "SELECT count(*) FROM pending WHERE output NOT IN (SELECT id FROM temp.known)", &dropped);
	if (dropped)
		log_line(LOG_LEVEL_WARNING, "alert store: %" PRId64 " undelivered alerts of outputs that are configured no"
					    " more are given up", dropped);
	return sqlite3_exec(s->db, others, NULL, NULL, NULL) == SQLITE_OK &&
	       sqlite3_exec(s->db, "DROP TABLE temp.known", NULL, NULL, NULL) == SQLITE_OK;
}

/* The place of that number, else a free one, else STORE_MAX_OUTPUTS. */
static size_t place_of(const struct store *s, int64_t id)
{
	size_t k = 0;

	while (k < s->output_count && s->output_ids[k] != id)
		k++;
	if (k < s->output_count)
		return k;
	for (k = 0; k < s->output_count && s->output_ids[k];)
		k++;
	return k;
}

enum status store_add_output(struct store *s, const char *name, size_t *k, struct diag *why)
{
	enum status st = ST_OK;
	int64_t id = 0;

	uv_mutex_lock(&s->lock);
	if (!output_id(s->db, name, &id))
		st = store_sql_fail(s->db, "cannot be set up", why);
	*k = place_of(s, id);
	if (st == ST_OK && *k == STORE_MAX_OUTPUTS)
		st = diag_set(why, ST_LIMIT, "alert store: more than %d outputs", STORE_MAX_OUTPUTS);
	if (st == ST_OK && (*k == s->output_count || s->output_ids[*k] != id)) {
		s->output_ids[*k] = id;
		s->outputs[*k] = (struct store_output){ .max_bytes = UINT64_MAX };
		s->stats.outputs[*k] = (struct store_output_stats){ .pending = 0 };
		if (!pending_of(s, *k)) {
			s->output_ids[*k] = 0;
			st = store_sql_fail(s->db, "cannot be set up", why);
		}
		s->output_count += *k == s->output_count;
		store_show_stats(s);
	}
	uv_mutex_unlock(&s->lock);
	return st;
}

void store_set_output(struct store *s, size_t k, const struct store_output *o)
{
	uv_mutex_lock(&s->lock);
	s->outputs[k] = *o;
	s->outputs[k].name = NULL;
	uv_mutex_unlock(&s->lock);
}

enum status store_remove_output(struct store *s, size_t k, struct diag *why)
{
	enum status st = ST_OK;
	uint64_t pending;
	char sql[160];

	uv_mutex_lock(&s->lock);
	pending = s->stats.outputs[k].pending;
	snprintf(sql, sizeof sql, "DELETE FROM pending WHERE output = %" PRId64 "; DELETE FROM output WHERE id = %" PRId64,
		s->output_ids[k], s->output_ids[k]);
	if (k >= s->output_count || !s->output_ids[k])
		pending = 0;
	else if (store_end(s, store_begin(s) && sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK))
		s->output_ids[k] = 0;
	else
		st = store_sql_fail(s->db, "cannot give an output up", why);
	if (st == ST_OK) {
		s->outputs[k] = (struct store_output){ .max_bytes = UINT64_MAX };
		s->stats.outputs[k] = (struct store_output_stats){ .pending = 0 };
		store_show_stats(s);
	}
	uv_mutex_unlock(&s->lock);
	if (st == ST_OK && pending)
		log_line(LOG_LEVEL_WARNING, "alert store: %" PRIu64 " undelivered alerts of an output that is configured no"
					    " more are given up", pending);
	return st;
}

void store_set_limits(struct store *s, uint64_t max_bytes, int64_t max_age_s)
{
	uv_mutex_lock(&s->lock);
	s->max_bytes = max_bytes;
	s->max_age_s = max_age_s;
	uv_mutex_unlock(&s->lock);
}
