#include <stdio.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/options.h"
#include "policyd/ruletest/junit.h"
#include "policyd/ruletest/ruletest.h"

static const struct option table[] = {
	{ "--junit", NULL, "FILE", "also write the results as JUnit XML" },
	{ "--verbose", "-v", NULL, "also name the tests that pass" },
	{ "--help", "-h", NULL, "this text" },
};

struct test_report {
	struct junit junit;
	bool verbose;
};

static void on_done(void *ctx, const struct ruletest_case *c)
{
	struct test_report *r = ctx;

	junit_add(&r->junit, c);
	if (!c->passed)
		printf("%s:%u: FAIL %s\n%s", c->file, c->line, c->name, c->why);
	else if (r->verbose)
		printf("%s:%u: ok %s\n", c->file, c->line, c->name);
}

static bool write_junit(struct junit *j, const char *path)
{
	FILE *f = fopen(path, "wb");
	struct buf out;
	bool good;

	buf_init(&out, JUNIT_MAX_BYTES);
	good = f && junit_write(j, &out) && fwrite(out.data, 1, out.len, f) == out.len;
	if (f && fclose(f) != 0)
		good = false;
	if (!good)
		fprintf(stderr, "policyd test: cannot write %s\n", path);
	buf_release(&out);
	return good;
}

static int run_tests(const struct options *o)
{
	struct test_report report = { .verbose = options_has(o, "--verbose") };
	struct ruletest *rt;
	bool good = true;

	junit_init(&report.junit);
	rt = ruletest_create(on_done, &report);
	for (size_t i = 0; rt && i < o->operand_count; i++) {
		struct diag why = DIAG_INIT;
		enum status st = ruletest_run(rt, o->operands[i], &why);

		if (st == ST_OK)
			continue;
		good = false;
		fprintf(stderr, "policyd test: %s: %s\n", o->operands[i], why.text[0] ? why.text : status_text(st));
	}
	if (!rt) {
		fputs("policyd: out of memory\n", stderr);
		good = false;
	}
	if (rt && options_has(o, "--junit"))
		good = write_junit(&report.junit, options_last(o, "--junit")) && good;
	if (rt) {
		if (good && ruletest_passed(rt) + ruletest_failed(rt) == 0)
			fputs("policyd test: there is no test in what was given\n", stderr);
		good = good && ruletest_failed(rt) == 0 && ruletest_passed(rt) > 0;
		printf("%zu passed, %zu failed\n", ruletest_passed(rt), ruletest_failed(rt));
	}
	ruletest_destroy(rt);
	junit_release(&report.junit);
	return !good;
}

int cmd_test(char **argv)
{
	struct options o;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return EXIT_USAGE;
	if (options_has(&o, "--help") || o.operand_count == 0) {
		puts("usage: policyd test [--junit FILE] FILE|DIR...\n"
		     "Runs rule tests: the *_test.yaml of folders and their subfolders, or files of any name.");
		options_print_help(table, sizeof table / sizeof table[0]);
		return options_has(&o, "--help") ? 0 : EXIT_USAGE;
	}
	return run_tests(&o);
}
