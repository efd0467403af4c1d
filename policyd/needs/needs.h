/* needs: which providers and events a set of rules must have to see anything, from the decoders' tables: what the collector
 * is asked for. What it offers of that is its own decision. Pure; any thread. */
#ifndef VITRINE_NEEDS_H
#define VITRINE_NEEDS_H

#include "policyd/event.h"
#include "policyd/ruleset/ruleset.h"
#include "proto/wire/collector_request.h"

enum { NEEDS_MAX_ROWS = 64 };    /* providers; there are 42 */

struct needs {
	bool kinds[EVENT_KIND_COUNT];
};

/* The event types that the rules of these runs look at. */
void needs_of_runs(const struct ruleset_runs *runs, struct needs *out);
/* The rows of a mask, the first and the last marked, at least one; returns how many. Event types that state makes of others
 * bring those along; so do events of files and registry keys, whose names other events tell. */
size_t needs_mask(const struct needs *n, struct collector_request rows[NEEDS_MAX_ROWS]);

/* Whether a collector can see events of this type: a provider it offers writes them, or state makes them of such. */
bool needs_is_live(enum event_kind kind);

#endif
