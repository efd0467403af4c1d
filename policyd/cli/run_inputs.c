#include "policyd/cli/run_inputs.h"

#include <stdio.h>

#include "policyd/ingest/input.h"
#include "proto/host/interrupt.h"
#include "proto/host/os_file.h"
#include "proto/host/progress.h"

struct run {
	struct pipeline *pipeline;
	struct progress progress;
	struct diag *why;
	uint64_t done;
};

static enum status on_bytes(void *ctx, const void *ptr, size_t len, uint64_t done_bytes, uint64_t total_bytes)
{
	struct run *run = ctx;

	progress_update(&run->progress, done_bytes, total_bytes);
	run->done += len;
	if (interrupt_seen())
		return ST_STOPPED;
	return pipeline_feed(run->pipeline, ptr, len, run->why);
}

static void tell(const char *path, struct diag *why)
{
	char text[1024];

	if (!why->file[0])
		diag_set_file(why, path);
	diag_format(why, text, sizeof text);
	fprintf(stderr, "policyd: %s\n", text);
}

/* ST_OK, ST_STOPPED, or what was told on stderr. */
static enum status run_one(struct run *run, const char *path)
{
	struct diag why = DIAG_INIT;
	enum status st = pipeline_begin(run->pipeline, &why), ended;

	run->why = &why;
	progress_init(&run->progress, stderr, path);
	if (st == ST_OK)
		st = input_run(path, on_bytes, run, &why);
	progress_clear(&run->progress);
	if (st != ST_OK && st != ST_STOPPED)
		tell(path, &why);
	/* Also after a failure: what was held is evaluated, and the ledger closes. */
	ended = pipeline_finish(run->pipeline, st == ST_OK ? &why : NULL);
	if (st == ST_OK && ended != ST_OK && ended != ST_STOPPED)
		tell(path, &why);
	return st == ST_OK ? ended : st;
}

struct run_result run_inputs(struct pipeline *p, const struct options *o)
{
	struct run run = { .pipeline = p };
	struct run_result result = { .failed = false };
	uint64_t start = os_monotonic_ns();

	for (size_t i = 0; i < o->operand_count && !result.interrupted; i++) {
		enum status st = run_one(&run, o->operands[i]);

		if (st == ST_STOPPED)
			result.interrupted = true;
		else if (st != ST_OK)
			result.failed = true;
	}
	result.bytes = run.done;
	result.nothing_read = run.done == 0;
	result.elapsed_ns = os_monotonic_ns() - start;
	return result;
}
