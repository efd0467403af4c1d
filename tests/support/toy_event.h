/* toy_event: a vocabulary with a field of every type and shape, and random events for it. */
#ifndef VITRINE_TEST_TOY_EVENT_H
#define VITRINE_TEST_TOY_EVENT_H

#include "policyd/engine/field.h"
#include "tests/support/dice.h"

enum { TOY_EVENT_FIELDS = 24, TOY_EVENT_TYPES = 5, TOY_EVENT_ANCESTORS = 3 };

struct toy_fields {
	uint16_t type;                                   /* or VOCABULARY_NO_TYPE */
	bool has[TOY_EVENT_FIELDS];
	struct value values[TOY_EVENT_FIELDS];
	struct value ancestors[TOY_EVENT_ANCESTORS];
	size_t ancestor_count;
};

const struct vocabulary *toy_event_vocabulary(void);

/* A text of a small alphabet, so that unrelated texts share parts. Lives in the arena. */
struct value toy_event_text(struct dice *d, struct arena *a);
/* A value such as fields of this type take; constants are made of the same. network: of VT_IPNET with a mask. */
struct value toy_event_value(struct dice *d, enum value_type type, bool network, struct arena *a);

/* ev borrows e, and scratch for conversions. */
void toy_event_random(struct dice *d, struct arena *a, struct toy_fields *e);
void toy_event_bind(struct toy_fields *e, struct arena *scratch, struct event_view *ev);

#endif
