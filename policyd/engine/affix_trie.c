#include "policyd/engine/affix_trie.h"

#include <stdlib.h>

#include "proto/base/bytes.h"

enum { KIDS_AT_ONCE = 8 };

/* A node is the literals [lo, hi) of the sorted list, which agree in as many bytes as the node is deep. Those that end
 * there come first. One literal alone has no nodes below it: the walk ends there and it is compared whole. */
struct affix_node {
	uint32_t lo, done;             /* literals [lo, done) end here, as far as the walk goes */
	uint32_t first_kid, kid_count; /* nodes: kids stand in a row */
};

struct affix_trie {
	enum affix_end end;
	const struct literal *literals;
	struct affix_node *nodes;
	unsigned char *bytes;          /* by node: the byte that leads to it, folded; KIDS_AT_ONCE more may be read */
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

/* A node still to be given its kids: literals [lo, hi), depth bytes alike. */
struct pending {
	uint32_t hi;
	uint32_t depth;
};

static void add_kids(struct affix_trie *t, struct pending *pending, uint32_t node, uint32_t *node_count)
{
	struct affix_node *n = &t->nodes[node];
	struct pending p = pending[node];

	n->first_kid = *node_count;
	for (uint32_t i = n->done; i < p.hi;) {
		const struct literal *l = &t->literals[i];
		unsigned char byte = byte_at(l->ptr, l->len, p.depth, t->end);
		uint32_t kid = (*node_count)++, j = i + 1;

		while (j < p.hi && byte_at(t->literals[j].ptr, t->literals[j].len, p.depth, t->end) == byte)
			j++;
		t->nodes[kid] = (struct affix_node){ .lo = i, .done = j - i == 1 ? j : i };
		t->bytes[kid] = byte;
		pending[kid] = (struct pending){ j, p.depth + 1 };
		while (t->nodes[kid].done < j && walked(&t->literals[t->nodes[kid].done]) == p.depth + 1)
			t->nodes[kid].done++;
		n->kid_count++;
		i = j;
	}
}

static void build_nodes(struct affix_trie *t, struct pending *pending, uint32_t count)
{
	uint32_t node_count = 1;

	t->nodes[0] = (struct affix_node){ .lo = 0 };
	pending[0] = (struct pending){ count, 0 };
	for (uint32_t i = 0; i < node_count; i++)
		add_kids(t, pending, i, &node_count);
	for (uint32_t i = 1; i <= t->nodes[0].kid_count; i++)
		t->root[t->bytes[i]] = i;
}

static size_t shared(const struct literal *a, const struct literal *b, enum affix_end end)
{
	size_t most = walked(a) < walked(b) ? walked(a) : walked(b), n = 0;

	while (n < most && byte_at(a->ptr, a->len, n, end) == byte_at(b->ptr, b->len, n, end))
		n++;
	return n;
}

/* Each sorted literal adds the nodes from where it leaves the one before to where it stands alone. */
static size_t count_nodes(const struct literal *sorted, size_t count, enum affix_end end)
{
	size_t nodes = 1, before = 0;

	for (size_t i = 0; i < count; i++) {
		size_t after = i + 1 < count ? shared(&sorted[i], &sorted[i + 1], end) : 0;
		size_t alone = 1 + (before > after ? before : after), most = walked(&sorted[i]);

		nodes += (alone < most ? alone : most) - before;
		before = after;
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
	t->bytes = arena_zalloc(a, nodes + KIDS_AT_ONCE);
	pending = malloc(nodes * sizeof *pending);
	if (!t->nodes || !t->bytes || !pending)
		goto done;
	build_nodes(t, pending, (uint32_t)count);
	*out = t;
	st = ST_OK;
done:
	free(pending);
	return st;
}

/* The kid that this byte leads to; 0: none. Looks at eight kids at a time: the lowest byte of x that is 0 is that of the
 * kid, and marks made by a borrow stand above it. */
static uint32_t step(const struct affix_trie *t, const struct affix_node *n, unsigned char byte)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	if (n->kid_count == 1)
		return t->bytes[n->first_kid] == byte ? n->first_kid : 0;
	for (uint32_t i = 0; i < n->kid_count; i += KIDS_AT_ONCE) {
		uint64_t x = load_u64le(t->bytes + n->first_kid + i) ^ ones * byte, zero = (x - ones) & ~x & ones << 7;
		uint32_t kid;

		if (!zero)
			continue;
		kid = i + (uint32_t)__builtin_ctzll(zero) / 8;
		return kid < n->kid_count ? n->first_kid + kid : 0;
	}
	return 0;
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
