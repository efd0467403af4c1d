/* proc_tree: who is whose parent. Single-threaded. */
#ifndef VITRINE_STATE_PROC_TREE_H
#define VITRINE_STATE_PROC_TREE_H

#include "policyd/state/proc_table.h"

/* Finds the parent of p, and theirs, where a link is missing and something new may answer. A parent must have lived
 * when the child was created, by create and exit times and, where known, by sequence number. Never makes a cycle. */
void proc_tree_link(const struct proc_table *t, struct proc *p);

#endif
