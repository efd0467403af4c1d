#include "policyd/pods/pod.h"

#include <stdlib.h>
#include <string.h>

void pod_destroy(struct pod *p)
{
	free(p);
}

void pod_namespace_destroy(struct pod_namespace *n)
{
	free(n);
}

const char *pod_pairs_find(const struct pod_pairs *pairs, const char *key, size_t len)
{
	size_t low = 0, high = pairs->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *at = pairs->pairs[middle].key;
		int order = strncmp(at, key, len);

		if (order == 0 && !at[len])
			return pairs->pairs[middle].value;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
