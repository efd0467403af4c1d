#include "proto/host/privilege.h"

enum status privilege_keep_only(const char *const *names, size_t count, struct diag *why)
{
	(void)names;
	(void)count;
	return diag_set(why, ST_UNSUPPORTED, "privileges are Windows'");
}

void privilege_describe(struct buf *out)
{
	buf_append_str(out, "none: privileges are Windows'");
}
