/* tracelogging: self-describing events. Extended item 11 holds the event's name and its fields' names and types; this
 * walks schema and payload side by side. Inner header of the decode layer. No allocation; any thread.
 * Schema: u16 size (of all of it); tag bytes (the last has bit 7 clear); event name, UTF-8, NUL; then fields:
 * name, NUL; in-type u8: bits 0-4 type, 0x20 constant count, 0x40 count in the payload, 0x60 custom, 0x80 an out-type
 * byte follows, whose bit 7 says that tag bytes follow; u16 count (constant) or u16 size and as many bytes (custom).
 * A structure's out-type is its number of fields. Source: TraceLoggingProvider.h of the Windows SDK. */
#ifndef VITRINE_DECODE_TRACELOGGING_H
#define VITRINE_DECODE_TRACELOGGING_H

#include "policyd/decode/raw_value.h"
#include "proto/base/status.h"

enum {
	LIMIT_TL_FIELDS = 256,        /* fields of one event; TraceLoggingWrite itself stops at 99 arguments */
	LIMIT_TL_ELEMENTS = 1024,     /* elements of one array shown; the rest is passed over */
};

/* One field: `count` values of one type, one after the other. count 1 and !array: a plain value. */
struct tl_field {
	struct text_view name;
	enum layout_type type;        /* LT_COUNT: a structure head, which has no value */
	bool counted_bytes;           /* each value begins with a u16 of its length in bytes */
	bool array;
	uint32_t count;
	struct view bytes;            /* all values */
};

struct tl_cursor {
	struct bytes schema, payload;
	unsigned pointer_bytes;
	unsigned fields;
};

/* False: the schema is no TraceLogging schema. name: the event's. */
bool tl_open(struct tl_cursor *c, const struct record *r, struct text_view *name);
/* False: no further field, or the payload or schema ends early or is too large. */
bool tl_next(struct tl_cursor *c, struct tl_field *out);
/* Value number i of a field; calls in order, i from 0, on the same *at (zeroed at the start). */
bool tl_element(const struct tl_field *f, unsigned pointer_bytes, size_t *at, struct value *out);

#endif
