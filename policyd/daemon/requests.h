/* requests: what policyctl may ask for. Loop thread only. */
#ifndef VITRINE_DAEMON_REQUESTS_H
#define VITRINE_DAEMON_REQUESTS_H

#include "policyd/control/control_server.h"

struct daemon;

enum { REQUESTS_MAX_WAITING = 64 };    /* clients that wait for the end of a reload */

struct requests {
	struct {
		uint64_t client, id, reload;
	} waiting[REQUESTS_MAX_WAITING];
	size_t waiting_count;
};

const struct control_row *requests_table(size_t *count);
/* A reload has ended: answers whoever waits for it. */
void requests_reloaded(struct daemon *d);

#endif
