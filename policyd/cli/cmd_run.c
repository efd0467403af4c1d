#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/options.h"
#include "policyd/daemon/daemon.h"
#include "proto/host/places.h"

static const struct option table[] = {
	{ "--config", "-c", "FILE", "configuration (default " PLACE_CONFIG ", if it is there)" },
	{ "--rules", "-r", "FILE|DIR", "rules instead of those of the configuration; may be given several times" },
	{ "--option", "-o", "KEY=VALUE", "a setting on top of the configuration, its value as YAML: -o json_output=true" },
	{ "--rule-stats", NULL, NULL, "at the end also what each rule cost, as `replay --rule-stats` tells; `policyctl top` shows it live" },
	{ "--check", NULL, NULL, "load configuration and rules, say what is wrong, and end" },
	{ "--help", "-h", NULL, "this text" },
};

static int usage(int status)
{
	puts("usage: policyd run [-c policyd.yaml] [-r FILE|DIR]... [-o KEY=VALUE]... [--rule-stats]");
	options_print_help(table, sizeof table / sizeof table[0]);
	return status;
}

static const char *environment(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

const char *cmd_run_config_path(const struct options *o, char *room)
{
	const char *given = options_last(o, "--config");
	const char *usual = place_expand(PLACE_CONFIG, room);
	FILE *f = given ? NULL : fopen(usual, "rb");

	if (!f)
		return given;
	fclose(f);
	return usual;
}

static int check(const struct reload_source *source)
{
	struct config_report report;
	struct config *config = NULL;
	struct judge_rules *rules = NULL;
	enum status st;

	config_report_init(&report);
	st = reload_first(source, &config, &rules, &report);
	fputs(buf_cstr(&report.text), stderr);
	printf("%zu errors, %zu warnings\n", report.errors, report.warnings);
	judge_rules_destroy(rules);
	config_destroy(config);
	config_report_release(&report);
	return st == ST_OK ? 0 : 1;
}

int cmd_run(char **argv)
{
	const struct daemon_host nobody = { .running = NULL };

	return cmd_run_hosted(argv, &nobody);
}

int cmd_run_hosted(char **argv, const struct daemon_host *host)
{
	const char *rules[OPTIONS_MAX_VALUES], *overrides[OPTIONS_MAX_VALUES];
	struct daemon_options d = { .version = VITRINE_VERSION, .host = *host };
	char place[PLACE_BYTES];
	struct options o;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return usage(EXIT_USAGE);
	if (options_has(&o, "--help"))
		return usage(0);
	if (o.operand_count)
		return usage(EXIT_USAGE);
	d.rule_stats = options_has(&o, "--rule-stats");
	d.source.rules_paths = rules;
	d.source.rules_path_count = options_all(&o, "--rules", rules, OPTIONS_MAX_VALUES);
	d.source.config.path = cmd_run_config_path(&o, place);
	d.source.config.overrides = overrides;
	d.source.config.override_count = options_all(&o, "--option", overrides, OPTIONS_MAX_VALUES);
	d.source.config.env = environment;
	return options_has(&o, "--check") ? check(&d.source) : daemon_run(&d);
}
