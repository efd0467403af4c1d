/* pod_index: all pods of a cluster by node, the latest changes in order, and who follows a node. Fed by one watch; read by
 * many. Bounded; one thread. */
#ifndef VITRINE_RELAY_POD_INDEX_H
#define VITRINE_RELAY_POD_INDEX_H

#include <stdbool.h>

#include "policyd/relay/slim.h"

enum {
	INDEX_MAX_PODS = 300000,               /* Kubernetes is made for 150,000 */
	INDEX_MAX_NODES = 16384,               /* and for 5,000 nodes; old ones stay while somebody follows them */
	INDEX_HISTORY = 8192,                  /* changes: more than two minutes at 50 a second, for who comes back */
};

enum index_change { INDEX_ADDED, INDEX_MODIFIED, INDEX_DELETED };

struct pod_index;

/* One who follows a node. The storage is the follower's; zeroed before the first use. */
struct index_follower {
	/* Called for each change of the node's pods, in their order. It may unfollow itself, no other. */
	void (*changed)(struct index_follower *f, enum index_change change, const struct slim *pod);
	/* Inside. */
	struct index_node *node;
	struct index_follower *next, **at;
};

struct pod_index *pod_index_create(uint64_t hash_seed);    /* NULL: out of memory */
void pod_index_destroy(struct pod_index *x);               /* nobody follows any more; NULL is fine */

/* A whole list: begin, each pod, end with the list's version. What was not in it is gone. A list that breaks off: begin again. */
void pod_index_list_begin(struct pod_index *x);
void pod_index_list_end(struct pod_index *x, const char *version);
/* A pod as it is now; taken. One without node is nobody's and is let go. */
void pod_index_put(struct pod_index *x, struct slim *taken);
/* It is gone; taken: as it was last. */
void pod_index_remove(struct pod_index *x, struct slim *taken);
/* Nothing of a pod has changed up to this version. */
void pod_index_bookmark(struct pod_index *x, const char *version);

/* The version that all of it is of; "" before the first whole list. */
const char *pod_index_version(const struct pod_index *x);
bool pod_index_is_whole(const struct pod_index *x);        /* one list at least was */

/* The pods of a node, in no order. */
typedef void pod_index_visit(void *ctx, const struct slim *pod);
void pod_index_each(const struct pod_index *x, const char *node, pod_index_visit *visit, void *ctx);
/* NULL: no such pod. */
const struct slim *pod_index_find(const struct pod_index *x, const char *uid);
bool pod_index_has_namespace(const struct pod_index *x, const char *node, const char *ns);

/* Whether a version is remembered: whether one could follow from it. */
bool pod_index_knows(const struct pod_index *x, const char *version);
/* What changed after `version` is told at once, what follows as it comes. ST_NOT_FOUND: that version is not remembered (the
 * API's "410 Gone"); ST_LIMIT: too many nodes; ST_NOMEM. */
enum status pod_index_follow(struct pod_index *x, const char *node, const char *version, struct index_follower *f);
/* From now on: who has just been told all there is. */
enum status pod_index_follow_now(struct pod_index *x, const char *node, struct index_follower *f);
void pod_index_unfollow(struct pod_index *x, struct index_follower *f);    /* also one that follows nothing */

struct pod_index_stats {
	size_t pods, nodes, followers;
	uint64_t bytes;                        /* of the pods */
	uint64_t added, modified, deleted;     /* changes told of */
	uint64_t refused;                      /* pods and nodes beyond the bounds, or memory was out */
};
void pod_index_get_stats(const struct pod_index *x, struct pod_index_stats *out);

#endif
