#include "policyd/state/proc_table.h"

#include <stdlib.h>

enum {
	CHUNK_PROCS = 64,
	FIRST_BUCKETS = 1024,
	TOUCH_STEP_100NS = 10000000, /* order of use matters by the second only */
	ROOM_BYTES = 64 * 1024,	     /* texts given up at once: two slabs of the pool */
	LONG_PATH_BYTES = 1024,	     /* longer than programs have: given up like command lines */
	SPARED = 256,		     /* idle processes looked at for one that matters less */
	LOOKED_AT = 512,	     /* entries of a list looked at in one search for texts to give up */
	VAIN_PAUSE = 64,	     /* texts refused at once after a vain search */
};

enum list_id { LIST_LIVE, LIST_EXITED, LIST_GHOSTS, LIST_COUNT };

struct list {
	struct proc *newest, *oldest;
	struct proc *hand; /* where the search for texts to give up goes on; NULL: at the oldest */
};

struct chunk {
	struct chunk *next;
	struct proc procs[CHUNK_PROCS];
};

struct proc_table {
	struct proc **buckets;
	uint32_t bucket_count;
	uint32_t count, max, epoch;
	struct list lists[LIST_COUNT];
	struct proc *free;
	const struct proc *pinned;
	struct chunk *chunks;
	struct text_pool *pool;
	uint32_t vain_pause;
	uint64_t seed;
	struct proc_table_stats stats;
};

struct proc_table *proc_table_create(uint32_t max_procs, struct text_pool *pool, uint64_t hash_seed)
{
	struct proc_table *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->max = max_procs;
	t->pool = pool;
	t->seed = hash_seed;
	t->epoch = 1;
	t->bucket_count = FIRST_BUCKETS;
	t->buckets = calloc(FIRST_BUCKETS, sizeof *t->buckets);
	if (!t->buckets) {
		free(t);
		return NULL;
	}
	return t;
}

void proc_table_destroy(struct proc_table *t)
{
	if (!t)
		return;
	proc_table_clear(t);
	while (t->chunks) {
		struct chunk *next = t->chunks->next;

		free(t->chunks);
		t->chunks = next;
	}
	free(t->buckets);
	free(t);
}

static struct proc **bucket_of(const struct proc_table *t, uint32_t space, uint32_t pid)
{
	uint64_t h = (((uint64_t)space << 32 | pid) ^ t->seed) * UINT64_C(0x9E3779B97F4A7C15);

	h = (h ^ h >> 32 ^ t->seed >> 17) * UINT64_C(0xD6E8FEB86659FD93);
	return &t->buckets[h >> 32 & (t->bucket_count - 1)];
}

static enum list_id list_of(const struct proc *p)
{
	if (!(p->flags & PROC_HASHED))
		return LIST_GHOSTS;
	return p->flags & PROC_EXITED ? LIST_EXITED : LIST_LIVE;
}

static void list_remove(struct list *l, struct proc *p)
{
	if (l->hand == p)
		l->hand = p->prev;
	if (p->prev)
		p->prev->next = p->next;
	else
		l->newest = p->next;
	if (p->next)
		p->next->prev = p->prev;
	else
		l->oldest = p->prev;
}

static void list_push(struct list *l, struct proc *p)
{
	p->prev = NULL;
	p->next = l->newest;
	if (l->newest)
		l->newest->prev = p;
	else
		l->oldest = p;
	l->newest = p;
}

static void take_from_bucket(struct proc_table *t, const struct proc *p)
{
	struct proc **at = bucket_of(t, p->space, p->pid);

	while (*at != p)
		at = &(*at)->hash_next;
	*at = p->hash_next;
}

static void put_in_bucket(struct proc_table *t, struct proc *p)
{
	struct proc **bucket = bucket_of(t, p->space, p->pid);

	p->hash_next = *bucket;
	*bucket = p;
}

static void unhash(struct proc_table *t, struct proc *p)
{
	take_from_bucket(t, p);
	list_remove(&t->lists[list_of(p)], p);
	p->flags &= ~(uint32_t)PROC_HASHED;
	list_push(&t->lists[LIST_GHOSTS], p);
}

static void drop_texts(struct proc_table *t, struct proc *p)
{
	const struct pooled *const texts[] = { p->path, p->nt_path, p->name, p->cmdline, p->cwd, p->user_sid,
		p->user_name, p->guid, p->package };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		text_pool_drop(t->pool, texts[i]);
}

/* Frees p and then every ghost above it that only p kept. */
static void release(struct proc_table *t, struct proc *p)
{
	while (p) {
		struct proc *parent = proc_parent(p);
		uint32_t generation = p->generation + 1;

		if (p->flags & PROC_HASHED)
			unhash(t, p);
		list_remove(&t->lists[LIST_GHOSTS], p);
		drop_texts(t, p);
		proc_set_container(p, NULL);
		memset(p, 0, sizeof *p);
		p->generation = generation;
		p->next = t->free;
		t->free = p;
		t->count--;
		if (parent && --parent->referenced_by)
			parent = NULL;
		p = parent && !(parent->flags & PROC_HASHED) ? parent : NULL;
	}
}

void proc_table_clear(struct proc_table *t)
{
	for (int l = 0; l < LIST_COUNT; l++) {
		while (t->lists[l].oldest)
			release(t, t->lists[l].oldest);
	}
}

static void grow_buckets(struct proc_table *t)
{
	uint32_t old_count = t->bucket_count;
	struct proc **old = t->buckets, **wider = calloc((size_t)old_count * 4, sizeof *wider);

	if (!wider)
		return; /* longer chains are only slower */
	t->buckets = wider;
	t->bucket_count = old_count * 4;
	for (uint32_t i = 0; i < old_count; i++) {
		for (struct proc *p = old[i], *next; p; p = next) {
			struct proc **to = bucket_of(t, p->space, p->pid);

			next = p->hash_next;
			p->hash_next = *to;
			*to = p;
		}
	}
	free(old);
}

static bool add_chunk(struct proc_table *t)
{
	struct chunk *c = calloc(1, sizeof *c);

	if (!c)
		return false;
	c->next = t->chunks;
	t->chunks = c;
	for (size_t i = CHUNK_PROCS; i-- > 0;) {
		c->procs[i].next = t->free;
		t->free = &c->procs[i];
	}
	return true;
}

/* Of what was idle longest the first that is in no container and nobody's parent. */
static struct proc *idle_one(const struct proc_table *t, struct proc *oldest)
{
	struct proc *p = oldest;

	for (int i = 0; p && i < SPARED; i++, p = p->prev) {
		if (p != t->pinned && !p->container && !p->referenced_by)
			return p;
	}
	return oldest;
}

/* What is least useful: a dead ancestor, then what exited first, then what was idle longest. */
static void evict(struct proc_table *t)
{
	static const enum list_id order[] = { LIST_GHOSTS, LIST_EXITED, LIST_LIVE };

	for (size_t i = 0; i < LIST_COUNT; i++) {
		struct proc *p = t->lists[order[i]].oldest;

		if (order[i] == LIST_LIVE)
			p = idle_one(t, p);
		if (p && p == t->pinned)
			p = p->prev;
		if (p) {
			release(t, p);
			t->stats.evictions++;
			return;
		}
	}
}

/* Who had this pid before: beyond PROC_MAX_OF_PID the one that ended first, else the one born first, gives way. */
static void bound_pid(struct proc_table *t, uint32_t space, uint32_t pid)
{
	struct proc *first = NULL;
	uint32_t n = 0;

	for (struct proc *p = *bucket_of(t, space, pid); p; p = p->hash_next) {
		if (p->pid != pid || p->space != space)
			continue;
		n++;
		if (p != t->pinned && (!first || proc_gives_way(p, first)))
			first = p;
	}
	if (n < PROC_MAX_OF_PID || !first)
		return;
	t->stats.evictions++;
	if (first->referenced_by)
		unhash(t, first);
	else
		release(t, first);
}

struct proc *proc_table_add(struct proc_table *t, uint32_t space, uint32_t pid, uint64_t create_100ns, uint64_t now_100ns)
{
	struct proc *p;

	bound_pid(t, space, pid);
	if (t->count >= t->max)
		evict(t);
	if (!t->free && !add_chunk(t)) {
		t->stats.refused++;
		return NULL;
	}
	if (t->count > t->bucket_count * 2)
		grow_buckets(t);
	p = t->free;
	t->free = p->next;
	p->space = space;
	p->pid = pid;
	p->create_100ns = create_100ns;
	p->first_seen_100ns = p->last_seen_100ns = now_100ns;
	p->integrity_rid = PROC_INTEGRITY_UNKNOWN;
	p->creator_pid = UINT32_MAX;
	p->flags = PROC_HASHED;
	put_in_bucket(t, p);
	list_push(&t->lists[LIST_LIVE], p);
	if (++t->count > t->stats.peak)
		t->stats.peak = t->count;
	return p;
}

struct proc *proc_table_next_of_pid(const struct proc_table *t, uint32_t space, uint32_t pid, const struct proc *after)
{
	struct proc *p = after ? after->hash_next : *bucket_of(t, space, pid);

	while (p && (p->pid != pid || p->space != space))
		p = p->hash_next;
	return p;
}

struct proc *proc_table_find(const struct proc_table *t, uint32_t space, uint32_t pid, uint64_t at_100ns)
{
	struct proc *best = NULL;

	for (struct proc *p = *bucket_of(t, space, pid); p; p = p->hash_next) {
		if (p->pid == pid && p->space == space && !(p->flags & PROC_DOUBTED) && proc_lived_at(p, at_100ns, PROC_EXIT_GRACE_100NS) &&
			(!best || proc_born(p) > proc_born(best)))
			best = p;
	}
	return best;
}

void proc_table_set_pid(struct proc_table *t, struct proc *p, uint32_t pid)
{
	if (!(p->flags & PROC_HASHED))
		return;
	take_from_bucket(t, p);
	p->pid = pid;
	put_in_bucket(t, p);
	proc_table_new_parents(t);
}

void proc_table_exit(struct proc_table *t, struct proc *p, uint64_t exit_100ns)
{
	if (p->flags & PROC_EXITED)
		return;
	list_remove(&t->lists[list_of(p)], p);
	p->flags |= PROC_EXITED;
	p->exit_100ns = exit_100ns ? exit_100ns : 1;
	list_push(&t->lists[list_of(p)], p);
}

void proc_table_doubt(struct proc_table *t, struct proc *p, uint64_t now_100ns)
{
	p->flags |= PROC_DOUBTED;
	proc_table_exit(t, p, now_100ns);
}

void proc_table_revive(struct proc_table *t, struct proc *p)
{
	list_remove(&t->lists[list_of(p)], p);
	p->flags &= ~(uint32_t)(PROC_DOUBTED | PROC_EXITED);
	p->exit_100ns = 0;
	list_push(&t->lists[list_of(p)], p);
}

void proc_table_touch(struct proc_table *t, struct proc *p, uint64_t now_100ns)
{
	if (now_100ns < p->last_seen_100ns + TOUCH_STEP_100NS)
		return;
	p->last_seen_100ns = now_100ns;
	if (list_of(p) != LIST_LIVE)
		return;
	list_remove(&t->lists[LIST_LIVE], p);
	list_push(&t->lists[LIST_LIVE], p);
}

void proc_table_expire(struct proc_table *t, uint64_t now_100ns)
{
	struct proc *p;

	while ((p = t->lists[LIST_EXITED].oldest) && now_100ns > p->exit_100ns &&
		now_100ns - p->exit_100ns > PROC_EXIT_GRACE_100NS) {
		if (p->referenced_by)
			unhash(t, p);
		else
			release(t, p);
	}
}

/* A text that no other entry shares, and whose block would do for one of `wanted` bytes. */
static size_t give_up(struct proc_table *t, const struct pooled **slot, size_t wanted, size_t at_least)
{
	const struct pooled *text = *slot;
	size_t len = text ? text->len : 0;

	if (!text || text->refs > 1 || len < wanted || len < at_least)
		return 0;
	text_pool_drop(t->pool, text);
	*slot = NULL;
	t->stats.texts_dropped++;
	return len;
}

static size_t give_up_texts(struct proc_table *t, struct proc *p, size_t wanted)
{
	return give_up(t, &p->cmdline, wanted, 0) + give_up(t, &p->cwd, wanted, 0) +
	       give_up(t, &p->nt_path, wanted, LONG_PATH_BYTES) + give_up(t, &p->path, wanted, LONG_PATH_BYTES);
}

/* What is missed least: command lines of dead ancestors, then of the exited, then of what was idle longest. */
static bool make_room(struct proc_table *t, size_t wanted)
{
	static const enum list_id order[] = { LIST_GHOSTS, LIST_EXITED, LIST_LIVE };
	size_t freed = 0;

	for (size_t i = 0; i < LIST_COUNT; i++) {
		struct list *l = &t->lists[order[i]];
		struct proc *p = l->hand ? l->hand : l->oldest;

		for (int looked = 0; p && looked < LOOKED_AT && freed < ROOM_BYTES; looked++, p = p->prev) {
			if (p != t->pinned)
				freed += give_up_texts(t, p, wanted);
		}
		l->hand = p;
	}
	return freed != 0;
}

static const struct pooled *take_text(struct proc_table *t, struct text_view text)
{
	const struct pooled *taken = text_pool_take(t->pool, text);

	if (taken)
		return taken;
	if (t->vain_pause) {
		t->vain_pause--;
		return NULL;
	}
	if (make_room(t, text.len))
		taken = text_pool_take(t->pool, text);
	if (!taken)
		t->vain_pause = VAIN_PAUSE;
	return taken;
}

void proc_table_set_text(struct proc_table *t, const struct pooled **slot, struct text_view text)
{
	const struct pooled *new_text;

	if (!text.len)
		return;
	new_text = take_text(t, proc_text_to_keep(text));
	if (!new_text) {
		t->stats.refused++;
		return;
	}
	text_pool_drop(t->pool, *slot);
	*slot = new_text;
}

void proc_set_container(struct proc *p, struct container *c)
{
	if (p->container)
		p->container->proc_count--;
	p->container = c;
	p->flags |= PROC_CONTAINER_KNOWN;
	if (c)
		c->proc_count++;
}

void proc_table_new_parents(struct proc_table *t)
{
	t->epoch++;
}

uint32_t proc_table_epoch(const struct proc_table *t)
{
	return t->epoch;
}

void proc_table_pin(struct proc_table *t, const struct proc *p)
{
	t->pinned = p;
}

void proc_table_get_stats(const struct proc_table *t, struct proc_table_stats *out)
{
	*out = t->stats;
	out->count = t->count;
}
