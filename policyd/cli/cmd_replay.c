#include <inttypes.h>
#include <stdio.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/load_pods.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/print_alerts.h"
#include "policyd/cli/replay_html.h"
#include "policyd/cli/run_inputs.h"
#include "policyd/judge/judge.h"
#include "policyd/judge/rule_times.h"
#include "proto/base/clock.h"
#include "proto/host/os_file.h"
#include "proto/host/places.h"

enum { REPORT_BYTES = 4 << 20 };

static const struct option table[] = {
	{ "--rules", "-r", "FILE|DIR", "rules; may be given several times, later ones on top (default " PLACE_RULES ")" },
	{ "--json", NULL, NULL, "alerts as JSON, one a line; statistics and ledger go to standard error" },
	{ "--html", NULL, "FILE", "write a report of it all there, to open in a browser" },
	{ "--html-alerts", NULL, "N", "alerts kept for the report (default 20000): the most severe, and the first of each rule" },
	{ "--rule-stats", NULL, NULL, "also what each rule cost: time, guard hits, evaluations, matches; costliest first" },
	{ "--stats", NULL, NULL, "also events by type and what state knows" },
	{ "--pods", NULL, "FILE", "what `kubectl get pods -A -o json` printed: fields of Kubernetes come from it" },
	{ "--cluster", NULL, "NAME", "k8s.cluster.name" },
	{ "--help", "-h", NULL, "this text" },
};

static int usage(int status)
{
	puts("usage: policyd replay [-r FILE|DIR]... [--json] [--html FILE] [--stats] [--rule-stats] INPUT...\n"
	     "INPUT: a .vst stream, anything vitrine-import reads, or - for frames on standard input.");
	options_print_help(table, sizeof table / sizeof table[0]);
	return status;
}

static void write_time(uint64_t time_100ns, struct buf *out)
{
	struct calendar c;

	calendar_from_unix_ns(filetime_to_unix_ns(time_100ns), &c);
	buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

static void write_events(const struct pipeline_stats *s, struct buf *out)
{
	buf_append_str(out, "Events by type:\n");
	for (size_t i = 1; i < EVENT_KIND_COUNT; i++) {
		if (s->by_kind[i])
			buf_printf(out, "   %s: %" PRIu64 "\n", event_kind_name((enum event_kind)i), s->by_kind[i]);
	}
	if (s->first_100ns) {
		buf_append_str(out, "Recorded: ");
		write_time(s->first_100ns, out);
		buf_append_str(out, " to ");
		write_time(s->last_100ns, out);
		buf_append_char(out, '\n');
	}
}

static void write_state(const struct state *st, struct buf *out)
{
	struct state_stats s;

	state_get_stats(st, &s);
	buf_append_str(out, "State:\n");
#define X(name, doc)                                                                                                   \
	if (s.name)                                                                                                    \
		buf_printf(out, "   %s: %" PRIu64 "  (%s)\n", #name, s.name, doc);
	STATE_STATS_TABLE(X)
#undef X
}

/* State and rules about several events take records as they come. */
static void write_order(const struct state *st, const struct ledger *l, struct buf *out)
{
	struct state_stats s;

	state_get_stats(st, &s);
	if (s.records_late)
		buf_printf(out, "Not in order of time: %" PRIu64 " of %" PRIu64 " records more than 2 s behind those before them\n",
			s.records_late, l->received);
}

static void write_rate(const struct ledger *l, const struct run_result *r, struct buf *out)
{
	double seconds = (double)r->elapsed_ns / 1e9;

	buf_printf(out, "Read: %.1f MB in %.2f s, %.0f records/s\n", (double)r->bytes / 1e6, seconds,
		seconds > 0 ? (double)l->received / seconds : 0);
}

struct replay {
	struct print_alerts print;
	struct replay_html *html;      /* NULL: none is wanted */
	struct judge *judge;
	struct pipeline *pipeline;
	struct pods *pods;               /* NULL: none were given */
};

static void report(const struct replay *r, const struct run_result *result, const struct options *o)
{
	FILE *to = options_has(o, "--json") ? stderr : stdout;
	struct buf out;

	buf_init(&out, REPORT_BYTES);
	judge_write_stats(r->judge, &out);
	if (r->print.too_long)
		buf_printf(&out, "Alerts too long to print: %" PRIu64 "\n", r->print.too_long);
	write_order(pipeline_state(r->pipeline), pipeline_ledger(r->pipeline), &out);
	if (options_has(o, "--stats")) {
		write_events(pipeline_stats(r->pipeline), &out);
		write_state(pipeline_state(r->pipeline), &out);
		write_rate(pipeline_ledger(r->pipeline), result, &out);
	}
	if (options_has(o, "--rule-stats"))
		rule_times_write(r->judge, &out);
	ledger_write_text(pipeline_ledger(r->pipeline), &out);
	if (result->interrupted)
		buf_append_str(&out, "Interrupted: what stands above covers the part that was read\n");
	fflush(stdout);
	fputs(buf_cstr(&out), to);
	buf_release(&out);
}

static bool on_alert(void *ctx, const struct alert *a)
{
	struct replay *r = ctx;

	if (r->html)
		replay_html_alert(r->html, a);
	return print_alerts_sink(&r->print, a);
}

static enum status on_event(void *ctx, const struct event_view *view, const struct event *ev)
{
	struct replay *r = ctx;
	enum status st = judge_visit(r->judge, view, ev);

	if (r->html)
		replay_html_event(r->html, pipeline_state(r->pipeline), ev);
	return st;
}

/* False: told. */
static bool write_html(const struct replay *r, const struct run_result *result, const struct options *o)
{
	const struct replay_facts facts = { .options = o, .result = result, .stats = pipeline_stats(r->pipeline),
		.ledger = pipeline_ledger(r->pipeline), .judge = r->judge };

	return !r->html || replay_html_write(r->html, &facts);
}

static bool replay_init(struct replay *r, struct ruleset *rs, const struct options *o)
{
	struct alert_settings settings = ALERT_SETTINGS_DEFAULT;
	struct judge_rules *rules = judge_rules_create(rs, NULL);

	settings.json_output = options_has(o, "--json");
	if (!print_alerts_init(&r->print, &settings, stdout) || !rules)
		goto done;
	if (options_has(o, "--html") && !(r->html = replay_html_create(o)))
		goto done;
	r->judge = judge_create(rules, false, on_alert, r);
	if (!r->judge)
		goto done;
	rules = NULL;
	if (options_has(o, "--rule-stats") && !judge_enable_rule_stats(r->judge, os_monotonic_ns))
		goto done;
	r->pipeline = pipeline_create(NULL, on_event, r);
	judge_attach(r->judge, r->pipeline);
	if (r->pipeline)
		pipeline_set_pods(r->pipeline, r->pods);
done:
	judge_rules_destroy(rules);
	return r->pipeline != NULL;
}

static int replay(struct ruleset *rs, const struct options *o)
{
	struct replay r = { .judge = NULL };
	int status = 1;

	if (!load_pods(o, &r.pods))
		return 1;
	if (replay_init(&r, rs, o)) {
		struct run_result result = run_inputs(r.pipeline, o);

		if (!result.failed || !result.nothing_read)
			report(&r, &result, o);
		status = !write_html(&r, &result, o) || result.failed || r.print.failed || fflush(stdout) != 0;
	} else {
		fputs("policyd: out of memory\n", stderr);
	}
	pipeline_destroy(r.pipeline);
	judge_destroy(r.judge);
	pods_destroy(r.pods);
	replay_html_destroy(r.html);
	print_alerts_release(&r.print);
	return status;
}

int cmd_replay(char **argv)
{
	const char *paths[OPTIONS_MAX_VALUES];
	struct options o;
	struct ruleset *rs;
	int status;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return usage(EXIT_USAGE);
	if (options_has(&o, "--help"))
		return usage(0);
	if (o.operand_count == 0)
		return usage(EXIT_USAGE);
	if (!replay_html_check(&o))
		return EXIT_USAGE;
	rs = load_rules(paths, options_all(&o, "--rules", paths, OPTIONS_MAX_VALUES), LOAD_TO_RUN);
	if (!rs)
		return 1;
	status = replay(rs, &o);
	ruleset_unref(rs);
	return status;
}
