/* links: policyd_output */
/* Any bytes as an OTLP receiver's answer, and as an alert's document: messages end within their room. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/output/alert_fields.h"
#include "policyd/output/otlp_encode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void visit(void *ctx, const struct alert_field *f)
{
	size_t *seen = ctx;

	if (!f->name || !f->text)
		abort();
	for (size_t i = 0; i < f->item_count; i++)
		*seen += strlen(alert_fields_item(f, i));
	(*seen)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct alert_fields *fields = alert_fields_parse((const char *)data, size);
	char message[32];
	uint64_t rejected = 0;
	size_t seen = 0;

	if (otlp_read_answer(data, size, &rejected, message, sizeof message) && strlen(message) >= sizeof message)
		abort();
	if (rejected > INT64_MAX)
		abort();
	if (otlp_read_refusal(data, size, message, sizeof message) && strlen(message) >= sizeof message)
		abort();
	if (fields)
		alert_fields_each(fields, visit, &seen);
	alert_fields_destroy(fields);
	return 0;
}
