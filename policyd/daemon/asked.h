/* asked: how the daemon is asked to end or to reload from outside its pipes: by signals, and by a service manager's thread.
 * Loop thread only, but for the stop that a service manager is given. */
#ifndef VITRINE_DAEMON_ASKED_H
#define VITRINE_DAEMON_ASKED_H

#include <stdbool.h>
#include <stddef.h>

#include <uv.h>

#include "policyd/daemon/daemon.h"
#include "proto/host/interrupt.h"

struct asked {
	uv_signal_t signals[INTERRUPT_SIGNALS];
	size_t signal_count;
	uv_async_t stop;
	bool has_stop;
	void (*end)(void *ctx);
	void (*reload)(void *ctx);
	void *ctx;
};

/* end, reload and ctx are set; all else is zero. */
void asked_open(struct asked *a, uv_loop_t *loop);
/* Any thread, until asked_close: as a signal to end. ctx: the struct asked. */
void asked_stop(void *ctx);
void asked_close(struct asked *a);

#endif
