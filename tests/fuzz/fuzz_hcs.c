/* links: policyd_hcs */
/* Any bytes as a document of the container service: every text told can be read, and the bounds hold. */
#include <stdint.h>
#include <stdlib.h>

#include "policyd/hcs/hcs_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(uint64_t *sum, struct text_view t)
{
	for (size_t i = 0; i < t.len; i++)
		*sum += (uint8_t)t.ptr[i];
	if (t.len > HCS_MAX_TEXT_BYTES)
		abort();
}

static void visit(void *ctx, const struct hcs_system *s)
{
	uint64_t *sum = ctx;

	add(sum, s->id);
	add(sum, s->name);
	add(sum, s->owner);
	add(sum, s->image);
	add(sum, s->sandbox_id);
	add(sum, s->pod_name);
	add(sum, s->pod_namespace);
	add(sum, s->pod_uid);
	for (size_t i = 0; i < s->process_count; i++)
		*sum += s->processes[i].pid;
	if (s->process_count > HCS_MAX_PROCESSES || !hcs_kind_name(s->kind))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t sum = 0;

	hcs_document_each((struct text_view){ (const char *)data, size }, visit, &sum);
	return sum == UINT64_MAX;
}
