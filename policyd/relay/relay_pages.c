#include <inttypes.h>

#include "policyd/relay/relay_parts.h"
#include "proto/base/json_out.h"

static int say(struct buf *body, const char **type, bool good, const char *not_text)
{
	struct json_out j = json_out_to(body);

	*type = "application/json";
	json_open(&j, NULL, '{');
	json_text(&j, "status", good ? "ok" : not_text);
	json_close(&j, '}');
	return good ? 200 : 503;
}

static int on_healthz(void *ctx, struct buf *body, const char **type)
{
	(void)ctx;
	return say(body, type, true, "");
}

/* Ready: agents would be told all there is. An API server that is away later changes nothing: what is known stays true enough. */
static int on_readyz(void *ctx, struct buf *body, const char **type)
{
	const struct relay *r = ctx;

	return say(body, type, !r->stopping && pod_index_is_whole(r->pods) && r->namespaces_whole, "not ready");
}

static void one(struct buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
	buf_printf(out, "# HELP vitrine_relay_%s %s\n# TYPE vitrine_relay_%s %s\nvitrine_relay_%s %" PRIu64 "\n", name, help, name, type, name, value);
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP vitrine_relay_%s %s\n# TYPE vitrine_relay_%s %s\n", name, help, name, type);
}

static void labelled(struct buf *out, const char *name, const char *label, uint64_t value)
{
	buf_printf(out, "vitrine_relay_%s{%s} %" PRIu64 "\n", name, label, value);
}

static void write_index(const struct relay *r, struct buf *out)
{
	struct pod_index_stats s;

	pod_index_get_stats(r->pods, &s);
	one(out, "pods", "gauge", "Pods known.", s.pods);
	one(out, "nodes", "gauge", "Nodes with pods or agents.", s.nodes);
	one(out, "namespaces", "gauge", "Namespaces known.", ns_table_count(r->namespaces));
	one(out, "pod_bytes", "gauge", "Bytes that the pods take.", s.bytes);
	head(out, "changes_total", "counter", "Changes of pods.");
	labelled(out, "changes_total", "type=\"added\"", s.added);
	labelled(out, "changes_total", "type=\"modified\"", s.modified);
	labelled(out, "changes_total", "type=\"deleted\"", s.deleted);
	one(out, "refused_objects_total", "counter", "Objects too large, not understood, or beyond the bounds.",
		r->refused_objects + s.refused + ns_table_refused(r->namespaces));
}

static void write_agents(const struct relay *r, struct buf *out)
{
	const struct api_server_stats *s = api_server_stats(r->api);

	one(out, "connections", "gauge", "Connections of agents.", s->connections);
	one(out, "watches", "gauge", "Watches of agents.", s->watches);
	one(out, "connections_total", "counter", "Connections accepted.", s->accepted);
	one(out, "requests_total", "counter", "Requests.", s->requests);
	one(out, "events_total", "counter", "Changes told to agents.", s->events);
	head(out, "refusals_total", "counter", "Requests and connections that were turned away.");
	labelled(out, "refusals_total", "reason=\"unauthorized\"", s->unauthorized);
	labelled(out, "refusals_total", "reason=\"forbidden\"", s->forbidden);
	labelled(out, "refusals_total", "reason=\"gone\"", s->gone);
	labelled(out, "refusals_total", "reason=\"not_ready\"", s->not_ready);
	labelled(out, "refusals_total", "reason=\"malformed\"", s->malformed);
	labelled(out, "refusals_total", "reason=\"slow\"", s->slow);
	labelled(out, "refusals_total", "reason=\"full\"", s->full);
	labelled(out, "refusals_total", "reason=\"late\"", s->timed_out);
}

static void write_tokens(const struct relay *r, struct buf *out)
{
	struct node_auth_stats s;

	node_auth_get_stats(r->auth, &s);
	one(out, "tokens", "gauge", "Tokens remembered by their hash.", s.tokens);
	head(out, "token_reviews_total", "counter", "Answers of the API server about tokens.");
	labelled(out, "token_reviews_total", "verdict=\"good\"", s.good);
	labelled(out, "token_reviews_total", "verdict=\"refused\"", s.refused);
	labelled(out, "token_reviews_total", "verdict=\"failed\"", s.failed);
	one(out, "tokens_turned_away_total", "counter", "Tokens not looked at: too many at once.", s.full);
	one(out, "certificate_expiry_timestamp_seconds", "gauge", "When the relay's certificate ends.",
		(uint64_t)tls_side_expires(r->side));
	one(out, "certificate_failures_total", "counter", "Times a changed certificate could not be used.", r->cert_failures);
}

static void write_watch(struct buf *out, const char *resource, const struct kube_watch *w)
{
	struct kube_watch_stats s;
	char label[96];

	kube_watch_get_stats(w, &s);
#define X(name, doc)                                                                                                   \
	snprintf(label, sizeof label, "resource=\"%s\",count=\"" #name "\"", resource);                               \
	labelled(out, "api_total", label, s.name);
	KUBE_WATCH_COUNTS_TABLE(X)
#undef X
}

static void write_api(const struct relay *r, struct buf *out)
{
	struct kube_watch_stats s;

	kube_watch_get_stats(r->pod_watch, &s);
	one(out, "api_watching", "gauge", "Whether changes of pods come as they happen.", s.state == KUBE_WATCH_WATCHING);
	head(out, "api_total", "counter", "What was asked of the API server, and what came of it.");
	write_watch(out, "pods", r->pod_watch);
	write_watch(out, "namespaces", r->ns_watch);
}

static void write_process(const struct relay *r, struct buf *out)
{
	uv_rusage_t usage;
	size_t rss = 0;

	buf_printf(out, "# HELP vitrine_relay_info Version.\n# TYPE vitrine_relay_info gauge\nvitrine_relay_info{version=\"%s\"} 1\n",
		r->options->version);
	one(out, "uptime_seconds", "gauge", "Seconds since the start.", (uv_hrtime() - r->started_ns) / 1000000000);
	if (uv_resident_set_memory(&rss) == 0)
		one(out, "resident_memory_bytes", "gauge", "Memory in use.", rss);
	if (uv_getrusage(&usage) != 0)
		return;
	head(out, "cpu_seconds_total", "counter", "Processor time.");
	buf_printf(out, "vitrine_relay_cpu_seconds_total %.3f\n", (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
}

static int on_metrics(void *ctx, struct buf *body, const char **type)
{
	const struct relay *r = ctx;

	*type = "text/plain; version=0.0.4; charset=utf-8";
	write_process(r, body);
	write_index(r, body);
	write_agents(r, body);
	write_tokens(r, body);
	write_api(r, body);
	return body->failed ? 503 : 200;
}

const struct web_page relay_pages[] = {
	{ "/healthz", on_healthz },
	{ "/readyz", on_readyz },
	{ "/metrics", on_metrics },
	{ NULL, NULL },
};
