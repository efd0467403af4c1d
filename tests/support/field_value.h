/* field_value: what a field says of the event a state_world applied last, as output would print it. */
#ifndef VITRINE_TESTS_FIELD_VALUE_H
#define VITRINE_TESTS_FIELD_VALUE_H

#include "policyd/fields/fields.h"
#include "tests/support/state_world.h"

enum { FIELD_VALUE_BYTES = 4096 };

struct field_reader {
	struct fields_ctx ctx;          /* .ev and .state are set by field_reader_init */
	struct event_view view;
	char text[FIELD_VALUE_BYTES];
};

/* False: out of memory. */
bool field_reader_init(struct field_reader *r, struct world *w);
void field_reader_release(struct field_reader *r);

/* "proc.name", "proc.aname[2]", "evt.arg[ProcessID]". "<NA>": missing; "<END>": no ancestor that far up;
 * "<NO FIELD>": no such field. Lives until the next call. */
const char *field_text(struct field_reader *r, const char *field);

const struct field *field_by_name(const char *name, size_t len);

#endif
