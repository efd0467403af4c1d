/* etl_cursor: steps over the event records of one buffer and says of each what it is, how long, and when.
 * Does not look inside; etl_record does. No allocation; any thread.
 * Source: the marker word and header types of phnt's ntwmi.h. */
#ifndef VITRINE_IMPORT_ETL_CURSOR_H
#define VITRINE_IMPORT_ETL_CURSOR_H

#include "collector/import/etl/etl_buffer.h"

enum etl_header_type {              /* TRACE_HEADER_TYPE_* */
	ETL_SYSTEM32 = 1,
	ETL_SYSTEM64 = 2,
	ETL_COMPACT32 = 3,
	ETL_COMPACT64 = 4,
	ETL_FULL32 = 10,
	ETL_INSTANCE32 = 11,
	ETL_ERROR = 13,
	ETL_MESSAGE = 15,
	ETL_PERFINFO32 = 16,
	ETL_PERFINFO64 = 17,
	ETL_EVENT32 = 18,
	ETL_EVENT64 = 19,
	ETL_FULL64 = 20,
	ETL_INSTANCE64 = 21,
	ETL_HEADER_TYPE_COUNT,
};

/* Header bytes; the payload starts behind them (and behind a SYSTEM family header's counters). */
enum {
	ETL_SYSTEM_BYTES = 32,
	ETL_COMPACT_BYTES = 24,
	ETL_PERFINFO_BYTES = 16,
	ETL_FULL_BYTES = 48,
	ETL_INSTANCE_BYTES = 72,
	ETL_EVENT_BYTES = 80,
};

enum etl_kind { ETL_KIND_EVENT, ETL_KIND_WPP, ETL_KIND_ERROR, ETL_KIND_UNKNOWN };

struct etl_mark {                   /* one record, not yet parsed */
	struct view raw;            /* size bytes */
	uint32_t pos;               /* in the block */
	enum etl_kind kind;
	uint8_t type;               /* enum etl_header_type; ETL_KIND_EVENT only */
	uint64_t ticks;             /* raw time stamp; ETL_KIND_EVENT only */
};

struct etl_cursor {
	struct view data;
	uint32_t pos;
	const char *damage;         /* why the rest cannot be read; NULL: fine */
};

static inline struct etl_cursor etl_cursor_of(const struct etl_block *b, uint32_t pos, uint32_t end)
{
	return (struct etl_cursor){ .data = { .ptr = b->data, .len = end }, .pos = pos, .damage = NULL };
}

/* False at the end of the records and at damage. cursor->pos is then where the unread part starts. */
bool etl_cursor_next(struct etl_cursor *c, struct etl_mark *out);

#endif
