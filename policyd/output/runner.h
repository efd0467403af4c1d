/* runner: the thread of one output: takes from the store what is pending, sends it, waits when that fails. What runners
 * share with the store's thread stands here too. Private to outputs.c and runner.c. */
#ifndef VITRINE_OUTPUT_RUNNER_H
#define VITRINE_OUTPUT_RUNNER_H

#include <stdatomic.h>
#include <uv.h>

#include "policyd/output/backoff.h"
#include "policyd/output/sink.h"
#include "policyd/output/store.h"

/* What the threads of one daemon's outputs wait on. */
struct output_signal {
	uv_mutex_t lock;
	uv_cond_t changed;
	uint64_t generation;                   /* of writes to the store */
	atomic_bool draining;                  /* no alerts are pushed any more; the store's thread writes the rest and ends */
	atomic_bool complete;                  /* it has; runners end when all is delivered */
	atomic_bool stopping;                  /* end now */
};

struct runner {
	const struct output_config *config;
	const struct sink_type *type;
	void *sink;
	struct store *store;
	size_t index;                          /* in the store */
	struct output_signal *signal;
	struct backoff backoff;
	struct output_stats stats;             /* under signal->lock; without what the store counts */
	uint64_t retry_at_ns;
	uv_thread_t thread;
	bool started, ended;                   /* ended: under signal->lock */
};

const struct sink_type *runner_sink_type(enum output_kind kind);    /* NULL: not in this build */
void runner_thread(void *runner);

/* Waits until the store has more than `seen`, the program stops, or ms have passed. */
void output_signal_wait(struct output_signal *s, uint64_t seen, uint32_t ms);

#endif
