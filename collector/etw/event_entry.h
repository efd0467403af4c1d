/* event_entry: what is kept of an event between the ETW callback and the sender: a fixed head, then the bytes of the items
 * kept and of the payload, as they came. Nothing is parsed. */
#ifndef VITRINE_COLLECTOR_EVENT_ENTRY_H
#define VITRINE_COLLECTOR_EVENT_ENTRY_H

#include "collector/etw/etw_event.h"
#include "proto/base/ring.h"
#include "proto/offer.h"
#include "proto/record.h"

enum { NOTICE_MAX_VALUES = 8 };           /* of the collector's own records */

struct event_entry {
	uint64_t seq;                     /* 0 until it is sent first */
	uint64_t time_100ns, keyword, start_key, event_key;
	struct guid provider;
	uint32_t pid, tid, flags;         /* flags: enum record_flags */
	uint16_t id, task, cpu, payload_bytes, schema_bytes;
	uint8_t version, opcode, level, pointer_bytes, sid_bytes, container_bytes;
};

/* In the ETW callback: bounded, no lock, no allocation, no system call. Items over their bound are left out. False: the
 * ring is full, and counts it. */
bool event_entry_put(struct ring *r, const struct etw_event *ev);

/* The record that an entry holds; views point into the entry. A container that is no GUID is left out. One of notice_provider
 * is the collector's own: its payload is "name\0value\0" some times. values: room for NOTICE_MAX_VALUES of them. */
void event_entry_record(const struct event_entry *e, struct named_value *values, struct record *out);

/* Of the collector's own records, and of the canary. */
extern const struct guid notice_provider;

#endif
