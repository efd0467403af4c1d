/* toy_condition: a vocabulary without an event behind it, and condition text taken through the whole front half. */
#ifndef VITRINE_TEST_TOY_CONDITION_H
#define VITRINE_TEST_TOY_CONDITION_H

#include "policyd/engine/condition.h"

/* Fields: t.name t.path t.bytes t.i8 t.n t.dbl t.age t.bool t.port t.ip t.net t.names t.key[k] t.idx[i] t.maybe t.anc
 * t.both evt.type evt.num evt.arg. The windows vocabulary has `windows` set; t.name and t.path are Windows names.
 * Every field has a value that says its type; t.maybe has none. */
const struct vocabulary *toy_condition_vocabulary(bool windows);

struct toy_condition {
	struct arena *arena;
	const struct ast_node *ast;          /* NULL: did not parse or resolve */
	const struct expr *expr;             /* NULL: did not check */
	enum status st;
	struct cond_diag why;
	struct buf canonical;
	struct buf warnings;                 /* "kind:line:column text\n" each */
};

/* Macros and lists: {"m", "condition"}, {"l", "a|b"}; both end with a NULL name. May be NULL. */
struct toy_symbol {
	const char *name, *text;
};

/* Parse, resolve, canonical text, check. */
void toy_condition_init(struct toy_condition *t, bool windows, const char *text, size_t len);
void toy_condition_init_with(struct toy_condition *t, const char *text, const struct toy_symbol *macros,
	const struct toy_symbol *lists);
void toy_condition_release(struct toy_condition *t);

/* For code that needs its own look-ups: at most 64 macros and 64 lists. */
struct toy_symbols {
	struct cond_symbols symbols;
	struct cond_macro macros[64];
	struct cond_list lists[64];
	size_t macro_count, list_count;
};
/* False: a macro or item does not parse. Everything lives in the arena. */
bool toy_symbols_init(struct toy_symbols *s, struct arena *a, const struct toy_symbol *macros,
	const struct toy_symbol *lists);

#endif
