/* kube_client: keeps a table of pods up to date from the Kubernetes API: the pods of one node, and their namespaces. All of
 * the network and all of the JSON is on a thread of its own; what it learns comes to the caller's loop in small steps, so
 * that an API that is slow, far or gone delays nothing there. */
#ifndef VITRINE_KUBE_CLIENT_H
#define VITRINE_KUBE_CLIENT_H

#include "policyd/kube/kube_names.h"
#include "policyd/kube/kube_watch.h"
#include "policyd/pods/pods.h"

enum {
	KUBE_CLIENT_QUEUE = 1024,              /* changes on their way to the loop; the thread waits when there are more */
	KUBE_CLIENT_STEP = 256,                /* changes applied before the loop does other things */
};

struct kube_client_config {
	struct kube_server_settings server;    /* borrowed for the call */
	const char *node;                      /* whose pods; borrowed for the call */
	const char *user_agent;                /* borrowed for good */
	uint32_t page_objects, watch_s, idle_ms;    /* 0: those of kube_watch.h */
	uv_loop_t *loop;                       /* the caller's, to which the table belongs */
	struct pods *pods;                     /* borrowed; written on the caller's loop only */
	void (*changed)(void *ctx);            /* on the loop, after changes; NULL: not wanted */
	void *ctx;
};

struct kube_client_stats {
	struct kube_watch_stats watch;
	struct kube_names_stats names;
	uint64_t pods_refused;                 /* objects that are no pods */
	uint64_t queue_full;                   /* times the thread waited for the loop */
};

struct kube_client;

/* ST_SYSTEM, ST_MALFORMED, ST_UNSUPPORTED: as kube_server_create; ST_NOMEM. *out may be set in any case, and is then to be
 * closed and released. */
enum status kube_client_open(const struct kube_client_config *c, struct kube_client **out, struct diag *why);
void kube_client_close(struct kube_client *c);         /* the loop is not kept alive any more; NULL is fine */
void kube_client_release(struct kube_client *c);       /* after the loop has ended; waits for the thread */

const char *kube_client_url(const struct kube_client *c);
/* As of the last moment; any time between open and release. */
void kube_client_get_stats(struct kube_client *c, struct kube_client_stats *out);

#endif
