/* daemon: `policyd run`. daemon.c is the whole program as a list of calls in flow order: inputs -> streams -> judge ->
 * alert stage, and beside them reload, watch and the control pipe, all on one loop. */
#ifndef VITRINE_DAEMON_H
#define VITRINE_DAEMON_H

#include "policyd/daemon/reload.h"

struct daemon_options {
	struct reload_source source;
	const char *version;
	bool rule_stats;                 /* count from the start what each rule costs, and tell it at the end */
};

/* Runs until a signal, or the end of standard input when there is nothing else. The exit status: 0 ended cleanly, 1 it
 * could not start (told on standard error). */
int daemon_run(const struct daemon_options *options);

#endif
