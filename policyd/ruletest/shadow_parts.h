/* shadow_parts: what the files of the shadow vocabulary share. Private to the layer. */
#ifndef VITRINE_RULETEST_SHADOW_PARTS_H
#define VITRINE_RULETEST_SHADOW_PARTS_H

#include "policyd/ruletest/shadow.h"

struct shadow_value {
	const struct field *field;        /* row of the shadow vocabulary */
	struct field_arg arg;
	bool missing;                     /* written as null */
	bool is_list;
	struct value value;
};

enum derivation { DERIVE_SAME, DERIVE_LAST_PART, DERIVE_FOLDER };

/* A field that follows from another one where it is not given. */
struct derived {
	const struct field *field, *from;
	enum derivation how;
};

/* proc.aname, proc.name, proc.pname. own and parent may be NULL. */
struct ancestry {
	const struct field *any, *own, *parent;
};

enum { SHADOW_MAX_DERIVED = 32, SHADOW_MAX_ANCESTRY = 16 };

struct shadow {
	struct vocabulary vocabulary;
	struct arena *arena;              /* of the rows and the index */
	struct field_index *index;
	struct derived derived[SHADOW_MAX_DERIVED];
	size_t derived_count;
	struct ancestry ancestry[SHADOW_MAX_ANCESTRY];
	size_t ancestry_count;
};

/* shadow_event.c: the getter of every row. */
enum field_result shadow_get(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out);

/* shadow_value.c: a scalar as a value of the type. False: it is none. */
bool shadow_value_parse(enum value_type type, const struct yaml_node *node, struct value *out);

#endif
