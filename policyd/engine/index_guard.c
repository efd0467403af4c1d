/* The guard of a condition: the cheapest set of checks of which at least one must be true. */
#include <string.h>

#include "policyd/engine/index_build.h"

static bool guard_check(struct index_build *b, const struct cond_node *n, struct guard *out)
{
	const struct pred_keys *keys;
	uint32_t *one;

	if (n->negated)
		return true;
	keys = index_keys(b, n->pred);
	if (!keys)
		return false;
	if (keys->family == KEYS_NONE)
		return true;
	one = arena_alloc(b->e->scratch, sizeof *one);
	if (!one)
		return false;
	*one = n->pred;
	*out = (struct guard){ .found = true, .weight = keys->weight, .preds = one, .count = 1 };
	return true;
}

static bool guard_and(struct index_build *b, const struct cond_node *n, struct guard *out)
{
	for (size_t i = 0; i < n->kid_count; i++) {
		struct guard kid;

		if (!index_guard(b, n->kids[i], &kid))
			return false;
		if (kid.found && (!out->found || kid.weight < out->weight))
			*out = kid;
	}
	return true;
}

static bool guard_or(struct index_build *b, const struct cond_node *n, struct guard *out)
{
	struct guard all = { .found = true };
	struct buf preds;
	uint32_t *copy;
	bool ok = true;

	buf_init(&preds, PROGRAM_MAX_BYTES);
	for (size_t i = 0; i < n->kid_count && ok; i++) {
		struct guard kid;

		ok = index_guard(b, n->kids[i], &kid);
		if (!ok || !kid.found)
			goto done;
		all.weight += kid.weight;
		ok = !kid.count || buf_append(&preds, kid.preds, kid.count * sizeof *kid.preds);
	}
	copy = ok ? arena_alloc(b->e->scratch, preds.len + 1) : NULL;
	ok = copy != NULL;
	if (!ok)
		goto done;
	if (preds.len)
		memcpy(copy, preds.data, preds.len);
	all.preds = copy;
	all.count = preds.len / sizeof *copy;
	*out = all;
done:
	buf_release(&preds);
	return ok;
}

bool index_guard(struct index_build *b, const struct cond_node *n, struct guard *out)
{
	*out = (struct guard){ .found = false };
	switch (n->kind) {
	case NODE_CHECK:
		return guard_check(b, n, out);
	case NODE_AND:
		return guard_and(b, n, out);
	case NODE_OR:
		return guard_or(b, n, out);
	default:
		return true;
	}
}
