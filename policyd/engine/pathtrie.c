#include "policyd/engine/pathtrie.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/engine/glob.h"
#include "proto/base/text.h"

struct edge {
	const char *part;
	uint32_t len, node;
};

/* Edges of a node: literal ones in byte order, then the globs. */
struct node {
	uint32_t first, literal_count, glob_count;
	bool terminal;
};

struct pathtrie {
	struct node *nodes;
	struct edge *edges;
	uint32_t node_count, edge_count;
	struct pathtrie_options options;
};

/* A constant with one '/' between its parts and none around. */
struct clean_path {
	const char *ptr;
	size_t len;
};

/* Constants [lo, hi) that all begin with the parts of one node, which end at byte offset. */
struct range {
	uint32_t lo, hi, node;
	size_t offset;
};

static bool is_separator(char c, const struct pathtrie_options *options)
{
	return c == '/' || (options->windows_path && c == '\\');
}

/* The part at or after *at; false at the end of the path. */
static bool next_part(struct glob_text path, size_t *at, const struct pathtrie_options *options, struct glob_text *part)
{
	size_t start;

	while (*at < path.len && is_separator(path.ptr[*at], options))
		(*at)++;
	start = *at;
	while (*at < path.len && !is_separator(path.ptr[*at], options))
		(*at)++;
	*part = (struct glob_text){ path.ptr + start, *at - start };
	return *at > start;
}

static enum status clean(struct arena *a, const struct value *c, const struct pathtrie_options *options,
	struct clean_path *out, size_t *parts)
{
	struct glob_text path = { c->str.ptr, c->str.len }, part;
	char *copy = arena_alloc(a, c->str.len + 1);
	size_t at = 0, len = 0, count = 0;

	if (!copy)
		return ST_NOMEM;
	while (next_part(path, &at, options, &part)) {
		if (++count > PATHTRIE_MAX_PARTS)
			return ST_LIMIT;
		if (len)
			copy[len++] = '/';
		memcpy(copy + len, part.ptr, part.len);
		len += part.len;
	}
	*out = (struct clean_path){ copy, len };
	*parts += count;
	return ST_OK;
}

/* '/' sorts before every other byte, so that paths with the same first parts stand together. */
static int rank(char c)
{
	return c == '/' ? 0 : (unsigned char)c + 1;
}

static int compare_clean(const void *left, const void *right)
{
	const struct clean_path *a = left, *b = right;
	size_t common = a->len < b->len ? a->len : b->len;

	for (size_t i = 0; i < common; i++) {
		if (a->ptr[i] != b->ptr[i])
			return rank(a->ptr[i]) - rank(b->ptr[i]);
	}
	return a->len < b->len ? -1 : a->len > b->len;
}

static size_t part_end(const struct clean_path *p, size_t offset)
{
	while (offset < p->len && p->ptr[offset] != '/')
		offset++;
	return offset;
}

static bool same_part(const struct clean_path *p, const struct clean_path *first, size_t start, size_t end)
{
	return p->len >= end && memcmp(p->ptr + start, first->ptr + start, end - start) == 0 &&
		(p->len == end || p->ptr[end] == '/');
}

/* Adds the edges of one kind below r, and the ranges they lead to. */
static uint32_t add_edges(struct pathtrie *t, const struct clean_path *paths, const struct range *r, bool globs,
	struct range *queue)
{
	size_t start = r->offset ? r->offset + 1 : 0;
	uint32_t added = 0;

	for (uint32_t i = r->lo; i < r->hi;) {
		size_t end = part_end(&paths[i], start);
		struct glob_text part = { paths[i].ptr + start, end - start };
		uint32_t j = i + 1;

		while (j < r->hi && same_part(&paths[j], &paths[i], start, end))
			j++;
		if (glob_has_wildcard(part) == globs) {
			queue[t->node_count] = (struct range){ i, j, t->node_count, end };
			t->edges[t->edge_count++] = (struct edge){ part.ptr, (uint32_t)part.len, t->node_count++ };
			added++;
		}
		i = j;
	}
	return added;
}

/* queue[i] is the range of node i; breadth first. */
static void build_nodes(struct pathtrie *t, const struct clean_path *paths, uint32_t count, struct range *queue)
{
	queue[0] = (struct range){ 0, count, 0, 0 };
	t->node_count = 1;
	for (uint32_t i = 0; i < t->node_count; i++) {
		struct range r = queue[i];
		struct node *n = &t->nodes[i];

		n->first = t->edge_count;
		n->terminal = r.lo < r.hi && paths[r.lo].len <= r.offset;
		if (n->terminal)
			continue;     /* a shorter constant swallows the longer ones below it */
		n->literal_count = add_edges(t, paths, &r, false, queue);
		n->glob_count = add_edges(t, paths, &r, true, queue);
	}
}

enum status pathtrie_create(struct arena *a, const struct value *consts, size_t count, struct pathtrie_options options,
	struct pathtrie **out)
{
	struct pathtrie *t = arena_zalloc(a, sizeof *t);
	struct clean_path *paths = malloc((count + 1) * sizeof *paths);
	struct range *queue = NULL;
	size_t parts = 1;
	enum status st = ST_NOMEM;

	if (!t || !paths)
		goto done;
	t->options = options;
	st = ST_OK;
	for (size_t i = 0; i < count && st == ST_OK; i++)
		st = clean(a, &consts[i], &options, &paths[i], &parts);
	if (st != ST_OK)
		goto done;
	st = ST_LIMIT;
	if (parts >= UINT32_MAX)
		goto done;
	st = ST_NOMEM;
	queue = malloc(parts * sizeof *queue);
	t->nodes = arena_zalloc(a, parts * sizeof *t->nodes);
	t->edges = arena_alloc(a, parts * sizeof *t->edges);
	if (!queue || !t->nodes || !t->edges)
		goto done;
	qsort(paths, count, sizeof *paths, compare_clean);
	build_nodes(t, paths, (uint32_t)count, queue);
	*out = t;
	st = ST_OK;
done:
	free(paths);
	free(queue);
	return st;
}

static int compare_part(const struct edge *e, struct glob_text part, bool fold)
{
	size_t common = e->len < part.len ? e->len : part.len;

	for (size_t i = 0; i < common; i++) {
		char c = fold ? text_fold(part.ptr[i]) : part.ptr[i];

		if (e->part[i] != c)
			return rank(e->part[i]) - rank(c);
	}
	return e->len < part.len ? -1 : e->len > part.len;
}

static const struct edge *find_literal(const struct pathtrie *t, const struct node *n, struct glob_text part)
{
	uint32_t lo = 0, hi = n->literal_count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct edge *e = &t->edges[n->first + mid];
		int order = compare_part(e, part, t->options.fold);

		if (order == 0)
			return e;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* Depth is bounded by the constants' parts; every node is tried at most once, since its depth fixes the part. */
static bool match_from(const struct pathtrie *t, uint32_t node, struct glob_text path, size_t at)
{
	const struct node *n = &t->nodes[node];
	const struct edge *e;
	struct glob_text part;

	if (n->terminal)
		return true;
	if (!next_part(path, &at, &t->options, &part))
		return false;
	e = find_literal(t, n, part);
	if (e && match_from(t, e->node, path, at))
		return true;
	for (uint32_t i = 0; i < n->glob_count; i++) {
		e = &t->edges[n->first + n->literal_count + i];
		if (glob_match((struct glob_text){ e->part, e->len }, part, t->options.fold) &&
			match_from(t, e->node, path, at))
			return true;
	}
	return false;
}

bool pathtrie_match(const struct pathtrie *t, const char *path, size_t len)
{
	return match_from(t, 0, (struct glob_text){ path, len }, 0);
}
