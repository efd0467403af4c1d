#include <stdlib.h>
#include <string.h>

#include "policyd/output/store.h"
#include "policyd/output/store_sql.h"

enum { MAX_BYTES = 16 << 20 };         /* of one alert's text or document; writers allow 4 MiB */

static bool write_row(struct store *s, int64_t id, const struct buf *text, const struct buf *json, int64_t more)
{
	sqlite3_stmt *st = s->stmts[STMT_PATCH];

	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_text64(st, 2, (const char *)text->data, text->len, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_text64(st, 3, (const char *)json->data, json->len, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_int64(st, 4, more);
	return store_run(s, STMT_PATCH);
}

/* False: the disk refuses. An alert that is not there, or whose document is not understood, is left alone. */
static bool patch_one(struct store *s, struct alert_patch *p, bool *found)
{
	sqlite3_stmt *st = s->stmts[STMT_FIND];
	const char *uid = alert_patch_uid(p);
	struct alert_record r;
	struct buf text, json;
	bool good = true, known;
	int64_t more;
	int result;

	buf_init(&text, MAX_BYTES);
	buf_init(&json, MAX_BYTES);
	sqlite3_bind_int64(st, 1, alert_patch_time_ns(p));
	sqlite3_bind_text(st, 2, uid, -1, SQLITE_STATIC);
	result = sqlite3_step(st);
	*found = result == SQLITE_ROW;
	if (*found) {
		store_sql_record(st, &r);
		known = alert_patch_apply(p, &r, &text, &json);
		more = (int64_t)(text.len + json.len) - (int64_t)(r.text_len + r.json_len);
		sqlite3_reset(st);
		good = !known || write_row(s, r.id, &text, &json, more);
		if (known)
			s->stats.bytes = (uint64_t)((int64_t)s->stats.bytes + more);
	} else {
		good = result == SQLITE_DONE;
		sqlite3_reset(st);
	}
	buf_release(&text);
	buf_release(&json);
	return good;
}

enum status store_patch(struct store *s, struct alert_patch *const *patches, size_t count, bool *found, struct diag *why)
{
	enum status st = ST_OK;
	bool good;

	uv_mutex_lock(&s->lock);
	good = store_begin(s);
	for (size_t i = 0; good && i < count; i++)
		good = patch_one(s, patches[i], &found[i]);
	if (!good)
		st = store_sql_fail(s->db, "cannot complete alerts", why);
	if (!store_end(s, good) && good)
		st = store_sql_fail(s->db, "cannot complete alerts", why);
	uv_mutex_unlock(&s->lock);
	return st;
}
