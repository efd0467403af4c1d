#include "policyd/state/proc_tree.h"

#include "policyd/state/state.h"

static bool may_be_parent(const struct proc *parent, const struct proc *child, uint64_t created_100ns)
{
	if (parent == child || (parent->flags & PROC_DOUBTED) || !proc_lived_at(parent, created_100ns, PROC_TIME_SLACK_100NS))
		return false;
	return !child->parent_seq || !parent->seq || child->parent_seq == parent->seq;
}

/* Linking child below parent would close a circle. A chain too long to tell counts as one. */
static bool would_cycle(const struct proc *child, const struct proc *parent)
{
	if (!child->referenced_by)
		return false; /* nobody's parent yet */
	for (int i = 0; i < STATE_MAX_ANCESTORS; i++) {
		if (!parent)
			return false;
		if (parent == child)
			return true;
		parent = proc_parent(parent);
	}
	return true;
}

static void find_parent(const struct proc_table *t, struct proc *child)
{
	uint64_t created = proc_born(child);
	struct proc *p = NULL, *best = NULL;

	if (child->link_epoch == proc_table_epoch(t) || !child->ppid)
		return;
	child->link_epoch = proc_table_epoch(t);
	while ((p = proc_table_next_of_pid(t, child->space, child->ppid, p)) != NULL) {
		if (may_be_parent(p, child, created) && (!best || proc_born(p) > proc_born(best)))
			best = p;
	}
	if (!best || would_cycle(child, best))
		return;
	child->parent = best;
	child->parent_generation = best->generation;
	best->referenced_by++;
	best->child_count++;
}

void proc_tree_link(const struct proc_table *t, struct proc *p)
{
	for (int i = 0; p && i < STATE_MAX_ANCESTORS; i++) {
		if (!proc_parent(p))
			find_parent(t, p);
		p = proc_parent(p);
	}
}
