/* The look-ups of one event: values in the tables of the part, found keys fire triggers, triggers wake variants. */
#include "policyd/engine/keyhash.h"
#include "policyd/engine/match_state.h"

struct wake_run {
	struct matcher *m;
	const struct part *part;
};

static void fire(void *ctx, uint32_t trigger)
{
	const struct wake_run *run = ctx;
	const struct trigger *t = &run->part->triggers[trigger];
	struct matcher *m = run->m;

	if (m->fired[t->stamp] == m->epoch)
		return;
	m->fired[t->stamp] = m->epoch;
	if (t->pred != NO_ID)
		m->results[t->pred] = m->yes;
	for (uint32_t i = 0; i < t->wake_count; i++)
		match_wake_variant(m, run->part->wakes[t->first_wake + i]);
}

static void fire_equal(struct wake_run *run, const struct equal_table *table, enum value_class cls, uint32_t hash,
	const struct value *v)
{
	struct hash_range r = hash_index_find(&table->index, hash);

	for (; r.at < r.end; r.at++) {
		const struct equal_key *key = &table->keys[r.at->id];

		if (r.at->hash == hash && value_equal(cls, key->fold, v, &key->value))
			fire(run, key->trigger);
	}
}

static void look_up_equal(struct wake_run *run, const struct equal_table *table, enum value_class cls,
	const struct value *v)
{
	uint32_t hash;

	if (cls == CLASS_TEXT) {
		if (v->str.len <= table->longest)
			fire_equal(run, table, cls, key_hash_text(v->str.ptr, v->str.len), v);
		return;
	}
	if (cls != CLASS_IP) {
		fire_equal(run, table, cls, key_hash_number(value_number_key(cls, v)), v);
		return;
	}
	for (size_t row = 0; row < table->prefixes.count; row++) {
		if (ip_prefixes_hash(&table->prefixes, row, &v->ip, &hash))
			fire_equal(run, table, cls, hash, v);
	}
}

static void look_up(struct wake_run *run, const struct part_slot *s, enum value_class cls, const struct value *v)
{
	if (s->equal)
		look_up_equal(run, s->equal, cls, v);
	if (s->prefix)
		affix_trie_run(s->prefix, v->str.ptr, v->str.len, fire, run);
	if (s->suffix)
		affix_trie_run(s->suffix, v->str.ptr, v->str.len, fire, run);
	if (s->scan)
		gram_scan_run(s->scan, v->str.ptr, v->str.len, fire, run);
}

void match_wake(struct matcher *m, const struct part *part)
{
	struct wake_run run = { m, part };

	for (uint32_t i = 0; i < part->always_count; i++)
		match_wake_variant(m, part->always[i]);
	for (uint32_t i = 0; i < part->slot_count; i++) {
		const struct part_slot *s = &part->slots[i];
		const struct slot_value *v = match_slot(m, s->slot);
		enum value_class cls = m->p->slots[s->slot].cls;

		for (uint32_t k = 0; k < v->count; k++)
			look_up(&run, s, cls, &v->items[k]);
	}
}
