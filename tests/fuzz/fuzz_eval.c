/* links: test_policyd_engine */
/* Random rules on random events: the program must agree with a plain tree walk. */
#include <stdlib.h>

#include "tests/support/compare_engines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 << 18 && compare_engines(data, size).wrong_rule >= 0)
		abort();
	return 0;
}
