/* plan: which providers and events the collector can switch on, and which are on now. The table is built in: what policyd
 * asks for is cut down to it. Classic kernel events are switched by flags of the system logger; here they are providers like
 * the others, by the GUID of their class, their ids being opcodes. Pure; one thread. */
#ifndef VITRINE_COLLECTOR_PLAN_H
#define VITRINE_COLLECTOR_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/etw/etw_api.h"
#include "proto/wire/collector_request.h"

enum plan_session {
	PLAN_KERNEL,                 /* system logger: classic events; small buffers, flushed by us */
	PLAN_PROCESS,                /* Kernel-Process, apart from what may flood; likewise */
	PLAN_BULK,                   /* all other providers */
	PLAN_SECURITY,               /* the system's own EventLog-Security: listened to only */
	PLAN_SESSION_COUNT
};

enum plan_when {
	PLAN_ASKED,                  /* when a rule needs it */
	PLAN_QUIET,                  /* that, and until policyd has said what it needs: events that are few */
	PLAN_FLOOR,                  /* always: without it processes and containers are not known, or tampering not seen */
};

struct plan_event {
	uint16_t id;
	uint8_t when;                /* enum plan_when */
	uint64_t keywords;           /* that let it through; 0: not known, so all must be let through, and ids decide */
};

struct plan_provider {
	const char *name;
	struct guid guid;
	uint8_t session, level;
	bool capture_state;          /* answers ETW_CAPTURE_STATE with a rundown */
	bool in_containers;          /* also those inside containers */
	bool tracked;                /* with the container's id; not where events come near 64 KiB, which it would push over */
	uint32_t kernel_flags;       /* classic: instead of being enabled */
	uint32_t system_flags;       /* as in struct etw_enable */
	const struct plan_event *events;
	size_t event_count;          /* at most 64: one bit each */
};

extern const struct plan_provider plan_providers[];

enum {
	PLAN_PROVIDERS = 31,
	PLAN_MAX_EVENTS = 64,
	PLAN_ANY_ID = 0xFFFF,        /* the one row of a provider whose events are not chosen by id */
	PLAN_CANARY_ID = 100,
	PLAN_REGISTRY_DATA = 0x2,    /* Kernel-Registry: with the data of values; not documented (etw.md §1.2) */
};

struct plan {
	uint64_t on[PLAN_PROVIDERS];     /* bit i: events[i] of that provider */
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
bool plan_needs_session(const struct plan *p, enum plan_session s);

#endif
