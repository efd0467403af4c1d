/* links: collector_import_json */
/* Arbitrary text, read as events in JSON. */
#include "collector/import/json/json_source.h"
#include "tests/fuzz/fuzz_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source_run(data, size, json_source_open);
	return 0;
}
