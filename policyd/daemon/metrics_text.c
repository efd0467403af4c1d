/* Metrics in Prometheus' text format, by the table of them. */
#include "policyd/daemon/report.h"

#include <stdio.h>
#include <string.h>

#include "policyd/daemon/daemon_parts.h"
#include "policyd/daemon/metric_table.h"
#include "policyd/ruleset/metric_name.h"
#include "proto/host/os_file.h"

static void write_info(struct buf *out, enum metric m, const char *label, const char *value)
{
	metric_head(out, m);
	metric_labelled(out, m, label, value, 1);
}

static void write_machine(const struct daemon *d, struct buf *out)
{
	char hostname[UV_MAXHOSTNAMESIZE] = "";
	size_t bytes = sizeof hostname;
	uv_utsname_t system = { .release = "" };
	double uptime_s = 0;

	write_info(out, METRIC_VERSION, "version", d->options->version);
	if (uv_os_gethostname(hostname, &bytes) == 0)
		write_info(out, METRIC_HOSTNAME, "hostname", hostname);
	if (uv_os_uname(&system) == 0)
		write_info(out, METRIC_KERNEL, "kernel_release", system.release);
	metric_head(out, METRIC_ENGINE_NAME);
	metric_begin(out, METRIC_ENGINE_NAME);
	metric_label(out, "engine_name", "etw");
	metric_label(out, "evt_source", "windows");
	metric_end(out, 1);
	if (uv_uptime(&uptime_s) == 0)
		metric_one(out, METRIC_BOOT, (uint64_t)(os_wall_ns() - (int64_t)(uptime_s * 1e9)));
	metric_one(out, METRIC_CPUS, uv_available_parallelism());
}

static void write_times(const struct daemon *d, struct buf *out)
{
	const struct reload_result *r = reload_last(d->reload);

	metric_one(out, METRIC_START, (uint64_t)d->started_ns);
	metric_one(out, METRIC_RELOAD, (uint64_t)r->time_ns);
	metric_one(out, METRIC_DURATION, (uint64_t)((os_wall_ns() - d->started_ns) / 1000000000));
	metric_one(out, METRIC_RELOADS, r->number);
	metric_one(out, METRIC_RELOAD_FAILURES, reload_failures(d->reload));
	metric_one(out, METRIC_RELOAD_OK, r->status == ST_OK);
	metric_one(out, METRIC_RULES, r->rules);
}

static void write_resources(const struct daemon *d, struct buf *out)
{
	uint64_t running_us = (uint64_t)(os_wall_ns() - d->started_ns) / 1000, cpu_us;
	uv_rusage_t usage;
	size_t rss = 0;

	if (uv_resident_set_memory(&rss) == 0)
		metric_one(out, METRIC_RSS, rss);
	if (uv_getrusage(&usage) != 0)
		return;
	cpu_us = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
		 (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
	metric_seconds(out, METRIC_CPU, cpu_us);
	metric_seconds(out, METRIC_CPU_RATIO, running_us ? (uint64_t)((double)cpu_us * 1e6 / (double)running_us) : 0);
}

static void write_rule_matches(const struct daemon *d, struct buf *out)
{
	const struct judge_rules *current = judge_current(d->judge);
	const struct ruleset_runs *runs = judge_rules_runs(current);
	char priority[16];

	metric_head(out, METRIC_RULE_MATCHES);
	for (size_t i = 0; i < runs->rule_count; i++) {
		const struct rule *r = runs->rules[i];
		uint64_t matches = judge_rules_matches(current, i);

		if (matches == 0)
			continue;
		snprintf(priority, sizeof priority, "%d", (int)r->priority);
		metric_begin(out, METRIC_RULE_MATCHES);
		metric_label(out, "priority", priority);
		metric_label(out, "rule_name", r->name);
		metric_label(out, "source", r->source);
		for (size_t k = 0; k < r->tags.count; k++) {
			buf_append_str(out, ",tag_");
			metric_name_append(out, r->tags.names[k], strlen(r->tags.names[k]));
			buf_append_str(out, "=\"true\"");
		}
		metric_end(out, matches);
	}
}

static void write_events(const struct daemon *d, struct buf *out)
{
	metric_head(out, METRIC_EVENTS);
	for (size_t kind = 1; kind < EVENT_KIND_COUNT; kind++) {
		uint64_t n = 0;

		for (size_t i = 0; i < d->streams.count; i++)
			n += pipeline_stats(d->streams.streams[i]->pipeline)->by_kind[kind];
		if (n)
			metric_labelled(out, METRIC_EVENTS, "type", event_kind_name((enum event_kind)kind), n);
	}
	metric_head(out, METRIC_ALERTS);
	for (int p = 0; p < PRIORITY_COUNT; p++)
		metric_labelled(out, METRIC_ALERTS, "priority", priority_name((enum priority)p), judge_stats(d->judge)->by_priority[p]);
	metric_one(out, METRIC_ALERTS_TOO_LONG, d->alerts.too_long);
}

static void write_engine(const struct daemon *d, struct buf *out)
{
	struct matcher_counters c = judge_matcher_counters(d->judge);
	struct correlate_counters more = judge_correlate_counters(d->judge);

	metric_head(out, METRIC_ENGINE);
#define X(name, doc) metric_labelled(out, METRIC_ENGINE, "bound", #name, c.name);
	MATCHER_COUNTERS_TABLE(X)
#undef X
	metric_head(out, METRIC_CORRELATION);
#define X(name, doc) metric_labelled(out, METRIC_CORRELATION, "figure", #name, more.name);
	CORRELATE_COUNTERS_TABLE(X)
#undef X
}

static void write_ledger(const struct daemon *d, struct buf *out)
{
	static const char *const fates[] = { "evaluated", "state_only", "joined", "shed" };
	uint64_t received = 0, undecodable = 0, all_lost = 0, fate[LEDGER_FATE_COUNT] = { 0 }, lost[LOSS_REASON_COUNT] = { 0 };

	_Static_assert(sizeof fates / sizeof fates[0] == LEDGER_FATE_COUNT, "a name for each fate");
	for (size_t i = 0; i < d->streams.count; i++) {
		const struct ledger *l = pipeline_ledger(d->streams.streams[i]->pipeline);

		received += l->received;
		undecodable += l->undecodable;
		for (size_t k = 0; k < LEDGER_FATE_COUNT; k++)
			fate[k] += l->fate[k];
		for (size_t k = 0; k < l->loss_count; k++)
			lost[l->loss_rows[k].reason] += l->loss_rows[k].events;
	}
	metric_one(out, METRIC_RECEIVED, received);
	metric_one(out, METRIC_N_EVTS, received);
	metric_head(out, METRIC_RECORDS);
	for (size_t k = 0; k < LEDGER_FATE_COUNT; k++)
		metric_labelled(out, METRIC_RECORDS, "fate", fates[k], fate[k]);
	metric_labelled(out, METRIC_RECORDS, "fate", "undecodable", undecodable);
	metric_head(out, METRIC_LOST);
	for (size_t k = 0; k < LOSS_REASON_COUNT; k++) {
		metric_labelled(out, METRIC_LOST, "reason", loss_reason_name((enum loss_reason)k), lost[k]);
		all_lost += lost[k];
	}
	metric_one(out, METRIC_N_DROPS, all_lost);
}

static void write_streams(const struct daemon *d, struct buf *out)
{
	metric_one(out, METRIC_STREAMS, stream_set_connected(&d->streams));
	metric_one(out, METRIC_STREAMS_REFUSED, d->streams.refused);
	metric_one(out, METRIC_SHED_LEVEL, d->shed.level);
	metric_one(out, METRIC_SHED_STEPS, d->shed.steps_up);
	metric_seconds(out, METRIC_LAG, (uint64_t)d->shed.lag_ms * 1000);
	if (d->control) {
		const struct control_stats *c = control_server_stats(d->control);

		metric_one(out, METRIC_CONTROL_REQUESTS, c->requests);
		metric_one(out, METRIC_CONTROL_REFUSED, c->refused_peer + c->refused_full + c->malformed + c->too_slow);
	}
}

static void write_state(const struct daemon *d, struct buf *out)
{
	struct state_stats sum = { 0 }, s;

	for (size_t i = 0; i < d->streams.count; i++) {
		state_get_stats(pipeline_state(d->streams.streams[i]->pipeline), &s);
#define X(name, doc) sum.name += s.name;
		STATE_STATS_TABLE(X)
#undef X
	}
	metric_head(out, METRIC_STATE);
#define X(name, doc) metric_labelled(out, METRIC_STATE, "figure", #name, sum.name);
	STATE_STATS_TABLE(X)
#undef X
}

void report_metrics(const struct daemon *d, struct buf *out)
{
	write_machine(d, out);
	write_times(d, out);
	if (d->config->metrics.resource_utilization_enabled)
		write_resources(d, out);
	write_events(d, out);
	if (d->config->metrics.rules_counters_enabled)
		write_rule_matches(d, out);
	write_engine(d, out);
	write_ledger(d, out);
	write_streams(d, out);
	report_outputs_metrics(d, out);
	report_cluster_metrics(d, out);
	if (d->config->metrics.state_counters_enabled)
		write_state(d, out);
}
