#include <stdio.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/load_rules.h"
#include "policyd/cli/options.h"

enum { RESULTS_BYTES = 64 << 20 };

static const struct option table[] = {
	{ "--json", NULL, NULL, "one object in the form of falco --validate with json_output" },
	{ "--help", "-h", NULL, "this text" },
};

int cmd_validate(char **argv)
{
	struct options o;
	struct ruleset_builder *b;
	struct ruleset *rs;
	struct buf text;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return EXIT_USAGE;
	if (options_has(&o, "--help") || o.operand_count == 0) {
		puts("usage: policyd validate [--json] FILE|DIR...\n"
		     "Exit status 0: valid, warnings included. 1: not valid.");
		options_print_help(table, sizeof table / sizeof table[0]);
		return options_has(&o, "--help") ? 0 : EXIT_USAGE;
	}
	b = load_rules_builder(o.operands, o.operand_count, LOAD_TO_RUN, &rs);
	if (!b)
		return 1;
	buf_init(&text, RESULTS_BYTES);
	if (options_has(&o, "--json"))
		load_results_append_json(&text, ruleset_builder_results(b));
	else
		load_results_append_text(&text, ruleset_builder_results(b));
	if (ruleset_builder_results(b)->file_count == 0) {
		fprintf(stderr, "policyd validate: there is no rules file in %s\n", o.operands[0]);
		ruleset_unref(rs);
		rs = NULL;
	}
	fputs(buf_cstr(&text), stdout);
	if (options_has(&o, "--json"))
		putchar('\n');
	buf_release(&text);
	ruleset_builder_destroy(b);
	ruleset_unref(rs);
	return rs == NULL;
}
