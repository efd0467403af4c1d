/* engine_bench RULES.yaml EVENTS.jsonl [--seconds S] [--dump-matches FILE]: speed of the rule engine alone. Events are
 * read into memory first, then evaluated in a loop on one core, all matches wanted. The last line is a JSON object. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policyd/engine/condition.h"
#include "policyd/engine/program.h"
#include "policyd/ruleset/ruleset.h"
#include "tests/bench/bench_events.h"

enum { SCRATCH_BYTES = 64 << 20, MAX_HITS = 1 << 16 };

struct options {
	const char *rules, *events, *dump;
	double seconds;
};

struct bench {
	struct options options;
	struct bench_events *events;
	struct ruleset *rules;
	struct matcher *matcher;
	struct arena *scratch;
	FILE *dump;
	double load_ms;
	size_t hits[MAX_HITS];
	size_t hit_count;
	size_t rule_count;             /* behind these stand steps of sequences, which are no matches */
	uint64_t matches;              /* of one round over all events */
	uint64_t evaluated;
	double seconds;
};

static double now_seconds(void)
{
	struct timespec t;

	timespec_get(&t, TIME_UTC);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool parse_options(int argc, char **argv, struct options *o)
{
	*o = (struct options){ .seconds = 5 };
	for (int i = 1; i < argc; i++) {
		bool has_value = i + 1 < argc;

		if (strcmp(argv[i], "--seconds") == 0 && has_value)
			o->seconds = strtod(argv[++i], NULL);
		else if (strcmp(argv[i], "--dump-matches") == 0 && has_value)
			o->dump = argv[++i];
		else if (argv[i][0] == '-')
			return false;
		else if (!o->rules)
			o->rules = argv[i];
		else if (!o->events)
			o->events = argv[i];
		else
			return false;
	}
	return o->rules && o->events && o->seconds >= 0;
}

/* Loads the rules; complain: says why not, on standard error; describe: with canonical conditions. */
static enum status load_rules(struct bench *b, bool complain, bool describe)
{
	struct ruleset_source source = { .vocab = bench_events_vocabulary(b->events) };
	struct ruleset_options options = { .sources = &source, .source_count = 1, .min_priority = PRIORITY_DEBUG,
		.describe = describe };
	double start = now_seconds();
	struct ruleset_builder *builder = ruleset_builder_create(&options);
	enum status st = builder ? ruleset_builder_add_file(builder, b->options.rules) : ST_NOMEM;
	struct buf text;

	if (st == ST_OK)
		st = ruleset_builder_finish(builder, &b->rules);
	b->load_ms = (now_seconds() - start) * 1e3;
	buf_init(&text, 16 << 20);
	if (st != ST_OK && complain && builder && load_results_append_text(&text, ruleset_builder_results(builder)))
		fputs(buf_cstr(&text), stderr);
	buf_release(&text);
	ruleset_builder_destroy(builder);
	return st;
}

static bool add_types(void *ctx, const struct ast_node *node)
{
	const struct ast_check *check = node->check;
	struct bench_events *events = ctx;

	if (check->left->kind != AST_FIELD || check->left->name_len != 8 || memcmp(check->left->name, "evt.type", 8) != 0)
		return true;
	for (size_t i = 0; i < check->value_count; i++) {
		if (!bench_events_add_type(events, check->values[i].ptr, check->values[i].len))
			return false;
	}
	return true;
}

/* Rules may ask for event types that none of the events has: takes them from the rules' own conditions. */
static enum status learn_types(struct bench *b)
{
	struct arena *arena = arena_create(256 << 20);
	struct cond_parser parser = { .arena = arena };
	enum status st;

	bench_events_set_typed(b->events, false);
	st = arena ? load_rules(b, true, true) : ST_NOMEM;
	for (size_t i = 0; st == ST_OK && i < ruleset_rule_count(b->rules); i++) {
		const char *text = ruleset_rule(b->rules, i)->condition_canonical;
		const struct ast_node *root;
		struct cond_diag why;

		if (condition_parse(&parser, text, strlen(text), &root, &why) == ST_OK)
			ast_each_check(root, add_types, b->events);
	}
	ruleset_unref(b->rules);
	b->rules = NULL;
	arena_destroy(arena);
	bench_events_set_typed(b->events, true);
	return st;
}

static enum status prepare(struct bench *b)
{
	struct diag why = DIAG_INIT;
	enum status st = bench_events_load(b->options.events, &b->events, &why);
	const struct program *program;

	if (st != ST_OK) {
		fprintf(stderr, "%s\n", why.text);
		return st;
	}
	st = load_rules(b, false, false);
	if (st != ST_OK && (st = learn_types(b)) == ST_OK)
		st = load_rules(b, true, false);
	if (st != ST_OK)
		return st;
	program = ruleset_runs(b->rules, "windows").program;
	b->rule_count = ruleset_runs(b->rules, "windows").rule_count;
	b->scratch = arena_create(SCRATCH_BYTES);
	b->matcher = program ? matcher_create(program) : NULL;
	b->dump = b->options.dump ? fopen(b->options.dump, "wb") : NULL;
	if (b->options.dump && !b->dump)
		fprintf(stderr, "%s: cannot be written\n", b->options.dump);
	if (!program)
		fprintf(stderr, "no rule of source windows\n");
	return b->scratch && b->matcher && (b->dump || !b->options.dump) ? ST_OK : ST_SYSTEM;
}

static bool on_match(void *ctx, size_t rule)
{
	struct bench *b = ctx;

	if (rule < b->rule_count && b->hit_count < MAX_HITS)
		b->hits[b->hit_count++] = rule;
	return true;
}

static void dump_hits(struct bench *b, int64_t index)
{
	struct ruleset_runs runs = ruleset_runs(b->rules, "windows");

	fprintf(b->dump, "%" PRId64, index);
	for (size_t i = 0; i < b->hit_count; i++)
		fprintf(b->dump, " %s", runs.rules[b->hits[i]]->name);
	fputc('\n', b->dump);
}

static void run_round(struct bench *b)
{
	size_t count = bench_events_count(b->events);

	for (size_t i = 0; i < count; i++) {
		const struct bench_event *e = bench_events_at(b->events, i);
		struct event_view view = { .ctx = (void *)(uintptr_t)e, .type = e->type, .scratch = b->scratch };

		b->hit_count = 0;
		matcher_run(b->matcher, &view, on_match, b);
		arena_reset(b->scratch);
		b->matches += b->hit_count;
		if (b->dump && b->hit_count)
			dump_hits(b, e->index);
	}
	b->evaluated += count;
}

/* One round for the matches and to warm up, then timed rounds. */
static void run(struct bench *b)
{
	uint64_t matches;
	double start;

	run_round(b);
	matches = b->matches;
	if (b->dump)
		fclose(b->dump);
	b->dump = NULL;
	b->evaluated = 0;
	start = now_seconds();
	do {
		run_round(b);
		b->seconds = now_seconds() - start;
	} while (b->seconds < b->options.seconds && b->evaluated);
	b->matches = matches;
}

/* The most memory this process ever had, as Linux tells; 0 elsewhere. */
static long peak_rss_kib(void)
{
	FILE *in = fopen("/proc/self/status", "rb");
	char line[256];
	long kib = 0;

	while (in && fgets(line, sizeof line, in)) {
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	}
	if (in)
		fclose(in);
	return kib;
}

static void report(const struct bench *b)
{
	double per_event = b->evaluated ? b->seconds / (double)b->evaluated : 0;

	printf("{\"rules\":%zu,\"load_ms\":%.2f,\"rules_bytes\":%zu,\"events\":%zu,\"events_per_s\":%.0f,\"ns_per_event\":%.1f,"
		"\"matches\":%" PRIu64 ",\"peak_rss_kib\":%ld}\n", ruleset_runs(b->rules, "windows").rule_count, b->load_ms,
		ruleset_held_bytes(b->rules), bench_events_count(b->events), per_event > 0 ? 1 / per_event : 0, per_event * 1e9,
		b->matches, peak_rss_kib());
}

int main(int argc, char **argv)
{
	static struct bench b;
	int code = 1;

	if (!parse_options(argc, argv, &b.options)) {
		fprintf(stderr, "usage: engine_bench RULES.yaml EVENTS.jsonl [--seconds S] [--dump-matches FILE]\n");
		return 2;
	}
	if (prepare(&b) == ST_OK) {
		run(&b);
		report(&b);
		code = 0;
	}
	if (b.dump)
		fclose(b.dump);
	matcher_destroy(b.matcher);
	ruleset_unref(b.rules);
	bench_events_destroy(b.events);
	arena_destroy(b.scratch);
	return code;
}
