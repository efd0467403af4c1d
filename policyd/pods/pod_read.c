#include "policyd/pods/pod_read.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/clock.h"

/* What goes into one block; texts are borrowed of the JSON. */
struct draft_container {
	const char *id, *name, *image, *digest;
	int64_t start_ns;
};

struct draft {
	struct pod_pair labels[POD_MAX_LABELS], annotations[POD_MAX_ANNOTATIONS];
	size_t label_count, annotation_count;
	struct draft_container containers[POD_MAX_CONTAINERS];
	size_t container_count;
	size_t text_bytes;
	uint32_t left_out;
};

/* ---- what the JSON says ---- */

static const char *text_of(const json_t *value, size_t max_bytes)
{
	const char *text = json_string_value(value);

	/* A NUL inside would cut it; jansson refuses those unless asked to take them. */
	return text && json_string_length(value) <= max_bytes ? text : "";
}

static const char *text_at(const json_t *object, const char *key)
{
	return text_of(json_object_get(object, key), POD_MAX_VALUE_BYTES);
}

static const char *name_at(const json_t *object, const char *key)
{
	return text_of(json_object_get(object, key), POD_MAX_NAME_BYTES);
}

static int64_t time_at(const json_t *object, const char *key)
{
	const char *text = text_at(object, key);
	uint64_t time_100ns;

	return filetime_from_text(text, strlen(text), &time_100ns) ? filetime_to_unix_ns(time_100ns) : 0;
}

static int compare_pairs(const void *a, const void *b)
{
	return strcmp(((const struct pod_pair *)a)->key, ((const struct pod_pair *)b)->key);
}

static size_t read_pairs(json_t *object, struct pod_pair *out, size_t max, uint32_t *left_out)
{
	const char *key;
	json_t *value;
	size_t n = 0;

	json_object_foreach(object, key, value) {
		size_t len = json_string_length(value);

		if (!json_is_string(value) || len > POD_MAX_VALUE_BYTES || n == max) {
			(*left_out)++;
			continue;
		}
		out[n++] = (struct pod_pair){ key, json_string_value(value) };
	}
	qsort(out, n, sizeof *out, compare_pairs);
	return n;
}

static const char *digest_of(const char *image_id)
{
	const char *at = strrchr(image_id, '@');

	return at ? at + 1 : "";
}

/* "containerd://39a1..." */
static const char *id_without_scheme(const char *id)
{
	const char *at = strstr(id, "://");

	return at ? at + 3 : id;
}

/* The image as the pod asked for it, where the runtime knows only what it is made of. */
static const char *spec_image(const json_t *spec, const char *name)
{
	static const char *const lists[] = { "containers", "initContainers", "ephemeralContainers" };

	for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
		const json_t *list = json_object_get(spec, lists[l]);

		for (size_t i = 0; i < json_array_size(list); i++) {
			const json_t *c = json_array_get(list, i);

			if (strcmp(text_at(c, "name"), name) == 0)
				return text_at(c, "image");
		}
	}
	return "";
}

static void add_container(struct draft *d, const struct draft_container *c)
{
	if (!c->id[0])
		return;
	for (size_t i = 0; i < d->container_count; i++) {
		if (strcmp(d->containers[i].id, c->id) == 0)
			return;
	}
	if (d->container_count == POD_MAX_CONTAINERS)
		d->left_out++;
	else
		d->containers[d->container_count++] = *c;
}

static void read_container(struct draft *d, const json_t *spec, const json_t *status)
{
	const json_t *now = json_object_get(status, "state"), *last = json_object_get(status, "lastState");
	struct draft_container c = { .name = text_at(status, "name"), .image = text_at(status, "image"),
		.digest = digest_of(text_at(status, "imageID")) };

	if (!c.image[0] || strncmp(c.image, "sha256:", 7) == 0)
		c.image = spec_image(spec, c.name);
	c.id = id_without_scheme(text_at(status, "containerID"));
	c.start_ns = time_at(json_object_get(now, "running"), "startedAt");
	add_container(d, &c);
	/* The one before, whose last events may still come. */
	last = json_object_get(last, "terminated");
	c.id = id_without_scheme(text_at(last, "containerID"));
	c.start_ns = time_at(last, "startedAt");
	add_container(d, &c);
}

static void read_containers(struct draft *d, const json_t *pod)
{
	static const char *const lists[] = { "containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses" };
	const json_t *spec = json_object_get(pod, "spec"), *status = json_object_get(pod, "status");

	for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
		const json_t *list = json_object_get(status, lists[l]);

		for (size_t i = 0; i < json_array_size(list); i++)
			read_container(d, spec, json_array_get(list, i));
	}
}

static bool says_host_process(const json_t *holder)
{
	const json_t *options = json_object_get(json_object_get(holder, "securityContext"), "windowsOptions");

	return json_is_true(json_object_get(options, "hostProcess"));
}

static bool is_host_process(const json_t *spec)
{
	const json_t *list = json_object_get(spec, "containers");
	bool is = says_host_process(spec);

	for (size_t i = 0; i < json_array_size(list); i++)
		is = is || says_host_process(json_array_get(list, i));
	return is;
}

static const json_t *controller_of(const json_t *meta)
{
	const json_t *list = json_object_get(meta, "ownerReferences");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *owner = json_array_get(list, i);

		if (json_is_true(json_object_get(owner, "controller")))
			return owner;
	}
	return NULL;
}

/* ---- one block ---- */

struct packer {
	char *text;                            /* where the next text goes */
};

static const char *put_text(struct packer *k, const char *text, size_t len)
{
	char *to = k->text;

	memcpy(to, text, len);
	to[len] = '\0';
	k->text += len + 1;
	return to;
}

static const char *put(struct packer *k, const char *text)
{
	return text[0] ? put_text(k, text, strlen(text)) : "";
}

static size_t pairs_bytes(const struct pod_pair *pairs, size_t count)
{
	size_t n = count * sizeof *pairs;

	for (size_t i = 0; i < count; i++)
		n += strlen(pairs[i].key) + strlen(pairs[i].value) + 2;
	return n;
}

static struct pod_pairs put_pairs(struct packer *k, struct pod_pair *to, const struct pod_pair *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[i] = (struct pod_pair){ put(k, from[i].key), put(k, from[i].value) };
	return (struct pod_pairs){ to, count };
}

static size_t draft_bytes(const struct draft *d)
{
	size_t n = d->container_count * sizeof(struct pod_container);

	for (size_t i = 0; i < d->container_count; i++)
		n += strlen(d->containers[i].id) + strlen(d->containers[i].name) + strlen(d->containers[i].image) +
		     strlen(d->containers[i].digest) + 4;
	return n + pairs_bytes(d->labels, d->label_count) + pairs_bytes(d->annotations, d->annotation_count);
}

static void put_owners(struct packer *k, struct pod *p, const json_t *meta)
{
	static const char *const kinds[POD_OWNER_COUNT] = {
#define X(member, kind) kind,
		POD_OWNER_TABLE(X)
#undef X
	};
	const json_t *owner = controller_of(meta);
	const char *kind = text_at(owner, "kind"), *name = name_at(owner, "name");
	const char *hash = text_at(json_object_get(meta, "labels"), "pod-template-hash");
	size_t n;

	for (size_t i = 0; i < POD_OWNER_COUNT; i++)
		p->owners[i] = strcmp(kinds[i], kind) == 0 ? put(k, name) : "";
	n = pod_owner_deployment(p->owners[POD_OWNER_replica_set], hash);
	if (n)
		p->owners[POD_OWNER_deployment] = put_text(k, name, n);
	n = pod_owner_cron_job(p->owners[POD_OWNER_job], p->created_ns);
	if (n)
		p->owners[POD_OWNER_cron_job] = put_text(k, name, n);
}

static void put_containers(struct packer *k, struct pod_container *to, const struct draft *d)
{
	for (size_t i = 0; i < d->container_count; i++) {
		const struct draft_container *c = &d->containers[i];

		to[i] = (struct pod_container){ .id = put(k, c->id), .name = put(k, c->name), .image = put(k, c->image),
			.digest = put(k, c->digest), .start_ns = c->start_ns };
	}
}

static size_t plain_bytes(const json_t *object, const json_t *meta, const json_t *spec)
{
	const char *const texts[] = { name_at(meta, "uid"), name_at(meta, "name"), name_at(meta, "namespace"),
		name_at(spec, "nodeName"), name_at(json_object_get(object, "status"), "podIP") };
	size_t n = 2 * (strlen(name_at(controller_of(meta), "name")) + 1);    /* an owner, and the one behind it */

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		n += strlen(texts[i]) + 1;
	return n;
}

static struct pod *pack(const struct draft *d, const json_t *object)
{
	const json_t *meta = json_object_get(object, "metadata"), *spec = json_object_get(object, "spec");
	struct pod *p = malloc(sizeof *p + draft_bytes(d) + plain_bytes(object, meta, spec));
	struct pod_pair *pairs;
	struct pod_container *containers;
	struct packer k;

	if (!p)
		return NULL;
	containers = (struct pod_container *)(p + 1);
	pairs = (struct pod_pair *)(containers + d->container_count);
	k.text = (char *)(pairs + d->label_count + d->annotation_count);
	*p = (struct pod){ .uid = put(&k, name_at(meta, "uid")), .containers = containers,
		.container_count = d->container_count, .created_ns = time_at(meta, "creationTimestamp"), .left_out = d->left_out,
		.host_process = is_host_process(spec) };
	p->name = put(&k, name_at(meta, "name"));
	p->ns = put(&k, name_at(meta, "namespace"));
	p->node = put(&k, name_at(spec, "nodeName"));
	p->ip = put(&k, name_at(json_object_get(object, "status"), "podIP"));
	put_owners(&k, p, meta);
	p->labels = put_pairs(&k, pairs, d->labels, d->label_count);
	p->annotations = put_pairs(&k, pairs + d->label_count, d->annotations, d->annotation_count);
	put_containers(&k, containers, d);
	return p;
}

static enum status pod_from(json_t *object, struct pod **out)
{
	json_t *meta = json_object_get(object, "metadata");
	struct draft *d;

	*out = NULL;
	if (!name_at(meta, "uid")[0] || !name_at(meta, "name")[0] || !name_at(meta, "namespace")[0])
		return ST_MALFORMED;
	d = calloc(1, sizeof *d);
	if (!d)
		return ST_NOMEM;
	d->label_count = read_pairs(json_object_get(meta, "labels"), d->labels, POD_MAX_LABELS, &d->left_out);
	d->annotation_count = read_pairs(json_object_get(meta, "annotations"), d->annotations, POD_MAX_ANNOTATIONS, &d->left_out);
	read_containers(d, object);
	*out = pack(d, object);
	free(d);
	return *out ? ST_OK : ST_NOMEM;
}

/* ---- documents ---- */

static enum status load(const char *json, size_t len, json_t **out)
{
	*out = NULL;
	if (len > POD_MAX_OBJECT_BYTES)
		return ST_LIMIT;
	*out = json_loadb(json, len, JSON_ALLOW_NUL, NULL);
	if (!json_is_object(*out)) {
		json_decref(*out);
		*out = NULL;
	}
	return *out ? ST_OK : ST_MALFORMED;
}

static bool is_kind(const json_t *object, const char *kind)
{
	const char *text = text_at(object, "kind");

	return !text[0] || strcmp(text, kind) == 0;    /* the items of a list have none */
}

enum status pod_read(const char *json, size_t len, struct pod **out)
{
	json_t *object;
	enum status st = load(json, len, &object);

	*out = NULL;
	if (st == ST_OK)
		st = is_kind(object, "Pod") ? pod_from(object, out) : ST_MALFORMED;
	json_decref(object);
	return st;
}

static struct pod_namespace *pack_namespace(const json_t *meta, const struct pod_pair *labels, size_t count)
{
	const char *name = name_at(meta, "name"), *uid = name_at(meta, "uid");
	struct pod_namespace *n = malloc(sizeof *n + pairs_bytes(labels, count) + strlen(name) + strlen(uid) + 2);
	struct packer k;

	if (!n)
		return NULL;
	k.text = (char *)((struct pod_pair *)(n + 1) + count);
	*n = (struct pod_namespace){ .name = put(&k, name), .uid = put(&k, uid) };
	n->labels = put_pairs(&k, (struct pod_pair *)(n + 1), labels, count);
	return n;
}

enum status pod_namespace_read(const char *json, size_t len, struct pod_namespace **out)
{
	struct pod_pair labels[POD_MAX_LABELS];
	uint32_t left_out = 0;
	json_t *object, *meta;
	enum status st = load(json, len, &object);
	size_t count;

	*out = NULL;
	meta = json_object_get(object, "metadata");
	if (st == ST_OK && (!is_kind(object, "Namespace") || !name_at(meta, "name")[0] || !name_at(meta, "uid")[0]))
		st = ST_MALFORMED;
	if (st == ST_OK) {
		count = read_pairs(json_object_get(meta, "labels"), labels, POD_MAX_LABELS, &left_out);
		*out = pack_namespace(meta, labels, count);
		st = *out ? ST_OK : ST_NOMEM;
	}
	if (*out)
		(*out)->left_out = left_out;
	json_decref(object);
	return st;
}
