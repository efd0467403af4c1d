#include "policyd/engine/affix_trie.h"

#include <stdlib.h>

/* A node is the literals [lo, hi) of the sorted list, which agree in as many bytes as the node is deep. Those that end
 * there come first. */
struct affix_node {
	uint32_t first_edge;
	uint32_t lo, done;             /* literals [lo, done) end here, as far as the walk goes */
	uint16_t edge_count;
};

struct affix_edge {
	uint32_t node;
	unsigned char byte;            /* folded */
};

struct affix_trie {
	enum affix_end end;
	const struct literal *literals;
	struct affix_node *nodes;
	struct affix_edge *edges;
	uint32_t root[256];            /* node by first byte; 0: none */
};

/* The i'th byte the walk sees, folded. */
static inline unsigned char byte_at(const char *ptr, size_t len, size_t i, enum affix_end end)
{
	return (unsigned char)text_fold(end == AFFIX_PREFIX ? ptr[i] : ptr[len - 1 - i]);
}

static size_t walked(const struct literal *l)
{
	return l->len < AFFIX_MAX_BYTES ? l->len : AFFIX_MAX_BYTES;
}

static int compare(const struct literal *a, const struct literal *b, enum affix_end end)
{
	size_t common = walked(a) < walked(b) ? walked(a) : walked(b);

	for (size_t i = 0; i < common; i++) {
		unsigned char x = byte_at(a->ptr, a->len, i, end), y = byte_at(b->ptr, b->len, i, end);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return walked(a) < walked(b) ? -1 : walked(a) > walked(b);
}

static int compare_prefix(const void *a, const void *b)
{
	return compare(a, b, AFFIX_PREFIX);
}

static int compare_suffix(const void *a, const void *b)
{
	return compare(a, b, AFFIX_SUFFIX);
}

/* A node still to be given its edges: literals [lo, hi), depth bytes alike. */
struct pending {
	uint32_t hi;
	uint32_t depth;
};

static uint32_t add_edges(struct affix_trie *t, struct pending *pending, uint32_t node, uint32_t *node_count,
	uint32_t edge)
{
	struct affix_node *n = &t->nodes[node];
	struct pending p = pending[node];

	n->first_edge = edge;
	for (uint32_t i = n->done; i < p.hi;) {
		const struct literal *l = &t->literals[i];
		unsigned char byte = byte_at(l->ptr, l->len, p.depth, t->end);
		uint32_t kid = (*node_count)++, j = i + 1;

		while (j < p.hi && byte_at(t->literals[j].ptr, t->literals[j].len, p.depth, t->end) == byte)
			j++;
		t->nodes[kid] = (struct affix_node){ .lo = i, .done = i };
		pending[kid] = (struct pending){ j, p.depth + 1 };
		while (t->nodes[kid].done < j && walked(&t->literals[t->nodes[kid].done]) == p.depth + 1)
			t->nodes[kid].done++;
		t->edges[edge++] = (struct affix_edge){ kid, byte };
		n->edge_count++;
		i = j;
	}
	return edge;
}

static void build_nodes(struct affix_trie *t, struct pending *pending, uint32_t count)
{
	uint32_t node_count = 1, edge = 0;

	t->nodes[0] = (struct affix_node){ .lo = 0 };
	pending[0] = (struct pending){ count, 0 };
	for (uint32_t i = 0; i < node_count; i++)
		edge = add_edges(t, pending, i, &node_count, edge);
	for (uint32_t i = 0; i < t->nodes[0].edge_count; i++)
		t->root[t->edges[i].byte] = t->edges[i].node;
}

/* Each sorted literal adds a node for every byte it does not share with the one before. */
static size_t count_nodes(const struct literal *sorted, size_t count, enum affix_end end)
{
	size_t nodes = 1;

	for (size_t i = 0; i < count; i++) {
		const struct literal *a = &sorted[i ? i - 1 : 0], *b = &sorted[i];
		size_t shared = 0;

		while (i && shared < walked(a) && shared < walked(b) &&
			byte_at(a->ptr, a->len, shared, end) == byte_at(b->ptr, b->len, shared, end))
			shared++;
		nodes += walked(b) - shared;
	}
	return nodes;
}

enum status affix_trie_create(struct arena *a, const struct literal *literals, size_t count, enum affix_end end,
	struct affix_trie **out)
{
	struct affix_trie *t = arena_zalloc(a, sizeof *t);
	struct literal *own = arena_alloc(a, (count + 1) * sizeof *own);
	struct pending *pending = NULL;
	size_t nodes;
	enum status st = ST_NOMEM;

	*out = NULL;
	if (!t || !own)
		goto done;
	memcpy(own, literals, count * sizeof *own);
	qsort(own, count, sizeof *own, end == AFFIX_PREFIX ? compare_prefix : compare_suffix);
	nodes = count_nodes(own, count, end);
	if (nodes >= UINT32_MAX)
		goto done;
	t->end = end;
	t->literals = own;
	t->nodes = arena_alloc(a, nodes * sizeof *t->nodes);
	t->edges = arena_alloc(a, nodes * sizeof *t->edges);
	pending = malloc(nodes * sizeof *pending);
	if (!t->nodes || !t->edges || !pending)
		goto done;
	build_nodes(t, pending, (uint32_t)count);
	*out = t;
	st = ST_OK;
done:
	free(pending);
	return st;
}

static uint32_t step(const struct affix_trie *t, const struct affix_node *n, unsigned char byte)
{
	const struct affix_edge *e = &t->edges[n->first_edge], *end = e + n->edge_count;

	for (; e < end && e->byte < byte; e++)
		;
	return e < end && e->byte == byte ? e->node : 0;
}

void affix_trie_run(const struct affix_trie *t, const char *text, size_t len, literal_fn *found, void *ctx)
{
	uint32_t node = len ? t->root[byte_at(text, len, 0, t->end)] : 0;

	for (size_t depth = 1; node; depth++) {
		const struct affix_node *n = &t->nodes[node];

		for (uint32_t i = n->lo; i < n->done; i++) {
			const struct literal *l = &t->literals[i];

			if (l->len <= len && literal_is_at(l, t->end == AFFIX_PREFIX ? text : text + (len - l->len)))
				found(ctx, l->trigger);
		}
		node = depth < len ? step(t, n, byte_at(text, len, depth, t->end)) : 0;
	}
}
