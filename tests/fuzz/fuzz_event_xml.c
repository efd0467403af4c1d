/* links: collector_import_evtx */
/* The XML of an event record, arbitrary: read, and every view of the record touched. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "collector/import/evtx/event_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t touch(struct text_view t)
{
	size_t sum = 0;

	for (size_t i = 0; i < t.len; i++)
		sum += (unsigned char)t.ptr[i];
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct named_record *n = malloc(sizeof *n);
	char *text = malloc(size ? size : 1);
	volatile size_t sum = 0;

	if (n && text && named_record_init(n) == ST_OK) {
		memcpy(text, data, size);
		if (event_xml_read(text, size, n) == ST_OK) {
			const struct record *r = named_record_finish(n);

			sum = touch(r->provider_name) + touch(r->channel) + touch(r->host);
			for (size_t i = 0; i < r->value_count; i++)
				sum += touch(r->values[i].name) + touch(r->values[i].value);
		}
		named_record_release(n);
	}
	(void)sum;
	free(text);
	free(n);
	return 0;
}
