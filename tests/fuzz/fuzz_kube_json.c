/* links: policyd_kube */
/* Any bytes as a line of a watch, a list's metadata and an error: what is cut out of a line is an object within it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/kube/kube_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *json = (const char *)data;
	struct kube_list_meta meta;
	struct kube_status status;
	struct kube_event event;

	if (kube_event_read(json, size, &event) == ST_OK) {
		if (event.object.ptr < json || event.object.ptr + event.object.len > json + size)
			abort();
		/* It can be read alone. */
		if (kube_status_read(event.object.ptr, event.object.len, &status) != ST_OK)
			abort();
	}
	if (strlen(event.version) >= sizeof event.version)
		abort();
	kube_list_meta_read(json, size, &meta);
	kube_status_read(json, size, &status);
	return 0;
}
