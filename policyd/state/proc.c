#include "policyd/state/proc.h"

#include "policyd/state/state.h"

struct proc *proc_ancestor(const struct proc *p, uint32_t n)
{
	struct proc *at;

	if (n > STATE_MAX_ANCESTORS)
		return NULL;
	/* The caller may look at, not write, what it was given: only the walk up is handed out. */
	for (at = (struct proc *)(uintptr_t)p; at && n; n--)
		at = proc_parent(at);
	return at;
}
