/* record: the borrowed, portable view of one event record, raw ETW or named, as it crosses the wire.
 * Everything after a source and before decode/ sees events only like this. All views die when the call returns
 * that handed the record out. */
#ifndef VITRINE_RECORD_H
#define VITRINE_RECORD_H

#include "proto/base/bytes.h"
#include "proto/base/guid.h"

enum record_kind {
	RECORD_ETW = 1,     /* header fields + payload bytes */
	RECORD_NAMED = 2,   /* a log record: provider, id and name/value pairs, all UTF-8 text */
};

struct text_view {          /* borrowed UTF-8, no NUL */
	const char *ptr;
	size_t len;
};

struct named_value {
	struct text_view name;     /* "" for an unnamed <Data> */
	struct text_view value;
};

enum record_flags {
	RECORD_CLASSIC = 1,         /* MOF event: `opcode` selects the layout, `id` is 0 */
	RECORD_HAS_START_KEY = 2,   /* extended item 13 */
	RECORD_HAS_EVENT_KEY = 4,   /* extended item 10 */
	RECORD_HAS_CONTAINER = 8,   /* extended item 16 */
	RECORD_TRACELOGGING = 16,   /* extended item 11: `schema` describes the payload */
	RECORD_FORGED_CLOCK = 32,   /* the file's clock could not be converted; time is approximate */
};

struct record {
	enum record_kind kind;
	uint32_t flags;             /* enum record_flags */
	uint64_t seq;               /* per stream, from 1, no holes unless something was lost */
	uint64_t time_100ns;        /* FILETIME, UTC */
	struct guid provider;       /* classic: the event class GUID; named: zero when unknown */
	uint16_t id;
	uint8_t version, opcode, level;
	uint8_t pointer_bytes;      /* 4 or 8: width of pointers in the payload */
	uint16_t task;
	uint64_t keyword;
	uint32_t pid, tid;          /* from the header, stamped by the kernel; UINT32_MAX: not known */
	uint16_t cpu;
	uint32_t os_build;          /* of the machine that wrote it (from HELLO); 0: unknown */

	/* Extended items kept (etw.md §2.2, layouts.yaml extended_items). */
	struct guid container;      /* silo GUID */
	uint64_t start_key, event_key;
	struct view sid;            /* of the logging thread's user; len 0: none */
	struct view schema;         /* TraceLogging metadata (item 11) */

	struct view payload;        /* RECORD_ETW */

	/* RECORD_NAMED; names also given for ETW when the stream's provider table has one. */
	struct text_view provider_name, channel, host;    /* host "": the one of HELLO */
	uint64_t record_id;
	const struct named_value *values;
	size_t value_count;
};

#endif
