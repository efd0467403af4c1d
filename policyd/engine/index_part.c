/* One part: the look-up tables of its slots, and whom they wake. */
#include <stdlib.h>

#include "policyd/engine/index_build.h"
#include "policyd/engine/keyhash.h"

/* A check that guards a variant. */
struct wake {
	uint32_t slot, pred, variant;
};

struct part_build {
	struct index_build *b;
	struct part *part;
	struct wake *wakes;
	size_t wake_count;
	struct trigger *triggers;
	size_t trigger_count;
	struct part_slot *slots;
};

static int by_slot(const void *left, const void *right)
{
	const struct wake *x = left, *y = right;

	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	if (x->pred != y->pred)
		return x->pred < y->pred ? -1 : 1;
	return x->variant < y->variant ? -1 : x->variant > y->variant;
}

static enum status collect_wakes(struct part_build *pb, const uint32_t *variants, size_t count)
{
	uint32_t *always = arena_alloc(pb->b->e->keep, (count + 1) * sizeof *always);
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += pb->b->guards[variants[i]].count;
	pb->wakes = arena_alloc(pb->b->e->scratch, (total + 1) * sizeof *pb->wakes);
	if (!always || !pb->wakes || total >= UINT32_MAX)
		return ST_NOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct guard *g = &pb->b->guards[variants[i]];

		if (!g->found)
			always[pb->part->always_count++] = variants[i];
		for (size_t k = 0; k < g->count; k++)
			pb->wakes[pb->wake_count++] =
				(struct wake){ emit_preds(pb->b->e)[g->preds[k]].slot, g->preds[k], variants[i] };
	}
	pb->part->always = always;
	if (pb->wake_count)
		qsort(pb->wakes, pb->wake_count, sizeof *pb->wakes, by_slot);
	return ST_OK;
}

/* One trigger per check, in the order of the wakes. */
static enum status make_triggers(struct part_build *pb)
{
	uint32_t *wakes = arena_alloc(pb->b->e->keep, (pb->wake_count + 1) * sizeof *wakes);
	size_t count = 0;

	for (size_t i = 0; i < pb->wake_count; i++)
		count += i == 0 || pb->wakes[i].pred != pb->wakes[i - 1].pred;
	pb->triggers = arena_alloc(pb->b->e->keep, (count + 1) * sizeof *pb->triggers);
	if (!wakes || !pb->triggers)
		return ST_NOMEM;
	for (size_t i = 0; i < pb->wake_count; i++) {
		if (i == 0 || pb->wakes[i].pred != pb->wakes[i - 1].pred)
			pb->triggers[pb->trigger_count++] =
				(struct trigger){ .stamp = pb->b->stamps++, .pred = pb->wakes[i].pred, .first_wake = (uint32_t)i };
		wakes[i] = pb->wakes[i].variant;
		pb->triggers[pb->trigger_count - 1].wake_count++;
	}
	pb->part->wakes = wakes;
	pb->part->triggers = pb->triggers;
	return ST_OK;
}

/* Literals of one family among the triggers [first, end) of one slot. */
static struct literal *gather(struct part_build *pb, size_t first, size_t end, enum key_family family, size_t *count)
{
	struct literal *list;
	size_t total = 0;

	for (size_t t = first; t < end; t++) {
		const struct pred_keys *keys = &pb->b->keys[pb->triggers[t].pred];

		total += keys->family == family ? keys->count : 0;
	}
	list = arena_alloc(pb->b->e->scratch, (total + 1) * sizeof *list);
	*count = 0;
	for (size_t t = first; list && t < end; t++) {
		const struct pred_keys *keys = &pb->b->keys[pb->triggers[t].pred];
		bool fold = emit_preds(pb->b->e)[pb->triggers[t].pred].check.fold;

		for (size_t i = 0; keys->family == family && i < keys->count; i++)
			list[(*count)++] = (struct literal){ keys->texts[i].ptr, (uint32_t)keys->texts[i].len, (uint32_t)t, fold };
	}
	return list;
}

static enum status make_texts(struct part_build *pb, size_t first, size_t end, struct part_slot *out)
{
	struct arena *keep = pb->b->e->keep;
	struct gram_scan *scan = NULL;
	struct affix_trie *prefix = NULL, *suffix = NULL;
	size_t count;
	struct literal *list = gather(pb, first, end, KEYS_SCAN, &count);
	enum status st = list ? ST_OK : ST_NOMEM;

	if (st == ST_OK && count)
		st = gram_scan_create(keep, list, count, &scan);
	list = st == ST_OK ? gather(pb, first, end, KEYS_PREFIX, &count) : NULL;
	if (list && count)
		st = affix_trie_create(keep, list, count, AFFIX_PREFIX, &prefix);
	list = list && st == ST_OK ? gather(pb, first, end, KEYS_SUFFIX, &count) : NULL;
	if (list && count)
		st = affix_trie_create(keep, list, count, AFFIX_SUFFIX, &suffix);
	out->scan = scan;
	out->prefix = prefix;
	out->suffix = suffix;
	return st == ST_OK && !list ? ST_NOMEM : st;
}

static uint32_t hash_key(struct equal_table *table, enum value_class cls, const struct value *v)
{
	uint32_t hash;

	switch (cls) {
	case CLASS_TEXT:
		if (v->str.len > table->longest)
			table->longest = v->str.len;
		return key_hash_text(v->str.ptr, v->str.len);
	case CLASS_IP:
		ip_prefixes_add(&table->prefixes, &v->ip, &hash);
		return hash;
	default:
		return key_hash_number(value_number_key(cls, v));
	}
}

static enum status make_equal(struct part_build *pb, size_t first, size_t end, const struct equal_table **out)
{
	struct emit *e = pb->b->e;
	struct equal_table *table;
	struct equal_key *keys;
	struct hash_item *items;
	size_t total = 0, n = 0;

	for (size_t t = first; t < end; t++)
		total += pb->b->keys[pb->triggers[t].pred].family == KEYS_EQUAL ? pb->b->keys[pb->triggers[t].pred].count : 0;
	if (!total)
		return ST_OK;
	table = arena_zalloc(e->keep, sizeof *table);
	keys = arena_alloc(e->keep, total * sizeof *keys);
	items = arena_alloc(e->scratch, total * sizeof *items);
	if (!table || !keys || !items)
		return ST_NOMEM;
	for (size_t t = first; t < end; t++) {
		const struct check *c = &emit_preds(e)[pb->triggers[t].pred].check;

		for (size_t i = 0; pb->b->keys[pb->triggers[t].pred].family == KEYS_EQUAL && i < c->const_count; i++) {
			keys[n] = (struct equal_key){ c->consts[i], (uint32_t)t, c->fold };
			items[n] = (struct hash_item){ hash_key(table, c->cls, &c->consts[i]), (uint32_t)n };
			n++;
		}
	}
	table->keys = keys;
	*out = table;
	return hash_index_create(e->keep, items, total, &table->index);
}

static enum status make_slots(struct part_build *pb)
{
	size_t first = 0, count = 0;
	enum status st = ST_OK;

	for (size_t t = 0; t < pb->trigger_count; t++)
		count += t == 0 || pb->wakes[pb->triggers[t].first_wake].slot != pb->wakes[pb->triggers[t - 1].first_wake].slot;
	pb->slots = arena_zalloc(pb->b->e->keep, (count + 1) * sizeof *pb->slots);
	if (!pb->slots)
		return ST_NOMEM;
	while (first < pb->trigger_count && st == ST_OK) {
		uint32_t slot = pb->wakes[pb->triggers[first].first_wake].slot;
		struct part_slot *s = &pb->slots[pb->part->slot_count++];
		size_t end = first;

		while (end < pb->trigger_count && pb->wakes[pb->triggers[end].first_wake].slot == slot)
			end++;
		s->slot = slot;
		st = make_texts(pb, first, end, s);
		if (st == ST_OK)
			st = make_equal(pb, first, end, &s->equal);
		first = end;
	}
	pb->part->slots = pb->slots;
	return st;
}

enum status index_part(struct index_build *b, const uint32_t *variants, size_t count, const struct part **out)
{
	struct part_build pb = { .b = b, .part = arena_zalloc(b->e->keep, sizeof(struct part)) };
	enum status st = pb.part ? ST_OK : ST_NOMEM;

	if (st == ST_OK)
		st = collect_wakes(&pb, variants, count);
	if (st == ST_OK)
		st = make_triggers(&pb);
	if (st == ST_OK)
		st = make_slots(&pb);
	/* What a trigger found may be less than its check: then it proves nothing. */
	for (size_t t = 0; t < pb.trigger_count && st == ST_OK; t++) {
		if (!b->keys[pb.triggers[t].pred].exact)
			pb.triggers[t].pred = NO_ID;
	}
	*out = st == ST_OK ? pb.part : NULL;
	return st;
}
