#include "policyd/output/alert_queue.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "policyd/output/uid.h"

/* One allocation: the record's texts and tags stand behind it. */
struct node {
	struct node *next;
	uint64_t seq;
	size_t bytes;
	struct alert_record record;
};

struct list {
	struct node *first, *last;
};

struct alert_queue {
	uv_mutex_t lock;
	uv_cond_t filled;
	struct list lists[PRIORITY_COUNT];     /* each in the order of pushing */
	uint64_t next_seq;
	size_t max_count, max_bytes;
	struct alert_queue_stats stats;
	bool woken, nudged;
};

struct alert_batch {
	size_t count, max;
	struct node *nodes[];
};

struct alert_queue *alert_queue_create(size_t max_count, size_t max_bytes)
{
	struct alert_queue *q = calloc(1, sizeof *q);

	if (!q)
		return NULL;
	q->max_count = max_count ? max_count : ALERT_QUEUE_COUNT;
	q->max_bytes = max_bytes ? max_bytes : ALERT_QUEUE_BYTES;
	if (uv_mutex_init(&q->lock) != 0) {
		free(q);
		return NULL;
	}
	if (uv_cond_init(&q->filled) != 0) {
		uv_mutex_destroy(&q->lock);
		free(q);
		return NULL;
	}
	return q;
}

void alert_queue_destroy(struct alert_queue *q)
{
	if (!q)
		return;
	for (unsigned p = 0; p < PRIORITY_COUNT; p++) {
		for (struct node *n = q->lists[p].first, *next; n; n = next) {
			next = n->next;
			free(n);
		}
	}
	uv_cond_destroy(&q->filled);
	uv_mutex_destroy(&q->lock);
	free(q);
}

/* ---- one alert as one piece of memory ---- */

static const char *put(char **at, const char *text, size_t len)
{
	char *start = *at;

	memcpy(start, text, len);
	start[len] = '\0';
	*at += len + 1;
	return start;
}

static size_t node_bytes(const struct alert_record *r, size_t tag_count)
{
	size_t n = sizeof(struct node) + tag_count * sizeof(char *) + 6;

	n += strlen(r->rule) + strlen(r->source) + strlen(r->hostname) + r->text_len + r->json_len + r->story_len;
	for (size_t i = 0; i < tag_count; i++)
		n += strlen(r->tags[i]) + 1;
	return n;
}

static int64_t now_ns(void)
{
	uv_timeval64_t now;

	return uv_gettimeofday(&now) == 0 ? now.tv_sec * 1000000000 + (int64_t)now.tv_usec * 1000 : 0;
}

static struct node *node_create(const struct alert_record *r)
{
	size_t tag_count = r->tag_count < ALERT_MAX_TAGS ? r->tag_count : ALERT_MAX_TAGS;
	size_t bytes = node_bytes(r, tag_count);
	struct node *n = malloc(bytes);
	const char **tags;
	char *at;

	if (!n)
		return NULL;
	*n = (struct node){ .bytes = bytes, .record = *r };
	tags = (const char **)(void *)(n + 1);
	at = (char *)(void *)(tags + tag_count);
	n->record.tags = tags;
	n->record.tag_count = tag_count;
	n->record.rule = put(&at, r->rule, strlen(r->rule));
	n->record.source = put(&at, r->source, strlen(r->source));
	n->record.hostname = put(&at, r->hostname, strlen(r->hostname));
	n->record.text = put(&at, r->text, r->text_len);
	n->record.json = put(&at, r->json, r->json_len);
	n->record.story = put(&at, r->story ? r->story : "", r->story_len);
	for (size_t i = 0; i < tag_count; i++)
		tags[i] = put(&at, r->tags[i], strlen(r->tags[i]));
	if (!n->record.observed_ns)
		n->record.observed_ns = now_ns();
	if (!n->record.uid[0])
		uid_make(n->record.observed_ns, n->record.uid);
	return n;
}

/* ---- under the lock ---- */

static struct node *pop(struct alert_queue *q, unsigned priority)
{
	struct list *l = &q->lists[priority];
	struct node *n = l->first;

	l->first = n->next;
	if (!l->first)
		l->last = NULL;
	q->stats.count--;
	q->stats.bytes -= n->bytes;
	return n;
}

static struct node *pop_oldest(struct alert_queue *q)
{
	unsigned oldest = PRIORITY_COUNT;

	for (unsigned p = 0; p < PRIORITY_COUNT; p++) {
		const struct node *n = q->lists[p].first;

		if (n && (oldest == PRIORITY_COUNT || n->seq < q->lists[oldest].first->seq))
			oldest = p;
	}
	return oldest < PRIORITY_COUNT ? pop(q, oldest) : NULL;
}

static bool fits(const struct alert_queue *q, size_t bytes)
{
	return q->stats.count < q->max_count && bytes <= q->max_bytes - q->stats.bytes;
}

/* Makes room by giving up what is less severe than n; those of its own priority that came before it stay. */
static struct node *make_room(struct alert_queue *q, const struct node *n)
{
	struct node *dropped = NULL;

	for (unsigned p = PRIORITY_COUNT - 1; p > (unsigned)n->record.priority; p--) {
		while (q->lists[p].first && !fits(q, n->bytes)) {
			struct node *out = pop(q, p);

			q->stats.dropped[p]++;
			out->next = dropped;
			dropped = out;
		}
	}
	return dropped;
}

static void append(struct alert_queue *q, struct node *n)
{
	struct list *l = &q->lists[n->record.priority];

	n->seq = q->next_seq++;
	if (l->last)
		l->last->next = n;
	else
		l->first = n;
	l->last = n;
	q->stats.count++;
	q->stats.bytes += n->bytes;
	q->stats.pushed++;
	if (q->stats.count > q->stats.most_count)
		q->stats.most_count = q->stats.count;
}

static void count_drop(struct alert_queue *q, enum priority p)
{
	uv_mutex_lock(&q->lock);
	q->stats.dropped[p]++;
	uv_mutex_unlock(&q->lock);
}

bool alert_queue_push(struct alert_queue *q, const struct alert_record *r)
{
	struct node *n = node_create(r), *dropped = NULL;
	bool in = false;

	if (!n || n->bytes > q->max_bytes) {
		count_drop(q, r->priority);
		free(n);
		return false;
	}
	uv_mutex_lock(&q->lock);
	if (!fits(q, n->bytes))
		dropped = make_room(q, n);
	in = fits(q, n->bytes);
	if (in)
		append(q, n);
	else
		q->stats.dropped[r->priority]++;
	uv_cond_signal(&q->filled);
	uv_mutex_unlock(&q->lock);
	if (!in)
		free(n);
	for (struct node *next; dropped; dropped = next) {
		next = dropped->next;
		free(dropped);
	}
	return in;
}

struct alert_batch *alert_queue_take(struct alert_queue *q, size_t max, uint32_t wait_ms)
{
	struct alert_batch *b = alert_batch_create(max);
	uint64_t end = uv_hrtime() + (uint64_t)wait_ms * 1000000, now;

	if (!b)
		return NULL;
	uv_mutex_lock(&q->lock);
	while (q->stats.count == 0 && !q->woken && !q->nudged && (now = uv_hrtime()) < end)
		uv_cond_timedwait(&q->filled, &q->lock, end - now);
	while (b->count < max && q->stats.count > 0)
		b->nodes[b->count++] = pop_oldest(q);
	q->stats.taken += b->count;
	q->nudged = false;
	uv_mutex_unlock(&q->lock);
	if (b->count)
		return b;
	free(b);
	return NULL;
}

void alert_queue_nudge(struct alert_queue *q)
{
	uv_mutex_lock(&q->lock);
	q->nudged = true;
	uv_cond_broadcast(&q->filled);
	uv_mutex_unlock(&q->lock);
}

void alert_queue_wake(struct alert_queue *q)
{
	uv_mutex_lock(&q->lock);
	q->woken = true;
	uv_cond_broadcast(&q->filled);
	uv_mutex_unlock(&q->lock);
}

void alert_queue_get_stats(struct alert_queue *q, struct alert_queue_stats *out)
{
	uv_mutex_lock(&q->lock);
	*out = q->stats;
	uv_mutex_unlock(&q->lock);
}

struct alert_batch *alert_batch_create(size_t max)
{
	struct alert_batch *b = malloc(sizeof *b + max * sizeof b->nodes[0]);

	if (b)
		*b = (struct alert_batch){ .max = max };
	return b;
}

bool alert_batch_add(struct alert_batch *b, const struct alert_record *r)
{
	struct node *n = b->count < b->max ? node_create(r) : NULL;

	if (n)
		b->nodes[b->count++] = n;
	return n != NULL;
}

size_t alert_batch_count(const struct alert_batch *b)
{
	return b->count;
}

const struct alert_record *alert_batch_at(const struct alert_batch *b, size_t i)
{
	return &b->nodes[i]->record;
}

void alert_batch_destroy(struct alert_batch *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->count; i++)
		free(b->nodes[i]);
	free(b);
}
