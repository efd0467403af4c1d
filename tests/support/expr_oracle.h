/* expr_oracle: what a condition means, evaluated the plain way: one tree walk, no sharing, no tables. The engine must
 * always agree with it. Transformers, globs and regexes are the engine's own. */
#ifndef VITRINE_TEST_EXPR_ORACLE_H
#define VITRINE_TEST_EXPR_ORACLE_H

#include "policyd/engine/expr.h"

bool expr_oracle(const struct expr *e, const struct vocabulary *v, const struct event_view *ev);

#endif
