/* Writes docs/configuration.md, or with --schema docs/schema/policyd.schema.json, to stdout, from the table of keys. A
 * test compares the files with it. */
#include <stdio.h>
#include <string.h>

#include "policyd/config/config.h"

enum { MAX_PAGE_BYTES = 1 << 20 };

int main(int argc, char **argv)
{
	bool schema = argc > 1 && strcmp(argv[1], "--schema") == 0;
	struct buf page;
	bool ok;

	buf_init(&page, MAX_PAGE_BYTES);
	ok = (schema ? config_write_schema(&page) : config_write_markdown(&page)) &&
		fwrite(page.data, 1, page.len, stdout) == page.len;
	buf_release(&page);
	return ok ? 0 : 1;
}
