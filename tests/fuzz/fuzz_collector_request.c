/* links: proto_wire */
/* Requests to the collector: what decodes encodes again to the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "proto/wire/collector_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t again[COLLECTOR_REQUEST_BYTES];
	struct collector_request got;

	if (collector_request_decode(data, size, &got) != ST_OK)
		return 0;
	collector_request_encode(&got, again);
	if (memcmp(again, data, sizeof again) != 0)
		abort();
	return 0;
}
