#include "policyd/cli/replay_html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/report/incident_replay.h"
#include "proto/base/clock.h"

struct replay_html {
	struct incident *incident;
	struct incident_replay *gather;
};

/* 0: not given, or no number from 1 to the most. */
static size_t max_alerts(const struct options *o)
{
	const char *text = options_last(o, "--html-alerts");
	char *end = NULL;
	unsigned long n = text && *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;

	return end && !*end && n <= INCIDENT_MOST_ALERTS ? n : 0;
}

bool replay_html_check(const struct options *o)
{
	const char *path = options_last(o, "--html");

	if (options_has(o, "--html-alerts") && !max_alerts(o)) {
		fprintf(stderr, "policyd: --html-alerts wants a number from 1 to %d\n", INCIDENT_MOST_ALERTS);
		return false;
	}
	if (path && (!*path || strcmp(path, "-") == 0)) {
		fputs("policyd: --html wants the name of a file: alerts stand on standard output already\n", stderr);
		return false;
	}
	return true;
}

struct replay_html *replay_html_create(const struct options *o)
{
	struct replay_html *h = calloc(1, sizeof *h);

	if (h)
		h->incident = incident_create(max_alerts(o));
	if (h && h->incident)
		h->gather = incident_replay_create(h->incident);
	if (h && h->gather)
		return h;
	replay_html_destroy(h);
	return NULL;
}

void replay_html_destroy(struct replay_html *h)
{
	if (!h)
		return;
	incident_replay_destroy(h->gather);
	incident_destroy(h->incident);
	free(h);
}

void replay_html_alert(struct replay_html *h, const struct alert *a)
{
	incident_replay_alert(h->gather, a);
}

void replay_html_event(struct replay_html *h, const struct state *st, const struct event *ev)
{
	incident_replay_event(h->gather, st, ev);
}

static int64_t time_of(uint64_t filetime)
{
	return filetime ? filetime_to_unix_ns(filetime) : 0;
}

bool replay_html_write(struct replay_html *h, const struct replay_facts *f)
{
	struct incident_count kinds[EVENT_KIND_COUNT];
	struct incident_summary s = { .kind = "replay", .version = VITRINE_VERSION, .inputs = f->options->operands,
		.input_count = f->options->operand_count, .first_ns = time_of(f->stats->first_100ns),
		.last_ns = time_of(f->stats->last_100ns), .events = judge_stats(f->judge)->events, .kinds = kinds,
		.rules_loaded = judge_rules_runs(judge_current(f->judge))->rule_count, .interrupted = f->result->interrupted,
		.failed = f->result->failed, .ledger = f->ledger };
	struct diag why = DIAG_INIT;
	char text[1024];

	for (size_t i = 1; i < EVENT_KIND_COUNT; i++) {
		if (f->stats->by_kind[i])
			kinds[s.kind_count++] = (struct incident_count){ event_kind_name((enum event_kind)i), f->stats->by_kind[i] };
	}
	if (incident_write(h->incident, &s, options_last(f->options, "--html"), &why) == ST_OK)
		return true;
	diag_format(&why, text, sizeof text);
	fprintf(stderr, "policyd: %s\n", text);
	return false;
}
