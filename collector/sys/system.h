/* system: what the collector asks of Windows; elsewhere every function says that it cannot. One thread, but for the functions
 * of the ETW table. */
#ifndef VITRINE_COLLECTOR_SYSTEM_H
#define VITRINE_COLLECTOR_SYSTEM_H

#include "collector/core/collector.h"

struct system_etw;

/* ETW itself, from system32. ST_UNSUPPORTED: there is none on this system. */
enum status system_etw_open(struct system_etw **out, struct etw_api *api, struct diag *why);
void system_etw_close(struct system_etw *s);    /* no session is attached any more; NULL is fine */

/* Processes with command lines, and the container service's documents as it returned them; all in the arena. What a process
 * or the service does not tell is left out. ctx is not used. */
enum status system_snapshot(void *ctx, struct arena *a, struct stream_snapshot *out);

#endif
