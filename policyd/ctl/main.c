#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/cli/options.h"
#include "policyd/ctl/ctl_commands.h"
#include "proto/host/interrupt.h"
#include "proto/host/os_file.h"
#include "proto/host/places.h"

static const struct option table[] = {
	{ "--socket", "-s", "PATH", "control socket or pipe of policyd (default " PLACE_CONTROL ")" },
	{ "--json", NULL, NULL, "the answer as policyd gives it" },
	{ "--tag", NULL, "TAG", "rules: only those with this tag" },
	{ "--since", NULL, "DURATION", "alerts: not older than this, such as 1h" },
	{ "--rule", NULL, "PATTERN", "alerts: of rules whose name fits" },
	{ "--priority", NULL, "PRIORITY", "alerts: this severe or more" },
	{ "--pod", NULL, "POD", "alerts: of this pod" },
	{ "--text", NULL, "TEXT", "alerts: with this text" },
	{ "--limit", NULL, "N", "alerts: at most so many" },
	{ "--once", NULL, NULL, "top: one look instead of a live view" },
	{ "--help", "-h", NULL, "this text" },
};

static int usage(FILE *out)
{
	fputs("usage: policyctl [--socket PATH] [--json] COMMAND\n\n", out);
	ctl_commands_describe(out);
	fputs("\nexit status: 0 done, 1 policyd said no, 2 wrong usage, 3 policyd is not there\n\n", out);
	if (out == stdout)
		options_print_help(table, sizeof table / sizeof table[0]);
	return out == stderr ? EXIT_USAGE : 0;
}

int main(int argc, char **argv)
{
	struct options o;
	int status;

	if (argc < 1 || !options_parse(&o, table, sizeof table / sizeof table[0], argv + 1))
		return usage(stderr);
	if (options_has(&o, "--help"))
		return usage(stdout);
	os_stdio_binary();
	interrupt_install();
	status = ctl_commands_run(&o);
	return status == EXIT_USAGE ? usage(stderr) : status;
}
