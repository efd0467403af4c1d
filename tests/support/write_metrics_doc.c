/* Writes docs/metrics.md to stdout, from the table of metrics. A test compares the file with it. */
#include <stdio.h>

#include "policyd/daemon/metric_table.h"

enum { MAX_PAGE_BYTES = 1 << 20 };

int main(void)
{
	struct buf page;
	bool ok;

	buf_init(&page, MAX_PAGE_BYTES);
	ok = metric_write_markdown(&page) && fwrite(page.data, 1, page.len, stdout) == page.len;
	buf_release(&page);
	return ok ? 0 : 1;
}
