#include "policyd/output/output.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/output/outputs_parts.h"
#include "proto/base/log.h"

enum {
	STORE_BATCH = 512,                     /* alerts of one transaction */
	STORE_WAIT_MS = 1000,
	EXPIRE_NS_E9 = 60,                     /* seconds between looks at the age of alerts */
	END_MS = 2000,                         /* for a thread that was told to stop */
};

const char *output_health_name(enum output_health h)
{
	static const char *const names[] = { "idle", "ok", "retrying", "failed" };

	return (unsigned)h < sizeof names / sizeof names[0] ? names[h] : "?";
}

const char *output_kind_name(enum output_kind k)
{
	static const char *const names[OUTPUT_KIND_COUNT] = { "stdout", "file", "http", "otlp", "syslog" };

	return (unsigned)k < OUTPUT_KIND_COUNT ? names[k] : "?";
}

/* ---- the store's thread ---- */

static void note_stored(struct outputs *o, size_t count)
{
	bool back;

	uv_mutex_lock(&o->signal.lock);
	back = o->store_error[0] != '\0';
	o->store_error[0] = '\0';
	o->stored += count;
	o->signal.generation++;
	uv_cond_broadcast(&o->signal.changed);
	uv_mutex_unlock(&o->signal.lock);
	if (back)
		log_line(LOG_LEVEL_INFO, "alert store: writes again");
}

static void note_store_failure(struct outputs *o, const char *text)
{
	bool first;

	uv_mutex_lock(&o->signal.lock);
	first = o->store_error[0] == '\0';
	o->store_failures++;
	snprintf(o->store_error, sizeof o->store_error, "%.255s", text);
	uv_mutex_unlock(&o->signal.lock);
	if (first)
		log_line(LOG_LEVEL_ERROR, "%s; alerts wait in memory", text);
}

/* Keeps the batch in hand while the store refuses; meanwhile the queue fills, and drops what is least severe. */
static void write_batch(struct outputs *o, const struct alert_batch *b)
{
	struct backoff again = { .base_ms = 100, .max_ms = 5000 };
	struct diag why = DIAG_INIT;

	while (store_insert(o->store, b, &why) != ST_OK) {
		note_store_failure(o, why.text);
		if (o->signal.stopping) {
			uv_mutex_lock(&o->signal.lock);
			o->unstored += alert_batch_count(b);
			uv_mutex_unlock(&o->signal.lock);
			return;
		}
		outputs_serve(o);
		output_signal_wait(&o->signal, NULL, UINT64_MAX, backoff_next_ms(&again, (uint32_t)uv_hrtime(), 0));
	}
	note_stored(o, alert_batch_count(b));
}

static void expire(struct outputs *o, uint64_t *next_ns)
{
	struct diag why = DIAG_INIT;
	uv_timeval64_t now;

	if (uv_hrtime() < *next_ns || uv_gettimeofday(&now) != 0)
		return;
	*next_ns = uv_hrtime() + (uint64_t)EXPIRE_NS_E9 * 1000000000;
	if (store_expire(o->store, now.tv_sec * 1000000000, &why) != ST_OK)
		note_store_failure(o, why.text);
}

static void write_patches(struct outputs *o, struct outputs_patch_entry *entries, size_t count)
{
	struct diag why = DIAG_INIT;

	if (count && outputs_write_patches(o, entries, count, &why) != ST_OK)
		note_store_failure(o, why.text);
}

static void store_thread(void *ctx)
{
	struct outputs_patch_entry patches[OUTPUT_MAX_PATCHES];
	struct outputs *o = ctx;
	uint64_t next_ns = 0;

	for (;;) {
		bool draining = o->signal.draining;
		struct alert_batch *b;
		size_t patch_count;

		outputs_serve(o);
		patch_count = outputs_take_patches(o, patches);
		b = alert_queue_take(o->queue, STORE_BATCH, STORE_WAIT_MS);

		if (b)
			write_batch(o, b);
		write_patches(o, patches, patch_count);
		if (!b && draining)
			break;
		alert_batch_destroy(b);
		expire(o, &next_ns);
	}
	uv_mutex_lock(&o->signal.lock);
	o->store_ended = true;
	o->signal.complete = true;
	o->signal.generation++;
	uv_cond_broadcast(&o->signal.changed);
	uv_mutex_unlock(&o->signal.lock);
}

/* ---- start ---- */

static enum status open_store(struct outputs *o, const struct outputs_config *c, const struct outputs_change *first,
	struct diag *why)
{
	struct store_output pending[OUTPUT_MAX_COUNT];
	struct store_config config = { .path = c->store_path, .outputs = pending, .output_count = first->count,
		.max_bytes = first->store_max_bytes, .max_age_s = first->store_max_age_s };
	struct diag failed = DIAG_INIT;
	enum status st;

	for (size_t i = 0; i < first->count; i++)
		pending[i] = outputs_place(&first->runners[i]->config);
	st = store_open(&config, &o->store, &failed);
	if ((st != ST_SYSTEM && st != ST_UNSUPPORTED) || !c->store_path)
		return st == ST_OK ? st : diag_set(why, st, "%s", failed.text);
	/* A disk that is full or gone, or a store of a newer version, must not keep the rules from being judged. */
	log_line(LOG_LEVEL_ERROR, "%s; until the next start alerts are kept in memory only", failed.text);
	snprintf(o->only_in_memory, sizeof o->only_in_memory, "only in memory: %.200s", failed.text);
	config.path = NULL;
	return store_open(&config, &o->store, why);
}

static enum status make_parts(struct outputs *o, const struct outputs_config *c, struct diag *why)
{
	struct outputs_change *first = NULL;
	enum status st;

	if (uv_mutex_init(&o->signal.lock) != 0)
		return diag_set(why, ST_NOMEM, "out of memory");
	if (uv_cond_init(&o->signal.changed) != 0) {
		uv_mutex_destroy(&o->signal.lock);
		return diag_set(why, ST_NOMEM, "out of memory");
	}
	o->signal_ready = true;
	o->queue = alert_queue_create(c->queue_count, c->queue_bytes);
	if (!o->queue)
		return diag_set(why, ST_NOMEM, "out of memory");
	st = outputs_prepare(c, &first, why);
	if (st == ST_OK)
		st = open_store(o, c, first, why);
	for (size_t i = 0; st == ST_OK && i < first->count; i++) {
		struct runner *r = first->runners[i];

		r->store = o->store;
		r->signal = &o->signal;
		r->index = i;
		o->runners[o->runner_count++] = r;
	}
	if (st == ST_OK)
		first->count = 0;
	outputs_change_destroy(first);
	return st;
}

static enum status start_threads(struct outputs *o, struct diag *why)
{
	for (size_t i = 0; i < o->runner_count; i++)
		if (!runner_start(o->runners[i]))
			return diag_set(why, ST_SYSTEM, "no thread for output %s", o->runners[i]->config.name);
	o->store_started = uv_thread_create(&o->store_thread, store_thread, o) == 0;
	return o->store_started ? ST_OK : diag_set(why, ST_SYSTEM, "no thread for the alert store");
}

enum status outputs_start(const struct outputs_config *c, struct outputs **out, struct diag *why)
{
	struct outputs *o;
	enum status st;

	*out = NULL;
	o = calloc(1, sizeof *o);
	if (!o)
		return diag_set(why, ST_NOMEM, "out of memory");
	st = make_parts(o, c, why);
	if (st == ST_OK)
		st = start_threads(o, why);
	if (st == ST_OK)
		*out = o;
	else
		outputs_stop(o, 0);
	return st;
}

/* ---- end ---- */

static bool has_ended(const struct runner *r)
{
	return !r->started || r->ended;
}

static bool all_ended(const struct outputs *o)
{
	bool ended = !o->store_started || o->store_ended;

	for (size_t i = 0; i < o->runner_count; i++)
		ended = ended && has_ended(o->runners[i]);
	for (const struct runner *r = o->retired; r; r = r->next)
		ended = ended && has_ended(r);
	return ended;
}

static bool wait_for_end(struct outputs *o, uint32_t ms)
{
	uint64_t end = uv_hrtime() + (uint64_t)ms * 1000000, now;
	bool ended;

	uv_mutex_lock(&o->signal.lock);
	while (!all_ended(o) && (now = uv_hrtime()) < end)
		uv_cond_timedwait(&o->signal.changed, &o->signal.lock, end - now);
	ended = all_ended(o);
	uv_mutex_unlock(&o->signal.lock);
	return ended;
}

static void end_threads(struct outputs *o, atomic_bool *flag)
{
	uv_mutex_lock(&o->signal.lock);
	*flag = true;
	uv_cond_broadcast(&o->signal.changed);
	uv_mutex_unlock(&o->signal.lock);
}

static void release(struct outputs *o)
{
	if (o->store_started)
		uv_thread_join(&o->store_thread);
	for (size_t i = 0; i < o->runner_count; i++)
		runner_destroy(o->runners[i]);
	for (struct runner *r = o->retired, *next; r; r = next) {
		next = r->next;
		runner_destroy(r);
	}
	outputs_change_destroy(o->change);
	outputs_release_patches(o);
	store_close(o->store);
	alert_queue_destroy(o->queue);
	if (o->signal_ready) {
		uv_cond_destroy(&o->signal.changed);
		uv_mutex_destroy(&o->signal.lock);
	}
	free(o);
}

bool outputs_stop(struct outputs *o, uint32_t grace_ms)
{
	bool ended;

	if (!o)
		return true;
	if (o->signal_ready && o->queue) {
		end_threads(o, &o->signal.draining);
		alert_queue_wake(o->queue);
		wait_for_end(o, grace_ms);
		end_threads(o, &o->signal.stopping);
		ended = wait_for_end(o, END_MS);
		if (o->unstored)
			log_line(LOG_LEVEL_ERROR, "alert store: %" PRIu64 " alerts could not be written and are lost", o->unstored);
		if (!ended) {
			log_line(LOG_LEVEL_WARNING, "an output does not end; it is left behind");
			return false;
		}
	}
	release(o);
	return true;
}

/* ---- in use ---- */

bool outputs_push(struct outputs *o, const struct alert_record *r)
{
	return alert_queue_push(o->queue, r);
}

struct store *outputs_store(struct outputs *o)
{
	return o->store;
}

void outputs_get_stats(struct outputs *o, struct outputs_stats *out)
{
	struct store_stats kept;
	uint64_t now = uv_hrtime();

	memset(out, 0, sizeof *out);
	alert_queue_get_stats(o->queue, &out->queue);
	store_get_stats(o->store, &kept);
	out->history_count = kept.count;
	out->store_bytes = kept.bytes;
	uv_mutex_lock(&o->signal.lock);
	out->output_count = o->runner_count;
	out->stored = o->stored;
	out->patches = o->patch_stats;
	out->store_failures = o->store_failures;
	memcpy(out->store_error, o->store_error[0] ? o->store_error : o->only_in_memory, sizeof out->store_error);
	for (size_t i = 0; i < o->runner_count; i++) {
		const struct runner *r = o->runners[i];

		out->outputs[i] = r->stats;
		out->outputs[i].retry_in_ms = r->retry_at_ns > now ? (int64_t)((r->retry_at_ns - now) / 1000000) : 0;
		memcpy(out->outputs[i].evicted, kept.outputs[r->index].evicted, sizeof out->outputs[i].evicted);
		out->outputs[i].pending = kept.outputs[r->index].pending;
		out->outputs[i].pending_bytes = kept.outputs[r->index].pending_bytes;
	}
	uv_mutex_unlock(&o->signal.lock);
}
