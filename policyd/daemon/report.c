#include "policyd/daemon/report.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/daemon/daemon_parts.h"
#include "policyd/judge/rule_times.h"
#include "policyd/ruleset/wildcard.h"
#include "proto/base/json_out.h"
#include "proto/host/os_file.h"

static void write_reload(const struct daemon *d, struct json_out *j)
{
	const struct reload_result *r = reload_last(d->reload);

	json_count(j, "number", r->number);
	json_bool(j, "ok", r->status == ST_OK);
	json_text(j, "result", r->status == ST_OK ? "ok" : status_text(r->status));
	json_time(j, "time", r->time_ns);
	json_count(j, "took_ms", r->took_ms);
	json_count(j, "rules", r->rules);
	json_count(j, "added", r->added);
	json_count(j, "removed", r->removed);
	json_count(j, "changed", r->changed);
	json_count(j, "errors", r->errors);
	json_count(j, "warnings", r->warnings);
	json_count(j, "failures_total", reload_failures(d->reload));
}

void report_reload(const struct daemon *d, struct buf *out)
{
	const struct reload_result *r = reload_last(d->reload);
	struct json_out j = json_out_to(out);

	json_open(&j, NULL, '{');
	write_reload(d, &j);
	json_text(&j, "changes", r->changes);
	json_text(&j, "restart_needed", r->restart_needed);
	json_text(&j, "report", r->report);
	json_close(&j, '}');
}

static void write_stream(const struct stream *st, struct json_out *j)
{
	const struct ledger *l = pipeline_ledger(st->pipeline);

	json_open(j, NULL, '{');
	json_count(j, "id", st->id);
	json_text(j, "name", st->name);
	json_bool(j, "connected", st->connected);
	json_count(j, "connections", st->connections);
	json_count(j, "errors", st->errors);
	json_count(j, "bytes", st->bytes);
	json_count(j, "records", l->received);
	json_count(j, "evaluated", l->fate[LEDGER_EVALUATED]);
	json_count(j, "undecodable", l->undecodable);
	json_count(j, "lost", l->lost);
	json_close(j, '}');
}

static void write_control(const struct daemon *d, struct json_out *j)
{
	const struct control_stats *c = control_server_stats(d->control);

	json_open(j, "control", '{');
	json_count(j, "clients", c->clients);
	json_count(j, "connections", c->connections);
	json_count(j, "requests", c->requests);
	json_count(j, "refused_peer", c->refused_peer);
	json_count(j, "refused_full", c->refused_full);
	json_count(j, "malformed", c->malformed);
	json_count(j, "too_slow", c->too_slow);
	json_count(j, "tail_missed", c->tail_missed);
	json_close(j, '}');
}

static void write_overload(const struct daemon *d, struct json_out *j)
{
	struct buf kinds;

	buf_init(&kinds, 4096);
	shed_describe(&d->shed, &kinds);
	json_open(j, "overload", '{');
	json_count(j, "level", d->shed.level);
	json_number(j, "lag_ms", d->shed.lag_ms);
	json_count(j, "steps_total", d->shed.steps_up);
	json_text(j, "shed", buf_cstr(&kinds));
	json_close(j, '}');
	buf_release(&kinds);
}

static void write_correlation(const struct daemon *d, struct json_out *j)
{
	struct correlate_counters c = judge_correlate_counters(d->judge);

	json_open(j, "correlation", '{');
#define X(name, doc) json_count(j, #name, c.name);
	CORRELATE_COUNTERS_TABLE(X)
#undef X
	json_close(j, '}');
}

void report_status(const struct daemon *d, struct buf *out)
{
	const struct judge_stats *stats = judge_stats(d->judge);
	struct json_out j = json_out_to(out);

	json_open(&j, NULL, '{');
	json_text(&j, "version", d->options->version);
	json_count(&j, "pid", (uint64_t)uv_os_getpid());
	json_time(&j, "started", d->started_ns);
	json_number(&j, "uptime_s", (os_wall_ns() - d->started_ns) / 1000000000);
	json_count(&j, "events", stats->events);
	json_count(&j, "alerts", stats->alerts);
	json_open(&j, "alerts_by_priority", '{');
	for (int p = 0; p < PRIORITY_COUNT; p++)
		json_count(&j, priority_name((enum priority)p), stats->by_priority[p]);
	json_close(&j, '}');
	json_open(&j, "reload", '{');
	write_reload(d, &j);
	json_close(&j, '}');
	write_overload(d, &j);
	write_correlation(d, &j);
	report_cluster(d, &j);
	json_count(&j, "streams_refused", d->streams.refused);
	json_open(&j, "streams", '[');
	for (size_t i = 0; i < d->streams.count; i++)
		write_stream(d->streams.streams[i], &j);
	json_close(&j, ']');
	if (d->control)
		write_control(d, &j);
	json_close(&j, '}');
}

void report_ledger(const struct daemon *d, struct buf *out)
{
	struct json_out j = json_out_to(out);

	json_open(&j, NULL, '{');
	json_open(&j, "streams", '[');
	for (size_t i = 0; i < d->streams.count; i++) {
		json_open(&j, NULL, '{');
		json_text(&j, "name", d->streams.streams[i]->name);
		json_bool(&j, "connected", d->streams.streams[i]->connected);
		json_key(&j, "ledger");
		ledger_write_json(pipeline_ledger(d->streams.streams[i]->pipeline), out);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
}

static void write_events_by_type(const struct daemon *d, struct json_out *j)
{
	json_open(j, "events_by_type", '{');
	for (size_t kind = 1; kind < EVENT_KIND_COUNT; kind++) {
		uint64_t n = 0;

		for (size_t i = 0; i < d->streams.count; i++)
			n += pipeline_stats(d->streams.streams[i]->pipeline)->by_kind[kind];
		if (n)
			json_count(j, event_kind_name((enum event_kind)kind), n);
	}
	json_close(j, '}');
}

static void write_rule_times(const struct daemon *d, struct json_out *j)
{
	const struct ruleset_runs *runs = judge_rules_runs(judge_current(d->judge));
	struct rule_stats *stats = calloc(runs->rule_count + 1, sizeof *stats);

	if (stats)
		rule_times_collect(d->judge, stats);
	json_open(j, "rules", '[');
	for (size_t i = 0; stats && i < runs->rule_count; i++) {
		if (stats[i].evaluations == 0)
			continue;
		json_open(j, NULL, '{');
		json_text(j, "name", runs->rules[i]->name);
		json_count(j, "guard_hits", stats[i].guard_hits);
		json_count(j, "evaluations", stats[i].evaluations);
		json_count(j, "matches", judge_rules_matches(judge_current(d->judge), i));
		json_count(j, "time_ns", stats[i].time_ns);
		json_close(j, '}');
	}
	json_close(j, ']');
	free(stats);
}

void report_top(const struct daemon *d, struct buf *out)
{
	struct json_out j = json_out_to(out);

	json_open(&j, NULL, '{');
	json_count(&j, "clock_ns", os_monotonic_ns());
	json_count(&j, "events", judge_stats(d->judge)->events);
	json_count(&j, "alerts", judge_stats(d->judge)->alerts);
	write_events_by_type(d, &j);
	write_rule_times(d, &j);
	json_open(&j, "processes", '[');
	for (size_t i = 0; i < d->busiest.count; i++) {
		json_open(&j, NULL, '{');
		json_count(&j, "pid", d->busiest.rows[i].pid);
		json_text(&j, "name", d->busiest.rows[i].name);
		json_count(&j, "events", d->busiest.rows[i].events);
		json_count(&j, "over", d->busiest.rows[i].over);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
}

static bool has_tag(const struct rule *r, const char *tag)
{
	for (size_t i = 0; i < r->tags.count; i++) {
		if (strcmp(r->tags.names[i], tag) == 0)
			return true;
	}
	return false;
}

static bool fits(const struct rule *r, const char *rule, const char *tag)
{
	return (!rule[0] || wildcard_match(rule, r->name)) && (!tag[0] || has_tag(r, tag));
}

static void write_rule(const struct rule *r, uint64_t matches, struct json_out *j)
{
	json_open(j, NULL, '{');
	json_text(j, "name", r->name);
	json_text(j, "priority", priority_name(r->priority));
	json_bool(j, "enabled", r->enabled);
	json_bool(j, "runs", r->runs);
	json_text(j, "source", r->source);
	json_text(j, "file", r->file);
	json_count(j, "line", r->line);
	json_count(j, "matches", matches);
	json_open(j, "tags", '[');
	for (size_t i = 0; i < r->tags.count; i++)
		json_text(j, NULL, r->tags.names[i]);
	json_close(j, ']');
	json_close(j, '}');
}

void report_rules(const struct daemon *d, const char *rule, const char *tag, struct buf *out)
{
	const struct judge_rules *current = judge_current(d->judge);
	const struct ruleset *set = judge_rules_set(current);
	const struct ruleset_runs *runs = judge_rules_runs(current);
	struct json_out j = json_out_to(out);
	size_t running = 0;

	json_open(&j, NULL, '[');
	for (size_t i = 0; i < ruleset_rule_count(set); i++) {
		const struct rule *r = ruleset_rule(set, i);
		/* Running rules stand in the order of the files, as here. */
		bool is_next = running < runs->rule_count && runs->rules[running] == r;
		uint64_t matches = is_next ? judge_rules_matches(current, running) : 0;

		running += is_next;
		if (!fits(r, rule, tag))
			continue;
		write_rule(r, matches, &j);
	}
	json_close(&j, ']');
}

bool report_has_rule(const struct daemon *d, const char *rule, const char *tag)
{
	const struct ruleset *set = judge_rules_set(judge_current(d->judge));

	for (size_t i = 0; i < ruleset_rule_count(set); i++) {
		if (fits(ruleset_rule(set, i), rule, tag))
			return true;
	}
	return false;
}
