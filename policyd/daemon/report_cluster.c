/* What status and metrics say of Kubernetes. */
#include "policyd/daemon/report.h"

#include "policyd/daemon/daemon_parts.h"
#include "policyd/daemon/metric_table.h"
#include "proto/base/json_out.h"

static const char *source_name(const struct cluster *k)
{
	static const char *const names[] = { "waiting for the first list", "current", "stale", "fixed" };

	return names[pods_source(k->pods)];
}

static void write_client(const struct cluster *k, struct json_out *j)
{
	struct kube_client_stats s;
	uint64_t now = uv_hrtime();

	kube_client_get_stats(k->client, &s);
	json_text(j, "server", kube_client_url(k->client));
	json_text(j, "state", kube_watch_state_name(s.watch.state));
	json_text(j, "version", s.watch.version);
	json_text(j, "error", s.watch.error[0] ? s.watch.error : s.names.error);
	json_number(j, "contact_ms", s.watch.contact_ns && s.watch.contact_ns < now ?
		(int64_t)((now - s.watch.contact_ns) / 1000000) : -1);
#define X(name, doc) json_count(j, #name, s.watch.name);
	KUBE_WATCH_COUNTS_TABLE(X)
#undef X
	json_count(j, "pods_refused", s.pods_refused);
	json_count(j, "namespace_requests", s.names.requests);
	json_count(j, "namespace_failures", s.names.failures);
}

void report_cluster(const struct daemon *d, struct json_out *j)
{
	const struct cluster *k = &d->cluster;
	struct completion_stats c;
	struct pods_stats pods;

	if (!k->pods || !d->completion)
		return;
	pods_get_stats(k->pods, &pods);
	json_open(j, "kubernetes", '{');
	json_text(j, "cluster", pods_cluster(k->pods));
	json_text(j, "node", pods_node(k->pods));
	json_text(j, "pods_are", source_name(k));
	json_count(j, "pods", pods.pods - pods.gone);
	json_count(j, "pods_gone", pods.gone);
	json_count(j, "containers", pods.containers);
	json_count(j, "namespaces", pods.namespaces);
	json_count(j, "refused_full", pods.refused);
	completion_get_stats(d->completion, &c);
#define X(name, doc) json_count(j, "alerts_" #name, c.name);
	COMPLETION_COUNTS_TABLE(X)
#undef X
	json_count(j, "alerts_waiting", c.waiting);
	if (k->client)
		write_client(k, j);
	else
		json_text(j, "error", k->error);
	json_close(j, '}');
}

void report_cluster_metrics(const struct daemon *d, struct buf *out)
{
	const struct cluster *k = &d->cluster;
	struct kube_client_stats s = { .pods_refused = 0 };
	struct completion_stats c;
	struct pods_stats pods;

	if (!k->pods || !d->completion)
		return;
	pods_get_stats(k->pods, &pods);
	completion_get_stats(d->completion, &c);
	if (k->client)
		kube_client_get_stats(k->client, &s);
	metric_one(out, METRIC_KUBERNETES_CURRENT, pods_source(k->pods) == PODS_CURRENT);
	metric_head(out, METRIC_KUBERNETES_OBJECTS);
	metric_labelled(out, METRIC_KUBERNETES_OBJECTS, "kind", "pod", pods.pods - pods.gone);
	metric_labelled(out, METRIC_KUBERNETES_OBJECTS, "kind", "pod_gone", pods.gone);
	metric_labelled(out, METRIC_KUBERNETES_OBJECTS, "kind", "container", pods.containers);
	metric_labelled(out, METRIC_KUBERNETES_OBJECTS, "kind", "namespace", pods.namespaces);
	metric_head(out, METRIC_KUBERNETES_ALERTS);
#define X(name, doc) metric_labelled(out, METRIC_KUBERNETES_ALERTS, "fate", #name, c.name);
	COMPLETION_COUNTS_TABLE(X)
#undef X
	metric_head(out, METRIC_KUBERNETES_TOTAL);
#define X(name, doc) metric_labelled(out, METRIC_KUBERNETES_TOTAL, "what", #name, s.watch.name);
	KUBE_WATCH_COUNTS_TABLE(X)
#undef X
	metric_labelled(out, METRIC_KUBERNETES_TOTAL, "what", "pods_refused", s.pods_refused + pods.refused);
	metric_labelled(out, METRIC_KUBERNETES_TOTAL, "what", "namespace_requests", s.names.requests);
	metric_labelled(out, METRIC_KUBERNETES_TOTAL, "what", "namespace_failures", s.names.failures);
}
