/* offer: the providers and events that a collector can switch on. Part of the contract: the collector enables nothing else,
 * and policyd can tell what a rule will never see live. Classic kernel events are switched by flags of a system logger; here
 * they are providers like the others, by the GUID of their class, their ids being opcodes. */
#ifndef VITRINE_OFFER_H
#define VITRINE_OFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/base/guid.h"

enum offer_session {
	OFFER_KERNEL,                /* system logger: classic events; small buffers, flushed by the collector */
	OFFER_PROCESS,               /* Kernel-Process, apart from what may flood; likewise */
	OFFER_BULK,                  /* all other providers */
	OFFER_SECURITY,              /* the system's own EventLog-Security: listened to only */
	OFFER_SESSION_COUNT
};

enum offer_when {
	OFFER_ASKED,                 /* when a rule needs it */
	OFFER_QUIET,                 /* that, and until policyd has said what it needs: events that are few */
	OFFER_FLOOR,                 /* always: without it processes and containers are not known, or tampering not seen */
};

struct offer_event {
	uint16_t id;
	uint8_t when;                /* enum offer_when */
	uint64_t keywords;           /* that let it through; 0: not known, so all must be let through, and ids decide */
};

struct offer_provider {
	const char *name;
	struct guid guid;
	uint8_t session, level;
	bool capture_state;          /* tells what is there when asked to */
	bool in_containers;          /* also those inside containers */
	bool tracked;                /* with the container's id; not where events come near 64 KiB, which it would push over */
	uint32_t kernel_flags;       /* classic: EVENT_TRACE_FLAG_*, instead of being enabled */
	uint32_t system_flags;       /* EVENT_FILTER_TYPE_SYSTEM_FLAGS; 0: no such filter */
	const struct offer_event *events;
	size_t event_count;          /* at most 64: one bit each */
};

enum {
	OFFER_PROVIDERS = 30,
	OFFER_MAX_EVENTS = 64,
	OFFER_ANY_ID = 0xFFFF,       /* the one row of a provider whose events are not chosen by id */
	OFFER_CANARY_ID = 100,
	OFFER_REGISTRY_DATA = 0x2,   /* Kernel-Registry: with the data of values; not documented (etw.md §1.2) */
};

extern const struct offer_provider offer_providers[OFFER_PROVIDERS];

/* The collector's own records: by chance ours alone. */
#define OFFER_COLLECTOR_NAME "Vitrine-Collector"
#define OFFER_COLLECTOR_GUID GUID_INIT(0x6c0d3f52, 0x8e1b, 0x4d97, 0xb1, 0x24, 0x53, 0x0e, 0xa9, 0x7c, 0x46, 0xd8)

/* First row of that provider; OFFER_PROVIDERS: none. */
size_t offer_find(const struct guid *provider);
/* Place of the event in the row's table; OFFER_MAX_EVENTS: none. */
size_t offer_find_event(size_t provider, uint16_t id);

#endif
