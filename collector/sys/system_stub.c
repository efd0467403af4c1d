#include "collector/sys/system.h"

enum status system_etw_open(struct system_etw **out, struct etw_api *api, struct diag *why)
{
	(void)api;
	*out = NULL;
	return diag_set(why, ST_UNSUPPORTED, "this system has no ETW: the collector runs on Windows");
}

void system_etw_close(struct system_etw *s)
{
	(void)s;
}

enum status system_snapshot(void *ctx, struct arena *a, struct stream_snapshot *out)
{
	(void)ctx;
	(void)a;
	(void)out;
	return ST_UNSUPPORTED;
}
