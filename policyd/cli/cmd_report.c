#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/options.h"
#include "policyd/cli/time_option.h"
#include "policyd/config/config.h"
#include "policyd/output/store.h"
#include "policyd/report/incident_store.h"
#include "proto/host/os_file.h"
#include "proto/host/places.h"

static const struct option table[] = {
	{ "--output", "-o", "FILE", "where the report goes; - is standard output" },
	{ "--config", "-c", "FILE", "configuration that names the store (default " PLACE_CONFIG ")" },
	{ "--store", NULL, "FILE", "the alert store itself" },
	{ "--rules", "-r", "FILE|DIR", "rules, for their descriptions and conditions; may be given several times" },
	{ "--since", NULL, "TIME", "alerts of events since then: 24h, 2026-01-02 or 2026-01-02T03:04:05 (UTC)" },
	{ "--until", NULL, "TIME", "and until then" },
	{ "--priority", NULL, "PRIORITY", "this severe or more" },
	{ "--rule", NULL, "NAME", "of rules with this name; * and ? stand for any" },
	{ "--text", NULL, "TEXT", "with this text anywhere" },
	{ "--max-alerts", NULL, "N", "alerts kept (default 20000): the most severe, and the first of each rule" },
	{ "--help", "-h", NULL, "this text" },
};

struct making {
	struct incident *incident;
	const struct ruleset *rules;             /* NULL: none */
	struct incident_store_counts counts;
};

static int usage(int status)
{
	puts("usage: policyd report [-c policyd.yaml | --store FILE] [--since TIME] [--until TIME] [-r FILE|DIR]... -o report.html\n"
	     "Makes a report of the alerts that policyd has stored. policyd may run meanwhile.");
	options_print_help(table, sizeof table / sizeof table[0]);
	return status;
}

static int fail(const struct diag *why)
{
	char text[1024];

	diag_format(why, text, sizeof text);
	fprintf(stderr, "policyd: %s\n", text);
	return 1;
}

static const char *environment(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

/* ---- options ---- */

static bool wrong(const char *option, const char *wanted)
{
	fprintf(stderr, "policyd: %s wants %s\n", option, wanted);
	return false;
}

static bool read_time(const struct options *o, const char *name, int64_t *out)
{
	const char *text = options_last(o, name);

	return !text || time_option_parse(text, os_wall_ns(), out) || wrong(name, "a duration such as 24h, or a time such as 2026-01-02T03:04:05");
}

static bool read_query(const struct options *o, struct store_query *q)
{
	const char *priority = options_last(o, "--priority");

	*q = (struct store_query){ .min_priority = PRIORITY_DEBUG, .rule = options_last(o, "--rule"),
		.text = options_last(o, "--text"), .whole = true };
	if (priority && !priority_parse(priority, strlen(priority), &q->min_priority))
		return wrong("--priority", "one of Emergency, Alert, Critical, Error, Warning, Notice, Informational, Debug");
	return read_time(o, "--since", &q->since_ns) && read_time(o, "--until", &q->until_ns);
}

static bool read_max(const struct options *o, size_t *out)
{
	const char *text = options_last(o, "--max-alerts");
	char *end = NULL;

	*out = 0;
	if (!text)
		return true;
	*out = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
	return (end && !*end && *out >= 1 && *out <= INCIDENT_MOST_ALERTS) || wrong("--max-alerts", "a number from 1 to 200000");
}

/* The store's path in the configuration, in heap memory. NULL: told. */
static char *configured_store(const struct options *o)
{
	char place[PLACE_BYTES];
	const struct config_options wanted = { .path = cmd_run_config_path(o, place), .env = environment };
	struct config_report report;
	struct config *config = NULL;
	char *path = NULL;
	enum status st;

	config_report_init(&report);
	st = config_load(&wanted, &config, &report);
	if (st != ST_OK) {
		fputs(buf_cstr(&report.text), stderr);
	} else if (!config->store.path[0]) {
		fputs("policyd: the configuration names no store: alerts are in the memory of the policyd that runs; or give --store FILE\n", stderr);
	} else {
		path = malloc(strlen(config->store.path) + 1);
		if (path)
			memcpy(path, config->store.path, strlen(config->store.path) + 1);
	}
	config_destroy(config);
	config_report_release(&report);
	return path;
}

/* ---- the report ---- */

static bool on_row(void *ctx, const struct alert_record *r)
{
	struct making *m = ctx;

	incident_store_add(m->incident, r, m->rules, &m->counts);
	return true;
}

static int write_report(const struct making *m, const char *store, const struct options *o)
{
	struct incident_summary s = { .kind = "store", .version = VITRINE_VERSION, .made_ns = os_wall_ns(), .inputs = &store,
		.input_count = 1, .rules_loaded = m->rules ? ruleset_rule_count(m->rules) : 0 };
	struct diag why = DIAG_INIT;
	struct buf note;
	int status = 0;

	buf_init(&note, 1024);
	if (m->counts.without_story)
		buf_printf(&note, "Of %" PRIu64 " alerts no process is known. ", m->counts.without_story);
	if (m->counts.unreadable)
		buf_printf(&note, "Of %" PRIu64 " alerts the fields cannot be read.", m->counts.unreadable);
	s.note = note.len ? buf_cstr(&note) : NULL;
	if (incident_write(m->incident, &s, options_last(o, "--output"), &why) != ST_OK)
		status = fail(&why);
	else
		fprintf(stderr, "%" PRIu64 " alerts\n", m->counts.alerts);
	buf_release(&note);
	return status;
}

static int make(const char *store, const struct store_query *q, struct making *m, const struct options *o)
{
	struct diag why = DIAG_INIT;

	if (!m->incident) {
		fputs("policyd: out of memory\n", stderr);
		return 1;
	}
	if (store_read(store, q, on_row, m, &why) != ST_OK) {
		diag_set_file(&why, store);
		return fail(&why);
	}
	return write_report(m, store, o);
}

static int report(const struct options *o, const struct store_query *q, size_t max_alerts)
{
	const char *paths[OPTIONS_MAX_VALUES];
	size_t path_count = options_all(o, "--rules", paths, OPTIONS_MAX_VALUES);
	const char *given = options_last(o, "--store");
	char *configured = given ? NULL : configured_store(o);
	struct ruleset *rules = NULL;
	struct making m = { .incident = NULL };
	int status = 1;

	if (!given && !configured)
		goto done;
	if (path_count && !(rules = load_rules(paths, path_count, LOAD_TO_DESCRIBE)))
		goto done;
	m.rules = rules;
	m.incident = incident_create(max_alerts);
	status = make(given ? given : configured, q, &m, o);
done:
	incident_destroy(m.incident);
	ruleset_unref(rules);
	free(configured);
	return status;
}

int cmd_report(char **argv)
{
	struct options o;
	struct store_query q;
	size_t max;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return usage(EXIT_USAGE);
	if (options_has(&o, "--help"))
		return usage(0);
	if (o.operand_count || !options_has(&o, "--output"))
		return usage(EXIT_USAGE);
	if (!read_query(&o, &q) || !read_max(&o, &max))
		return EXIT_USAGE;
	return report(&o, &q, max);
}
