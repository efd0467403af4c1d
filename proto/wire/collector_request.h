/* collector_request: what policyd may ask of the collector: messages of one fixed size, on a pipe of their own (design §8).
 * Answers come as frames on the event stream. Pure functions; any thread. Format: docs/protocol.md. */
#ifndef VITRINE_WIRE_COLLECTOR_REQUEST_H
#define VITRINE_WIRE_COLLECTOR_REQUEST_H

#include <stdbool.h>

#include "proto/base/guid.h"
#include "proto/base/status.h"

enum {
	COLLECTOR_REQUEST_BYTES = 256,
	COLLECTOR_REQUEST_MAX_IDS = 64,    /* ETW's own limit for an event id filter (etw.md §2.2) */
};

enum collector_request_kind {
	COLLECTOR_REQUEST_PROVIDER = 1,    /* one row of the mask: a provider and the events wanted of it */
	COLLECTOR_REQUEST_SNAPSHOT = 2,
	COLLECTOR_REQUEST_STATS = 3,       /* how much of the stream has arrived; heartbeats come each second anyway */
};

struct collector_request {
	enum collector_request_kind kind;
	/* PROVIDER. A mask is the rows from one with `first` to one with `last`, which puts it in force: what it does not name
	 * is off, but for what the collector keeps on by itself. A zero GUID names nothing. */
	bool first, last;
	struct guid provider;              /* classic kernel events: the GUID of their class */
	uint16_t id_count;                 /* 0: all that the collector offers */
	uint16_t ids[COLLECTOR_REQUEST_MAX_IDS];    /* classic: opcodes */
	/* STATS */
	uint64_t connection;               /* as HELLO named it */
	uint64_t received_bytes;           /* of this connection, as whole frames */
};

void collector_request_encode(const struct collector_request *in, uint8_t out[COLLECTOR_REQUEST_BYTES]);
/* ST_TRUNCATED: not 256 bytes. ST_UNSUPPORTED: another version, or a kind that is not known. ST_MALFORMED: no such message,
 * flags that do not exist, or bytes behind the last field that are not 0. ST_LIMIT: too many ids. */
enum status collector_request_decode(const uint8_t *bytes, size_t len, struct collector_request *out);

#endif
