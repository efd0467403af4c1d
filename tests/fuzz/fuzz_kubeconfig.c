/* links: policyd_kube */
/* Any bytes as a kubeconfig: it is read or refused, and texts end. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/kube/kubeconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_create(4 << 20);
	struct kubeconfig k;

	if (!a)
		abort();
	if (size < 1 << 20 && kubeconfig_read((struct text_view){ (const char *)data, size }, NULL, a, &k, NULL) == ST_OK) {
		if (!k.server || strlen(k.server) > size)
			abort();
	}
	arena_destroy(a);
	return 0;
}
