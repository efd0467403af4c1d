#include <stdlib.h>
#include <string.h>

#include "policyd/output/outputs_parts.h"
#include "proto/base/log.h"

enum {
	DEFAULT_PENDING_MIB = 256,
	DEFAULT_STORE_MIB = 1024,
	DEFAULT_AGE_DAYS = 30,
};

/* ---- prepared, on any thread ---- */

static enum status check_names(const struct outputs_config *c, struct diag *why)
{
	if (c->output_count > OUTPUT_MAX_COUNT)
		return diag_set(why, ST_LIMIT, "more than %d outputs", OUTPUT_MAX_COUNT);
	for (size_t i = 0; i < c->output_count; i++) {
		if (strlen(c->outputs[i].name) > OUTPUT_MAX_NAME_BYTES)
			return diag_set(why, ST_LIMIT, "output %.40s...: a name has at most %d bytes", c->outputs[i].name,
				OUTPUT_MAX_NAME_BYTES);
		for (size_t k = 0; k < i; k++)
			if (strcmp(c->outputs[i].name, c->outputs[k].name) == 0)
				return diag_set(why, ST_MALFORMED, "two outputs are named %s", c->outputs[i].name);
	}
	return ST_OK;
}

enum status outputs_prepare(const struct outputs_config *c, struct outputs_change **out, struct diag *why)
{
	enum status st = check_names(c, why);
	struct outputs_change *change;

	*out = NULL;
	if (st != ST_OK)
		return st;
	change = calloc(1, sizeof *change);
	if (!change)
		return diag_set(why, ST_NOMEM, "out of memory");
	change->store_max_bytes = c->store_max_bytes ? c->store_max_bytes : (uint64_t)DEFAULT_STORE_MIB << 20;
	change->store_max_age_s = c->store_max_age_s ? c->store_max_age_s : (int64_t)DEFAULT_AGE_DAYS * 86400;
	for (size_t i = 0; st == ST_OK && i < c->output_count; i++) {
		st = runner_create(&c->outputs[i], c, &change->runners[i], why);
		change->count += st == ST_OK;
	}
	if (st == ST_OK)
		*out = change;
	else
		outputs_change_destroy(change);
	return st;
}

void outputs_change_destroy(struct outputs_change *c)
{
	for (size_t i = 0; c && i < c->count; i++)
		runner_destroy(c->runners[i]);
	free(c);
}

struct store_output outputs_place(const struct output_config *c)
{
	return (struct store_output){ .name = c->name, .filter = &c->filter, .max_age_s = c->max_pending_age_s,
		.max_bytes = c->max_pending_bytes ? c->max_pending_bytes : (uint64_t)DEFAULT_PENDING_MIB << 20 };
}

void outputs_change(struct outputs *o, struct outputs_change *taken)
{
	struct outputs_change *unwanted;

	uv_mutex_lock(&o->signal.lock);
	unwanted = o->change;
	o->change = taken;
	uv_mutex_unlock(&o->signal.lock);
	alert_queue_nudge(o->queue);
	outputs_change_destroy(unwanted);
}

/* ---- made, on the store's thread ---- */

static struct outputs_change *take_change(struct outputs *o)
{
	struct outputs_change *c;

	uv_mutex_lock(&o->signal.lock);
	c = o->change;
	o->change = NULL;
	uv_mutex_unlock(&o->signal.lock);
	return c;
}

/* For another look, unless a newer one has come meanwhile. */
static void put_back(struct outputs *o, struct outputs_change *c)
{
	uv_mutex_lock(&o->signal.lock);
	if (!o->change) {
		o->change = c;
		c = NULL;
	}
	uv_mutex_unlock(&o->signal.lock);
	outputs_change_destroy(c);
}

/* The one of that name, taken out of its list or array; NULL: none. */
static struct runner *take_runner(struct outputs *o, const char *name)
{
	for (size_t i = 0; i < o->runner_count; i++) {
		struct runner *r = o->runners[i];

		if (r && strcmp(r->config.name, name) == 0) {
			o->runners[i] = NULL;
			return r;
		}
	}
	for (struct runner **at = &o->retired; *at; at = &(*at)->next) {
		struct runner *r = *at;

		if (strcmp(r->config.name, name) == 0) {
			*at = r->next;
			r->next = NULL;
			return r;
		}
	}
	return NULL;
}

/* Under the lock. Puts each new output in the place of the old one of its name. One that stays as it is stays, and the
 * new one is left in c. */
static void replace_runners(struct outputs *o, struct outputs_change *c)
{
	struct runner *now[OUTPUT_MAX_COUNT];

	for (size_t i = 0; i < c->count; i++) {
		struct runner *r = c->runners[i], *old = take_runner(o, r->config.name);

		if (old && old->started && !old->retired_ns && runner_is_same(old, r)) {
			now[i] = old;
			continue;
		}
		if (old)
			runner_retire(old);
		r->before = old;
		now[i] = r;
		c->runners[i] = NULL;
	}
	for (size_t i = 0; i < o->runner_count; i++) {
		struct runner *r = o->runners[i];

		if (!r)
			continue;
		runner_retire(r);
		r->next = o->retired;
		o->retired = r;
	}
	memcpy(o->runners, now, c->count * sizeof now[0]);
	o->runner_count = c->count;
	uv_cond_broadcast(&o->signal.changed);
}

static void start(struct runner *r)
{
	struct store_output place = outputs_place(&r->config);

	store_set_output(r->store, r->index, &place);
	if (r->before)
		log_line(LOG_LEVEL_INFO, "output %s: changed", r->config.name);
	else
		log_line(LOG_LEVEL_INFO, "output %s: added", r->config.name);
	if (!runner_start(r))
		log_line(LOG_LEVEL_ERROR, "output %s: no thread; its alerts wait until the next change", r->config.name);
}

/* False: the disk refuses, or too many outputs have not ended yet; nothing has changed. */
static bool make_change(struct outputs *o, struct outputs_change *c)
{
	struct diag why = DIAG_INIT;

	for (size_t i = 0; i < c->count; i++) {
		struct runner *r = c->runners[i];

		r->store = o->store;
		r->signal = &o->signal;
		if (store_add_output(o->store, r->config.name, &r->index, &why) == ST_OK)
			continue;
		if (!o->change_failed)
			log_line(LOG_LEVEL_ERROR, "%s; outputs change when that is over", why.text);
		o->change_failed = true;
		return false;
	}
	store_set_limits(o->store, c->store_max_bytes, c->store_max_age_s);
	uv_mutex_lock(&o->signal.lock);
	replace_runners(o, c);
	uv_mutex_unlock(&o->signal.lock);
	for (size_t i = 0; i < o->runner_count; i++)
		if (!c->runners[i])
			start(o->runners[i]);
	o->change_failed = false;
	return true;
}

/* One that is retired, has ended, and is followed by none; NULL: there is none. */
static struct runner *take_ended(struct outputs *o)
{
	struct runner *found = NULL;

	uv_mutex_lock(&o->signal.lock);
	for (struct runner **at = &o->retired; *at && !found;) {
		if ((*at)->ended || !(*at)->started) {
			found = *at;
			*at = found->next;
		} else {
			at = &(*at)->next;
		}
	}
	uv_mutex_unlock(&o->signal.lock);
	return found;
}

static bool in_use(const struct outputs *o, size_t place)
{
	for (size_t i = 0; i < o->runner_count; i++)
		if (o->runners[i]->index == place)
			return true;
	for (const struct runner *r = o->retired; r; r = r->next)
		if (r->index == place)
			return true;
	return false;
}

static void free_places(struct outputs *o)
{
	struct diag why = DIAG_INIT;
	bool failed = false;

	for (size_t k = 0; k < STORE_MAX_OUTPUTS; k++)
		if (!in_use(o, k) && store_remove_output(o->store, k, &why) != ST_OK)
			failed = true;
	o->places_unused = failed;
}

void outputs_serve(struct outputs *o)
{
	struct outputs_change *c = take_change(o);
	struct runner *r;

	if (c && make_change(o, c)) {
		o->places_unused = true;
		outputs_change_destroy(c);
	} else if (c) {
		put_back(o, c);
	}
	while ((r = take_ended(o))) {
		log_line(LOG_LEVEL_INFO, "output %s: removed", r->config.name);
		runner_destroy(r);
		o->places_unused = true;
	}
	if (o->places_unused)
		free_places(o);
}
