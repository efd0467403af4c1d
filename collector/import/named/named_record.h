/* named_record: one log record (RECORD_NAMED) being put together. Texts are borrowed, or copied into its own arena;
 * both must live until the record has been handed out. No allocation in a steady state. Not thread-safe. */
#ifndef VITRINE_IMPORT_NAMED_RECORD_H
#define VITRINE_IMPORT_NAMED_RECORD_H

#include "proto/base/arena.h"
#include "proto/base/limits.h"
#include "proto/base/status.h"
#include "proto/record.h"

enum {
	NAMED_TEXT_MAX_BYTES = 8 << 20,    /* copied texts of one record: several times what a frame can carry */
};

struct named_record {
	struct record rec;          /* values and value_count are set by named_record_finish */
	struct arena *texts;
	struct named_value values[LIMIT_NAMED_VALUES];
	size_t value_count;
	uint8_t sid[LIMIT_SID_BYTES];
	uint64_t cut_values;        /* cut or left out since init: too long, or too many */
};

enum status named_record_init(struct named_record *n);       /* ST_NOMEM; release works all the same */
void named_record_release(struct named_record *n);
/* Empty again: kind, pid and tid "not known", all else zero. */
void named_record_begin(struct named_record *n);

/* Adds a value; borrowed. What passes the limits of a stream is cut at a character's border, or left out. */
void named_record_add(struct named_record *n, struct text_view name, struct text_view value);
/* Provider, channel or host, cut to LIMIT_NAME_BYTES. */
void named_record_name(struct named_record *n, struct text_view *field, struct text_view text);
/* "S-1-5-18"; what is no SID leaves the record without one. */
void named_record_user(struct named_record *n, struct text_view text);
/* Room that lives as long as the record; NULL: past NAMED_TEXT_MAX_BYTES or out of memory. */
char *named_record_room(struct named_record *n, size_t bytes);

/* The record, complete; a view of n. */
const struct record *named_record_finish(struct named_record *n);

static inline struct text_view text_of(const char *literal)
{
	return (struct text_view){ .ptr = literal, .len = strlen(literal) };
}

static inline bool text_is(struct text_view t, const char *literal)
{
	return t.len == strlen(literal) && memcmp(t.ptr, literal, t.len) == 0;
}

#endif
