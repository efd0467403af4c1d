#include "policyd/report/incident_data.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/attack/attack.h"

enum { DATA_FORMAT = 1, NS_OF_SECOND = 1000000000, NS_OF_US = 1000, NS_OF_MS = 1000000 };

struct writer {
	const struct incident *r;
	struct incident_out *o;
	struct json_out *j;
	const uint32_t *order;         /* of the alerts, by time */
	int64_t base_ns;               /* times are told as microseconds since then: they fit a double */
};

/* 0 ns: not known. */
static void put_time(const struct writer *w, const char *key, int64_t ns)
{
	if (ns)
		json_number(w->j, key, (ns - w->base_ns) / NS_OF_US);
	else
		json_text(w->j, key, NULL);
}

static void put_index(const struct writer *w, uint32_t index)
{
	json_number(w->j, NULL, index == INCIDENT_NONE ? -1 : (int64_t)index);
}

/* ---- what the report is about ---- */

static void put_summary(const struct writer *w, const struct incident_summary *s, int64_t first_ns, int64_t last_ns)
{
	json_number(w->j, "format", DATA_FORMAT);
	json_text(w->j, "kind", s->kind);
	json_text(w->j, "version", s->version);
	if (s->made_ns)
		json_time(w->j, "made", s->made_ns);
	json_text(w->j, "note", s->note);
	json_open(w->j, "inputs", '[');
	for (size_t i = 0; i < s->input_count && i < INCIDENT_MAX_INPUTS; i++)
		json_text(w->j, NULL, s->inputs[i]);
	json_close(w->j, ']');
	json_bool(w->j, "interrupted", s->interrupted);
	json_bool(w->j, "failed", s->failed);
	json_number(w->j, "base", w->base_ns / NS_OF_MS);
	put_time(w, "first", first_ns);
	put_time(w, "last", last_ns);
	json_count(w->j, "events", s->events);
	json_count(w->j, "rules_loaded", s->rules_loaded);
	json_count(w->j, "alerts_seen", w->r->alerts_seen);
	json_count(w->j, "alerts_kept", w->r->alert_count);
	json_count(w->j, "procs_refused", w->r->procs_refused);
	json_bool(w->j, "contexts_refused", w->r->contexts_refused > 0);
	json_count(w->j, "texts_refused", w->r->texts.refused);
	json_open(w->j, "kinds", '{');
	for (size_t i = 0; i < s->kind_count; i++)
		json_count(w->j, s->kinds[i].name, s->kinds[i].count);
	json_close(w->j, '}');
	json_open(w->j, "priorities", '[');
	for (int i = 0; i < PRIORITY_COUNT; i++)
		json_text(w->j, NULL, priority_name((enum priority)i));
	json_close(w->j, ']');
	json_open(w->j, "hosts", '[');
	for (size_t i = 0; i < w->r->host_count; i++)
		json_count(w->j, NULL, w->r->hosts[i]);
	json_close(w->j, ']');
	incident_out_flush(w->o);
}

static void put_strings(const struct writer *w)
{
	json_open(w->j, "strings", '[');
	for (size_t i = 0; i < w->r->texts.count; i++) {
		incident_out_text(w->o, NULL, w->r->texts.texts[i].ptr, w->r->texts.texts[i].len);
		incident_out_flush(w->o);
	}
	json_close(w->j, ']');
}

/* ---- ATT&CK ---- */

static const char *text_of(const struct writer *w, uint32_t number)
{
	return w->r->texts.texts[number].ptr;
}

static void put_tactics(const struct writer *w, const char *key, uint32_t mask)
{
	json_open(w->j, key, '[');
	for (int64_t i = 0; i < ATTACK_TACTIC_COUNT; i++) {
		if (mask >> i & 1)
			json_number(w->j, NULL, i);
	}
	json_close(w->j, ']');
}

static uint32_t named_tactics(const struct writer *w, const struct held_rule *rule)
{
	uint32_t named = 0;

	for (size_t i = 0; i < rule->tag_count; i++) {
		struct attack_meaning m = attack_tag_meaning(text_of(w, rule->tags[i]));

		if (m.kind == ATTACK_TAG_TACTIC)
			named |= UINT32_C(1) << m.tactic;
	}
	return named;
}

/* A technique stands under the tactics that the rule names too; under all of its own when there are none. */
static void put_attack(const struct writer *w, const struct held_rule *rule)
{
	uint32_t named = named_tactics(w, rule);

	put_tactics(w, "tactics", named);
	json_open(w->j, "techniques", '[');
	for (size_t i = 0; i < rule->tag_count; i++) {
		struct attack_meaning m = attack_tag_meaning(text_of(w, rule->tags[i]));

		if (m.kind != ATTACK_TAG_TECHNIQUE)
			continue;
		json_open(w->j, NULL, '[');
		json_text(w->j, NULL, m.technique->id);
		put_tactics(w, NULL, m.technique->tactics & named ? m.technique->tactics & named : m.technique->tactics);
		json_close(w->j, ']');
	}
	json_close(w->j, ']');
}

static void put_technique_name(const struct writer *w, const struct attack_technique *t, bool *told)
{
	size_t at = (size_t)(t - attack_technique(0));

	if (!told[at])
		json_text(w->j, t->id, t->name);
	told[at] = true;
}

/* Names of the techniques that rules here name, and of those above them. */
static bool put_names(const struct writer *w)
{
	bool *told = calloc(attack_technique_count(), sizeof *told);

	json_text(w->j, "attack", ATTACK_RELEASE);
	json_open(w->j, "tactics", '[');
	for (size_t i = 0; i < ATTACK_TACTIC_COUNT; i++) {
		json_open(w->j, NULL, '[');
		json_text(w->j, NULL, attack_tactic(i)->id);
		json_text(w->j, NULL, attack_tactic(i)->name);
		json_close(w->j, ']');
	}
	json_close(w->j, ']');
	json_open(w->j, "techniques", '{');
	for (size_t i = 0; told && i < w->r->rule_count; i++) {
		const struct held_rule *rule = &w->r->rules[i];

		for (size_t k = 0; k < rule->tag_count; k++) {
			struct attack_meaning m = attack_tag_meaning(text_of(w, rule->tags[k]));

			if (m.kind != ATTACK_TAG_TECHNIQUE)
				continue;
			put_technique_name(w, m.technique, told);
			if (attack_technique_parent(m.technique))
				put_technique_name(w, attack_technique_parent(m.technique), told);
		}
	}
	json_close(w->j, '}');
	free(told);
	return told != NULL;
}

/* ---- rules, processes, alerts ---- */

static void put_rules(const struct writer *w)
{
	json_open(w->j, "rules", '[');
	for (size_t i = 0; i < w->r->rule_count; i++) {
		const struct held_rule *rule = &w->r->rules[i];

		json_open(w->j, NULL, '{');
		json_count(w->j, "name", rule->name);
		json_count(w->j, "source", rule->source);
		json_count(w->j, "desc", rule->desc);
		json_count(w->j, "condition", rule->condition);
		json_number(w->j, "priority", (int64_t)rule->priority);
		json_count(w->j, "seen", rule->alerts);
		json_count(w->j, "lost", rule->lost);
		json_open(w->j, "tags", '[');
		for (size_t k = 0; k < rule->tag_count; k++)
			json_count(w->j, NULL, rule->tags[k]);
		json_close(w->j, ']');
		put_attack(w, rule);
		json_close(w->j, '}');
		incident_out_flush(w->o);
	}
	json_close(w->j, ']');
}

static void put_optional(const struct writer *w, bool known, uint32_t number)
{
	if (known)
		json_count(w->j, NULL, number);
	else
		json_text(w->j, NULL, NULL);
}

static void put_proc(const struct writer *w, const struct held_proc *p)
{
	const uint32_t texts[] = { p->name, p->path, p->cmdline, p->cwd, p->user, p->sid, p->guid, p->container,
		p->container_name, p->image };

	json_open(w->j, NULL, '[');
	json_count(w->j, NULL, p->key.host);
	json_count(w->j, NULL, p->key.pid);
	put_optional(w, p->flags & SEEN_PPID, p->ppid);
	put_index(w, p->parent);
	put_time(w, NULL, p->start_ns);
	put_time(w, NULL, p->flags & SEEN_ENDED ? p->end_ns : 0);
	put_optional(w, p->flags & SEEN_EXIT_CODE, p->exit_code);
	put_optional(w, p->flags & SEEN_SESSION, p->session_id);
	json_text(w->j, NULL, p->integrity);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		json_count(w->j, NULL, texts[i]);
	json_close(w->j, ']');
}

static void put_procs(const struct writer *w)
{
	json_open(w->j, "procs", '[');
	for (size_t i = 0; i < w->r->proc_count; i++) {
		put_proc(w, &w->r->procs[i]);
		incident_out_flush(w->o);
	}
	json_close(w->j, ']');
}

static void put_alerts(const struct writer *w)
{
	json_open(w->j, "alerts", '[');
	for (size_t i = 0; i < w->r->alert_count; i++) {
		const struct held_alert *a = &w->r->alerts[w->order[i]];

		json_open(w->j, NULL, '[');
		json_number(w->j, NULL, a->time_ns > w->base_ns ? (a->time_ns - w->base_ns) / NS_OF_US : 0);
		put_index(w, a->rule);
		put_index(w, a->host);
		put_index(w, a->proc);
		put_index(w, a->target);
		incident_out_text(w->o, NULL, a->texts, a->message_len);
		incident_out_object(w->o, a->texts + a->message_len, a->fields_len);
		json_close(w->j, ']');
		incident_out_flush(w->o);
	}
	json_close(w->j, ']');
}

/* ---- time and gaps ---- */

static void put_histogram(const struct writer *w)
{
	const struct incident_histogram *h = &w->r->events;

	json_open(w->j, "histogram", '{');
	json_number(w->j, "start", (h->low * h->width_ns - w->base_ns) / NS_OF_US);
	json_number(w->j, "width", h->width_ns / NS_OF_US);
	json_open(w->j, "counts", '[');
	for (int64_t i = h->low; h->width_ns && i <= h->high; i++) {
		if (!h->counts[i - h->first])
			continue;
		json_open(w->j, NULL, '[');
		json_number(w->j, NULL, i - h->low);
		json_count(w->j, NULL, h->counts[i - h->first]);
		json_close(w->j, ']');
	}
	json_close(w->j, ']');
	json_close(w->j, '}');
}

static void put_gaps(const struct writer *w)
{
	json_open(w->j, "gaps", '[');
	for (size_t i = 0; i < w->r->gap_count; i++) {
		const struct held_gap *g = &w->r->gaps[i];

		json_open(w->j, NULL, '[');
		put_time(w, NULL, g->time_ns);
		json_count(w->j, NULL, g->events);
		json_count(w->j, NULL, g->buffers);
		json_count(w->j, NULL, g->reason);
		json_count(w->j, NULL, g->session);
		json_close(w->j, ']');
	}
	json_close(w->j, ']');
	json_count(w->j, "gaps_refused", w->r->gaps_refused);
	incident_out_flush(w->o);
}

/* ---- the whole ---- */

struct place {
	int64_t time_ns;
	uint64_t number;
	uint32_t index;
};

static int by_time(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Places of the alerts by time; the caller frees. NULL: out of memory. */
static uint32_t *order_alerts(const struct incident *r)
{
	struct place *places = calloc(r->alert_count + 1, sizeof *places);
	uint32_t *order = calloc(r->alert_count + 1, sizeof *order);
	size_t n = 0;

	for (uint32_t i = 0; places && order && i < r->alert_places; i++) {
		if (r->alerts[i].texts)
			places[n++] = (struct place){ r->alerts[i].time_ns, r->alerts[i].number, i };
	}
	if (n)
		qsort(places, n, sizeof *places, by_time);
	for (size_t i = 0; i < n; i++)
		order[i] = places[i].index;
	if (!places) {
		free(order);
		order = NULL;
	}
	free(places);
	return order;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static int64_t begin_of(const struct incident *r, const struct incident_summary *s, const uint32_t *order)
{
	int64_t first = s->first_ns;

	if (r->alert_count)
		first = earlier(first, r->alerts[order[0]].time_ns);
	if (r->events.width_ns)
		first = earlier(first, r->events.low * r->events.width_ns);
	return first;
}

bool incident_data_write(const struct incident *r, const struct incident_summary *s, struct incident_out *o)
{
	uint32_t *order = order_alerts(r);
	struct writer w = { .r = r, .o = o, .j = &o->json, .order = order };
	int64_t first = 0, last = s->last_ns;
	bool ok = order != NULL;

	if (!ok)
		return false;
	first = begin_of(r, s, order);
	if (r->alert_count && r->alerts[order[r->alert_count - 1]].time_ns > last)
		last = r->alerts[order[r->alert_count - 1]].time_ns;
	w.base_ns = first / NS_OF_SECOND * NS_OF_SECOND;
	json_open(w.j, NULL, '{');
	put_summary(&w, s, first, last);
	ok = put_names(&w);
	put_strings(&w);
	put_rules(&w);
	put_procs(&w);
	put_alerts(&w);
	put_histogram(&w);
	put_gaps(&w);
	json_key(w.j, "ledger");
	if (s->ledger)
		ledger_write_json(s->ledger, &o->pending);
	else
		buf_append_str(&o->pending, "null");
	json_close(w.j, '}');
	ok = incident_out_flush(o) && ok;
	free(order);
	return ok;
}
