/* request_pipe: requests of policyd, one client at a time; whoever breaks the rules loses the connection. Control thread. */
#ifndef VITRINE_COLLECTOR_REQUEST_PIPE_H
#define VITRINE_COLLECTOR_REQUEST_PIPE_H

#include "collector/session/plan.h"
#include "proto/host/pipe.h"

struct request_pipe {
	struct pipe_end *pipe;
	uint8_t bytes[COLLECTOR_REQUEST_BYTES];
	size_t have;
	bool connected, in_mask;
	struct plan mask;                /* being received */
	uint64_t refused;                /* connections ended for what they sent */
};

struct requested {                       /* by one pass */
	bool plan, snapshot, stats;
	struct plan wanted;
	uint64_t connection, received_bytes;
};

/* Takes what is there, waiting up to timeout_ms for the first of it. */
void request_pipe_poll(struct request_pipe *r, uint32_t timeout_ms, struct requested *out);

#endif
