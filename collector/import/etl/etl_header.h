/* etl_header: what the first record of a trace file says of the whole file (TRACE_LOGFILE_HEADER).
 * Source: evntrace.h, layouts.yaml class EventTrace_Header; checked on all recordings, 32- and 64-bit. */
#ifndef VITRINE_IMPORT_ETL_HEADER_H
#define VITRINE_IMPORT_ETL_HEADER_H

#include "collector/import/etl/etl_clock.h"
#include "collector/import/etl/etl_cursor.h"

enum { ETL_SESSION_NAME_BYTES = 1024, ETL_MODE_CIRCULAR = 0x2 };

struct etl_header {
	uint32_t buffer_bytes, os_build, mode, buffers_written, pointer_bytes;
	uint32_t events_lost, buffers_lost;
	uint64_t end_100ns, boot_100ns;    /* 0: the file was not closed; not known */
	struct etl_clock_facts clock;
	char session[ETL_SESSION_NAME_BYTES];    /* UTF-8, cut to fit */
	size_t session_len;
};

/* first: the first record of the first buffer. False: it is no file header, *out is zeroed. */
bool etl_header_parse(const struct etl_mark *first, struct etl_header *out);

#endif
