/* containers: the host compute service's documents as it returns them (computecore.dll). Inner header of this layer. */
#ifndef VITRINE_COLLECTOR_CONTAINERS_WIN_H
#define VITRINE_COLLECTOR_CONTAINERS_WIN_H

#include "proto/base/arena.h"
#include "proto/stream.h"

/* One row with the list of all systems, then one for each with its processes. Machines without containers: no rows. */
void containers_list(struct arena *a, struct stream_snapshot *out);

#endif
