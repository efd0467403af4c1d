/* Metrics in Prometheus' text format: falcosecurity_* where Falco has the figure (falco-language.md §5.4), vitrine_* else. */
#include "policyd/daemon/report.h"

#include <inttypes.h>
#include <string.h>

#include "policyd/daemon/daemon_parts.h"
#include "proto/host/os_file.h"

#include "policyd/ruleset/metric_name.h"

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void one(struct buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
	head(out, name, type, help);
	buf_printf(out, "%s %" PRIu64 "\n", name, value);
}

/* A label's value: backslash, quote and line feed are escaped. */
static void label(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			buf_append_char(out, '\\');
		if (*value == '\n')
			buf_append_str(out, "\\n");
		else
			buf_append_char(out, *value);
	}
	buf_append_char(out, '"');
}

static void write_times(const struct daemon *d, struct buf *out)
{
	const struct reload_result *r = reload_last(d->reload);

	head(out, "falcosecurity_falco_version_info", "gauge", "Version of policyd.");
	buf_append_str(out, "falcosecurity_falco_version_info{");
	label(out, "version", d->options->version);
	buf_append_str(out, "} 1\n");
	one(out, "falcosecurity_falco_start_timestamp_nanoseconds", "gauge", "When policyd started.", (uint64_t)d->started_ns);
	one(out, "falcosecurity_falco_reload_timestamp_nanoseconds", "gauge", "When rules were loaded last.", (uint64_t)r->time_ns);
	one(out, "falcosecurity_falco_duration_seconds_total", "counter", "Seconds since the start.",
		(uint64_t)((os_wall_ns() - d->started_ns) / 1000000000));
	one(out, "vitrine_reloads_total", "counter", "Loads of rules and configuration, the first included.", r->number);
	one(out, "vitrine_reload_failures_total", "counter", "Reloads that kept the rules before.", reload_failures(d->reload));
	one(out, "vitrine_reload_last_ok", "gauge", "Whether the last reload succeeded.", r->status == ST_OK);
	one(out, "vitrine_rules", "gauge", "Rules that run.", r->rules);
}

static void write_resources(struct buf *out)
{
	uv_rusage_t usage;
	size_t rss = 0;

	if (uv_resident_set_memory(&rss) == 0)
		one(out, "falcosecurity_falco_memory_rss_bytes", "gauge", "Resident memory.", rss);
	if (uv_getrusage(&usage) != 0)
		return;
	head(out, "vitrine_cpu_seconds_total", "counter", "Processor time, user and system.");
	buf_printf(out, "vitrine_cpu_seconds_total %" PRIu64 ".%06" PRIu64 "\n",
		(uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
			(uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000000,
		(uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) % 1000000);
}

static void write_rule_matches(const struct daemon *d, struct buf *out)
{
	const struct judge_rules *current = judge_current(d->judge);
	const struct ruleset_runs *runs = judge_rules_runs(current);

	head(out, "falcosecurity_falco_rules_matches_total", "counter", "Alerts by rule.");
	for (size_t i = 0; i < runs->rule_count; i++) {
		const struct rule *r = runs->rules[i];
		uint64_t matches = judge_rules_matches(current, i);

		if (matches == 0)
			continue;
		buf_append_str(out, "falcosecurity_falco_rules_matches_total{");
		buf_printf(out, "priority=\"%d\",", (int)r->priority);
		label(out, "rule_name", r->name);
		buf_append_char(out, ',');
		label(out, "source", r->source);
		for (size_t k = 0; k < r->tags.count; k++) {
			buf_append_str(out, ",tag_");
			metric_name_append(out, r->tags.names[k], strlen(r->tags.names[k]));
			buf_append_str(out, "=\"true\"");
		}
		buf_printf(out, "} %" PRIu64 "\n", matches);
	}
}

static void write_events(const struct daemon *d, struct buf *out)
{
	head(out, "vitrine_events_total", "counter", "Events tried against the rules, by type.");
	for (size_t kind = 1; kind < EVENT_KIND_COUNT; kind++) {
		uint64_t n = 0;

		for (size_t i = 0; i < d->streams.count; i++)
			n += pipeline_stats(d->streams.streams[i]->pipeline)->by_kind[kind];
		if (n)
			buf_printf(out, "vitrine_events_total{type=\"%s\"} %" PRIu64 "\n", event_kind_name((enum event_kind)kind), n);
	}
	head(out, "vitrine_alerts_total", "counter", "Alerts by priority.");
	for (int p = 0; p < PRIORITY_COUNT; p++)
		buf_printf(out, "vitrine_alerts_total{priority=\"%s\"} %" PRIu64 "\n", priority_name((enum priority)p),
			judge_stats(d->judge)->by_priority[p]);
}

static void write_engine(const struct daemon *d, struct buf *out)
{
	struct matcher_counters c = judge_matcher_counters(d->judge);

	head(out, "vitrine_engine_total", "counter", "Bounds of the rule engine that were reached.");
#define X(name, doc) buf_printf(out, "vitrine_engine_total{bound=\"" #name "\"} %" PRIu64 "\n", c.name);
	MATCHER_COUNTERS_TABLE(X)
#undef X
}

static void write_ledger(const struct daemon *d, struct buf *out)
{
	static const char *const fates[] = { "evaluated", "state_only", "joined", "shed" };
	uint64_t received = 0, undecodable = 0, fate[LEDGER_FATE_COUNT] = { 0 }, lost[LOSS_REASON_COUNT] = { 0 };

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
	one(out, "vitrine_records_received_total", "counter", "Records that came in.", received);
	head(out, "vitrine_records_total", "counter", "What became of the records that came in.");
	for (size_t k = 0; k < LEDGER_FATE_COUNT; k++)
		buf_printf(out, "vitrine_records_total{fate=\"%s\"} %" PRIu64 "\n", fates[k], fate[k]);
	buf_printf(out, "vitrine_records_total{fate=\"undecodable\"} %" PRIu64 "\n", undecodable);
	head(out, "vitrine_records_lost_total", "counter", "Records that never came, by reason.");
	for (size_t k = 0; k < LOSS_REASON_COUNT; k++)
		buf_printf(out, "vitrine_records_lost_total{reason=\"%s\"} %" PRIu64 "\n", loss_reason_name((enum loss_reason)k), lost[k]);
}

static void write_streams(const struct daemon *d, struct buf *out)
{
	one(out, "vitrine_streams_connected", "gauge", "Event streams that are connected.", stream_set_connected(&d->streams));
	one(out, "vitrine_streams_refused_total", "counter", "Streams refused for lack of room.", d->streams.refused);
	one(out, "vitrine_shed_level", "gauge", "Steps of overload taken: 0 is none.", d->shed.level);
	if (d->control) {
		const struct control_stats *c = control_server_stats(d->control);

		one(out, "vitrine_control_requests_total", "counter", "Requests over the control pipe.", c->requests);
		one(out, "vitrine_control_refused_total", "counter", "Control connections refused or closed for what they did.",
			c->refused_peer + c->refused_full + c->malformed + c->too_slow);
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
	head(out, "vitrine_state", "gauge", "What the tables of processes, names and containers hold and have done.");
#define X(name, doc) buf_printf(out, "vitrine_state{figure=\"" #name "\"} %" PRIu64 "\n", sum.name);
	STATE_STATS_TABLE(X)
#undef X
}

void report_metrics(const struct daemon *d, struct buf *out)
{
	write_times(d, out);
	if (d->config->metrics.resource_utilization_enabled)
		write_resources(out);
	write_events(d, out);
	if (d->config->metrics.rules_counters_enabled)
		write_rule_matches(d, out);
	write_engine(d, out);
	write_ledger(d, out);
	write_streams(d, out);
	report_outputs_metrics(d, out);
	if (d->config->metrics.state_counters_enabled)
		write_state(d, out);
}
