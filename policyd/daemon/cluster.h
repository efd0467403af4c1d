/* cluster: what the daemon knows of the Kubernetes cluster that its machine is a node of: the table of pods, and the client
 * that keeps it up to date. Loop thread only. */
#ifndef VITRINE_DAEMON_CLUSTER_H
#define VITRINE_DAEMON_CLUSTER_H

#include "policyd/config/config.h"
#include "policyd/kube/kube_client.h"

struct cluster {
	struct pods *pods;                     /* NULL: Kubernetes is not asked */
	struct kube_client *client;            /* NULL: not asked, or it cannot be: `error` */
	char error[512];                       /* why there is no client */
	char node[UV_MAXHOSTNAMESIZE];
};

struct cluster_options {
	uv_loop_t *loop;
	const struct config *config;
	config_env *env;
	void *env_ctx;
	void (*changed)(void *ctx);            /* the table of pods has changed */
	void *ctx;
};

/* An API that cannot be asked keeps policyd from nothing: the log and the status say so. False: out of memory. */
bool cluster_open(struct cluster *k, const struct cluster_options *o);
void cluster_tick(struct cluster *k, uint64_t now_ms);     /* about once a second */
void cluster_close(struct cluster *k);
void cluster_release(struct cluster *k);                   /* after the loop has ended */

#endif
