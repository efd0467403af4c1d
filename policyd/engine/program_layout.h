/* program_layout: what a program consists of. Seen by the files that make it (emit_*, index_*) and that run it (match_*)
 * only. Everything lives in the program's arena, but for regexes. */
#ifndef VITRINE_ENGINE_PROGRAM_LAYOUT_H
#define VITRINE_ENGINE_PROGRAM_LAYOUT_H

#include "policyd/engine/compare.h"
#include "policyd/engine/index.h"
#include "policyd/engine/program.h"

#define NO_ID UINT32_MAX

/* A distinct operand: what is evaluated at most once per event. Arguments are slots too. */
struct slot {
	const struct operand *op;
	const uint32_t *args;
	uint32_t either[2];              /* slots of the two fields of a SHAPE_EITHER */
	enum operand_shape shape;
	enum value_class cls;
	bool windows_path;
};

/* A distinct check. */
struct pred {
	uint32_t slot;
	uint32_t right;                  /* NO_ID: check.consts */
	enum operand_shape shape;
	bool asked;                      /* some code evaluates it: it is not always answered by a guard */
	bool windows_path;
	struct check check;
};

/* One step of a rule: evaluate a check, go on at one of two places. */
#define CODE_FALSE (UINT32_MAX - 1)
#define CODE_TRUE UINT32_MAX
/* Flag: the guard's look-ups of this event decide the check; marked means true, else false. */
#define INSTR_COVERED (UINT32_C(1) << 31)
#define INSTR_PRED (INSTR_COVERED - 1)

struct instr {
	uint32_t pred;                   /* with INSTR_COVERED */
	uint32_t on_true, on_false;
};

/* A rule as it is for some event types: checks of the event type itself are gone. In rule order. */
struct variant {
	uint32_t rule;
	uint32_t entry;                  /* into code, or CODE_TRUE */
	uint32_t first_guard, guard_count;   /* into guards: the checks of which one must be true */
	bool guarded;
};

struct program {
	struct arena *arena;
	const struct vocabulary *vocabulary;
	struct slot *slots;
	struct pred *preds;
	struct instr *code;
	struct variant *variants;
	uint32_t *guards;                /* checks */
	struct regex **regexes;
	size_t slot_count, pred_count, code_count, variant_count, regex_count, rule_count;
	size_t trigger_count;            /* of all parts */
	const struct part *common;       /* variants for all types; NULL: none */
	const struct part **parts;       /* by event type, the last for events without type; NULL: none */
};

#endif
