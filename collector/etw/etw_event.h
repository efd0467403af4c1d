/* etw_event: one event as ETW hands it to a callback. Laid out as EVENT_RECORD of 64-bit Windows (evntcons.h); the Windows
 * binding checks every offset when it is compiled, so the bytes can be taken as they are. Everything is borrowed and dies
 * when the callback returns. Nothing in here has been checked: payload and items come from whoever wrote the event. */
#ifndef VITRINE_COLLECTOR_ETW_EVENT_H
#define VITRINE_COLLECTOR_ETW_EVENT_H

#include "proto/base/guid.h"

/* EVENT_HEADER.Flags (evntcons.h). */
enum { ETW_HEADER_32_BIT = 0x20, ETW_HEADER_64_BIT = 0x40, ETW_HEADER_CLASSIC = 0x100 };

/* EVENT_HEADER_EXTENDED_DATA_ITEM.ExtType; from 9 on newer than the headers of mingw-w64 10 (etw.md §2.2). */
enum etw_item_type {
	ETW_ITEM_SID = 2,
	ETW_ITEM_EVENT_KEY = 10,      /* u64 */
	ETW_ITEM_SCHEMA = 11,         /* TraceLogging metadata */
	ETW_ITEM_START_KEY = 13,      /* u64: process start key */
	ETW_ITEM_CONTAINER = 16,      /* silo GUID as 36 ASCII characters, no braces, no NUL */
};

enum {
	ETW_EVENT_BYTES = 112,
	ETW_MAX_ITEMS = 32,           /* ETW knows 16 types; more is nonsense and is not looked at */
	ETW_CONTAINER_CHARS = 36,
};

struct etw_item {
	uint16_t reserved, type, linkage, bytes;
	uint64_t data;                /* a pointer */
};

struct etw_event {
	uint16_t size, header_type, flags, property;
	uint32_t tid, pid;
	uint64_t time_100ns;          /* FILETIME: the trace is opened without raw time stamps */
	struct guid provider;
	uint16_t id;
	uint8_t version, channel, level, opcode;
	uint16_t task;
	uint64_t keyword, processor_time;
	struct guid activity;
	uint16_t cpu, session_id;
	uint16_t item_count, payload_bytes;
	const void *items;            /* item_count times struct etw_item */
	const void *payload;
	void *ctx;                    /* given when the trace was opened */
};

_Static_assert(sizeof(struct etw_item) == 16, "EVENT_HEADER_EXTENDED_DATA_ITEM");
_Static_assert(sizeof(void *) != 8 || sizeof(struct etw_event) == ETW_EVENT_BYTES, "EVENT_RECORD");

typedef void etw_callback(const struct etw_event *ev);

#endif
