#include "proto/host/secure_folder.h"

enum status secure_folder_make(const char *path, enum secure_for use, const char *account, struct diag *why)
{
	(void)use;
	(void)account;
	return diag_set(why, ST_UNSUPPORTED, "%s: folders of services are unsupported here", path);
}
