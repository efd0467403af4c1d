/* bench_upstream: an API server for bench_relay, plain HTTP on loopback: pods of an ordinary size, spread over nodes, their list in
 * pages, a watch on them, and a yes to every token. Loop thread only. */
#ifndef VITRINE_BENCH_UPSTREAM_H
#define VITRINE_BENCH_UPSTREAM_H

#include <uv.h>

struct upstream;

/* Pod i is on node-(i mod nodes). The token "node-N" speaks for that node. NULL: cannot listen. */
struct upstream *upstream_open(uv_loop_t *loop, unsigned nodes, unsigned pods);
void upstream_close(struct upstream *u);
void upstream_release(struct upstream *u);         /* after the loop has ended */
int upstream_port(const struct upstream *u);

/* Whether the watch on pods is open. */
int upstream_is_watched(const struct upstream *u);
/* A change of pod i, with the time in it: what agents look for. */
void upstream_change(struct upstream *u, unsigned pod);

#endif
