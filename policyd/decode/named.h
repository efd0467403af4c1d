/* named: log records (RECORD_NAMED): provider and event id -> event kind, value name -> slot.
 * The same slots as raw layouts fill, so that state and fields see one kind of event. Most rows are not written here:
 * a provider with raw layouts calls its values in the log as in the payload, so its layouts give the rows.
 * Inner header of the decode layer. */
#ifndef VITRINE_DECODE_NAMED_H
#define VITRINE_DECODE_NAMED_H

#include "policyd/event.h"

struct named_row {
	const char *name;    /* of the value, as the log writes it; blanks in the log's name do not count */
	uint8_t slot;        /* enum slot; the value is its text, numbers are read from decimal or 0x text */
};

struct named_layout {
	const char *provider;        /* as in System/Provider/@Name; compared ignoring ASCII case */
	uint16_t id;
	uint8_t kind;                /* enum event_kind */
	uint16_t flags;              /* enum layout_flags: those that refine the kind, and LAYOUT_DASH */
	uint8_t row_count;           /* at most EVENT_MAX_FIELDS */
	const char *name;            /* ProcessCreate */
	const struct named_row *rows;
};

struct named_provider {
	const struct named_layout *layouts;
	size_t layout_count;
};

extern const struct named_provider *const named_providers[];
extern const size_t named_provider_count;

/* All rows: those of named_providers, and for every other (provider, id) those its raw layouts give. */
struct named_table;
struct named_table *named_table_create(void);                /* NULL: out of memory */
void named_table_destroy(struct named_table *t);             /* NULL is fine */
/* NULL: the record is a log event without slots. The layout lives as long as the table. */
const struct named_layout *named_table_find(const struct named_table *t, struct text_view provider, uint16_t id);

/* No value of that name. */
#define NAMED_ABSENT UINT32_MAX

/* Fills index[row] with the index of the row's value in the record, NAMED_ABSENT where it has none. */
void named_bind(const struct named_layout *l, const struct record *r, uint32_t *index);
/* Index of the value of that name, NAMED_ABSENT: none. Exact names first, then ignoring ASCII case. */
uint32_t named_find(const struct record *r, struct text_view name);

#endif
