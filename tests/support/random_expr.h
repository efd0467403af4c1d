/* random_expr: well-typed conditions over the toy vocabulary, steered by dice. */
#ifndef VITRINE_TEST_RANDOM_EXPR_H
#define VITRINE_TEST_RANDOM_EXPR_H

#include "policyd/engine/expr.h"
#include "tests/support/dice.h"

/* Lives in the arena. depth: of and/or/not. */
const struct expr *random_expr(struct dice *d, struct arena *a, unsigned depth);

#endif
