#include "policyd/engine/tell.h"

static void tell(struct telling *t, struct cond_diag *diag)
{
	if (diag->code == COND_OK)
		return;
	if (t->count++ == 0)
		t->first = *diag;
	if (t->to.error)
		t->to.error(t->to.ctx, diag);
}

bool tell_and_go_on(struct telling *t, struct cond_diag *diag)
{
	if (!t->to.error || diag->code == COND_OUT_OF_MEMORY || diag->code == COND_TOO_LARGE)
		return false;
	tell(t, diag);
	diag->code = COND_OK;
	diag->hint[0] = '\0';
	return t->count < COND_MAX_ERRORS;
}

enum status tell_finish(struct telling *t, struct cond_diag *diag, struct cond_diag *why)
{
	enum cond_error last = diag->code;

	tell(t, diag);
	if (t->count == 0)
		return ST_OK;
	if (why)
		*why = t->first;
	if (last == COND_OUT_OF_MEMORY)
		return ST_NOMEM;
	return last == COND_TOO_LARGE ? ST_LIMIT : ST_MALFORMED;
}
