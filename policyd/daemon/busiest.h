/* busiest: about which processes there are the most events, in a fixed table (Space-Saving: a count may be too high by
 * `over`, never too low). Counts only while somebody looks. Loop thread only. */
#ifndef VITRINE_DAEMON_BUSIEST_H
#define VITRINE_DAEMON_BUSIEST_H

#include <stdint.h>

#include "policyd/event.h"

enum { BUSIEST_ROWS = 64, BUSIEST_NAME_BYTES = 64 };

struct busiest_row {
	uint32_t pid;
	uint64_t events, over;
	char name[BUSIEST_NAME_BYTES];    /* file name of the program, "" when not known */
};

struct busiest {
	bool on;
	struct busiest_row rows[BUSIEST_ROWS];
	size_t count;
};

void busiest_start(struct busiest *b);    /* from zero, unless it counts already */
void busiest_stop(struct busiest *b);
void busiest_add(struct busiest *b, const struct event *ev);

#endif
