#include <stdlib.h>
#include <string.h>

#include "policyd/report/incident_parts.h"

/* Context gives way to what alerts name: it may fill half of the table. */
enum { MAX_CONTEXT = INCIDENT_MAX_PROCS / 2 };

struct proc_lookup {
	const struct incident *incident;
	const struct incident_proc_key *key;
};

static uint64_t proc_hash(const struct incident_proc_key *key)
{
	return (((uint64_t)key->host << 32 | key->pid) ^ key->born * UINT64_C(0xD6E8FEB86659FD93)) * UINT64_C(0x9E3779B97F4A7C15);
}

static bool same_proc(const void *ctx, uint32_t item)
{
	const struct proc_lookup *l = ctx;
	const struct incident_proc_key *there = &l->incident->procs[item].key;

	return there->pid == l->key->pid && there->born == l->key->born && there->host == l->key->host;
}

static uint64_t hash_of_proc(const void *ctx, uint32_t item)
{
	return proc_hash(&((const struct incident *)ctx)->procs[item].key);
}

uint32_t incident_find_proc(const struct incident *r, const struct incident_proc_key *key)
{
	struct proc_lookup lookup = { r, key };

	if (!r->proc_count)
		return INCIDENT_NONE;
	return *incident_index_slot(&r->proc_index, proc_hash(key), same_proc, &lookup) - 1;    /* 0 - 1 is INCIDENT_NONE */
}

static void fill_text(struct incident *r, uint32_t *slot, struct text_view text)
{
	if (!*slot)
		*slot = incident_texts_add(&r->texts, text, INCIDENT_TEXT_CHARS);
}

/* What was not known before. A parent is taken only from the start on, so links form no ring. */
static void fill(struct incident *r, struct held_proc *held, const struct incident_proc *p)
{
	fill_text(r, &held->name, p->name);
	fill_text(r, &held->path, p->path);
	fill_text(r, &held->cmdline, p->cmdline);
	fill_text(r, &held->cwd, p->cwd);
	fill_text(r, &held->user, p->user);
	fill_text(r, &held->sid, p->sid);
	fill_text(r, &held->guid, p->guid);
	fill_text(r, &held->container, p->container);
	fill_text(r, &held->container_name, p->container_name);
	fill_text(r, &held->image, p->image);
	if (!held->integrity)
		held->integrity = p->integrity;
	if (!held->start_ns)
		held->start_ns = p->start_ns;
	if (p->has_ppid) {
		held->ppid = p->ppid;
		held->flags |= SEEN_PPID;
	}
	if (p->has_session) {
		held->session_id = p->session_id;
		held->flags |= SEEN_SESSION;
	}
	if (!p->is_context)
		held->flags |= SEEN_ALERT;
}

/* A new parent must not have the process above itself. */
static bool is_above(const struct incident *r, uint32_t proc, uint32_t of)
{
	size_t steps = 0;

	for (; of != INCIDENT_NONE && steps < INCIDENT_MAX_PROCS; of = r->procs[of].parent, steps++) {
		if (of == proc)
			return true;
	}
	return steps == INCIDENT_MAX_PROCS;
}

/* Who was refused once is not remembered, so what is counted is how often. */
static void refuse(struct incident *r, const struct incident_proc *p)
{
	if (p->is_context)
		r->contexts_refused++;
	else
		r->procs_refused++;
}

static uint32_t add(struct incident *r, const struct incident_proc *p, uint32_t *slot)
{
	void *procs = r->procs;
	size_t max = p->is_context ? MAX_CONTEXT : INCIDENT_MAX_PROCS;
	bool room = r->proc_count < max && incident_grow(&procs, &r->proc_cap, r->proc_count, sizeof *r->procs);

	r->procs = procs;
	if (!room) {
		refuse(r, p);
		return INCIDENT_NONE;
	}
	r->procs[r->proc_count] = (struct held_proc){ .key = p->key, .parent = INCIDENT_NONE };
	*slot = (uint32_t)r->proc_count + 1;
	return (uint32_t)r->proc_count++;
}

uint32_t incident_put_proc(struct incident *r, const struct incident_proc *p)
{
	struct proc_lookup lookup = { r, &p->key };
	uint32_t *slot, at;

	if (!incident_index_reserve(&r->proc_index, r->proc_count, hash_of_proc, r)) {
		refuse(r, p);
		return INCIDENT_NONE;
	}
	slot = incident_index_slot(&r->proc_index, proc_hash(&p->key), same_proc, &lookup);
	at = *slot ? *slot - 1 : add(r, p, slot);
	if (at == INCIDENT_NONE)
		return INCIDENT_NONE;
	fill(r, &r->procs[at], p);
	if (r->procs[at].parent == INCIDENT_NONE && p->parent != INCIDENT_NONE && !is_above(r, at, p->parent))
		r->procs[at].parent = p->parent;
	return at;
}

bool incident_proc_is_told(const struct incident *r, uint32_t proc)
{
	size_t steps = 0;

	for (; proc != INCIDENT_NONE && steps < INCIDENT_MAX_PROCS; proc = r->procs[proc].parent, steps++) {
		if (r->procs[proc].flags & SEEN_ALERT)
			return true;
	}
	return false;
}

void incident_end_proc(struct incident *r, uint32_t proc, int64_t end_ns, const uint32_t *exit_code)
{
	struct held_proc *p = &r->procs[proc];

	p->flags |= SEEN_ENDED;
	p->end_ns = end_ns;
	if (exit_code) {
		p->flags |= SEEN_EXIT_CODE;
		p->exit_code = *exit_code;
	}
}
