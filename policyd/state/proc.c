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

uint64_t proc_born(const struct proc *p)
{
	return p->create_100ns ? p->create_100ns : p->first_seen_100ns;
}

bool proc_lived_at(const struct proc *p, uint64_t at_100ns, uint64_t grace_100ns)
{
	if (p->create_100ns > at_100ns && p->create_100ns - at_100ns > PROC_TIME_SLACK_100NS)
		return false;
	return !p->exit_100ns || at_100ns <= p->exit_100ns || at_100ns - p->exit_100ns <= grace_100ns;
}

bool proc_gives_way(const struct proc *a, const struct proc *than)
{
	if ((a->flags ^ than->flags) & PROC_EXITED)
		return a->flags & PROC_EXITED;
	return a->flags & PROC_EXITED ? a->exit_100ns < than->exit_100ns : proc_born(a) < proc_born(than);
}

struct text_view proc_text_to_keep(struct text_view text)
{
	if (text.len <= PROC_TEXT_BYTES)
		return text;
	text.len = PROC_TEXT_BYTES;
	while (text.len && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
		text.len--;
	return text;
}
