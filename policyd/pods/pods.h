/* pods: what is known of the pods of a node and of their namespaces, found by container id. Written by who follows the
 * Kubernetes API (or reads a file), read by fields/. Bounded; belongs to one thread. What it gives out lives until the next
 * call that changes it. */
#ifndef VITRINE_PODS_PODS_H
#define VITRINE_PODS_PODS_H

#include "policyd/pods/pod.h"
#include "proto/base/status.h"

enum {
	PODS_MAX = 4096,                       /* Kubernetes runs at most 110 to 500 on a node; short-lived ones stay a minute */
	PODS_MAX_NAMESPACES = 1024,
	PODS_KEEP_MS = 60 * 1000,              /* of a deleted pod: its last events, and its alerts, come after it */
};

struct pods;

enum pods_source {
	PODS_WAITING,          /* not one whole list yet */
	PODS_CURRENT,          /* the list is whole and is being followed */
	PODS_STALE,            /* it was; the API does not answer now */
	PODS_FIXED,            /* from a file: what is not there will not come */
};

struct pods *pods_create(uint64_t hash_seed);              /* NULL: out of memory */
void pods_destroy(struct pods *p);                         /* NULL is fine */

/* Where this node is; "" and NULL: not told. Copied. */
bool pods_set_place(struct pods *p, const char *cluster, const char *node);    /* false: out of memory */
const char *pods_cluster(const struct pods *p);
const char *pods_node(const struct pods *p);

void pods_set_source(struct pods *p, enum pods_source source);
enum pods_source pods_source(const struct pods *p);

/* A new pod, or what is now known of an old one. Refused and counted when full. */
void pods_put(struct pods *p, struct pod *taken);
/* It is gone; forgotten PODS_KEEP_MS later. now_ms: any clock that does not go back. */
void pods_remove(struct pods *p, const char *uid, uint64_t now_ms);
/* A new list begins; what is not put until it ends is gone. */
void pods_list_begin(struct pods *p);
void pods_list_end(struct pods *p, uint64_t now_ms);
void pods_expire(struct pods *p, uint64_t now_ms);

void pods_put_namespace(struct pods *p, struct pod_namespace *taken);
void pods_remove_namespace(struct pods *p, const char *name);

/* id: the runtime's whole id. *which: the container of that id. NULL: not known. */
const struct pod *pods_by_container(const struct pods *p, const char *id, size_t len, const struct pod_container **which);
const struct pod *pods_by_uid(const struct pods *p, const char *uid, size_t len);
const struct pod_namespace *pods_namespace(const struct pods *p, const char *name);

/* All that are not gone, in no order. */
typedef void pods_visit(void *ctx, const struct pod *pod);
void pods_each(const struct pods *p, pods_visit *visit, void *ctx);

/* Counts up with every change of what the look-ups above answer. */
uint64_t pods_version(const struct pods *p);

struct pods_stats {
	size_t pods, gone, containers, namespaces;     /* gone: deleted, and kept for a while */
	uint64_t refused;                              /* pods and namespaces beyond the bounds, or memory was out */
	uint64_t left_out;                             /* labels, annotations and containers beyond a pod's bounds */
};
void pods_get_stats(const struct pods *p, struct pods_stats *out);

#endif
