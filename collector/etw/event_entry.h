/* event_entry: what is kept of an event between the ETW callback and the sender: a fixed head, then the bytes of the items
 * kept and of the payload, as they came. Nothing is parsed. */
#ifndef VITRINE_COLLECTOR_EVENT_ENTRY_H
#define VITRINE_COLLECTOR_EVENT_ENTRY_H

#include "collector/etw/etw_event.h"
#include "proto/base/ring.h"
#include "proto/record.h"

enum {
	NOTICE_MAX_VALUES = 8,            /* of the collector's own records: session, what, detail and numbers */
	NOTICE_MAX_BYTES = 2048,          /* all its names and values; longer ones are cut */
};

struct event_entry {
	uint64_t seq;                     /* 0 until it is sent first */
	uint64_t time_100ns, keyword, start_key, event_key;
	struct guid provider;
	uint32_t pid, tid, flags;         /* flags: enum record_flags */
	uint16_t id, task, cpu, payload_bytes, schema_bytes;
	uint8_t version, opcode, level, pointer_bytes, sid_bytes, container_bytes;
	uint8_t notice_values;            /* not 0: the collector's own; the payload is that many "name\0value\0" */
};

/* In the ETW callback: bounded, no lock, no allocation, no system call. Items over their bound are left out. False: the
 * ring is full, and counts it. */
bool event_entry_put(struct ring *r, const struct etw_event *ev);

/* A record of the collector's own. values: texts, no NUL inside. */
struct notice {
	uint16_t id;
	uint64_t time_100ns;
	const struct named_value *values;
	size_t value_count;
};
bool event_entry_put_notice(struct ring *r, const struct notice *n);

/* The record that an entry holds; views point into the entry. values: room for NOTICE_MAX_VALUES. A container that is no
 * GUID is left out. */
void event_entry_record(const struct event_entry *e, struct named_value *values, struct record *out);

#define NOTICE_PROVIDER_NAME "Vitrine-Collector"
/* Ours alone, made by chance; also the canary's. */
#define NOTICE_PROVIDER_GUID GUID_INIT(0x6c0d3f52, 0x8e1b, 0x4d97, 0xb1, 0x24, 0x53, 0x0e, 0xa9, 0x7c, 0x46, 0xd8)
extern const struct guid notice_provider;

#endif
