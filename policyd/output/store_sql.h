/* store_sql: what store*.c share. Private to them. Every function but store_sql_open wants the lock held. */
#ifndef VITRINE_OUTPUT_STORE_SQL_H
#define VITRINE_OUTPUT_STORE_SQL_H

#include <sqlite3.h>
#include <uv.h>

#include "policyd/output/alert_patch.h"
#include "policyd/output/store.h"

enum store_stmt {
	STMT_BEGIN,
	STMT_COMMIT,
	STMT_ROLLBACK,
	STMT_INSERT,
	STMT_PEND,
	STMT_FETCH,
	STMT_ACK,
	STMT_VICTIM,           /* of one output */
	STMT_OLD,              /* of one output */
	STMT_HISTORY_VICTIM,
	STMT_ANY_VICTIM,
	STMT_OLD_HISTORY,
	STMT_DELETE,
	STMT_WAITING,          /* the outputs that have an alert pending */
	STMT_FIND,
	STMT_PATCH,
	STMT_COUNT
};

struct store {
	uv_mutex_t lock;
	sqlite3 *db;
	sqlite3_stmt *stmts[STMT_COUNT];
	char *path;                            /* NULL: in memory */
	uint64_t max_bytes;
	int64_t max_age_s;
	struct store_output outputs[STORE_MAX_OUTPUTS];    /* names are not kept */
	int64_t output_ids[STORE_MAX_OUTPUTS];             /* 0: a free place */
	size_t output_count;                               /* places that are or were in use */
	struct store_stats stats;              /* with what the transaction that is open has changed */
	uv_mutex_t shown_lock;                 /* held for a copy only: who asks must not wait for the disk */
	struct store_stats shown;              /* without */
};

enum {
	STORE_VERSION = 2,             /* PRAGMA user_version; 2: alert.story */
	STORE_STORY_COLUMN = 10,       /* behind STORE_COLUMNS, where a statement asks for it */
};
#define STORE_COLUMNS "id, uid, time_ns, observed_ns, priority, rule, source, hostname, text, json"

/* A connection to the store's file. */
enum status store_sql_open(const char *path, bool read_only, sqlite3 **out, struct diag *why);
enum status store_sql_fail(sqlite3 *db, const char *what, struct diag *why);       /* ST_SYSTEM, and what SQLite says */
enum status store_sql_exec(sqlite3 *db, const char *sql, struct diag *why);
bool store_sql_number(sqlite3 *db, const char *sql, int64_t *out);
void store_sql_record(sqlite3_stmt *row, struct alert_record *out);                 /* of STORE_COLUMNS; borrowed */

/* For statements without rows: runs, resets. */
bool store_run(struct store *s, enum store_stmt which);
void store_show_stats(struct store *s);
bool store_begin(struct store *s);
/* False: rolled back, the counters too. */
bool store_end(struct store *s, bool good);

/* Gives up, and tells the log, what outputs without a place have pending. */
bool store_forget_others(struct store *s);

/* Within a transaction. */
bool store_make_room(struct store *s);
bool store_drop_old(struct store *s, int64_t now_ns);

#endif
