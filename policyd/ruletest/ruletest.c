#include "policyd/ruletest/ruletest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/fields/fields.h"
#include "policyd/ingest/input.h"
#include "policyd/pipeline/pipeline.h"
#include "policyd/ruletest/expectation.h"
#include "policyd/ruletest/shadow.h"
#include "policyd/ruletest/test_file.h"
#include "proto/base/clock.h"
#include "proto/host/folder.h"
#include "proto/host/os_file.h"

enum {
	TEST_ARENA_BYTES = 256 << 20,      /* one test: its events and formats */
	SCRATCH_BYTES = 8 << 20,           /* conversions of one event, as in the pipeline */
	WHY_BYTES = 1 << 20,
};

/* When the first event of a test happens unless it says: 2025-01-01 00:00 UTC. */
#define TEST_START_NS INT64_C(1735689600000000000)

struct ruletest {
	ruletest_done *done;
	void *ctx;
	struct shadow *shadow;
	struct arena *arena, *scratch;
	struct buf why;
	size_t passed, failed;
	/* The ruleset of the last test: the tests of a file mostly share one. */
	struct ruleset *rules;
	const struct vocabulary *rules_vocabulary;
	struct buf rules_key;              /* its paths, each ended by a NUL */
	bool rules_bad;                    /* they do not load, which the first test of them told */
	/* of the test at hand */
	const char *file;
	struct rule_test test;
	struct expectations expect;
	struct evaluator *evaluator;
	const struct event_view *view;
};

struct ruletest *ruletest_create(ruletest_done *done, void *ctx)
{
	struct ruletest *rt = calloc(1, sizeof *rt);

	if (!rt)
		return NULL;
	rt->done = done;
	rt->ctx = ctx;
	buf_init(&rt->why, WHY_BYTES);
	buf_init(&rt->rules_key, WHY_BYTES);
	rt->shadow = shadow_create();
	rt->arena = arena_create(TEST_ARENA_BYTES);
	rt->scratch = arena_create(SCRATCH_BYTES);
	if (rt->shadow && rt->arena && rt->scratch)
		return rt;
	ruletest_destroy(rt);
	return NULL;
}

void ruletest_destroy(struct ruletest *rt)
{
	if (!rt)
		return;
	ruleset_unref(rt->rules);
	shadow_destroy(rt->shadow);
	arena_destroy(rt->arena);
	arena_destroy(rt->scratch);
	buf_release(&rt->why);
	buf_release(&rt->rules_key);
	free(rt);
}

size_t ruletest_passed(const struct ruletest *rt)
{
	return rt->passed;
}

size_t ruletest_failed(const struct ruletest *rt)
{
	return rt->failed;
}

/* ---- rules ---- */

static void append_errors(struct buf *out, const struct load_results *results)
{
	for (const struct load_file_result *f = results->first; f; f = f->next)
		for (const struct load_message *m = f->first; m; m = m->next)
			if (load_code_severity(m->code) == LOAD_SEVERITY_ERROR)
				load_message_append_text(out, f->name, m);
}

static enum status build_rules(struct ruletest *rt, const struct vocabulary *v)
{
	const struct ruleset_source source = { .vocab = v };
	const struct ruleset_options options = { .sources = &source, .source_count = 1, .min_priority = PRIORITY_DEBUG };
	struct ruleset_builder *b = ruleset_builder_create(&options);
	enum status st = b ? ST_OK : ST_NOMEM;

	for (size_t i = 0; st == ST_OK && i < rt->test.rules.count; i++)
		st = ruleset_builder_add_path(b, rt->test.rules.items[i]);
	if (st == ST_OK)
		st = ruleset_builder_finish(b, &rt->rules);
	if (st == ST_MALFORMED)
		append_errors(&rt->why, ruleset_builder_results(b));
	else if (st != ST_OK)
		buf_printf(&rt->why, "    rules cannot be loaded: %s\n", status_text(st));
	ruleset_builder_destroy(b);
	return st;
}

static enum status load_rules(struct ruletest *rt, const struct vocabulary *v)
{
	struct buf key;
	enum status st;
	bool same;

	buf_init(&key, WHY_BYTES);
	for (size_t i = 0; i < rt->test.rules.count; i++)
		buf_append(&key, rt->test.rules.items[i], strlen(rt->test.rules.items[i]) + 1);
	same = (rt->rules || rt->rules_bad) && rt->rules_vocabulary == v && key.len == rt->rules_key.len && !key.failed &&
	       memcmp(key.data, rt->rules_key.data, key.len) == 0;
	if (same) {
		buf_release(&key);
		if (rt->rules_bad)
			buf_append_str(&rt->why, "    the rules do not load, as told before\n");
		return rt->rules_bad ? ST_MALFORMED : ST_OK;
	}
	ruleset_unref(rt->rules);
	rt->rules = NULL;
	rt->rules_vocabulary = v;
	buf_release(&rt->rules_key);
	rt->rules_key = key;
	st = build_rules(rt, v);
	rt->rules_bad = st == ST_MALFORMED;
	return st;
}

/* ---- running one test ---- */

static bool on_finding(void *ctx, const struct finding *f)
{
	struct ruletest *rt = ctx;

	expectations_note(&rt->expect, f, rt->view);
	return true;
}

static void judge(struct ruletest *rt, const struct event_view *view, uint64_t time_100ns)
{
	rt->view = view;
	evaluator_run(rt->evaluator, view, time_100ns, on_finding, rt);
}

static enum status run_events(struct ruletest *rt, struct diag *why)
{
	int64_t now_ms = -RULETEST_STEP_MS;

	for (size_t i = 0; i < rt->test.events->count; i++) {
		struct shadow_event ev;
		struct event_view view = { .ctx = &ev, .scratch = rt->scratch };
		enum status st = shadow_event_read(rt->shadow, rt->arena, rt->test.events->items[i], &ev, why);

		if (st != ST_OK)
			return st;
		now_ms = ev.at_ms >= 0 ? ev.at_ms : now_ms + RULETEST_STEP_MS;
		ev.number = i + 1;
		ev.time_100ns = filetime_from_unix_ns(TEST_START_NS + now_ms * 1000000);
		view.type = ev.type;
		judge(rt, &view, ev.time_100ns);
		arena_reset(rt->scratch);
	}
	return ST_OK;
}

static enum status visit(void *ctx, const struct event_view *view, const struct event *ev)
{
	judge(ctx, view, ev->rec->time_100ns);
	return ST_OK;
}

struct feeding {
	struct pipeline *pipeline;
	struct diag *why;
};

static enum status feed(void *ctx, const void *ptr, size_t len, uint64_t done_bytes, uint64_t total_bytes)
{
	struct feeding *f = ctx;

	(void)done_bytes;
	(void)total_bytes;
	return pipeline_feed(f->pipeline, ptr, len, f->why);
}

static enum status run_recordings(struct ruletest *rt, struct diag *why)
{
	struct feeding f = { .pipeline = pipeline_create(NULL, visit, rt), .why = why };
	enum status st = f.pipeline ? ST_OK : diag_set(why, ST_NOMEM, "out of memory");

	for (size_t i = 0; st == ST_OK && i < rt->test.inputs.count; i++) {
		st = pipeline_begin(f.pipeline, why);
		if (st == ST_OK)
			st = input_run(rt->test.inputs.items[i], feed, &f, why);
		if (st == ST_OK)
			st = pipeline_finish(f.pipeline, why);
		if (st != ST_OK && !why->file[0])
			diag_set_file(why, rt->test.inputs.items[i]);
	}
	pipeline_destroy(f.pipeline);
	return st;
}

/* ST_OK: the expectations can be looked at; else rt->why or *why says what is wrong. */
static enum status run_test(struct ruletest *rt, const struct yaml_node *node, struct diag *why)
{
	struct cond_checker checker = { .arena = rt->arena };
	enum status st = test_file_test(node, rt->file, rt->arena, &rt->test, why);

	if (st != ST_OK)
		return st;
	checker.vocabulary = rt->test.events ? shadow_vocabulary(rt->shadow) : fields_vocabulary();
	st = expectations_read(rt->test.expect, &checker, &rt->expect, why);
	if (st == ST_OK)
		st = load_rules(rt, checker.vocabulary);
	if (st == ST_OK)
		st = expectations_check_rules(&rt->expect, rt->rules, why);
	if (st != ST_OK)
		return st;
	rt->evaluator = evaluator_create(rt->rules, checker.vocabulary->source);
	if (!rt->evaluator)
		st = diag_set(why, ST_NOMEM, "out of memory");
	else
		st = rt->test.events ? run_events(rt, why) : run_recordings(rt, why);
	evaluator_destroy(rt->evaluator);
	rt->evaluator = NULL;
	return st;
}

static void report(struct ruletest *rt, struct ruletest_case *c)
{
	c->file = rt->file;
	c->why = buf_cstr(&rt->why);
	rt->passed += c->passed;
	rt->failed += !c->passed;
	rt->done(rt->ctx, c);
	buf_clear(&rt->why);
}

static void append_diag(struct buf *out, const char *file, struct diag *why)
{
	char text[1024];

	if (!why->text[0])
		return;
	if (!why->file[0])
		diag_set_file(why, file);
	diag_format(why, text, sizeof text);
	buf_printf(out, "    %s\n", text);
}

static void run_one(struct ruletest *rt, const struct yaml_node *node)
{
	struct ruletest_case c = { .line = node->pos.line };
	struct diag why = DIAG_INIT;
	uint64_t start = os_monotonic_ns();
	enum status st = run_test(rt, node, &why);

	c.name = rt->test.name;
	if (st == ST_OK)
		c.passed = expectations_met(&rt->expect, &rt->why);
	else
		append_diag(&rt->why, rt->file, &why);
	c.elapsed_ns = os_monotonic_ns() - start;
	report(rt, &c);
	expectations_release(&rt->expect);
	memset(&rt->expect, 0, sizeof rt->expect);
	arena_reset(rt->arena);
}

/* ---- files and folders ---- */

static void run_file(struct ruletest *rt, const char *path)
{
	struct diag why = DIAG_INIT;
	struct yaml_doc *doc;

	rt->file = path;
	if (test_file_read(path, &doc, &why) == ST_OK) {
		const struct yaml_node *root = yaml_doc_root(doc, 0);

		for (size_t i = 0; i < root->count; i++)
			run_one(rt, root->items[i]);
	} else {
		struct ruletest_case c = { .name = "(the file)", .line = why.line > 0 ? (uint32_t)why.line : 1 };

		append_diag(&rt->why, path, &why);
		report(rt, &c);
	}
	yaml_doc_destroy(doc);
}

struct listing {
	struct arena *arena;
	char **names;
	size_t count;
};

static enum status on_entry(void *ctx, const char *name)
{
	struct listing *l = ctx;

	if (name[0] == '.')
		return ST_OK;
	if (l->count == RULETEST_MAX_FILES)
		return ST_LIMIT;
	l->names[l->count] = arena_strdup(l->arena, name);
	return l->names[l->count++] ? ST_OK : ST_NOMEM;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_test_file(const char *name)
{
	static const char *const ends[] = { "_test.yaml", "_test.yml" };
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t n = strlen(ends[i]);

		if (len >= n && strcmp(name + len - n, ends[i]) == 0)
			return true;
	}
	return false;
}

static enum status run_path(struct ruletest *rt, const char *path, unsigned depth, struct diag *why);

static enum status run_folder(struct ruletest *rt, const char *path, unsigned depth, struct diag *why)
{
	struct listing l = { .arena = arena_create(TEST_ARENA_BYTES) };
	enum status st = ST_NOMEM;
	char below[TEST_MAX_PATH_BYTES];

	if (l.arena)
		l.names = arena_alloc(l.arena, RULETEST_MAX_FILES * sizeof *l.names);
	if (l.names)
		st = folder_list(path, on_entry, &l, why);
	if (l.count)
		qsort(l.names, l.count, sizeof *l.names, compare_names);
	for (size_t i = 0; st == ST_OK && i < l.count; i++) {
		int n = snprintf(below, sizeof below, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", l.names[i]);

		if (n < 0 || (size_t)n >= sizeof below)
			st = diag_set(why, ST_LIMIT, "the path is too long");
		else if (is_test_file(l.names[i]) || path_is_folder(below))
			st = run_path(rt, below, depth + 1, why);
	}
	arena_destroy(l.arena);
	return st;
}

static enum status run_path(struct ruletest *rt, const char *path, unsigned depth, struct diag *why)
{
	if (!path_is_folder(path)) {
		run_file(rt, path);
		return ST_OK;
	}
	if (depth > RULETEST_MAX_FOLDER_DEPTH)
		return diag_set(why, ST_LIMIT, "%s: folders nest too deep", path);
	return run_folder(rt, path, depth, why);
}

enum status ruletest_run(struct ruletest *rt, const char *path, struct diag *why)
{
	return run_path(rt, path[0] ? path : ".", 0, why);
}
