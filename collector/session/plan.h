/* plan: which of the providers and events on offer are on now. What policyd asks for is cut down to the offer. Pure; one
 * thread. */
#ifndef VITRINE_COLLECTOR_PLAN_H
#define VITRINE_COLLECTOR_PLAN_H

#include "collector/etw/etw_api.h"
#include "proto/offer.h"
#include "proto/wire/collector_request.h"

struct plan {
	uint64_t on[OFFER_PROVIDERS];     /* bit i: events[i] of that provider */
	uint64_t unknown;                /* rows and ids asked for and not in the table, since the start */
};

/* As it is before anybody asked: floor and quiet events. */
void plan_init(struct plan *p);
/* Floor only; what is asked for is added by plan_add. */
void plan_begin(struct plan *p);
void plan_add(struct plan *p, const struct collector_request *row);

/* What to switch on for a provider: false when nothing is. ids: room for ETW_MAX_FILTER_IDS, points out->ids. */
bool plan_enable(const struct plan *p, size_t provider, uint16_t *ids, struct etw_enable *out);
uint32_t plan_kernel_flags(const struct plan *p);
/* A session with nothing on is not needed. */
bool plan_needs_session(const struct plan *p, enum offer_session s);

#endif
