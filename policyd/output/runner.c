#include "policyd/output/runner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/output/output_config.h"
#include "proto/base/log.h"

enum { IDLE_MS = 1000 };    /* a look at the store without being told; costs one query */

const struct sink_type *runner_sink_type(enum output_kind kind)
{
	static const struct sink_type *const types[OUTPUT_KIND_COUNT] = {
		[OUTPUT_STDOUT] = &sink_stdout, [OUTPUT_FILE] = &sink_file, [OUTPUT_HTTP] = &sink_http,
		[OUTPUT_OTLP] = &sink_otlp, [OUTPUT_SYSLOG] = &sink_syslog,
	};

	return (unsigned)kind < OUTPUT_KIND_COUNT ? types[kind] : NULL;
}

/* ---- made and unmade ---- */

static bool must_stop(const struct runner *r)
{
	return r->retired_ns || r->signal->stopping;
}

static bool sink_must_stop(void *ctx)
{
	const struct runner *r = ctx;
	uint64_t retired_ns = r->retired_ns;

	return r->signal->stopping || (retired_ns && uv_hrtime() - retired_ns > (uint64_t)RUNNER_GRACE_MS * 1000000);
}

void runner_retire(struct runner *r)
{
	if (!r->retired_ns)
		r->retired_ns = uv_hrtime();
}

enum status runner_create(const struct output_config *c, const struct outputs_config *all, struct runner **out,
	struct diag *why)
{
	struct runner *r = calloc(1, sizeof *r);
	enum status st;

	*out = NULL;
	if (!r)
		return diag_set(why, ST_NOMEM, "out of memory");
	*r = (struct runner){ .type = runner_sink_type(c->kind), .backoff = BACKOFF_INIT, .stats.kind = c->kind,
		.memory = arena_create(OUTPUT_CONFIG_BYTES) };
	r->env = (struct sink_env){ .stopping = sink_must_stop, .ctx = r, .resource_count = all->resource_count };
	if (r->memory)
		r->env.resource = output_pairs_copy(r->memory, all->resource, all->resource_count);
	if (!r->type)
		st = diag_set(why, ST_UNSUPPORTED, "output %s: this kind is not in this build", c->name);
	else if (!r->env.resource || !output_config_copy(r->memory, c, &r->config))
		st = diag_set(why, ST_NOMEM, "out of memory");
	else
		st = r->type->create(&r->config, &r->env, &r->sink, why);
	snprintf(r->stats.name, sizeof r->stats.name, "%s", c->name);
	if (st == ST_OK)
		*out = r;
	else
		runner_destroy(r);
	return st;
}

bool runner_is_same(const struct runner *a, const struct runner *b)
{
	return output_config_is_same(&a->config, &b->config) && a->env.resource_count == b->env.resource_count &&
	       output_pairs_are_same(a->env.resource, b->env.resource, a->env.resource_count);
}

void runner_destroy(struct runner *r)
{
	if (!r)
		return;
	if (r->started)
		uv_thread_join(&r->thread);
	runner_destroy(r->before);
	if (r->sink)
		r->type->destroy(r->sink);
	arena_destroy(r->memory);
	free(r);
}

void output_signal_wait(struct output_signal *s, const struct runner *r, uint64_t seen, uint32_t ms)
{
	uint64_t end = uv_hrtime() + (uint64_t)ms * 1000000, now;

	uv_mutex_lock(&s->lock);
	while (s->generation <= seen && !s->stopping && !(r && r->retired_ns) && (now = uv_hrtime()) < end)
		uv_cond_timedwait(&s->changed, &s->lock, end - now);
	uv_mutex_unlock(&s->lock);
}

static uint32_t random_number(void)
{
	uint32_t n = (uint32_t)uv_hrtime();

	uv_random(NULL, NULL, &n, sizeof n, 0, NULL);
	return n;
}

/* ---- what became of a batch ---- */

static void note_failure(struct runner *r, const char *error, uint32_t wait_ms)
{
	bool first;

	uv_mutex_lock(&r->signal->lock);
	first = r->stats.health != OUTPUT_RETRYING;
	r->stats.health = OUTPUT_RETRYING;
	r->stats.failures++;
	r->retry_at_ns = uv_hrtime() + (uint64_t)wait_ms * 1000000;
	snprintf(r->stats.last_error, sizeof r->stats.last_error, "%.255s", error);
	uv_mutex_unlock(&r->signal->lock);
	if (first)
		log_line(LOG_LEVEL_WARNING, "output %s: %s; alerts are kept and sent again", r->config.name, error);
}

static void note_result(struct runner *r, uint64_t delivered, uint64_t rejected, const char *error)
{
	bool back;

	uv_mutex_lock(&r->signal->lock);
	r->stats.delivered += delivered;
	r->stats.rejected += rejected;
	back = r->stats.health == OUTPUT_RETRYING;
	r->stats.health = delivered ? OUTPUT_OK : OUTPUT_FAILED;
	r->retry_at_ns = 0;
	snprintf(r->stats.last_error, sizeof r->stats.last_error, "%s", error);
	uv_mutex_unlock(&r->signal->lock);
	if (back)
		log_line(LOG_LEVEL_INFO, "output %s: delivers again", r->config.name);
	if (rejected)
		log_line(LOG_LEVEL_WARNING, "output %s: %" PRIu64 " alerts refused for good: %s", r->config.name, rejected, error);
}

/* The store may refuse for a while; a delivery that is not recorded would be made twice. */
static void record(struct runner *r, const int64_t *ids, size_t count)
{
	struct backoff again = BACKOFF_INIT;
	struct diag why = DIAG_INIT;

	while (count && store_ack(r->store, r->index, ids, count, &why) != ST_OK && !must_stop(r)) {
		note_failure(r, why.text, 0);
		output_signal_wait(r->signal, r, UINT64_MAX, backoff_next_ms(&again, random_number(), 0));
	}
}

/* True when all of the batch is settled. */
static bool settle(struct runner *r, const struct alert_batch *b, const struct sink_result *result)
{
	int64_t ids[SINK_MAX_BATCH];
	uint64_t count = 0, rejected = 0, more = result->rejected_more;

	for (size_t i = 0; i < alert_batch_count(b); i++) {
		if (result->marks[i] == SINK_OPEN)
			continue;
		ids[count++] = alert_batch_at(b, i)->id;
		rejected += result->marks[i] == SINK_REJECTED;
	}
	if (more > count - rejected)               /* the other side may say anything */
		more = count - rejected;
	if (count)
		note_result(r, count - rejected - more, rejected + more, result->error);
	record(r, ids, count);
	return count == alert_batch_count(b);
}

static void send_batch(struct runner *r, const struct alert_batch *b)
{
	struct sink_result result;
	uint32_t wait_ms;

	memset(&result, 0, sizeof result);
	uv_mutex_lock(&r->signal->lock);
	r->stats.attempts++;
	uv_mutex_unlock(&r->signal->lock);
	r->type->send(r->sink, b, &result);
	if (settle(r, b, &result)) {
		backoff_reset(&r->backoff);
		return;
	}
	wait_ms = backoff_next_ms(&r->backoff, random_number(), result.retry_after_ms);
	note_failure(r, result.error, wait_ms);
	output_signal_wait(r->signal, r, UINT64_MAX, wait_ms);
}

static uint64_t generation(struct output_signal *s)
{
	uint64_t now;

	uv_mutex_lock(&s->lock);
	now = s->generation;
	uv_mutex_unlock(&s->lock);
	return now;
}

/* False: nothing was there. */
static bool deliver_some(struct runner *r)
{
	struct diag why = DIAG_INIT;
	struct alert_batch *b = store_fetch(r->store, r->index, r->type->max_batch, SINK_BATCH_BYTES, &why);

	if (!b && why.text[0]) {
		uint32_t wait_ms = backoff_next_ms(&r->backoff, random_number(), 0);

		note_failure(r, why.text, wait_ms);
		output_signal_wait(r->signal, r, UINT64_MAX, wait_ms);
		return !r->signal->complete;
	}
	if (b)
		send_batch(r, b);
	alert_batch_destroy(b);
	return b != NULL;
}

/* The one of this name that ran so far ends first, so that alerts go out in order; its counters live on. */
static void take_over(struct runner *r)
{
	struct output_stats old;

	if (r->before->started) {
		uv_thread_join(&r->before->thread);
		r->before->started = false;
	}
	uv_mutex_lock(&r->signal->lock);
	old = r->before->stats;
	r->stats.delivered = old.delivered;
	r->stats.rejected = old.rejected;
	r->stats.attempts = old.attempts;
	r->stats.failures = old.failures;
	uv_mutex_unlock(&r->signal->lock);
	runner_destroy(r->before);
	r->before = NULL;
}

static void run(void *runner)
{
	struct runner *r = runner;

	if (r->before)
		take_over(r);
	while (!must_stop(r)) {
		bool complete = r->signal->complete;
		uint64_t seen = generation(r->signal);

		if (deliver_some(r))
			continue;
		if (complete)
			break;
		output_signal_wait(r->signal, r, seen, IDLE_MS);
	}
	uv_mutex_lock(&r->signal->lock);
	r->ended = true;
	uv_cond_broadcast(&r->signal->changed);
	uv_mutex_unlock(&r->signal->lock);
}

bool runner_start(struct runner *r)
{
	bool started;

	uv_mutex_lock(&r->signal->lock);
	started = r->started = uv_thread_create(&r->thread, run, r) == 0;
	uv_mutex_unlock(&r->signal->lock);
	return started;
}
