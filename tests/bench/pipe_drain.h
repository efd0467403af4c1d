/* pipe_drain: a thread that reads an event pipe to its end and only counts bytes. */
#ifndef VITRINE_BENCH_PIPE_DRAIN_H
#define VITRINE_BENCH_PIPE_DRAIN_H

#include <stdint.h>

struct pipe_drain;

struct pipe_drain *pipe_drain_start(const char *name);    /* of a socket; waits until somebody listens */
uint64_t pipe_drain_end(struct pipe_drain *d);            /* waits for the end; the bytes that came */

#endif
