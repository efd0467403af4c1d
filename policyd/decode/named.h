/* named: log records (RECORD_NAMED): provider, event id and, where that is not enough, the text of one value -> event
 * kind, value name -> slot. The same slots as raw layouts fill, so that state and fields see one kind of event. Most rows
 * are not written here: a provider with raw layouts calls its values in the log as in the payload, so its layouts give the
 * rows; what is written adds to them. Inner header of the decode layer. */
#ifndef VITRINE_DECODE_NAMED_H
#define VITRINE_DECODE_NAMED_H

#include "policyd/event.h"
#include "proto/base/arena.h"

#define NAMED_FIELD_MAP "Vitrine-FieldMap"      /* provider of events given by the fields of rules */

enum {
	NAMED_ANY_ID = 0xFFFF,       /* events of the provider that have no row of their own; no log uses that number */
	NAMED_SELECT_DEPTH = 4,      /* layouts that each look at one more value: two are needed */
	NAMED_NAME_BUCKETS = 128,    /* at most 48 names: short chains */
};

struct named_row {
	const char *name;    /* of the value, as the log writes it; blanks in the log's name do not count */
	uint8_t slot;        /* enum slot; the value is its text, numbers are read from decimal or 0x text */
};

struct named_index;

struct named_layout {
	const char *provider;        /* as in System/Provider/@Name; compared ignoring ASCII case */
	uint16_t id;
	uint8_t kind;                /* enum event_kind */
	uint16_t flags;              /* enum layout_flags: those that refine the kind, and LAYOUT_DASH */
	uint8_t row_count;           /* at most EVENT_MAX_FIELDS */
	const char *name;            /* ProcessCreate; NULL: none */
	const struct named_row *rows;
	const char *selector;        /* a value of that name leads to the layout whose `when` is its text; NULL: none */
	const char *when;            /* NULL: any record of that id */
	const struct named_index *index;     /* of the rows; set in the layouts a named_table hands out */
};

struct named_provider {
	const struct named_layout *layouts;
	size_t layout_count;
};

extern const struct named_provider *const named_providers[];
extern const size_t named_provider_count;

/* Rows by name and by slot, made once for each layout. Numbers of rows are counted from 1; 0: none. */
struct named_index {
	uint8_t bucket[NAMED_NAME_BUCKETS];           /* first row with that hash of its name */
	uint8_t next_in_bucket[EVENT_MAX_FIELDS + 1];
	uint8_t name_bytes[EVENT_MAX_FIELDS + 1];
	uint8_t by_slot[SLOT_COUNT];                  /* first row of the slot */
	uint8_t next_of_slot[EVENT_MAX_FIELDS + 1];
};

/* All rows: those of named_providers, and those that raw layouts give. */
struct named_table;
struct named_table *named_table_create(void);                /* NULL: out of memory */
void named_table_destroy(struct named_table *t);             /* NULL is fine */
/* NULL: the record is a log event without slots. The layout lives as long as the table. A record without a provider's
 * name is found by its channel. */
const struct named_layout *named_table_find(const struct named_table *t, const struct record *r);

/* No value of that name. */
#define NAMED_ABSENT UINT32_MAX

void named_index_build(const struct named_layout *l, struct named_index *out);
/* Fills index[row] with the index of the row's value in the record, NAMED_ABSENT where it has none. A name spelled as in
 * the row wins over one in other letter case. */
void named_bind(const struct named_layout *l, const struct record *r, uint32_t *index);
/* Index of the value of that name, NAMED_ABSENT: none. Exact names first, then ignoring ASCII case. */
uint32_t named_find(const struct record *r, struct text_view name);
/* The value of that name; else of a line "name: value" or "name=value" inside a longer text (the message of a forwarded
 * record, the context of a PowerShell event); else, for a decimal name, the unnamed value of that number, from 0. */
bool named_arg(const struct record *r, struct text_view name, struct text_view *out);

/* Only such a line. */
bool named_line(const struct record *r, struct text_view name, struct text_view *out);

/* Values of a bound named event by slot; event_get_* for records of this kind. */
bool named_slot_text(const struct event *ev, enum slot slot, struct text_view *out);      /* as the record has it */
bool named_slot_clean(const struct event *ev, enum slot slot, struct arena *scratch, struct text_view *out);
bool named_slot_u64(const struct event *ev, enum slot slot, uint64_t *out);

#endif
