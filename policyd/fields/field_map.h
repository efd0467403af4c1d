/* field_map: events given by the fields of rules, name by name: rule tests, and lines of such objects. A field that the
 * event gives is that value; any other is what its own getter makes of the event. Inner header of the fields layer. */
#ifndef VITRINE_FIELDS_FIELD_MAP_H
#define VITRINE_FIELDS_FIELD_MAP_H

#include "policyd/fields/getter.h"

enum {
	FIELD_MAP_ANCESTORS = 8,     /* proc.aname[8] is the farthest that an event gives */
	FIELD_MAP_ITEMS = 64,        /* of a list value */
};

/* What the event gives for f; `otherwise` gets the rest. */
enum field_result get_mapped(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out, field_getter *otherwise);

#endif
