#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policyd/attack/coverage.h"
#include "policyd/cli/cli.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/options.h"
#include "proto/host/places.h"

enum { COVERAGE_BYTES = 64 << 20 };

static const struct option table[] = {
	{ "--rules", "-r", "FILE|DIR", "rules; may be given several times, later ones on top (default " PLACE_RULES ")" },
	{ "--all", NULL, NULL, "also rules that do not run: disabled, or of another source" },
	{ "--missing", NULL, NULL, "also the Windows techniques that no rule names" },
	{ "--json", NULL, NULL, "a JSON object" },
	{ "--navigator", NULL, "FILE", "write a layer for ATT&CK Navigator there (-: standard output)" },
	{ "--help", "-h", NULL, "this text" },
};

static int usage(int status)
{
	puts("usage: policyd coverage [-r FILE|DIR]... [--all] [--missing | --json] [--navigator FILE]\n"
	     "Which techniques of ATT&CK " ATTACK_RELEASE " the rules name in their tags.");
	options_print_help(table, sizeof table / sizeof table[0]);
	return status;
}

static bool write_out(FILE *f, const struct buf *text)
{
	return fwrite(text->data, 1, text->len, f) == text->len && fflush(f) == 0;
}

/* False: told on stderr. */
static bool write_layer(const struct coverage *c, const char *path, struct buf *text)
{
	bool to_stdout = strcmp(path, "-") == 0;
	FILE *f = to_stdout ? stdout : fopen(path, "wb");
	bool ok = f && coverage_write_navigator(c, "Vitrine", text) && write_out(f, text);

	if (!ok)
		fprintf(stderr, "policyd: %s: %s\n", path, errno ? strerror(errno) : "cannot be written");
	if (f && !to_stdout && fclose(f) != 0)
		ok = false;
	return ok;
}

static int cover(const struct coverage *c, const struct options *o)
{
	const char *layer = options_last(o, "--navigator");
	struct buf text;
	bool ok;

	buf_init(&text, COVERAGE_BYTES);
	if (layer)
		ok = write_layer(c, layer, &text);
	else if (options_has(o, "--json"))
		ok = coverage_write_json(c, &text) && write_out(stdout, &text);
	else
		ok = coverage_write_text(c, options_has(o, "--missing"), &text) && write_out(stdout, &text);
	buf_release(&text);
	return ok ? 0 : 1;
}

int cmd_coverage(char **argv)
{
	const char *paths[OPTIONS_MAX_VALUES];
	struct options o;
	struct ruleset *rs;
	struct coverage *c;
	int status = 1;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return usage(EXIT_USAGE);
	if (options_has(&o, "--help"))
		return usage(0);
	if (o.operand_count)
		return usage(EXIT_USAGE);
	rs = load_rules(paths, options_all(&o, "--rules", paths, OPTIONS_MAX_VALUES), LOAD_TO_DESCRIBE);
	if (!rs)
		return 1;
	c = coverage_create(rs, options_has(&o, "--all"));
	if (c)
		status = cover(c, &o);
	else
		fputs("policyd: out of memory\n", stderr);
	coverage_destroy(c);
	ruleset_unref(rs);
	return status;
}
