#include "collector/pump/backlog.h"

#include <string.h>

void backlog_init(struct backlog *b, struct ring *const *rings, size_t ring_count)
{
	memset(b, 0, sizeof *b);
	b->ring_count = ring_count;
	memcpy(b->rings, rings, ring_count * sizeof *rings);
}

void backlog_look(struct backlog *b)
{
	for (size_t i = 0; i < b->ring_count; i++) {
		if (!b->head[i])
			b->head[i] = ring_peek(b->rings[i], &b->pos[i], &b->next[i]);
	}
}

/* What was numbered goes in that order; the rest by time, behind it. */
static bool is_before(const struct event_entry *a, const struct event_entry *b)
{
	if (a->seq || b->seq)
		return a->seq && (!b->seq || a->seq < b->seq);
	return a->time_100ns < b->time_100ns;
}

struct event_entry *backlog_first(struct backlog *b, size_t *ring)
{
	struct event_entry *first = NULL;

	for (size_t i = 0; i < b->ring_count; i++) {
		if (b->head[i] && (!first || is_before(b->head[i], first))) {
			first = b->head[i];
			*ring = i;
		}
	}
	return first;
}

void backlog_number(struct backlog *b, struct event_entry *e)
{
	if (!e->seq)
		e->seq = ++b->last_seq;
}

void backlog_pass(struct backlog *b, size_t ring)
{
	b->pos[ring] = b->next[ring];
	b->head[ring] = ring_peek(b->rings[ring], &b->pos[ring], &b->next[ring]);
}

static struct backlog_mark *mark_at(struct backlog *b, size_t i)
{
	return &b->marks[(b->first_mark + i) % BACKLOG_MARKS];
}

void backlog_mark(struct backlog *b, uint64_t stream_bytes)
{
	struct backlog_mark *m = mark_at(b, b->mark_count < BACKLOG_MARKS ? b->mark_count++ : BACKLOG_MARKS - 1);
	uint64_t first = UINT64_MAX;

	m->stream_bytes = stream_bytes;
	memcpy(m->pos, b->pos, sizeof m->pos);
	/* Entries that come again are numbered already: sent is what lies before the first of those that are left. */
	for (size_t i = 0; i < b->ring_count; i++) {
		if (b->head[i] && b->head[i]->seq && b->head[i]->seq < first)
			first = b->head[i]->seq;
	}
	m->seq = first == UINT64_MAX ? b->last_seq : first - 1;
}

static void drop_first_mark(struct backlog *b, bool confirmed)
{
	const struct backlog_mark *m = mark_at(b, 0);

	for (size_t i = 0; i < b->ring_count; i++) {
		if (m->pos[i] > ring_released(b->rings[i]))
			ring_release(b->rings[i], m->pos[i]);
	}
	if (confirmed && m->seq > b->confirmed_seq)
		b->confirmed_seq = m->seq;
	b->first_mark = (b->first_mark + 1) % BACKLOG_MARKS;
	b->mark_count--;
}

void backlog_confirm(struct backlog *b, uint64_t stream_bytes)
{
	while (b->mark_count && mark_at(b, 0)->stream_bytes <= stream_bytes)
		drop_first_mark(b, true);
}

static bool is_tight(const struct backlog *b)
{
	for (size_t i = 0; i < b->ring_count; i++) {
		if (ring_used_bytes(b->rings[i]) > ring_size_bytes(b->rings[i]) / 2)
			return true;
	}
	return false;
}

void backlog_relieve(struct backlog *b)
{
	/* The last mark stays: it may still grow. */
	while (b->mark_count > 1 && is_tight(b))
		drop_first_mark(b, false);
}

uint64_t backlog_rewind(struct backlog *b)
{
	struct event_entry *first;
	size_t ring = 0;

	b->mark_count = 0;
	for (size_t i = 0; i < b->ring_count; i++) {
		b->pos[i] = ring_released(b->rings[i]);
		b->head[i] = NULL;
	}
	backlog_look(b);
	first = backlog_first(b, &ring);
	return first && first->seq ? first->seq : b->last_seq + 1;
}

static bool is_expired(const struct backlog *b, size_t ring, uint64_t older_than_100ns)
{
	size_t size = ring_size_bytes(b->rings[ring]);

	return b->head[ring]->time_100ns < older_than_100ns || ring_used_bytes(b->rings[ring]) > size / 4 * 3;
}

void backlog_expire(struct backlog *b, uint64_t older_than_100ns)
{
	backlog_rewind(b);
	for (size_t i = 0; i < b->ring_count; i++) {
		while (b->head[i] && is_expired(b, i, older_than_100ns)) {
			b->not_sent[i] += b->head[i]->seq == 0;
			backlog_pass(b, i);
			ring_release(b->rings[i], b->pos[i]);
		}
	}
}

uint64_t backlog_waiting(struct backlog *b)
{
	uint64_t pos, next, waiting = 0;

	for (size_t i = 0; i < b->ring_count; i++) {
		const struct event_entry *e;

		for (pos = b->pos[i]; (e = ring_peek(b->rings[i], &pos, &next)) != NULL; pos = next)
			waiting += e->seq == 0;
	}
	return waiting;
}
