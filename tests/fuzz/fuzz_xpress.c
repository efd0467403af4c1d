/* links: collector_import_etl */
/* The first two bytes say how much room there is; the rest is the compressed form. The room is exact, so that ASan sees
 * one byte too many. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "collector/import/etl/xpress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room, made = 0;
	uint8_t *out;

	if (size < 2)
		return 0;
	room = load_u16le(data);
	out = malloc(room ? room : 1);
	if (!out)
		return 0;
	xpress_decompress((struct view){ .ptr = data + 2, .len = size - 2 }, out, room, &made);
	if (made > room)
		__builtin_trap();
	free(out);
	return 0;
}
