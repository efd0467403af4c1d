#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/options.h"
#include "policyd/daemon/reload.h"
#include "proto/host/folder.h"
#include "proto/host/places.h"

enum { MAX_FOLDER_BYTES = 4096 };

static const struct option table[] = {
	{ "--config", "-c", "FILE", "configuration (default " PLACE_CONFIG ", if it is there)" },
	{ "--rules", "-r", "FILE|DIR", "rules instead of those of the configuration; may be given several times" },
	{ "--option", "-o", "KEY=VALUE", "a setting on top of the configuration" },
	{ "--help", "-h", NULL, "this text" },
};

struct doctor {
	unsigned bad;
};

static int usage(int status)
{
	puts("usage: policyd doctor [-c policyd.yaml] [-r FILE|DIR]... [-o KEY=VALUE]...\n"
	     "Looks at what `policyd run` would need, and says what is missing. Changes nothing.");
	options_print_help(table, sizeof table / sizeof table[0]);
	return status;
}

static void say(struct doctor *d, bool ok, const char *what, const char *more)
{
	printf("%-4s  %s%s%s\n", ok ? "ok" : "BAD", what, more[0] ? ": " : "", more);
	d->bad += !ok;
}

/* Whether a file could be made beside this path. */
static void check_folder(struct doctor *d, const char *what, const char *path)
{
	char folder[MAX_FOLDER_BYTES], probe[MAX_FOLDER_BYTES + 32];
	size_t len = path_folder_bytes(path);
	FILE *f;

	if (len >= sizeof folder) {
		say(d, false, what, "the path is too long");
		return;
	}
	snprintf(folder, sizeof folder, "%.*s", len ? (int)len : 1, len ? path : ".");
	if (!path_is_folder(folder)) {
		snprintf(probe, sizeof probe, "no folder %.4000s", folder);
		say(d, false, what, probe);
		return;
	}
	snprintf(probe, sizeof probe, "%s/.vitrine-doctor", folder);
	f = fopen(probe, "wb");
	if (f) {
		fclose(f);
		remove(probe);
	}
	say(d, f != NULL, what, f ? path : "nothing can be written there");
}

static void check_paths(struct doctor *d, const struct config *c)
{
	for (size_t i = 0; i < c->inputs.count; i++) {
		if (c->inputs.items[i].listen && !HOST_IS_WINDOWS)
			check_folder(d, "input socket", c->inputs.items[i].listen);
	}
	if (c->control.path[0] && !HOST_IS_WINDOWS)
		check_folder(d, "control socket", c->control.path);
	if (c->store.path[0])
		check_folder(d, "alert store", c->store.path);
	if (c->file_output.enabled)
		check_folder(d, "alert file", c->file_output.filename);
	for (size_t i = 0; i < c->outputs.count; i++) {
		if (c->outputs.items[i].kind == CONFIG_OUTPUT_FILE)
			check_folder(d, "alert file", c->outputs.items[i].filename);
	}
}

static const char *environment(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

static int examine(const struct reload_source *source)
{
	struct doctor d = { .bad = 0 };
	struct config_report report;
	struct config *config = NULL;
	struct judge_rules *rules = NULL;
	enum status st;
	char text[64];

	config_report_init(&report);
	st = reload_first(source, &config, &rules, &report);
	snprintf(text, sizeof text, "%zu errors, %zu warnings", report.errors, report.warnings);
	say(&d, st == ST_OK, "configuration and rules", st == ST_OK || report.errors ? text : status_text(st));
	fputs(buf_cstr(&report.text), stdout);
	if (rules) {
		snprintf(text, sizeof text, "%zu", judge_rules_runs(rules)->rule_count);
		say(&d, judge_rules_runs(rules)->rule_count > 0, "rules that run", text);
	}
	if (config)
		check_paths(&d, config);
	judge_rules_destroy(rules);
	config_destroy(config);
	config_report_release(&report);
	return d.bad ? 1 : 0;
}

int cmd_doctor(char **argv)
{
	const char *rules[OPTIONS_MAX_VALUES], *overrides[OPTIONS_MAX_VALUES];
	struct reload_source source = { .rules_paths = rules };
	char place[PLACE_BYTES];
	struct options o;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return usage(EXIT_USAGE);
	if (options_has(&o, "--help"))
		return usage(0);
	if (o.operand_count)
		return usage(EXIT_USAGE);
	source.rules_path_count = options_all(&o, "--rules", rules, OPTIONS_MAX_VALUES);
	source.config.path = cmd_run_config_path(&o, place);
	source.config.overrides = overrides;
	source.config.override_count = options_all(&o, "--option", overrides, OPTIONS_MAX_VALUES);
	source.config.env = environment;
	return examine(&source);
}
