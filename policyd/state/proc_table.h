/* proc_table: live and recently exited processes, keyed by machine (space), pid and create time (pids are reused).
 * An exited process is found by pid for a grace period, for events that come late; after that only as a parent, for as
 * long as a child is known. Bounded; when full, what is least useful gives way. Single-threaded. Knows no event. */
#ifndef VITRINE_STATE_PROC_TABLE_H
#define VITRINE_STATE_PROC_TABLE_H

#include "policyd/state/container.h"
#include "policyd/state/proc.h"

struct proc_table;

enum {
	PROC_EXIT_GRACE_100NS = 5 * 10000000,
	PROC_MAX_OF_PID = 16, /* findable at once; Windows does not reuse a pid that often within the grace period */
};

struct proc_table_stats {
	uint64_t count, peak, evictions, refused, texts_dropped;
};

/* pool: borrowed. NULL: out of memory. */
struct proc_table *proc_table_create(uint32_t max_procs, struct text_pool *pool, uint64_t hash_seed);
void proc_table_destroy(struct proc_table *t);
void proc_table_clear(struct proc_table *t);

/* The process that had this pid at that time. NULL: not known. */
struct proc *proc_table_find(const struct proc_table *t, uint32_t space, uint32_t pid, uint64_t at_100ns);
/* Every findable entry with this pid, in no order: first NULL, then the one before. NULL: no more. */
struct proc *proc_table_next_of_pid(const struct proc_table *t, uint32_t space, uint32_t pid, const struct proc *after);

/* A new entry; never NULL unless memory ends (counted). create_100ns 0: not known. */
struct proc *proc_table_add(struct proc_table *t, uint32_t space, uint32_t pid, uint64_t create_100ns, uint64_t now_100ns);
/* The pid it has is a stand-in; this is its own. */
void proc_table_set_pid(struct proc_table *t, struct proc *p, uint32_t pid);
void proc_table_exit(struct proc_table *t, struct proc *p, uint64_t exit_100ns);
/* p is not found by pid, and goes after the grace period, unless it is revived. */
void proc_table_doubt(struct proc_table *t, struct proc *p, uint64_t now_100ns);
void proc_table_revive(struct proc_table *t, struct proc *p);
void proc_table_touch(struct proc_table *t, struct proc *p, uint64_t now_100ns);
/* Forgets what exited before the grace period. */
void proc_table_expire(struct proc_table *t, uint64_t now_100ns);

/* Replaces the text in *slot (a member of an entry of this table) by the first PROC_TEXT_BYTES of text. When the pool is
 * full, command lines of other entries give way. Empty text, or no room even so: unchanged. */
void proc_table_set_text(struct proc_table *t, const struct pooled **slot, struct text_view text);
void proc_set_container(struct proc *p, struct container *c); /* c NULL: the host itself */

/* Entries were added that may be the parent of older ones (rundown, snapshot, stubs). */
void proc_table_new_parents(struct proc_table *t);
uint32_t proc_table_epoch(const struct proc_table *t);       /* another one after each such call */

/* The one entry that must not give way while others are added: the process of the event at hand. NULL: none. */
void proc_table_pin(struct proc_table *t, const struct proc *p);

void proc_table_get_stats(const struct proc_table *t, struct proc_table_stats *out);

#endif
