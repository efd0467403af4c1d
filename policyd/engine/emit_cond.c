/* Conditions between the checked expression and code: negation moved down, known checks worked out, cheap checks first.
 * Order within and/or is free: no check has an effect, and a missing value makes just its own check false. */
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/emit.h"

static struct cond_node *new_node(struct emit *e, enum cond_node_kind kind, size_t kid_count)
{
	struct cond_node *n = arena_zalloc(e->scratch, sizeof *n);

	if (!n)
		return NULL;
	n->kind = kind;
	n->kids = kid_count ? arena_alloc(e->scratch, kid_count * sizeof(struct cond_node *)) : NULL;
	return kid_count && !n->kids ? NULL : n;
}

struct conversion {
	struct emit *e;
	unsigned depth;
	enum status st;
};

static struct cond_node *convert(struct conversion *c, const struct expr *x, bool negated);

static struct cond_node *convert_kids(struct conversion *c, const struct expr *x, bool negated)
{
	bool is_and = (x->kind == EXPR_AND) != negated;
	struct cond_node *n = new_node(c->e, is_and ? NODE_AND : NODE_OR, x->kid_count);

	if (!n)
		return NULL;
	for (size_t i = 0; i < x->kid_count; i++) {
		n->kids[i] = convert(c, x->kids[i], negated);
		if (!n->kids[i])
			return NULL;
	}
	n->kid_count = x->kid_count;
	return n;
}

static struct cond_node *convert_check(struct conversion *c, const struct expr *x, bool negated)
{
	struct cond_node *n = new_node(c->e, NODE_CHECK, 0);

	if (!n)
		return NULL;
	n->negated = negated;
	c->st = emit_pred(c->e, x->pred, &n->pred);
	return c->st == ST_OK ? n : NULL;
}

static struct cond_node *convert(struct conversion *c, const struct expr *x, bool negated)
{
	struct cond_node *n;

	/* A run of nots needs no depth. */
	while (x->kind == EXPR_NOT) {
		negated = !negated;
		x = x->kids[0];
	}
	if (x->kind == EXPR_PREDICATE)
		return convert_check(c, x, negated);
	if (c->depth >= PROGRAM_MAX_DEPTH) {
		c->st = diag_set(c->e->why, ST_LIMIT, "condition is nested more than %d deep", PROGRAM_MAX_DEPTH);
		return NULL;
	}
	c->depth++;
	n = convert_kids(c, x, negated);
	c->depth--;
	return n;
}

struct cond_node *cond_from_expr(struct emit *e, const struct expr *x, enum status *st)
{
	struct conversion c = { .e = e, .st = ST_OK };
	struct cond_node *n = convert(&c, x, false);

	*st = n ? ST_OK : c.st != ST_OK ? c.st : ST_NOMEM;
	return n;
}

/* Rough cost of asking, in the order of magnitude of its instructions. */
static unsigned check_cost(const struct pred *p)
{
	const struct check *c = &p->check;
	unsigned many = c->const_count > 64 && !c->set ? 64 : c->set ? 1 : (unsigned)c->const_count + 1;

	if (p->right != NO_ID)
		return 40;
	switch (c->op) {
	case OP_REGEX:
		return 2000 * many;
	case OP_CONTAINS:
		return (c->fold ? 800 : 200) * many;
	case OP_GLOB:
		return 400 * many;
	case OP_PMATCH:
		return 100;
	default:
		return 10 * many;
	}
}

static uint64_t node_cost(const struct emit *e, const struct cond_node *n)
{
	uint64_t sum = 0;

	if (n->kind == NODE_CHECK)
		return check_cost(&emit_preds(e)[n->pred]);
	for (size_t i = 0; i < n->kid_count; i++)
		sum += n->kids[i]->cost;
	return sum;
}

static int by_cost(const void *left, const void *right)
{
	const struct cond_node *a = *(struct cond_node *const *)left, *b = *(struct cond_node *const *)right;

	if (a->cost != b->cost)
		return a->cost < b->cost ? -1 : 1;
	/* qsort is not stable, and programs should come out the same everywhere. */
	return a->pred < b->pred ? -1 : a->pred > b->pred;
}

static struct cond_node *known(struct emit *e, bool truth)
{
	return new_node(e, truth ? NODE_TRUE : NODE_FALSE, 0);
}

static struct cond_node *simplify_check(struct emit *e, const struct cond_node *n, const struct type_facts *facts)
{
	struct cond_node *copy;

	for (size_t i = 0; i < facts->count; i++) {
		if (facts->preds[i] == n->pred)
			return known(e, (facts->truth >> i & 1) != n->negated);
	}
	copy = new_node(e, NODE_CHECK, 0);
	if (copy) {
		copy->negated = n->negated;
		copy->pred = n->pred;
		copy->cost = node_cost(e, copy);
	}
	return copy;
}

static bool holds_already(const struct cond_node *n, const struct cond_node *kid)
{
	for (size_t i = 0; kid->kind == NODE_CHECK && i < n->kid_count && i < 16; i++) {
		if (n->kids[i]->kind == NODE_CHECK && n->kids[i]->pred == kid->pred && n->kids[i]->negated == kid->negated)
			return true;
	}
	return false;
}

/* Appends kid, or its own kids where it is of the same kind. */
static bool take_kid(struct buf *kids, struct cond_node *n, struct cond_node *kid)
{
	if (kid->kind == n->kind) {
		for (size_t i = 0; i < kid->kid_count; i++) {
			if (!buf_append(kids, &kid->kids[i], sizeof kid->kids[i]))
				return false;
		}
	} else if (!holds_already(n, kid) && !buf_append(kids, &kid, sizeof kid)) {
		return false;
	}
	n->kids = (struct cond_node **)(void *)kids->data;
	n->kid_count = kids->len / sizeof kid;
	return true;
}

/* n's kids stand in buf: moves them to the arena, sorted; one kid alone takes n's place. */
static struct cond_node *close_node(struct emit *e, struct cond_node *n)
{
	struct cond_node **kids;

	if (n->kid_count == 0)
		return known(e, n->kind == NODE_AND);
	if (n->kid_count == 1)
		return n->kids[0];
	kids = arena_alloc(e->scratch, n->kid_count * sizeof(struct cond_node *));
	if (!kids)
		return NULL;
	memcpy(kids, n->kids, n->kid_count * sizeof(struct cond_node *));
	qsort(kids, n->kid_count, sizeof(struct cond_node *), by_cost);
	n->kids = kids;
	n->cost = node_cost(e, n);
	return n;
}

static struct cond_node *simplify_kids(struct emit *e, const struct cond_node *n, const struct type_facts *facts)
{
	enum cond_node_kind absorbs = n->kind == NODE_AND ? NODE_FALSE : NODE_TRUE;
	struct cond_node *copy = new_node(e, n->kind, 0), *out = NULL;
	struct buf kids;

	buf_init(&kids, PROGRAM_MAX_BYTES);
	if (!copy)
		goto done;
	for (size_t i = 0; i < n->kid_count; i++) {
		struct cond_node *kid = cond_simplify(e, n->kids[i], facts);

		if (!kid)
			goto done;
		if (kid->kind == absorbs) {
			out = kid;
			goto done;
		}
		if (kid->kind != NODE_TRUE && kid->kind != NODE_FALSE && !take_kid(&kids, copy, kid))
			goto done;
	}
	out = close_node(e, copy);
done:
	buf_release(&kids);
	return out;
}

struct cond_node *cond_simplify(struct emit *e, const struct cond_node *n, const struct type_facts *facts)
{
	return n->kind == NODE_CHECK ? simplify_check(e, n, facts) : simplify_kids(e, n, facts);
}
