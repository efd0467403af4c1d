/* etl_window: puts the records of several buffers into time order. Each processor fills its own buffers, and a file has
 * them as they were flushed; so buffers are held back until the window is full, and the oldest record goes first.
 * A buffer is cut into runs of rising time stamps, and the runs are merged. Memory is bounded: bytes held, and runs.
 * Not thread-safe. */
#ifndef VITRINE_IMPORT_ETL_WINDOW_H
#define VITRINE_IMPORT_ETL_WINDOW_H

#include "collector/import/etl/etl_cursor.h"
#include "proto/base/status.h"

enum {
	ETL_WINDOW_BYTES = 24 << 20,      /* 384 buffers of the usual 64 KiB; with the rest of the program below 64 MiB */
	ETL_WINDOW_RUNS_MAX = 1 << 16,    /* 2 MiB of bookkeeping; one real buffer in ten needs more than one run */
};

struct etl_walk {                   /* what was met in one buffer */
	uint64_t count[ETL_KIND_UNKNOWN + 1];    /* by enum etl_kind */
	const char *damage;         /* NULL: none */
	uint32_t damage_pos;        /* the buffer's records from here on are not used */
};

struct etl_window;

struct etl_window *etl_window_create(size_t max_bytes);    /* NULL: out of memory */
void etl_window_destroy(struct etl_window *w);             /* NULL is fine */

/* Only when not full. Frees the block once its last record has been taken. */
void etl_window_add(struct etl_window *w, struct etl_block *block_taken, struct etl_walk *walk);
bool etl_window_full(const struct etl_window *w);

/* The oldest record; the view in *out dies at the next call. False: empty. */
bool etl_window_take(struct etl_window *w, struct etl_mark *out, const struct etl_block **from);

#endif
