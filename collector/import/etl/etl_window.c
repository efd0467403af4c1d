#include "collector/import/etl/etl_window.h"

#include <stdlib.h>

struct run {                        /* [pos, end) of a block: records in time order */
	uint64_t ticks;             /* of the record at pos, which is an event */
	struct etl_block *block;
	uint32_t pos, end;
};

struct etl_window {
	struct run *heap;           /* binary heap, oldest first */
	size_t count;
	size_t held_bytes, max_bytes;
	struct etl_block *spent;    /* handed out last; freed when its view may die */
};

struct etl_window *etl_window_create(size_t max_bytes)
{
	struct etl_window *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->max_bytes = max_bytes;
	w->heap = malloc(ETL_WINDOW_RUNS_MAX * sizeof *w->heap);
	if (!w->heap) {
		free(w);
		return NULL;
	}
	return w;
}

static void release_run(struct etl_window *w, struct etl_block *b)
{
	if (--b->run_count > 0)
		return;
	w->held_bytes -= sizeof *b + b->len;
	free(w->spent);
	w->spent = b;
}

void etl_window_destroy(struct etl_window *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->count; i++)
		release_run(w, w->heap[i].block);
	free(w->spent);
	free(w->heap);
	free(w);
}

static bool older(const struct run *a, const struct run *b)
{
	if (a->ticks != b->ticks)
		return a->ticks < b->ticks;
	if (a->block != b->block)
		return a->block->index < b->block->index;
	return a->pos < b->pos;
}

static void push(struct etl_window *w, struct run r)
{
	size_t at = w->count++, parent;

	while (at > 0) {
		parent = (at - 1) / 2;
		if (!older(&r, &w->heap[parent]))
			break;
		w->heap[at] = w->heap[parent];
		at = parent;
	}
	w->heap[at] = r;
}

/* Puts r where the oldest run was, and restores the order. */
static void replace_first(struct etl_window *w, struct run r)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < w->count) {
		if (child + 1 < w->count && older(&w->heap[child + 1], &w->heap[child]))
			child++;
		if (!older(&w->heap[child], &r))
			break;
		w->heap[at] = w->heap[child];
		at = child;
	}
	w->heap[at] = r;
}

static void close_run(struct etl_window *w, struct run *open, uint32_t end)
{
	open->end = end;
	push(w, *open);
	open->block->run_count++;
}

void etl_window_add(struct etl_window *w, struct etl_block *b, struct etl_walk *walk)
{
	struct etl_cursor c = etl_cursor_of(b, 0, b->len);
	struct run open = { .block = NULL };
	uint64_t last = 0;
	struct etl_mark m;

	*walk = (struct etl_walk){ .damage = NULL };
	while (etl_cursor_next(&c, &m)) {
		walk->count[m.kind]++;
		if (m.kind != ETL_KIND_EVENT)
			continue;
		/* Without room for another run the record stays where it is, and comes late. */
		if (open.block && m.ticks < last && w->count + 1 < ETL_WINDOW_RUNS_MAX) {
			close_run(w, &open, m.pos);
			open.block = NULL;
		}
		if (!open.block)
			open = (struct run){ .ticks = m.ticks, .block = b, .pos = m.pos };
		last = m.ticks;
	}
	walk->damage = c.damage;
	walk->damage_pos = c.pos;
	if (open.block)
		close_run(w, &open, c.pos < b->len ? c.pos : b->len);
	if (b->run_count)
		w->held_bytes += sizeof *b + b->len;
	else
		free(b);
}

bool etl_window_full(const struct etl_window *w)
{
	return w->held_bytes > w->max_bytes || w->count >= ETL_WINDOW_RUNS_MAX / 2;
}

static bool next_event(struct etl_cursor *c, struct etl_mark *out)
{
	while (etl_cursor_next(c, out)) {
		if (out->kind == ETL_KIND_EVENT)
			return true;
	}
	return false;
}

bool etl_window_take(struct etl_window *w, struct etl_mark *out, const struct etl_block **from)
{
	struct run r;
	struct etl_cursor c;
	struct etl_mark next;

	free(w->spent);
	w->spent = NULL;
	if (!w->count)
		return false;
	r = w->heap[0];
	c = etl_cursor_of(r.block, r.pos, r.end);
	*from = r.block;
	next_event(&c, out);    /* it was one when the run was made */
	if (next_event(&c, &next)) {
		r.pos = next.pos;
		r.ticks = next.ticks;
		replace_first(w, r);
		return true;
	}
	w->count--;
	if (w->count)
		replace_first(w, w->heap[w->count]);
	release_run(w, r.block);
	return true;
}
