/* progress: one line on a terminal for long work: bar, rate, time left. Silent when the stream is no terminal. */
#ifndef VITRINE_HOST_PROGRESS_H
#define VITRINE_HOST_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *out;             /* NULL: silent */
	const char *label;     /* borrowed */
	uint64_t start_ns, shown_ns;
};

void progress_init(struct progress *p, FILE *out, const char *label);
/* Redraws at most ten times a second. total 0: not known, then no bar and no time left. */
void progress_update(struct progress *p, uint64_t done_bytes, uint64_t total_bytes);
/* Clears the line, so that what follows starts on a clean one. */
void progress_clear(struct progress *p);

#endif
