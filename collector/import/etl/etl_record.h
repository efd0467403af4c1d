/* etl_record: one event record of a trace file, of any header kind, as struct record.
 * No allocation; any thread. Source: the header structures of phnt's ntwmi.h and Microsoft's EVENT_HEADER;
 * checked field by field on 29 recordings, except COMPACT and INSTANCE headers, which none of them has. */
#ifndef VITRINE_IMPORT_ETL_RECORD_H
#define VITRINE_IMPORT_ETL_RECORD_H

#include "collector/import/etl/etl_cursor.h"
#include "proto/base/status.h"
#include "proto/record.h"

enum { ETL_EXTENDED_ITEMS_MAX = 64 };    /* ETW knows 18 kinds of item; more than this is no record of its */

/* mark: of kind ETL_KIND_EVENT, from etl_cursor_next. All of *out is set except time, cpu and os_build; views point
 * into mark->raw. *items_skipped grows by the extended items that were passed over.
 * ST_MALFORMED: extended items that do not fit the record; *out is then not to be used. */
enum status etl_record_parse(const struct etl_mark *mark, struct record *out, uint64_t *items_skipped);

/* Extended data items of an EVENT_HEADER record: in->cur at the first one, then at the payload. */
enum status etl_extended_parse(struct bytes *in, struct record *out, uint64_t *items_skipped);

#endif
