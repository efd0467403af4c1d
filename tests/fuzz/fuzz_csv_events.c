/* links: collector_import_csv */
/* Arbitrary text, read as a table of events. */
#include "collector/import/csv/csv_source.h"
#include "tests/fuzz/fuzz_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_source_run(data, size, csv_source_open);
	return 0;
}
