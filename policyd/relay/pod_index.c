#include "policyd/relay/pod_index.h"

#include <stdlib.h>
#include <string.h>

enum { POD_BUCKETS = 1 << 17, NODE_BUCKETS = 1 << 13 };

struct entry {
	struct entry *next_in_bucket;
	struct entry *next, **at;              /* of the node */
	struct index_node *node;
	struct slim *pod;
	uint64_t hash, list;                   /* list: the last one that had it */
};

struct index_node {
	struct index_node *next_in_bucket;
	struct entry *pods;
	struct index_follower *followers;
	uint64_t hash;
	unsigned pins;                         /* being told of a change: must not go */
	char name[];
};

/* One row of the history. A row without pod is a version at which no followed pod changed. What a list changes has no
 * version: who comes back with the one before the list is told all of it. */
struct change {
	struct slim *pod;
	enum index_change kind;
	uint64_t version_hash;
	char version[SLIM_MAX_VERSION_BYTES + 1];
};

struct pod_index {
	uint64_t seed, list;
	bool whole, in_list;
	char version[SLIM_MAX_VERSION_BYTES + 1];
	struct entry *pods[POD_BUCKETS];
	struct index_node *nodes[NODE_BUCKETS];
	struct change history[INDEX_HISTORY];
	uint64_t changes;                      /* ever; the last INDEX_HISTORY of them are kept */
	struct pod_index_stats stats;
};

/* FNV-1a, from a seed that no peer knows. */
static uint64_t hash_of(const struct pod_index *x, const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ x->seed;

	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return h ^ (h >> 29);
}

struct pod_index *pod_index_create(uint64_t hash_seed)
{
	struct pod_index *x = calloc(1, sizeof *x);

	if (x)
		x->seed = hash_seed | 1;
	return x;
}

/* ---- nodes ---- */

static struct index_node *find_node(const struct pod_index *x, const char *name)
{
	uint64_t hash = hash_of(x, name);
	struct index_node *n = x->nodes[hash % NODE_BUCKETS];

	while (n && (n->hash != hash || strcmp(n->name, name) != 0))
		n = n->next_in_bucket;
	return n;
}

static struct index_node *make_node(struct pod_index *x, const char *name)
{
	struct index_node *n = find_node(x, name);
	size_t bytes = strlen(name) + 1;

	if (n || x->stats.nodes == INDEX_MAX_NODES)
		return n;
	n = calloc(1, sizeof *n + bytes);
	if (!n)
		return NULL;
	memcpy(n->name, name, bytes);
	n->hash = hash_of(x, name);
	n->next_in_bucket = x->nodes[n->hash % NODE_BUCKETS];
	x->nodes[n->hash % NODE_BUCKETS] = n;
	x->stats.nodes++;
	return n;
}

static void drop_node_if_idle(struct pod_index *x, struct index_node *n)
{
	struct index_node **at = &x->nodes[n->hash % NODE_BUCKETS];

	if (n->pods || n->followers || n->pins)
		return;
	while (*at != n)
		at = &(*at)->next_in_bucket;
	*at = n->next_in_bucket;
	x->stats.nodes--;
	free(n);
}

/* ---- pods ---- */

static struct entry **find_entry(struct pod_index *x, const char *uid, uint64_t hash)
{
	struct entry **at = &x->pods[hash % POD_BUCKETS];

	while (*at && ((*at)->hash != hash || strcmp((*at)->pod->uid, uid) != 0))
		at = &(*at)->next_in_bucket;
	return at;
}

static size_t bytes_of(const struct slim *pod)
{
	return sizeof *pod + pod->json_len;
}

static struct entry *add_entry(struct pod_index *x, struct slim *pod)
{
	struct index_node *n = x->stats.pods < INDEX_MAX_PODS ? make_node(x, pod->node) : NULL;
	struct entry *e = n ? calloc(1, sizeof *e) : NULL;

	if (!e) {
		x->stats.refused++;
		if (n)
			drop_node_if_idle(x, n);
		return NULL;
	}
	e->hash = hash_of(x, pod->uid);
	e->next_in_bucket = x->pods[e->hash % POD_BUCKETS];
	x->pods[e->hash % POD_BUCKETS] = e;
	e->node = n;
	e->next = n->pods;
	e->at = &n->pods;
	if (e->next)
		e->next->at = &e->next;
	n->pods = e;
	e->pod = pod;
	x->stats.pods++;
	x->stats.bytes += bytes_of(pod);
	return e;
}

static void free_entry(struct pod_index *x, struct entry **at)
{
	struct entry *e = *at;

	*at = e->next_in_bucket;
	*e->at = e->next;
	if (e->next)
		e->next->at = e->at;
	x->stats.pods--;
	x->stats.bytes -= bytes_of(e->pod);
	slim_unref(e->pod);
	free(e);
}

/* ---- changes ---- */

static void set_version(struct pod_index *x, const char *version)
{
	size_t len = strlen(version);

	/* In a list the pods come in the order of their names: the version of all of it is known at its end. */
	if (x->in_list)
		return;
	if (len > SLIM_MAX_VERSION_BYTES)
		len = 0;                           /* nobody can come back to it */
	memcpy(x->version, version, len);
	x->version[len] = '\0';
}

static void remember(struct pod_index *x, enum index_change kind, struct slim *pod)
{
	struct change *c;

	if (!x->whole)
		return;                            /* nobody can have been told a version yet */
	c = &x->history[x->changes++ % INDEX_HISTORY];
	slim_unref(c->pod);
	*c = (struct change){ .pod = pod ? slim_ref(pod) : NULL, .kind = kind };
	if (!x->in_list)
		memcpy(c->version, x->version, sizeof c->version);
	c->version_hash = hash_of(x, c->version);
}

static void remember_version(struct pod_index *x)
{
	if (!x->in_list)
		remember(x, INDEX_MODIFIED, NULL);
}

static void tell(struct pod_index *x, struct index_node *n, enum index_change kind, struct slim *pod)
{
	struct index_follower *next;

	x->stats.added += kind == INDEX_ADDED;
	x->stats.modified += kind == INDEX_MODIFIED;
	x->stats.deleted += kind == INDEX_DELETED;
	remember(x, kind, pod);
	n->pins++;
	for (struct index_follower *f = n->followers; f; f = next) {
		next = f->next;
		f->changed(f, kind, pod);
	}
	n->pins--;
	drop_node_if_idle(x, n);
}

static void replace(struct pod_index *x, struct entry *e, struct slim *pod)
{
	e->list = x->list;
	if (strcmp(e->pod->version, pod->version) == 0) {
		slim_unref(pod);                   /* its row is there */
		return;
	}
	x->stats.bytes += bytes_of(pod) - bytes_of(e->pod);
	slim_unref(e->pod);
	e->pod = pod;
	tell(x, e->node, INDEX_MODIFIED, pod);
}

/* False: there is nobody it could belong to, or no room. */
static bool add(struct pod_index *x, struct slim *pod)
{
	struct entry *e = pod->node[0] ? add_entry(x, pod) : NULL;

	if (!e)
		return false;
	e->list = x->list;
	tell(x, e->node, INDEX_ADDED, pod);
	return true;
}

void pod_index_put(struct pod_index *x, struct slim *taken)
{
	struct entry *e = *find_entry(x, taken->uid, hash_of(x, taken->uid));

	set_version(x, taken->version);
	if (e) {
		replace(x, e, taken);
	} else if (!add(x, taken)) {
		slim_unref(taken);
		remember_version(x);
	}
}

/* `last`: the object that followers are told; at: its entry. */
static void remove_entry(struct pod_index *x, struct entry **at, struct slim *last)
{
	struct index_node *n = (*at)->node;

	slim_ref(last);
	free_entry(x, at);
	tell(x, n, INDEX_DELETED, last);
	slim_unref(last);
}

void pod_index_remove(struct pod_index *x, struct slim *taken)
{
	struct entry **at = find_entry(x, taken->uid, hash_of(x, taken->uid));

	set_version(x, taken->version);
	if (*at)
		remove_entry(x, at, taken);
	else
		remember_version(x);
	slim_unref(taken);
}

void pod_index_list_begin(struct pod_index *x)
{
	x->list++;
	x->in_list = true;
}

/* Those that the list did not have: told as they were last. */
static void sweep(struct pod_index *x)
{
	for (size_t b = 0; b < POD_BUCKETS; b++) {
		for (struct entry **at = &x->pods[b]; *at;) {
			if ((*at)->list == x->list)
				at = &(*at)->next_in_bucket;
			else
				remove_entry(x, at, (*at)->pod);
		}
	}
}

void pod_index_list_end(struct pod_index *x, const char *version)
{
	sweep(x);
	x->in_list = false;
	x->whole = true;
	pod_index_bookmark(x, version);
}

void pod_index_bookmark(struct pod_index *x, const char *version)
{
	if (strcmp(x->version, version) == 0)
		return;
	set_version(x, version);
	remember_version(x);
}

/* ---- reading ---- */

const char *pod_index_version(const struct pod_index *x)
{
	return x->version;
}

bool pod_index_is_whole(const struct pod_index *x)
{
	return x->whole;
}

void pod_index_each(const struct pod_index *x, const char *node, pod_index_visit *visit, void *ctx)
{
	const struct index_node *n = find_node(x, node);

	for (const struct entry *e = n ? n->pods : NULL; e; e = e->next)
		visit(ctx, e->pod);
}

const struct slim *pod_index_find(const struct pod_index *x, const char *uid)
{
	uint64_t hash = hash_of(x, uid);
	const struct entry *e = x->pods[hash % POD_BUCKETS];

	while (e && (e->hash != hash || strcmp(e->pod->uid, uid) != 0))
		e = e->next_in_bucket;
	return e ? e->pod : NULL;
}

bool pod_index_has_namespace(const struct pod_index *x, const char *node, const char *ns)
{
	const struct index_node *n = find_node(x, node);

	for (const struct entry *e = n ? n->pods : NULL; e; e = e->next) {
		if (strcmp(e->pod->ns, ns) == 0)
			return true;
	}
	return false;
}

/* ---- followers ---- */

enum status pod_index_follow_now(struct pod_index *x, const char *node, struct index_follower *f)
{
	struct index_node *n = make_node(x, node);

	if (!n) {
		x->stats.refused++;
		return x->stats.nodes == INDEX_MAX_NODES ? ST_LIMIT : ST_NOMEM;
	}
	f->node = n;
	f->next = n->followers;
	f->at = &n->followers;
	if (f->next)
		f->next->at = &f->next;
	n->followers = f;
	x->stats.followers++;
	return ST_OK;
}

/* The change after the newest one of that version; UINT64_MAX: not remembered. */
static uint64_t change_after(const struct pod_index *x, const char *version)
{
	uint64_t hash = hash_of(x, version), oldest = x->changes > INDEX_HISTORY ? x->changes - INDEX_HISTORY : 0;

	for (uint64_t i = x->changes; i > oldest && version[0]; i--) {
		const struct change *c = &x->history[(i - 1) % INDEX_HISTORY];

		if (c->version_hash == hash && strcmp(c->version, version) == 0)
			return i;
	}
	return UINT64_MAX;
}

bool pod_index_knows(const struct pod_index *x, const char *version)
{
	return change_after(x, version) != UINT64_MAX;
}

enum status pod_index_follow(struct pod_index *x, const char *node, const char *version, struct index_follower *f)
{
	uint64_t from = change_after(x, version), end = x->changes;
	enum status st;

	if (from == UINT64_MAX)
		return ST_NOT_FOUND;
	st = pod_index_follow_now(x, node, f);
	/* A follower may go while it is told; rows stay, as nothing changes meanwhile. */
	for (; st == ST_OK && from < end && f->node; from++) {
		const struct change *c = &x->history[from % INDEX_HISTORY];

		if (c->pod && strcmp(c->pod->node, node) == 0)
			f->changed(f, c->kind, c->pod);
	}
	return st;
}

void pod_index_unfollow(struct pod_index *x, struct index_follower *f)
{
	struct index_node *n = f->node;

	if (!n)
		return;
	*f->at = f->next;
	if (f->next)
		f->next->at = f->at;
	f->node = NULL;
	x->stats.followers--;
	drop_node_if_idle(x, n);
}

void pod_index_get_stats(const struct pod_index *x, struct pod_index_stats *out)
{
	*out = x->stats;
}

void pod_index_destroy(struct pod_index *x)
{
	if (!x)
		return;
	for (size_t b = 0; b < POD_BUCKETS; b++) {
		while (x->pods[b]) {
			struct index_node *n = x->pods[b]->node;

			free_entry(x, &x->pods[b]);
			drop_node_if_idle(x, n);
		}
	}
	for (size_t i = 0; i < INDEX_HISTORY; i++)
		slim_unref(x->history[i].pod);
	free(x);
}
