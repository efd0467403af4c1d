#include "policyd/report/incident.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/report/incident_parts.h"

enum { FIRST_SLOTS = 64 };

static const char other_hosts[] = "(other hosts)";

struct incident *incident_create(size_t max_alerts)
{
	struct incident *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->max_alerts = max_alerts ? max_alerts : INCIDENT_MAX_ALERTS;
	if (r->max_alerts > INCIDENT_MOST_ALERTS)
		r->max_alerts = INCIDENT_MOST_ALERTS;
	if (incident_texts_init(&r->texts, INCIDENT_TEXT_BYTES))
		return r;
	incident_destroy(r);
	return NULL;
}

void incident_destroy(struct incident *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->alert_places; i++)
		free(r->alerts[i].texts);
	for (size_t i = 0; i < r->rule_count; i++)
		free(r->rules[i].tags);
	free(r->alerts);
	free(r->rules);
	free(r->rule_index.slots);
	free(r->procs);
	free(r->proc_index.slots);
	incident_texts_release(&r->texts);
	free(r);
}

bool incident_grow(void **items, size_t *cap, size_t count, size_t item_bytes)
{
	size_t wanted = *cap ? *cap * 2 : 64;
	void *grown;

	if (count < *cap)
		return true;
	grown = realloc(*items, wanted * item_bytes);
	if (!grown)
		return false;
	*items = grown;
	*cap = wanted;
	return true;
}

/* ---- index ---- */

uint32_t *incident_index_slot(const struct incident_index *x, uint64_t hash, incident_same *same, const void *ctx)
{
	size_t at = (size_t)(hash ^ hash >> 32) & (x->slot_count - 1);

	while (x->slots[at] && !same(ctx, x->slots[at] - 1))
		at = (at + 1) & (x->slot_count - 1);
	return &x->slots[at];
}

static bool never_same(const void *ctx, uint32_t item)
{
	(void)ctx;
	(void)item;
	return false;
}

bool incident_index_reserve(struct incident_index *x, size_t count, incident_hash_of *hash_of, const void *ctx)
{
	struct incident_index grown = { .slot_count = x->slot_count ? x->slot_count * 2 : FIRST_SLOTS };

	if (x->slot_count && (count + 1) * 2 <= x->slot_count)
		return true;
	grown.slots = calloc(grown.slot_count, sizeof *grown.slots);
	if (!grown.slots)
		return false;
	for (uint32_t i = 0; i < count; i++)
		*incident_index_slot(&grown, hash_of(ctx, i), never_same, NULL) = i + 1;
	free(x->slots);
	*x = grown;
	return true;
}

/* ---- hosts ---- */

uint32_t incident_host(struct incident *r, const char *name)
{
	struct text_view text = { name, strlen(name) };
	uint32_t number;

	if (r->host_count == INCIDENT_MAX_HOSTS - 1)
		text = (struct text_view){ other_hosts, sizeof other_hosts - 1 };
	number = incident_texts_add(&r->texts, text, INCIDENT_TEXT_CHARS);
	for (uint32_t i = (uint32_t)r->host_count; i > 0; i--) {
		if (r->hosts[i - 1] == number)
			return i - 1;
	}
	if (r->host_count == INCIDENT_MAX_HOSTS)
		return INCIDENT_MAX_HOSTS - 1;
	r->hosts[r->host_count] = number;
	return (uint32_t)r->host_count++;
}

/* ---- rules ---- */

struct rule_key {
	const struct incident *incident;
	uint32_t name;
	enum priority priority;
};

static uint64_t rule_hash(uint32_t name, enum priority priority)
{
	return ((uint64_t)name << 8 | (uint64_t)priority) * UINT64_C(0x9E3779B97F4A7C15);
}

static bool same_rule(const void *ctx, uint32_t item)
{
	const struct rule_key *key = ctx;
	const struct held_rule *rule = &key->incident->rules[item];

	return rule->name == key->name && rule->priority == key->priority;
}

static uint64_t hash_of_rule(const void *ctx, uint32_t item)
{
	const struct held_rule *rule = &((const struct incident *)ctx)->rules[item];

	return rule_hash(rule->name, rule->priority);
}

static uint32_t keep_text(struct incident *r, const char *text)
{
	return text ? incident_texts_add(&r->texts, (struct text_view){ text, strlen(text) }, INCIDENT_TEXT_CHARS) : 0;
}

static bool keep_tags(struct incident *r, struct held_rule *held, const struct name_list *tags)
{
	if (!tags || !tags->count)
		return true;
	held->tags = calloc(tags->count, sizeof *held->tags);
	if (!held->tags)
		return false;
	held->tag_count = tags->count;
	for (size_t i = 0; i < tags->count; i++)
		held->tags[i] = keep_text(r, tags->names[i]);
	return true;
}

static uint32_t add_rule(struct incident *r, const struct incident_rule *rule, uint32_t name)
{
	struct held_rule held = { .name = name, .priority = rule->priority };
	void *rules = r->rules;
	bool room = incident_grow(&rules, &r->rule_cap, r->rule_count, sizeof *r->rules);

	r->rules = rules;
	if (!room || !keep_tags(r, &held, rule->tags))
		return INCIDENT_NONE;
	held.source = keep_text(r, rule->source);
	held.desc = keep_text(r, rule->desc);
	held.condition = keep_text(r, rule->condition);
	r->rules[r->rule_count] = held;
	return (uint32_t)r->rule_count++;
}

uint32_t incident_rule(struct incident *r, const struct incident_rule *rule)
{
	struct rule_key key = { .incident = r, .name = keep_text(r, rule->name), .priority = rule->priority };
	uint32_t *slot, made;

	if (!incident_index_reserve(&r->rule_index, r->rule_count, hash_of_rule, r))
		return INCIDENT_NONE;
	slot = incident_index_slot(&r->rule_index, rule_hash(key.name, key.priority), same_rule, &key);
	if (*slot)
		return *slot - 1;
	made = add_rule(r, rule, key.name);
	if (made != INCIDENT_NONE)
		*slot = made + 1;
	return made;
}

/* ---- the rest ---- */

void incident_count_event(struct incident *r, int64_t time_ns)
{
	incident_histogram_add(&r->events, time_ns);
}

void incident_add_gap(struct incident *r, const struct incident_gap *gap)
{
	if (r->gap_count == INCIDENT_MAX_GAPS) {
		r->gaps_refused++;
		return;
	}
	r->gaps[r->gap_count++] = (struct held_gap){ .time_ns = gap->time_ns, .events = gap->events, .buffers = gap->buffers,
		.reason = incident_texts_add(&r->texts, gap->reason, INCIDENT_TEXT_CHARS),
		.session = incident_texts_add(&r->texts, gap->session, INCIDENT_TEXT_CHARS) };
}

void incident_get_stats(const struct incident *r, struct incident_stats *out)
{
	*out = (struct incident_stats){ .alerts = r->alerts_seen, .alerts_kept = r->alert_count, .procs = r->proc_count,
		.procs_refused = r->procs_refused, .contexts_refused = r->contexts_refused };
}
