/* emit: makes a program out of checked conditions. Build time only; seen by emit_*.c, index_*.c and program.c. */
#ifndef VITRINE_ENGINE_EMIT_H
#define VITRINE_ENGINE_EMIT_H

#include "policyd/engine/intern.h"
#include "policyd/engine/program_layout.h"

enum {
	EMIT_SET_MIN = 8,          /* equality with more constants than this is a hash look-up */
	EMIT_SCAN_MIN = 16,        /* so many texts to look for are looked for together */
};

struct emit {
	struct program *p;
	const struct vocabulary *vocabulary;
	struct arena *keep;                /* the program's */
	struct arena *scratch;             /* dies with the build */
	struct intern slot_ids, pred_ids;
	/* Growing arrays, copied into the program at the end. */
	struct buf slots;                  /* struct slot */
	struct buf preds;                  /* struct pred */
	struct buf code;                   /* struct instr */
	struct buf variants;               /* struct variant */
	struct buf variant_info;           /* struct variant_info, parallel to variants */
	struct buf guards;                 /* uint32_t: checks, as variants refer to them */
	struct buf regexes;                /* struct regex *, owned here until the program takes them */
	size_t type_count;                 /* event types, and one for events without type */
	struct diag *why;
};

/* A condition for one group of event types: not stands on checks only, checks of the event type are gone. */
enum cond_node_kind { NODE_FALSE, NODE_TRUE, NODE_CHECK, NODE_AND, NODE_OR };

struct cond_node {
	enum cond_node_kind kind;
	bool negated;                      /* NODE_CHECK */
	uint32_t pred;
	uint64_t cost;                     /* estimate of instructions */
	struct cond_node **kids;           /* NODE_AND, NODE_OR: two or more, cheapest first */
	size_t kid_count;
};

/* Where a variant is filed: what the index is made from. Lives in scratch. */
struct variant_info {
	const struct cond_node *root;
	const uint64_t *types;             /* bitset over type_count */
	bool all_types;
};

static inline struct slot *emit_slots(const struct emit *e)
{
	return (struct slot *)(void *)e->slots.data;
}

static inline struct pred *emit_preds(const struct emit *e)
{
	return (struct pred *)(void *)e->preds.data;
}

/* The id of the operand's slot; a new one if there was none like it. */
enum status emit_slot(struct emit *e, const struct operand *o, bool windows_path, uint32_t *id);
enum status emit_pred(struct emit *e, const struct predicate *in, uint32_t *id);
/* Sets, tries and scans for the checks that code evaluates. To be called when all code is there. */
enum status emit_equip(struct emit *e);

/* Appends the rule's variants. */
enum status emit_rule(struct emit *e, const struct program_rule *rule, uint32_t index);

/* What is known of an event's type: which checks of the type alone the condition has, and which of them hold. */
struct type_facts {
	const uint32_t *preds;
	size_t count;                      /* at most 64 */
	uint64_t truth;                    /* bit i: preds[i] holds */
};

/* The condition with not moved down to its checks, and everything these facts decide worked out. NULL: out of memory
 * or too deep. Kids are sorted by cost, cheapest first. */
struct cond_node *cond_from_expr(struct emit *e, const struct expr *x, enum status *st);
struct cond_node *cond_simplify(struct emit *e, const struct cond_node *n, const struct type_facts *facts);

/* Code for a variant; checks in covered (sorted ids) are answered by its guard. */
enum status emit_code(struct emit *e, const struct cond_node *root, const uint32_t *covered, size_t covered_count,
	uint32_t *entry);

#endif
