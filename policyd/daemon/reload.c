#include "policyd/daemon/reload.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/daemon/output_plan.h"
#include "policyd/daemon/rules_loader.h"
#include "policyd/daemon/ruleset_diff.h"
#include "proto/host/os_file.h"

/* One reload. It is freed by the thread that filled it, rules and all: memory that another thread gives back is locked
 * for a moment, and a thread that gives way may hold such a lock for long. */
struct job {
	struct reload *owner;
	uint64_t number, start_ns;
	struct rule_selection *selection;       /* copy: the loop may add to its own meanwhile */
	size_t selection_count;
	const struct judge_rules *previous;     /* read only; the loop does not destroy it while a job runs */
	const struct config *running;           /* of the start */
	/* Results. */
	enum status st;
	struct config *config;
	struct judge_rules *rules;
	struct outputs_change *outputs;
	struct config_report report;
	struct ruleset_diff diff;
	struct buf restart;
	/* What ran before, to be freed. */
	struct judge_rules *old_rules;
	struct config *old_config;
};

struct reload {
	struct reload_source source;
	struct reload_owner owner;
	const struct config *first;             /* of the start: what cannot change live points into it */
	struct rule_selection selection[RELOAD_MAX_SELECTION];
	size_t selection_count;
	struct job *running;
	bool again;
	uint64_t next_number, failures;
	struct reload_result last;
	char *texts[3];                         /* of last */
};

static char *dup_text(const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = malloc(n);

	return copy ? memcpy(copy, text, n) : NULL;
}

static enum status load(struct job *j, const struct reload_source *source)
{
	struct rules_loader loader = { .paths = source->rules_paths, .path_count = source->rules_path_count,
		.extra = j->selection, .extra_count = j->selection_count };
	enum status st = config_load(&source->config, &j->config, &j->report);

	if (st != ST_OK)
		return st;
	loader.config = j->config;
	buf_init(&loader.text, RULES_LOADER_TEXT_BYTES);
	st = rules_loader_run(&loader);
	buf_append(&j->report.text, loader.text.data, loader.text.len);
	buf_release(&loader.text);
	j->report.errors += loader.errors;
	j->report.warnings += loader.warnings;
	if (st == ST_OK) {
		j->rules = judge_rules_create(loader.set, j->previous);
		st = j->rules ? ST_OK : ST_NOMEM;
	}
	ruleset_unref(loader.set);
	return st;
}

struct first {
	struct job job;
	const struct reload_source *source;
};

static void load_first(void *ctx)
{
	struct first *f = ctx;

	f->job.st = load(&f->job, f->source);
}

enum status reload_first(const struct reload_source *source, struct config **config, struct judge_rules **rules,
	struct config_report *report)
{
	struct first f = { .source = source, .job = { .report = *report, .st = ST_NOMEM } };
	uv_thread_t thread;

	/* On a thread, so that these rules are in no memory of the loop's either. */
	if (uv_thread_create(&thread, load_first, &f) == 0)
		uv_thread_join(&thread);
	*report = f.job.report;
	*config = f.job.st == ST_OK ? f.job.config : NULL;
	*rules = f.job.st == ST_OK ? f.job.rules : NULL;
	if (f.job.st != ST_OK)
		config_destroy(f.job.config);
	return f.job.st;
}

struct reload *reload_create(const struct reload_source *source, const struct reload_owner *owner)
{
	struct reload *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->source = *source;
	r->owner = *owner;
	r->first = *owner->config;
	r->next_number = 2;
	r->last = (struct reload_result){ .status = ST_OK, .number = 1, .time_ns = os_wall_ns(), .report = "",
		.changes = "", .restart_needed = "", .rules = judge_rules_runs(judge_current(owner->judge))->rule_count };
	return r;
}

static void free_selection(struct rule_selection *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free((char *)(uintptr_t)items[i].rule);
		free((char *)(uintptr_t)items[i].tag);
	}
}

void reload_destroy(struct reload *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < 3; i++)
		free(r->texts[i]);
	free_selection(r->selection, r->selection_count);
	free(r);
}

/* The outputs of the new configuration, ready to run. */
static enum status prepare_outputs(struct job *j)
{
	struct diag why = DIAG_INIT;
	struct output_plan plan;
	enum status st = output_plan_make(&plan, j->config, &why);

	if (st == ST_OK)
		st = outputs_prepare(&plan.config, &j->outputs, &why);
	output_plan_release(&plan);
	if (st != ST_OK) {
		j->report.errors++;
		buf_printf(&j->report.text, "error: %s\n", why.text);
	}
	return st;
}

/* On the background thread. */
static void work(void *ctx)
{
	struct job *j = ctx;

	j->st = load(j, &j->owner->source);
	if (j->st == ST_OK && j->owner->owner.outputs)
		j->st = prepare_outputs(j);
	if (j->st != ST_OK)
		return;
	ruleset_diff_make(&j->diff, judge_rules_set(j->previous), judge_rules_set(j->rules), RELOAD_MAX_NAMED);
	config_restart_needed(j->running, j->config, &j->restart);
}

static void free_job(void *ctx)
{
	struct job *j = ctx;

	judge_rules_destroy(j->rules);
	judge_rules_destroy(j->old_rules);
	config_destroy(j->config);
	config_destroy(j->old_config);
	outputs_change_destroy(j->outputs);
	free_selection(j->selection, j->selection_count);
	free(j->selection);
	config_report_release(&j->report);
	ruleset_diff_release(&j->diff);
	buf_release(&j->restart);
	free(j);
}

static char *keep_text(struct reload *r, size_t place, struct buf *text)
{
	char *copy = dup_text(buf_cstr(text));

	free(r->texts[place]);
	r->texts[place] = copy;
	return copy;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void publish(struct reload *r, struct job *j)
{
	struct reload_result *last = &r->last;

	last->status = j->st;
	last->number = j->number;
	last->time_ns = os_wall_ns();
	last->took_ms = (os_monotonic_ns() - j->start_ns) / 1000000;
	last->errors = j->report.errors;
	last->warnings = j->report.warnings;
	last->added = j->diff.added;
	last->removed = j->diff.removed;
	last->changed = j->diff.changed;
	last->rules = judge_rules_runs(judge_current(r->owner.judge))->rule_count;
	last->report = or_empty(keep_text(r, 0, &j->report.text));
	last->changes = or_empty(keep_text(r, 1, &j->diff.text));
	last->restart_needed = or_empty(keep_text(r, 2, &j->restart));
	if (j->st != ST_OK)
		r->failures++;
	r->owner.done(r->owner.ctx, last);
}

/* What was loaded takes over; what it replaces stays with the job. */
static void take(struct reload *r, struct job *j)
{
	struct config *old = *r->owner.config;

	*r->owner.config = j->config;
	j->config = NULL;
	j->old_config = old == r->first ? NULL : old;
	j->old_rules = judge_swap(r->owner.judge, j->rules);
	j->rules = NULL;
	if (j->outputs)
		outputs_change(r->owner.outputs, j->outputs);
	j->outputs = NULL;
}

/* On the loop, so between two events. */
static void after_work(void *ctx)
{
	struct job *j = ctx;
	struct reload *r = j->owner;

	r->running = NULL;
	if (j->st == ST_OK)
		take(r, j);
	publish(r, j);
	if (!background_run(r->owner.background, free_job, NULL, j))
		free_job(j);
	if (r->again)
		reload_request(r);
}

static bool copy_selection(struct reload *r, struct job *j)
{
	j->selection = calloc(r->selection_count + 1, sizeof *j->selection);
	for (size_t i = 0; j->selection && i < r->selection_count; i++) {
		const struct rule_selection *from = &r->selection[i];

		j->selection[i] = (struct rule_selection){ .enable = from->enable,
			.rule = from->rule ? dup_text(from->rule) : NULL, .tag = from->tag ? dup_text(from->tag) : NULL };
		j->selection_count++;
		if ((from->rule && !j->selection[i].rule) || (from->tag && !j->selection[i].tag))
			return false;
	}
	return j->selection != NULL;
}

uint64_t reload_request(struct reload *r)
{
	struct job *j;

	r->again = r->running != NULL;
	if (r->again)
		return r->next_number;
	j = calloc(1, sizeof *j);
	if (!j)
		return 0;
	config_report_init(&j->report);
	ruleset_diff_init(&j->diff);
	buf_init(&j->restart, 1 << 16);
	j->owner = r;
	j->start_ns = os_monotonic_ns();
	j->previous = judge_current(r->owner.judge);
	j->running = r->first;
	if (!copy_selection(r, j) || !background_run(r->owner.background, work, after_work, j)) {
		free_job(j);
		return 0;
	}
	j->number = r->next_number++;
	r->running = j;
	return j->number;
}

uint64_t reload_select(struct reload *r, bool enable, const char *rule, const char *tag)
{
	struct rule_selection *s = &r->selection[r->selection_count];

	if (r->selection_count == RELOAD_MAX_SELECTION)
		return 0;
	*s = (struct rule_selection){ .enable = enable, .rule = rule ? dup_text(rule) : NULL, .tag = tag ? dup_text(tag) : NULL };
	r->selection_count++;
	return reload_request(r);
}

const struct reload_result *reload_last(const struct reload *r)
{
	return &r->last;
}

uint64_t reload_failures(const struct reload *r)
{
	return r->failures;
}
