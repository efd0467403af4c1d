/* transform: the transformers of falco-language.md §1.12 over values that are there. Results live in the scratch arena
 * or are parts of the argument. False: the transformer yields nothing for this value, or the result passes a bound (counted).
 * No state; any thread. */
#ifndef VITRINE_ENGINE_TRANSFORM_H
#define VITRINE_ENGINE_TRANSFORM_H

#include "policyd/engine/operand.h"

/* o: an OPERAND_TRANSFORM; args: o->arg_count values of the types o->args say. */
bool transform_apply(const struct operand *o, const struct value *args, const struct operand_context *ctx,
	struct value *out);
/* o: an OPERAND_LIST; its items become texts, numbers included. May be empty. */
bool transform_list(const struct operand *o, const struct value *args, const struct operand_context *ctx, struct value *out);
/* getopt(list, optstring), and with o->getopt_option getopt(list, optstring)[c]. */
bool transform_getopt(const struct operand *o, const struct value *args, const struct operand_context *ctx, struct value *out);

#endif
