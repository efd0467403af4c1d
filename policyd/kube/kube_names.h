/* kube_names: the namespaces of the pods of a node, asked for one by one when a pod names them, and again now and then: a
 * watch on all of them would cost the API more, and every node would see every namespace. On the loop of its http_loop. */
#ifndef VITRINE_KUBE_NAMES_H
#define VITRINE_KUBE_NAMES_H

#include "policyd/kube/kube_server.h"
#include "policyd/pods/pod.h"

enum {
	KUBE_NAMES_MAX = 1024,                 /* as many as policyd/pods keeps; more are counted */
	KUBE_NAMES_CALLS = 4,                  /* on the way at once */
	KUBE_NAMES_FRESH_MS = 600 * 1000,      /* how old labels may be */
	KUBE_NAMES_RETRY_MS = 15 * 1000,       /* after an error; 401, 403 and 404 wait as long as an answer does */
	KUBE_NAMES_MAX_BYTES = 1 << 20,        /* of one answer */
};

struct kube_names_config {
	uv_loop_t *loop;
	struct http_loop *http;
	struct kube_server *server;
	void (*found)(void *ctx, struct pod_namespace *taken);
	void (*gone)(void *ctx, const char *name);
	void *ctx;
};

struct kube_names_stats {
	uint64_t requests, failures, forbidden, refused;    /* refused: names beyond the bound */
	size_t names;
	char error[256];                       /* of the last failure; "": none since */
};

struct kube_names;

struct kube_names *kube_names_open(const struct kube_names_config *c);    /* NULL: out of memory */
void kube_names_close(struct kube_names *n);           /* NULL is fine */
void kube_names_release(struct kube_names *n);         /* after the loop has ended */

/* A pod is in it. */
void kube_names_want(struct kube_names *n, const char *name);
void kube_names_get_stats(const struct kube_names *n, struct kube_names_stats *out);

#endif
