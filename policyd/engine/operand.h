/* operand: the value of one side of a check, or of one field of an output text, for one event.
 * Values are borrowed from the event or made in ev->scratch: they live until the caller resets that arena.
 * No state; any thread with an event of its own. */
#ifndef VITRINE_ENGINE_OPERAND_H
#define VITRINE_ENGINE_OPERAND_H

#include "policyd/engine/expr.h"

enum {
	OPERAND_MAX_ANCESTORS = 256,        /* a chain longer than this is a loop in somebody's process table */
	OPERAND_MAX_TEXT_BYTES = 1 << 20,   /* result of one transformer: bounds what nested concat() can make of an event */
	OPERAND_MAX_GETOPT_ITEMS = 4096,    /* options of one command line */
};

/* How many values an operand has, and which of them must satisfy a check (falco-language.md §1.8, §1.11). */
enum operand_shape {
	SHAPE_ONE,
	SHAPE_LIST,         /* `in` asks for all, `intersects` for any */
	SHAPE_ANCESTORS,    /* any */
	SHAPE_EITHER,       /* any; for != both */
};

/* Comparison goes by class: every value type belongs to one. */
enum value_class { CLASS_TEXT, CLASS_SIGNED, CLASS_UNSIGNED, CLASS_DOUBLE, CLASS_IP };

enum value_class value_class_of(enum value_type type);
enum operand_shape operand_shape_of(const struct operand *o);

/* False: the operand has no value in this event. List-valued operands and ancestor fields without index give out->list,
 * the nearest ancestor first; an empty list counts as no value. "Either" fields have no value here: the caller looks at
 * their two fields. windows_path: '\\' separates path parts too. */
bool operand_eval(const struct operand *o, const struct event_view *ev, bool windows_path, struct value *out);

struct operand_context {
	const struct event_view *ev;
	bool windows_path;
	uint64_t *refused;          /* counts values that passed a bound above or the scratch arena's; NULL: nobody counts */
};

/* The same for one operand whose arguments are already evaluated and all have a value; args is unused for a field. */
bool operand_apply(const struct operand *o, const struct value *args, const struct operand_context *ctx,
	struct value *out);

static inline void operand_count_refused(const struct operand_context *ctx)
{
	if (ctx->refused)
		(*ctx->refused)++;
}

/* n bytes of the scratch arena; NULL and counted when it is full. */
void *operand_room(const struct operand_context *ctx, size_t n);

#endif
