#include "policyd/cli/judge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/program.h"
#include "policyd/fields/fields.h"
#include "proto/base/clock.h"
#include "proto/base/limits.h"

enum { ALERT_LINE_BYTES = 4 << 20 };    /* an alert larger than this is cut by nobody downstream in a useful way */

struct judge {
	struct ruleset_runs runs;
	struct matcher *matcher;         /* NULL: no rule runs */
	struct alert_writer *writer;
	FILE *out;
	struct pipeline *pipeline;
	struct buf line;
	struct alert alert;              /* all but the rule: of the event being judged */
	char host[LIMIT_NAME_BYTES + 1];
	uint64_t *by_rule;
	uint64_t events, alerts, too_long;
	bool output_failed;
};

struct judge *judge_create(const struct ruleset *rs, const struct alert_settings *settings, FILE *out)
{
	struct judge *j = calloc(1, sizeof *j);

	if (!j)
		return NULL;
	j->runs = ruleset_runs(rs, fields_vocabulary()->source);
	j->writer = alert_writer_create(settings);
	j->out = out;
	buf_init(&j->line, ALERT_LINE_BYTES);
	j->by_rule = calloc(j->runs.rule_count + 1, sizeof *j->by_rule);
	if (j->runs.program)
		j->matcher = matcher_create(j->runs.program);
	if (j->writer && j->by_rule && (j->matcher || !j->runs.program))
		return j;
	judge_destroy(j);
	return NULL;
}

void judge_destroy(struct judge *j)
{
	if (!j)
		return;
	matcher_destroy(j->matcher);
	alert_writer_destroy(j->writer);
	free(j->by_rule);
	buf_release(&j->line);
	free(j);
}

void judge_attach(struct judge *j, struct pipeline *p)
{
	j->pipeline = p;
}

static bool on_match(void *ctx, size_t rule)
{
	struct judge *j = ctx;

	j->alerts++;
	j->by_rule[rule]++;
	j->alert.rule = j->runs.rules[rule];
	buf_clear(&j->line);
	alert_write(j->writer, &j->alert, &j->line);
	buf_append_char(&j->line, '\n');
	if (j->line.failed)
		j->too_long++;
	else if (fwrite(j->line.data, 1, j->line.len, j->out) != j->line.len)
		j->output_failed = true;
	return !j->output_failed;
}

/* The event's machine as a C string; names longer than the stream allows cannot come. */
static const char *host_of(struct judge *j, const struct event *ev)
{
	struct text_view name = state_host_name(pipeline_state(j->pipeline), ev->rec);
	size_t len = name.len < sizeof j->host ? name.len : sizeof j->host - 1;

	if (len)
		memcpy(j->host, name.ptr, len);
	j->host[len] = '\0';
	return j->host;
}

enum status judge_visit(void *ctx, const struct event_view *view, const struct event *ev)
{
	struct judge *j = ctx;
	uint64_t before = j->alerts;

	j->events++;
	if (!j->matcher)
		return ST_OK;
	j->alert = (struct alert){ .event = view, .time_ns = filetime_to_unix_ns(ev->rec->time_100ns),
		.hostname = host_of(j, ev), .lost_before = ev->lost_before };
	matcher_run(j->matcher, view, on_match, j);
	if (j->alerts > before && ev->lost_before)
		pipeline_clear_gap(j->pipeline);
	return j->output_failed ? ST_STOPPED : ST_OK;
}

static void write_by_priority(const struct judge *j, struct buf *out)
{
	uint64_t counts[PRIORITY_DEBUG + 1] = { 0 };

	for (size_t i = 0; i < j->runs.rule_count; i++)
		counts[j->runs.rules[i]->priority] += j->by_rule[i];
	buf_append_str(out, "Rule counts by severity:\n");
	for (int p = 0; p <= PRIORITY_DEBUG; p++) {
		if (counts[p])
			buf_printf(out, "   %s: %" PRIu64 "\n", priority_name((enum priority)p), counts[p]);
	}
}

void judge_write_stats(const struct judge *j, struct buf *out)
{
	buf_printf(out, "Events detected: %" PRIu64 "\n", j->alerts);
	write_by_priority(j, out);
	buf_append_str(out, "Triggered rules by rule name:\n");
	for (size_t i = 0; i < j->runs.rule_count; i++) {
		if (j->by_rule[i])
			buf_printf(out, "   %s: %" PRIu64 "\n", j->runs.rules[i]->name, j->by_rule[i]);
	}
	if (j->too_long)
		buf_printf(out, "Alerts too long to print: %" PRIu64 "\n", j->too_long);
}

uint64_t judge_alert_count(const struct judge *j)
{
	return j->alerts;
}

bool judge_output_failed(const struct judge *j)
{
	return j->output_failed;
}
