/* falco_cases [--strict-text] [--kind KIND]... FILE.yaml | --shared PATH
 * Runs every case of a file in the format of falco-language.md §8 (fixture + cases) and prints each failure with
 * expected and got; last line "N passed, N failed". Knows kinds (kinds.c), never particular cases.
 * `fixed` stands for `expected` where a case has both. Whether something fails, with which code and how many warnings,
 * always counts; the *_contains texts hold Falco's own wording and count only with --strict-text.
 * --shared PATH: a file below $VITRINE_SHARED, else ../shared; exit status 77 ("skipped") when it is missing.
 * Exit status: 0 all passed, 1 some failed, 2 wrong usage or unreadable file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/case.h"

enum { MAX_KINDS = 32, MAX_FILE_BYTES = 64 << 20, CASE_ARENA_BYTES = 64 << 20, EXIT_SKIPPED = 77 };

struct settings {
	const char *path;
	char shared[4096];
	const char *kinds[MAX_KINDS];
	size_t kind_count;
	bool strict_text, may_be_missing;
};

struct totals {
	size_t passed, failed;
};

static bool read_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	size_t n = 1;

	if (!f)
		return false;
	while (n > 0) {
		uint8_t *room = buf_reserve(out, 1 << 16);

		n = room ? fread(room, 1, 1 << 16, f) : 0;
		out->len += n;
	}
	fclose(f);
	return !out->failed;
}

static bool kind_wanted(const struct settings *s, const char *kind)
{
	for (size_t i = 0; i < s->kind_count; i++)
		if (strcmp(s->kinds[i], kind) == 0)
			return true;
	return s->kind_count == 0;
}

static void run_case(struct case_run *run, struct totals *totals)
{
	const char *kind = case_text(run, "kind");
	case_fn *fn = kind ? case_kind_find(kind) : NULL;

	buf_clear(run->failure);
	if (!run->expected)
		case_fail(run, "the case has no `expected`");
	else if (!fn)
		case_fail(run, "unknown kind %s", kind ? kind : "(none)");
	else
		fn(run);
	if (run->failure->len == 0) {
		totals->passed++;
		return;
	}
	totals->failed++;
	printf("FAIL %s (%s)\n%s", run->id, kind ? kind : "", buf_cstr(run->failure));
}

static void run_cases(const struct settings *s, const struct yaml_node *cases, const struct toy *toy,
	struct totals *totals)
{
	struct buf failure;

	buf_init(&failure, 1 << 20);
	for (size_t i = 0; i < cases->count; i++) {
		struct case_run run = { .node = cases->items[i], .toy = toy, .strict_text = s->strict_text,
			.failure = &failure };
		const char *kind = case_text(&run, "kind");

		if (kind && !kind_wanted(s, kind))
			continue;
		run.id = case_text(&run, "id");
		run.id = run.id ? run.id : "(no id)";
		run.expected = yaml_map_get(run.node, "fixed");
		run.expected = run.expected ? run.expected : yaml_map_get(run.node, "expected");
		run.arena = arena_create(CASE_ARENA_BYTES);
		if (run.arena)
			run_case(&run, totals);
		arena_destroy(run.arena);
	}
	buf_release(&failure);
}

static int run_file(const struct settings *s, const char *text, size_t len)
{
	struct yaml_limits limits = { .max_bytes = MAX_FILE_BYTES, .max_nodes = 1u << 22, .max_depth = 200 };
	const struct yaml_node *root, *cases;
	struct totals totals = { 0, 0 };
	struct diag why = DIAG_INIT;
	struct yaml_doc *doc = NULL;
	struct toy *toy = NULL;
	char line[1024];
	int exit_status = 2;

	diag_set_file(&why, s->path);
	if (yaml_doc_parse(text, len, &limits, &doc, &why) != ST_OK)
		goto done;
	root = yaml_doc_count(doc) ? yaml_doc_root(doc, 0) : NULL;
	cases = yaml_map_get(root, "cases");
	if (!yaml_is_sequence(cases)) {
		diag_set(&why, ST_MALFORMED, "no list of cases");
		goto done;
	}
	if (toy_create(yaml_map_get(root, "fixture"), &toy, &why) != ST_OK)
		goto done;
	run_cases(s, cases, toy, &totals);
	printf("%zu passed, %zu failed\n", totals.passed, totals.failed);
	exit_status = totals.failed ? 1 : 0;
done:
	if (exit_status == 2) {
		diag_format(&why, line, sizeof line);
		fprintf(stderr, "falco_cases: %s\n", line);
	}
	toy_destroy(toy);
	yaml_doc_destroy(doc);
	return exit_status;
}

static const char *shared_path(struct settings *s, const char *path)
{
	const char *root = getenv("VITRINE_SHARED");

	snprintf(s->shared, sizeof s->shared, "%s/%s", root && *root ? root : "../shared", path);
	s->may_be_missing = true;
	return s->shared;
}

static bool parse_arguments(int argc, char **argv, struct settings *s)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--strict-text") == 0)
			s->strict_text = true;
		else if (strcmp(argv[i], "--kind") == 0 && i + 1 < argc && s->kind_count < MAX_KINDS)
			s->kinds[s->kind_count++] = argv[++i];
		else if (strcmp(argv[i], "--shared") == 0 && i + 1 < argc && !s->path)
			s->path = shared_path(s, argv[++i]);
		else if (argv[i][0] != '-' && !s->path)
			s->path = argv[i];
		else
			return false;
	}
	return s->path != NULL;
}

int main(int argc, char **argv)
{
	struct settings s = { .path = NULL };
	struct buf text;
	int exit_status = 2;

	if (!parse_arguments(argc, argv, &s)) {
		fprintf(stderr, "usage: falco_cases [--strict-text] [--kind KIND]... FILE.yaml | --shared PATH\n");
		return 2;
	}
	buf_init(&text, MAX_FILE_BYTES);
	if (read_file(s.path, &text))
		exit_status = run_file(&s, buf_cstr(&text), text.len);
	else if (s.may_be_missing)
		printf("skipped: %s is not there\n", s.path);
	else
		fprintf(stderr, "falco_cases: cannot read %s\n", s.path);
	if (exit_status == 2 && s.may_be_missing && text.len == 0)
		exit_status = EXIT_SKIPPED;
	buf_release(&text);
	return exit_status;
}
