/* inputs: where streams come from: sockets that are listened on, sockets that are connected to (again and again, with
 * growing pauses), and standard input. Loop thread only. */
#ifndef VITRINE_DAEMON_INPUTS_H
#define VITRINE_DAEMON_INPUTS_H

#include "policyd/config/config.h"
#include "policyd/daemon/stream_set.h"

struct inputs;

struct inputs_options {
	struct stream_set *streams;
	const struct config *config;           /* must outlive the inputs */
	void (*ended)(void *ctx);              /* every input is standard input, and is at its end */
	void *ctx;
};

/* ST_SYSTEM: an input cannot be opened. *out is also set then: close and release it. NULL: out of memory. */
enum status inputs_open(const struct inputs_options *o, struct inputs **out, struct diag *why);
void inputs_close(struct inputs *in);       /* NULL is fine */
void inputs_release(struct inputs *in);     /* after the loop has ended */

#endif
