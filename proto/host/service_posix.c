#include "proto/host/service.h"

static enum status unsupported(struct diag *why)
{
	return diag_set(why, ST_UNSUPPORTED, "services of Windows are unsupported here; use the system's own service manager");
}

enum status service_install(const struct service_spec *s, struct diag *why)
{
	(void)s;
	return unsupported(why);
}

enum status service_configure(const struct service_spec *s, service_note *note, void *ctx, struct diag *why)
{
	(void)s;
	(void)note;
	(void)ctx;
	return unsupported(why);
}

enum status service_remove(const char *name, struct diag *why)
{
	(void)name;
	return unsupported(why);
}

enum status service_start(const char *name, struct diag *why)
{
	(void)name;
	return unsupported(why);
}

enum status service_stop(const char *name, uint32_t timeout_ms, struct diag *why)
{
	(void)name;
	(void)timeout_ms;
	return unsupported(why);
}

enum status service_run(const char *name, service_body *body, void *ctx, int *exit_status, struct diag *why)
{
	(void)name;
	(void)body;
	(void)ctx;
	(void)exit_status;
	return unsupported(why);
}

void service_running(void *session, void (*stop)(void *arg), void *arg)
{
	(void)session;
	(void)stop;
	(void)arg;
}

void service_ending(void *session)
{
	(void)session;
}
