/* evtx_source: a Windows event log (.evtx) as a record_source. Records come in the file's order. A damaged chunk costs
 * its own records only, and is told. Memory: one chunk, whatever the size of the file; standard input will do. */
#ifndef VITRINE_IMPORT_EVTX_SOURCE_H
#define VITRINE_IMPORT_EVTX_SOURCE_H

#include "collector/import/input/byte_input.h"
#include "collector/source.h"

/* "ElfFile\0". Source: [MS-EVEN6] names the format; its bytes as libyal's documentation of EVTX describes them. */
#define EVTX_MAGIC "ElfFile"

static inline bool evtx_probe(struct view head)
{
	return head.len >= sizeof EVTX_MAGIC && memcmp(head.ptr, EVTX_MAGIC, sizeof EVTX_MAGIC) == 0;
}

/* in: borrowed, must outlive the source. ST_NOMEM. ST_UNSUPPORTED: this build has no libevtx. */
enum status evtx_source_open(struct byte_input *in, struct record_source **out, struct diag *why);

#endif
