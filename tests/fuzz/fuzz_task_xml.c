/* links: policyd_fields */
/* Arbitrary text as the definition of a scheduled task. What is found lies within the text or in scratch; it is touched. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "policyd/fields/task_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const asked[][2] = { { "Exec", "Command" }, { "Exec", "Arguments" }, { "Principal", "UserId" } };
	struct text_view xml = { .ptr = (const char *)data, .len = size }, out;
	struct arena *scratch = arena_create(1 << 20);
	unsigned sum = 0;

	if (!scratch)
		return 0;
	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		if (!task_xml_text(xml, asked[i][0], asked[i][1], scratch, &out))
			continue;
		for (size_t k = 0; k < out.len; k++)
			sum += (unsigned char)out.ptr[k];
	}
	arena_destroy(scratch);
	return sum == UINT32_MAX ? -1 : 0;
}
