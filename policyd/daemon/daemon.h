/* daemon: `policyd run`. daemon.c is the whole program as a list of calls in flow order: inputs -> streams -> judge ->
 * alert stage, and beside them reload, watch and the control pipe, all on one loop. */
#ifndef VITRINE_DAEMON_H
#define VITRINE_DAEMON_H

#include <stdio.h>

#include "policyd/daemon/reload.h"

/* Who runs the daemon, if it is not a person or init; all zero: nobody. */
struct daemon_host {
	/* It runs: from now on any thread may call stop(arg), until `ending` has returned. */
	void (*running)(void *ctx, void (*stop)(void *arg), void *arg);
	void (*ending)(void *ctx);
	void *ctx;
	uint32_t max_grace_ms;         /* for outputs, when it ends; 0: as configured */
	FILE *log;                     /* NULL: standard error */
};

struct daemon_options {
	struct reload_source source;
	const char *version;
	bool rule_stats;                 /* count from the start what each rule costs, and tell it at the end */
	struct daemon_host host;
};

/* Runs until a signal, or the end of standard input when there is nothing else. The exit status: 0 ended cleanly, 1 it
 * could not start (told on standard error). */
int daemon_run(const struct daemon_options *options);

#endif
