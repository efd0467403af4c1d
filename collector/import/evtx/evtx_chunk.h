/* evtx_chunk: the records of one 64 KiB chunk of an event log, each as XML. A chunk stands for itself (its strings and
 * templates are inside it), so it is given to libevtx as a file of one chunk: whatever libevtx makes of a damaged one,
 * the next starts clean. Not thread-safe. */
#ifndef VITRINE_IMPORT_EVTX_CHUNK_H
#define VITRINE_IMPORT_EVTX_CHUNK_H

#include <stdbool.h>

#include "proto/base/buf.h"
#include "proto/base/bytes.h"
#include "proto/base/status.h"

enum {
	EVTX_FILE_HEADER_BYTES = 4096,
	EVTX_CHUNK_BYTES = 64 * 1024,
	EVTX_XML_MAX_BYTES = 4 << 20,    /* of one record, which is at most a chunk; escaping can make it a few times larger */
};

struct evtx_chunk;

struct evtx_chunk *evtx_chunk_create(void);             /* NULL: out of memory */
void evtx_chunk_destroy(struct evtx_chunk *c);          /* NULL is fine */
uint8_t *evtx_chunk_room(struct evtx_chunk *c);         /* EVTX_CHUNK_BYTES, to be filled before evtx_chunk_open */
/* ST_MALFORMED: libevtx makes nothing of it. */
enum status evtx_chunk_open(struct evtx_chunk *c);
bool evtx_chunk_is_damaged(const struct evtx_chunk *c);
/* Records that stand in the chunk. What libevtx could carve from unused space is not among them: mostly leftovers of events
 * that the log has let go, or that belong to another one. */
size_t evtx_chunk_count(const struct evtx_chunk *c);

struct evtx_entry {
	uint32_t offset;            /* in the chunk */
	uint64_t written_100ns;
	char *xml;                  /* changeable; dies at the next call */
	size_t xml_len;
};
/* i below evtx_chunk_count. ST_MALFORMED: it cannot be decoded; offset may be set. */
enum status evtx_chunk_entry(struct evtx_chunk *c, size_t i, struct evtx_entry *out);

#endif
