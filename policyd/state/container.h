/* container: what runs apart from the host: server silos, known by GUID from the kernel and by the runtime's names from
 * snapshots, and HostProcess containers, which have no silo and are known by the runtime's id. Entries change in place, so
 * that every process of a container sees a name as soon as it is known. Bounded; single-threaded. */
#ifndef VITRINE_STATE_CONTAINER_H
#define VITRINE_STATE_CONTAINER_H

#include "policyd/state/text_pool.h"

struct container_table;

enum { CONTAINER_SHORT_ID_CHARS = 12 };

enum container_flags {
	CONTAINER_STARTED = 1, /* its start was an event, and is reported once */
	CONTAINER_STOPPED = 2,
	CONTAINER_BRIDGED = 4, /* full_id is the runtime's */
	CONTAINER_SANDBOX = 8, /* the pod's own, not one of its spec */
};

struct container {
	struct guid guid;			  /* of the silo; zero: none, see above */
	char id[CONTAINER_SHORT_ID_CHARS + 1];	  /* container.id: of the runtime's id, else of the GUID's hex digits */
	const struct pooled *full_id;		  /* runtime's id, else the GUID as text; never NULL */
	const struct pooled *name, *image, *type; /* NULL: not known */
	/* Of the pod, as the runtime's annotations tell it; NULL: not told. */
	const struct pooled *pod_name, *pod_namespace, *pod_uid, *sandbox_id;
	uint64_t start_100ns;			  /* 0: before the stream */
	uint64_t stop_100ns;
	uint64_t first_seen_100ns;		  /* stream time at which it became known */
	uint32_t job_id;
	uint32_t flags;		/* enum container_flags */
	uint32_t proc_count;	/* processes that point here; not forgotten while any does */
	struct container *next; /* table's list, newest first */
};

/* used: containers of all tables that share it, at most max_containers; it and pool are borrowed. NULL: out of memory. */
struct container_table *container_table_create(uint32_t max_containers, uint32_t *used, struct text_pool *pool);
void container_table_destroy(struct container_table *t);
void container_table_clear(struct container_table *t); /* no process may point into it any more */

/* The entry of this silo, made when new. NULL: zero GUID, or no room (counted). */
struct container *container_table_get(struct container_table *t, const struct guid *guid);
struct container *container_table_find(const struct container_table *t, const struct guid *guid); /* NULL: none */
struct container *container_table_find_by_id(const struct container_table *t, struct text_view id);
/* The entry with the runtime's id, made without a silo when new. NULL: no id, or no room (counted). */
struct container *container_table_get_by_id(struct container_table *t, struct text_view id);

/* What a runtime says; empty texts change nothing. */
struct container_names {
	struct text_view id, name, image, type;
	struct text_view pod_name, pod_namespace, pod_uid, sandbox_id;
};
void container_bridge(struct container_table *t, struct container *c, const struct container_names *names);

uint32_t container_table_count(const struct container_table *t);
uint64_t container_table_evictions(const struct container_table *t);

#endif
