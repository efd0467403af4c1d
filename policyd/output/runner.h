/* runner: the thread of one output: takes from the store what is pending, sends it, waits when that fails. What runners
 * share with the store's thread stands here too. Private to outputs.c and runner.c. */
#ifndef VITRINE_OUTPUT_RUNNER_H
#define VITRINE_OUTPUT_RUNNER_H

#include <stdatomic.h>
#include <uv.h>

#include "policyd/http/backoff.h"
#include "policyd/output/sink.h"
#include "policyd/output/store.h"

enum { RUNNER_GRACE_MS = 2000 };    /* an answer that comes in time saves sending twice; a dead receiver is left soon */

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
	struct arena *memory;                  /* holds the configuration */
	struct output_config config;
	struct sink_env env;
	const struct sink_type *type;
	void *sink;
	struct store *store;
	size_t index;                          /* in the store */
	struct output_signal *signal;
	struct backoff backoff;
	struct output_stats stats;             /* under signal->lock; without what the store counts */
	uint64_t retry_at_ns;
	struct runner *before;                 /* of this name; its thread ends before this one's sends. Owned */
	struct runner *next;                   /* in a list of the owner's */
	uv_thread_t thread;
	_Atomic uint64_t retired_ns;           /* uv_hrtime: end, this one only; 0: goes on */
	bool started, ended;                   /* under signal->lock */
};

const struct sink_type *runner_sink_type(enum output_kind kind);    /* NULL: not in this build */

/* Makes the sink; nothing is sent yet. c is copied. *out NULL unless ST_OK: the configuration cannot work. */
enum status runner_create(const struct output_config *c, const struct outputs_config *all, struct runner **out,
	struct diag *why);
bool runner_is_same(const struct runner *a, const struct runner *b);    /* configured the same in all */
/* Ends it after what is on the way, for which there are RUNNER_GRACE_MS. Under signal->lock, and wake its waiters. */
void runner_retire(struct runner *r);
/* store, index, signal and before are set. False: no thread. */
bool runner_start(struct runner *r);
void runner_destroy(struct runner *r);    /* waits for its thread, and for those before it; NULL is fine */

/* Waits until the store has more than `seen`, the program stops, this runner is retired, or ms have passed. r may be
 * NULL. */
void output_signal_wait(struct output_signal *s, const struct runner *r, uint64_t seen, uint32_t ms);

#endif
