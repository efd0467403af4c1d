#include <stdio.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/options.h"
#include "proto/host/interrupt.h"
#include "proto/host/os_file.h"

struct command {
	const char *name;
	int (*run)(char **argv);
	const char *usage, *doc;
};

static const struct command commands[] = {
	{ "run", cmd_run, "[-c policyd.yaml] [-r FILE|DIR]... [-o KEY=VALUE]... [--rule-stats]", "the daemon: judge events as they come" },
	{ "service", cmd_service, "install|configure|remove|start|stop|run", "policyd as a Windows service" },
	{ "doctor", cmd_doctor, "[-c policyd.yaml] [-o KEY=VALUE]...", "what `policyd run` would need, and what of it is missing" },
	{ "replay", cmd_replay, "[-r FILE|DIR]... [--json] [--html FILE] INPUT...", "judge a recording by the rules" },
	{ "report", cmd_report, "[-c policyd.yaml|--store FILE] [--since TIME] -o FILE", "an HTML report of stored alerts" },
	{ "dump", cmd_dump, "[--fields a,b] INPUT...", "decoded events, one JSON object a line" },
	{ "validate", cmd_validate, "[--json] FILE|DIR...", "check rules files" },
	{ "test", cmd_test, "[--junit FILE] FILE|DIR...", "run rule tests (*_test.yaml)" },
	{ "list", cmd_list, "rules|macros|lists|fields|events [-r FILE|DIR]... [--json]", "what is known" },
	{ "coverage", cmd_coverage, "[-r FILE|DIR]... [--missing] [--json] [--navigator FILE]", "the ATT&CK techniques that rules name" },
	{ "explain", cmd_explain, "RULE [-r FILE|DIR]... [--json]", "what a rule needs and when it is tried" },
	{ "relay", cmd_relay, "--cert FILE --key FILE --agent NAMESPACE:NAME [OPTION]...", "watch all pods of a cluster, tell each node's agent its own" },
};

static int usage(FILE *out)
{
	fputs("usage: policyd COMMAND [ARGUMENT]...\n\n", out);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		fprintf(out, "  %-9s %s\n            %s\n", commands[i].name, commands[i].usage, commands[i].doc);
	fputs("\npolicyd COMMAND --help tells the options of one command; policyd --version the version.\n", out);
	return out == stderr ? EXIT_USAGE : 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return usage(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		puts("policyd " VITRINE_VERSION);
		return 0;
	}
	os_stdio_binary();
	interrupt_install();
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argv + 2);
	}
	fprintf(stderr, "policyd: no command %s\n", argv[1]);
	return usage(stderr);
}
