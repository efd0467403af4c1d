/* incident_store: gathers an incident from alerts as the store has them. What stands in a store may be anybody's: every
 * document is parsed before it is believed. One thread. */
#ifndef VITRINE_INCIDENT_STORE_H
#define VITRINE_INCIDENT_STORE_H

#include "policyd/output/alert_queue.h"
#include "policyd/report/incident.h"
#include "policyd/ruleset/ruleset.h"

struct incident_store_counts {
	uint64_t alerts;
	uint64_t unreadable;               /* documents that are no JSON object: told without their fields */
	uint64_t without_story;            /* written before stores kept processes, or of no process */
};

/* rules: for descriptions and conditions by name; NULL: none. */
void incident_store_add(struct incident *incident, const struct alert_record *r, const struct ruleset *rules,
	struct incident_store_counts *counts);

#endif
