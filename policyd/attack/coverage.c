#include "policyd/attack/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/attack/coverage_parts.h"

static bool grow(void **items, size_t *cap, size_t count, size_t item_bytes)
{
	size_t wanted = *cap ? *cap * 2 : 256;
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

static bool add_hit(struct coverage *c, const struct coverage_hit *hit)
{
	void *items = c->hits;
	bool ok = grow(&items, &c->hit_cap, c->hit_count, sizeof *hit);

	c->hits = items;
	if (ok)
		c->hits[c->hit_count++] = *hit;
	return ok;
}

static bool add_unknown(struct coverage *c, const struct rule *rule, const char *tag)
{
	void *items = c->unknown;
	bool ok = grow(&items, &c->unknown_cap, c->unknown_count, sizeof *c->unknown);

	c->unknown = items;
	if (ok)
		c->unknown[c->unknown_count++] = (struct coverage_unknown){ rule, tag };
	return ok;
}

/* The technique, and the one above it, under each tactic of the mask. */
static bool add_technique(struct coverage *c, uint32_t rule, const struct attack_technique *t, uint32_t named)
{
	const struct attack_technique *parent = attack_technique_parent(t);
	uint32_t mask = t->tactics & named ? t->tactics & named : t->tactics;
	bool ok = true;

	for (uint8_t i = 0; ok && i < ATTACK_TACTIC_COUNT; i++) {
		struct coverage_hit hit = { .rule = rule, .technique = (uint16_t)(t - attack_technique(0)), .tactic = i,
			.direct = true };

		if (!(mask >> i & 1))
			continue;
		ok = add_hit(c, &hit);
		if (!ok || !parent)
			continue;
		hit.technique = (uint16_t)(parent - attack_technique(0));
		hit.direct = false;
		ok = add_hit(c, &hit);
	}
	return ok;
}

static bool add_rule(struct coverage *c, uint32_t index, const struct rule *r)
{
	uint32_t named = 0;
	size_t before = c->hit_count;
	bool ok = true;

	for (size_t i = 0; ok && i < r->tags.count; i++) {
		struct attack_meaning m = attack_tag_meaning(r->tags.names[i]);

		if (m.kind == ATTACK_TAG_UNKNOWN)
			ok = add_unknown(c, r, r->tags.names[i]);
		if (m.kind != ATTACK_TAG_TACTIC)
			continue;
		named |= UINT32_C(1) << m.tactic;
		ok = add_hit(c, &(struct coverage_hit){ .rule = index, .technique = COVERAGE_NO_TECHNIQUE,
					.tactic = (uint8_t)m.tactic, .direct = true });
	}
	for (size_t i = 0; ok && i < r->tags.count; i++) {
		struct attack_meaning m = attack_tag_meaning(r->tags.names[i]);

		if (m.kind == ATTACK_TAG_TECHNIQUE)
			ok = add_technique(c, index, m.technique, named);
	}
	c->rules++;
	c->rules_untagged += c->hit_count == before;
	return ok;
}

/* Direct ones first, so that of two that are one the better is kept. */
static int compare_hits(const void *a, const void *b)
{
	const struct coverage_hit *x = a, *y = b;

	if (x->tactic != y->tactic)
		return x->tactic < y->tactic ? -1 : 1;
	if (x->technique != y->technique)
		return x->technique < y->technique ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return (int)y->direct - (int)x->direct;
}

static void keep_each_once(struct coverage *c)
{
	size_t kept = 0;

	if (c->hit_count)
		qsort(c->hits, c->hit_count, sizeof c->hits[0], compare_hits);
	for (size_t i = 0; i < c->hit_count; i++) {
		const struct coverage_hit *h = &c->hits[i], *last = kept ? &c->hits[kept - 1] : NULL;

		if (!last || last->tactic != h->tactic || last->technique != h->technique || last->rule != h->rule)
			c->hits[kept++] = *h;
	}
	c->hit_count = kept;
}

struct coverage *coverage_create(const struct ruleset *rs, bool all_rules)
{
	struct coverage *c = calloc(1, sizeof *c);
	bool ok = c != NULL;

	for (size_t i = 0; ok && i < ruleset_rule_count(rs); i++) {
		const struct rule *r = ruleset_rule(rs, i);

		if (r->runs || all_rules)
			ok = add_rule(c, (uint32_t)i, r);
		else
			c->rules_left_out++;
	}
	if (!ok) {
		coverage_destroy(c);
		return NULL;
	}
	c->rs = rs;
	keep_each_once(c);
	return c;
}

void coverage_destroy(struct coverage *c)
{
	if (!c)
		return;
	free(c->hits);
	free(c->unknown);
	free(c);
}

size_t coverage_unknown_count(const struct coverage *c)
{
	return c->unknown_count;
}

struct coverage_unknown coverage_unknown(const struct coverage *c, size_t i)
{
	return c->unknown[i];
}

struct coverage_cell coverage_cell_at(const struct coverage *c, size_t from)
{
	const struct coverage_hit *first = &c->hits[from];
	struct coverage_cell cell = { .tactic = first->tactic, .from = from, .to = from };

	if (first->technique != COVERAGE_NO_TECHNIQUE)
		cell.technique = attack_technique(first->technique);
	for (; cell.to < c->hit_count; cell.to++) {
		const struct coverage_hit *h = &c->hits[cell.to];

		if (h->tactic != first->tactic || h->technique != first->technique)
			break;
		cell.direct += h->direct;
	}
	return cell;
}
