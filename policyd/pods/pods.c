#include "policyd/pods/pods.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };               /* as many as pods may be; containers are a few a pod */

struct entry;

/* A way to find an entry: by uid, or by the id of one of its containers. */
struct key {
	struct key *next;
	uint64_t hash;
	struct entry *entry;
	const struct pod_container *container; /* NULL: by uid */
};

struct entry {
	struct entry *next, **at;              /* in the list of all */
	struct pod *pod;
	uint64_t gone_ms;                      /* 0: it is there */
	uint64_t list;                         /* of the last list that had it */
	size_t key_count;
	struct key keys[];
};

struct namespace_entry {
	struct namespace_entry *next;
	struct pod_namespace *ns;
};

struct pods {
	struct entry *all;
	struct key *buckets[BUCKETS];
	struct namespace_entry *namespaces;
	char *cluster, *node;
	uint64_t seed, list, version;
	bool in_list;
	enum pods_source source;
	struct pods_stats stats;
};

struct pods *pods_create(uint64_t hash_seed)
{
	struct pods *p = calloc(1, sizeof *p);

	if (p)
		p->seed = hash_seed | 1;
	return p;
}

/* FNV-1a, from a seed that no peer knows. */
static uint64_t hash_of(const struct pods *p, const char *text, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ p->seed;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
	return h ^ (h >> 32);
}

static void unlink_key(struct pods *p, const struct key *k)
{
	struct key **at = &p->buckets[k->hash % BUCKETS];

	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
}

static void forget(struct pods *p, struct entry *e)
{
	for (size_t i = 0; i < e->key_count; i++)
		unlink_key(p, &e->keys[i]);
	*e->at = e->next;
	if (e->next)
		e->next->at = e->at;
	p->stats.pods--;
	p->stats.gone -= e->gone_ms != 0;
	p->stats.containers -= e->pod->container_count;
	p->version++;
	pod_destroy(e->pod);
	free(e);
}

void pods_destroy(struct pods *p)
{
	struct namespace_entry *n, *next;

	if (!p)
		return;
	while (p->all)
		forget(p, p->all);
	for (n = p->namespaces; n; n = next) {
		next = n->next;
		pod_namespace_destroy(n->ns);
		free(n);
	}
	free(p->cluster);
	free(p->node);
	free(p);
}

static bool set_text(char **slot, const char *text)
{
	size_t bytes = text ? strlen(text) + 1 : 1;
	char *copy = malloc(bytes);

	if (!copy)
		return false;
	memcpy(copy, text ? text : "", bytes);
	free(*slot);
	*slot = copy;
	return true;
}

bool pods_set_place(struct pods *p, const char *cluster, const char *node)
{
	return set_text(&p->cluster, cluster) && set_text(&p->node, node);
}

const char *pods_cluster(const struct pods *p)
{
	return p->cluster ? p->cluster : "";
}

const char *pods_node(const struct pods *p)
{
	return p->node ? p->node : "";
}

void pods_set_source(struct pods *p, enum pods_source source)
{
	p->source = source;
}

enum pods_source pods_source(const struct pods *p)
{
	return p->source;
}

/* ---- look-ups ---- */

static const struct key *find(const struct pods *p, const char *text, size_t len, bool by_uid)
{
	uint64_t hash = hash_of(p, text, len);

	for (const struct key *k = p->buckets[hash % BUCKETS]; k; k = k->next) {
		const char *mine = k->container ? k->container->id : k->entry->pod->uid;

		if (k->hash == hash && by_uid == !k->container && strncmp(mine, text, len) == 0 && !mine[len])
			return k;
	}
	return NULL;
}

const struct pod *pods_by_container(const struct pods *p, const char *id, size_t len, const struct pod_container **which)
{
	const struct key *k = find(p, id, len, false);

	*which = k ? k->container : NULL;
	return k ? k->entry->pod : NULL;
}

const struct pod *pods_by_uid(const struct pods *p, const char *uid, size_t len)
{
	const struct key *k = find(p, uid, len, true);

	return k ? k->entry->pod : NULL;
}

static struct namespace_entry **find_namespace(struct namespace_entry **at, const char *name)
{
	while (*at && strcmp((*at)->ns->name, name) != 0)
		at = &(*at)->next;
	return at;
}

const struct pod_namespace *pods_namespace(const struct pods *p, const char *name)
{
	struct namespace_entry *list = p->namespaces, **at = find_namespace(&list, name);

	return *at ? (*at)->ns : NULL;
}

/* ---- changes ---- */

static void add_key(struct pods *p, struct entry *e, const char *text, const struct pod_container *container)
{
	struct key *k = &e->keys[e->key_count++];

	*k = (struct key){ .hash = hash_of(p, text, strlen(text)), .entry = e, .container = container };
	k->next = p->buckets[k->hash % BUCKETS];
	p->buckets[k->hash % BUCKETS] = k;
}

static struct entry *entry_of(const struct pods *p, const char *uid)
{
	const struct key *k = find(p, uid, strlen(uid), true);

	return k ? k->entry : NULL;
}

/* Room for one more: of those that are gone the one that went first. */
static bool make_room(struct pods *p)
{
	struct entry *oldest = NULL;

	if (p->stats.pods < PODS_MAX)
		return true;
	for (struct entry *e = p->all; e; e = e->next) {
		if (e->gone_ms && (!oldest || e->gone_ms < oldest->gone_ms))
			oldest = e;
	}
	if (oldest)
		forget(p, oldest);
	return oldest != NULL;
}

void pods_put(struct pods *p, struct pod *taken)
{
	struct entry *old = entry_of(p, taken->uid);
	struct entry *e = NULL;

	if (old)
		forget(p, old);
	if (make_room(p))
		e = calloc(1, sizeof *e + (1 + taken->container_count) * sizeof e->keys[0]);
	if (!e) {
		p->stats.refused++;
		pod_destroy(taken);
		return;
	}
	e->pod = taken;
	e->list = p->list;
	e->at = &p->all;
	e->next = p->all;
	if (e->next)
		e->next->at = &e->next;
	p->all = e;
	add_key(p, e, taken->uid, NULL);
	for (size_t i = 0; i < taken->container_count; i++)
		add_key(p, e, taken->containers[i].id, &taken->containers[i]);
	p->stats.pods++;
	p->stats.containers += taken->container_count;
	p->stats.left_out += taken->left_out;
	p->version++;
}

static void set_gone(struct pods *p, struct entry *e, uint64_t now_ms)
{
	if (e->gone_ms)
		return;
	e->gone_ms = now_ms ? now_ms : 1;
	p->stats.gone++;
}

void pods_remove(struct pods *p, const char *uid, uint64_t now_ms)
{
	struct entry *e = entry_of(p, uid);

	if (e)
		set_gone(p, e, now_ms);
}

void pods_list_begin(struct pods *p)
{
	p->list++;
	p->in_list = true;
}

void pods_list_end(struct pods *p, uint64_t now_ms)
{
	for (struct entry *e = p->all; e && p->in_list; e = e->next) {
		if (e->list != p->list)
			set_gone(p, e, now_ms);
	}
	p->in_list = false;
}

void pods_expire(struct pods *p, uint64_t now_ms)
{
	struct entry *next;

	for (struct entry *e = p->all; e && p->stats.gone; e = next) {
		next = e->next;
		if (e->gone_ms && now_ms - e->gone_ms >= PODS_KEEP_MS)
			forget(p, e);
	}
}

void pods_put_namespace(struct pods *p, struct pod_namespace *taken)
{
	struct namespace_entry **at = find_namespace(&p->namespaces, taken->name), *n = *at;

	if (!n && p->stats.namespaces < PODS_MAX_NAMESPACES)
		n = *at = calloc(1, sizeof *n);
	if (!n) {
		p->stats.refused++;
		pod_namespace_destroy(taken);
		return;
	}
	p->stats.namespaces += !n->ns;
	p->stats.left_out += taken->left_out;
	pod_namespace_destroy(n->ns);
	n->ns = taken;
	p->version++;
}

void pods_remove_namespace(struct pods *p, const char *name)
{
	struct namespace_entry **at = find_namespace(&p->namespaces, name), *n = *at;

	if (!n)
		return;
	*at = n->next;
	pod_namespace_destroy(n->ns);
	free(n);
	p->stats.namespaces--;
	p->version++;
}

void pods_each(const struct pods *p, pods_visit *visit, void *ctx)
{
	for (const struct entry *e = p->all; e; e = e->next) {
		if (!e->gone_ms)
			visit(ctx, e->pod);
	}
}

uint64_t pods_version(const struct pods *p)
{
	return p->version;
}

void pods_get_stats(const struct pods *p, struct pods_stats *out)
{
	*out = p->stats;
}
