/* links: policyd_ruleset test_policyd_ruleset */
/* Any text as rules files ("#----" on a line of its own starts the next file): it loads or says why, in bounded time,
 * every place it names lies in the file, and what loads can be asked and run. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/program.h"
#include "tests/support/rules_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REPORT_BYTES = 16 << 20, SCRATCH_BYTES = 1 << 20, MAX_INPUT = 1 << 18 };

static bool on_match(void *ctx, size_t rule)
{
	const struct ruleset_runs *runs = ctx;

	if (rule >= runs->rule_count + runs->step_count)
		abort();
	if (rule >= runs->rule_count)
		rule = runs->steps[rule - runs->rule_count].rule;
	if (rule >= runs->rule_count || !runs->rules[rule]->runs)
		abort();
	return true;
}

static void run(const struct ruleset *rs)
{
	struct ruleset_runs runs = ruleset_runs(rs, "windows");
	struct arena *scratch = arena_create(SCRATCH_BYTES);
	struct matcher *m = runs.program ? matcher_create(runs.program) : NULL;
	struct rules_event event = { .values = { NULL } };
	struct event_view view;

	rules_event_set(&event, "evt.type", "process_start");
	rules_event_set(&event, "proc.name", "cmd.exe");
	rules_event_set(&event, "proc.cmdline", "cmd /c C:\\x y");
	rules_event_bind(&event, scratch, &view);
	if (m && scratch)
		matcher_run(m, &view, on_match, &runs);
	matcher_destroy(m);
	arena_destroy(scratch);
}

static void check_messages(const struct load_results *results)
{
	struct buf text;

	buf_init(&text, REPORT_BYTES);
	load_results_append_text(&text, results);
	load_results_append_json(&text, results);
	load_results_append_short(&text, results);
	buf_release(&text);
	for (const struct load_file_result *f = results->first; f; f = f->next)
		for (const struct load_message *m = f->first; m; m = m->next)
			if (m->line_text && m->caret > strlen(m->line_text))
				abort();
}

static const char *find_mark(const char *text, size_t len, const char *mark)
{
	size_t n = strlen(mark);

	for (; len >= n; text++, len--)
		if (memcmp(text, mark, n) == 0)
			return text;
	return NULL;
}

static enum status add_files(struct ruleset_builder *b, const char *text, size_t len)
{
	static const char mark[] = "\n#----\n";
	enum status st = ST_OK;

	while (st == ST_OK) {
		const char *end = find_mark(text, len, mark);
		size_t n = end ? (size_t)(end - text) + 1 : len;

		st = ruleset_builder_add_text(b, "fuzz.yaml", text, n);
		if (!end)
			break;
		text += n + sizeof mark - 2;
		len -= n + sizeof mark - 2;
	}
	return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset_options options = rules_world_options();
	struct ruleset_builder *b = size <= MAX_INPUT ? ruleset_builder_create(&options) : NULL;
	struct ruleset *rs = NULL;

	if (!b)
		return 0;
	if (add_files(b, (const char *)data, size) == ST_OK && ruleset_builder_finish(b, &rs) == ST_OK)
		run(rs);
	check_messages(ruleset_builder_results(b));
	ruleset_unref(rs);
	ruleset_builder_destroy(b);
	return 0;
}
