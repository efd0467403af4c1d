/* tell: errors of a condition that do not end its examination. Private to resolve.c and check*.c. */
#ifndef VITRINE_ENGINE_TELL_H
#define VITRINE_ENGINE_TELL_H

#include "policyd/engine/condition.h"

struct telling {
	struct cond_errors to;
	struct cond_diag first;
	size_t count;                        /* told so far */
};

/* After something has failed: tells diag and clears it; a diag that is clear was told already. True: what comes behind
 * may be examined. */
bool tell_and_go_on(struct telling *t, struct cond_diag *diag);
/* At the end: tells what is left. The outcome of all; why, which may be NULL, gets the first error. */
enum status tell_finish(struct telling *t, struct cond_diag *diag, struct cond_diag *why);

#endif
