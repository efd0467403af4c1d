/* gen_activity: ordinary things that running processes do, by chance: files, registry, modules, threads, connections,
 * name look-ups, and short-lived processes on the host. Nothing in it is meant to alarm anyone. */
#ifndef VITRINE_TEST_GEN_ACTIVITY_H
#define VITRINE_TEST_GEN_ACTIVITY_H

#include "tests/support/generate/gen_world.h"

enum { ACTIVITY_MAX_CHILDREN = 48 };

struct gen_activity {
	struct gen_world *world;
	bool start_processes;
	struct gen_proc *children[ACTIVITY_MAX_CHILDREN];    /* started here, oldest first from `first` */
	uint32_t first, count;
};

/* One thing that some live process does: one to ten records. */
void gen_activity_step(struct gen_activity *a);

#endif
