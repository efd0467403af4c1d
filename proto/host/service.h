/* service: a program of ours under Windows' service manager: made, set up, started, run. Elsewhere every call answers
 * ST_UNSUPPORTED. A service manager that knows less than Windows Server 2019 (Wine) refuses some settings: these are noted and
 * passed over, since a service without a recovery action still runs. */
#ifndef VITRINE_HOST_SERVICE_H
#define VITRINE_HOST_SERVICE_H

#include <stdbool.h>

#include "proto/host/host_names.h"
#include "proto/base/status.h"

enum {
	SERVICE_STOP_MS = 5000,         /* from the request to stop until the process ends; what bodies keep within */
	SERVICE_OUTPUT_GRACE_MS = 3000, /* of it: for outputs that still deliver */
};

struct service_spec {
	const char *name, *display, *description;
	const char *account;            /* NULL: LocalSystem */
	const char *arguments;          /* behind this program's own path */
	const char *const *privileges;  /* all it keeps, NULL at the end; never empty: an empty list would mean all */
	bool restricted_sid;            /* writes nothing but what its own service SID may */
};

/* A setting that the system refused, and that was passed over. */
typedef void service_note(void *ctx, const char *text);

/* Makes it, or brings it in line when it is there; it is not started. */
enum status service_install(const struct service_spec *s, struct diag *why);
/* Description, recovery actions, SID, privileges, delayed start, time before a shutdown. ST_NOT_FOUND: no such service. */
enum status service_configure(const struct service_spec *s, service_note *note, void *ctx, struct diag *why);
/* Stops it first. ST_NOT_FOUND: no such service. */
enum status service_remove(const char *name, struct diag *why);
enum status service_start(const char *name, struct diag *why);
/* Returns when it has stopped, or with ST_SYSTEM after timeout_ms. */
enum status service_stop(const char *name, uint32_t timeout_ms, struct diag *why);

/* ---- in the service's own process ---- */

struct service_session;

/* What the service does; its result is the exit status. Runs on a thread of its own. */
typedef int service_body(void *ctx, struct service_session *session);

/* Hands the process to the service manager; returns when body has, and when all is told. ST_UNSUPPORTED: this process was not
 * started by a service manager. */
enum status service_run(const char *name, service_body *body, void *ctx, int *exit_status, struct diag *why);
/* It runs: from now on stop(arg) may be called by another thread, once, until service_ending has returned. */
void service_running(void *session, void (*stop)(void *arg), void *arg);
void service_ending(void *session);

#endif
