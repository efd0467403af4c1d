#include "policyd/daemon/cluster.h"

#include <stdio.h>
#include <string.h>

#include "proto/base/log.h"
#include "proto/base/text.h"
#include "proto/host/os_file.h"

static const char *environment(const struct cluster_options *o, const char *name)
{
	const char *value = o->env ? o->env(o->env_ctx, name) : NULL;

	return value ? value : "";
}

/* As configured, as the pod's environment says, or the machine's own name: Kubernetes writes it in lower case. */
static void find_node(struct cluster *k, const struct cluster_options *o)
{
	size_t bytes = sizeof k->node;

	snprintf(k->node, sizeof k->node, "%s", o->config->kubernetes.node_name);
	if (!k->node[0])
		snprintf(k->node, sizeof k->node, "%s", environment(o, "NODE_NAME"));
	if (k->node[0] || uv_os_gethostname(k->node, &bytes) != 0)
		return;
	for (char *p = k->node; *p; p++)
		*p = text_fold(*p);
}

static enum status open_client(struct cluster *k, const struct cluster_options *o, struct diag *why)
{
	const struct config *c = o->config;
	struct kube_client_config client = { .node = k->node, .user_agent = "vitrine-policyd", .loop = o->loop, .pods = k->pods,
		.page_objects = (uint32_t)c->kubernetes.page_size, .watch_s = (uint32_t)(c->kubernetes.watch_timeout_ms / 1000),
		.idle_ms = (uint32_t)c->kubernetes.idle_timeout_ms, .changed = o->changed, .ctx = o->ctx };

	client.server = (struct kube_server_settings){ .url = c->kubernetes.server, .server_name = c->kubernetes.server_name, .ca_file = c->kubernetes.ca_file,
		.token_file = c->kubernetes.token_file, .kubeconfig = c->kubernetes.kubeconfig, .context = c->kubernetes.context,
		.insecure = c->kubernetes.insecure, .env = o->env, .env_ctx = o->env_ctx };
	return kube_client_open(&client, &k->client, why);
}

bool cluster_open(struct cluster *k, const struct cluster_options *o)
{
	struct diag why = DIAG_INIT;
	uint64_t seed;

	*k = (struct cluster){ .pods = NULL };
	if (!o->config->kubernetes.enabled)
		return true;
	if (uv_random(NULL, NULL, &seed, sizeof seed, 0, NULL) != 0)
		seed = os_monotonic_ns();
	find_node(k, o);
	k->pods = pods_create(seed);
	if (!k->pods || !pods_set_place(k->pods, o->config->kubernetes.cluster_name, k->node))
		return false;
	if (open_client(k, o, &why) == ST_OK) {
		log_line(LOG_LEVEL_INFO, "kubernetes: the pods of node %s from %s", k->node, kube_client_url(k->client));
		return true;
	}
	diag_format(&why, k->error, sizeof k->error);
	log_line(LOG_LEVEL_ERROR, "kubernetes: pods cannot be asked for: %s", k->error);
	return true;
}

void cluster_tick(struct cluster *k, uint64_t now_ms)
{
	if (k->pods)
		pods_expire(k->pods, now_ms);
}

void cluster_close(struct cluster *k)
{
	kube_client_close(k->client);
}

void cluster_release(struct cluster *k)
{
	kube_client_release(k->client);
	pods_destroy(k->pods);
}
