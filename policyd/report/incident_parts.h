/* incident_parts: what report*.c share. Private to the layer. */
#ifndef VITRINE_INCIDENT_PARTS_H
#define VITRINE_INCIDENT_PARTS_H

#include "policyd/report/incident.h"
#include "policyd/report/incident_histogram.h"
#include "policyd/report/incident_texts.h"

/* Texts: numbers in incident_texts, as of all texts below. */
struct held_rule {
	uint32_t name, source, desc, condition;
	enum priority priority;
	uint32_t *tags;
	size_t tag_count;
	uint64_t alerts, kept, lost;           /* matched; held now; not even written down */
	uint32_t newest;                       /* of the kept: index + 1; 0: none */
};

struct held_alert {
	uint32_t rule, host, proc, target;
	uint32_t older;                        /* of the same rule, or of the free places: index + 1; 0: none */
	uint32_t message_len, fields_len;
	uint64_t number;                       /* in the order they came, from 1 */
	int64_t time_ns;
	char *texts;                           /* message, then fields; heap */
};

enum proc_seen {
	SEEN_ENDED = 1,
	SEEN_EXIT_CODE = 2,
	SEEN_PPID = 4,
	SEEN_SESSION = 8,
	SEEN_ALERT = 16,                       /* has one, or a process above it has */
};

struct held_proc {
	struct incident_proc_key key;
	uint32_t parent, ppid, session_id, exit_code;
	uint32_t flags;                        /* enum proc_seen */
	uint32_t name, path, cmdline, cwd, user, sid, guid, container, container_name, image;
	const char *integrity;
	int64_t start_ns, end_ns;
};

struct held_gap {
	int64_t time_ns;
	uint64_t events, buffers;
	uint32_t reason, session;
};

/* Open addressing from a hash to index + 1. */
struct incident_index {
	uint32_t *slots;
	size_t slot_count;
};

struct incident {
	struct incident_texts texts;
	uint32_t hosts[INCIDENT_MAX_HOSTS];
	size_t host_count;

	struct held_rule *rules;
	size_t rule_count, rule_cap;
	struct incident_index rule_index;

	struct held_alert *alerts;             /* places; free ones have no texts */
	size_t alert_places, alert_cap;
	uint32_t free_alert;                   /* index + 1 of a free place; 0: none */
	size_t alert_count, max_alerts;
	size_t alert_bytes;
	uint64_t alerts_seen;

	struct held_proc *procs;
	size_t proc_count, proc_cap;
	struct incident_index proc_index;
	uint64_t procs_refused;                /* alerts whose own process was refused */
	uint64_t contexts_refused;             /* times another one was */

	struct held_gap gaps[INCIDENT_MAX_GAPS];
	size_t gap_count;
	uint64_t gaps_refused;

	struct incident_histogram events;
};

/* Makes room for one more of item_bytes. False: out of memory, nothing changed. */
bool incident_grow(void **items, size_t *cap, size_t count, size_t item_bytes);

/* Looks for an item with this hash. The walk ends when same() says so, or at a free slot; what is pointed to is the slot. */
typedef bool incident_same(const void *ctx, uint32_t item);
uint32_t *incident_index_slot(const struct incident_index *x, uint64_t hash, incident_same *same, const void *ctx);
/* Room for count + 1 items; hash_of gives the hash of an item. False: out of memory. */
typedef uint64_t incident_hash_of(const void *ctx, uint32_t item);
bool incident_index_reserve(struct incident_index *x, size_t count, incident_hash_of *hash_of, const void *ctx);

#endif
