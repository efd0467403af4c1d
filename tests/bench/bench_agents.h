/* bench_agents: thousands of agents of bench_relay in one loop, each with a TLS connection of its own: it lists its node's pods,
 * then watches, and notes how long each change was on its way. Loop thread only. */
#ifndef VITRINE_BENCH_AGENTS_H
#define VITRINE_BENCH_AGENTS_H

#include <uv.h>

#include "policyd/relay/tls_link.h"
#include "tests/bench/bench_samples.h"

struct agents;

struct agents_config {
	uv_loop_t *loop;
	const struct tls_side *side;
	int port;
	unsigned count;
	struct bench_samples *delays;
};

struct agents *agents_open(const struct agents_config *c);     /* NULL: out of memory */
void agents_close(struct agents *a);
void agents_release(struct agents *a);             /* after the loop has ended */

/* Those that watch; those that lost their connection. */
unsigned agents_watching(const struct agents *a);
unsigned agents_lost(const struct agents *a);

#endif
