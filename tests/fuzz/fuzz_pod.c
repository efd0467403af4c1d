/* links: policyd_pods */
/* Any bytes as a pod and a namespace: texts end, pairs are sorted, and the table takes what was read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/pods/pod_read.h"
#include "policyd/pods/pods.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_pairs(const struct pod_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		const struct pod_pair *p = &pairs->pairs[i];

		if (i && strcmp(pairs->pairs[i - 1].key, p->key) >= 0)
			abort();
		if (pod_pairs_find(pairs, p->key, strlen(p->key)) != p->value)
			abort();
	}
}

static void check_pod(const struct pod *pod)
{
	size_t sum = strlen(pod->ip) + strlen(pod->node);

	for (size_t i = 0; i < POD_OWNER_COUNT; i++)
		sum += strlen(pod->owners[i]);
	for (size_t i = 0; i < pod->container_count; i++)
		sum += strlen(pod->containers[i].name) + strlen(pod->containers[i].image) + strlen(pod->containers[i].digest);
	if (!pod->uid[0] || !pod->name[0] || !pod->ns[0] || sum > POD_MAX_OBJECT_BYTES)
		abort();
	check_pairs(&pod->labels);
	check_pairs(&pod->annotations);
}

/* Takes the pod. */
static void check_table(struct pod *pod)
{
	struct pods *pods = pods_create(1);
	const struct pod_container *which;

	if (!pods)
		abort();
	for (size_t i = 0; i < pod->container_count; i++) {
		if (pods_by_container(pods, pod->containers[i].id, strlen(pod->containers[i].id), &which))
			abort();
	}
	pods_put(pods, pod);
	if (pods_by_uid(pods, pod->uid, strlen(pod->uid)) != pod)
		abort();
	for (size_t i = 0; i < pod->container_count; i++) {
		if (pods_by_container(pods, pod->containers[i].id, strlen(pod->containers[i].id), &which) != pod)
			abort();
	}
	pods_remove(pods, pod->uid, 1);
	pods_expire(pods, 1 + PODS_KEEP_MS);
	pods_destroy(pods);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *json = (const char *)data;
	struct pod_namespace *ns;
	struct pod *pod;

	if (pod_read(json, size, &pod) == ST_OK) {
		check_pod(pod);
		check_table(pod);
	}
	if (pod_namespace_read(json, size, &ns) == ST_OK)
		check_pairs(&ns->labels);
	pod_namespace_destroy(ns);
	return 0;
}
