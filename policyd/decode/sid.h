/* sid: Windows security identifiers: their length on the wire and their text. Well-known names belong to state.
 * Layout: revision u8 (1), sub-authority count u8 (<= 15), authority u48 big-endian, count * u32 little-endian.
 * Source: [MS-DTYP] 2.4.2. No allocation; any thread. */
#ifndef VITRINE_DECODE_SID_H
#define VITRINE_DECODE_SID_H

#include "proto/base/bytes.h"
#include "proto/base/status.h"

/* "S-1-" + authority as 0x and 12 digits + 15 times "-4294967295" + NUL */
enum { SID_TEXT_BYTES = 4 + 14 + 15 * 11 + 1 };

/* Moves past one SID. ST_TRUNCATED, or ST_MALFORMED when revision or count are not a SID's. */
enum status sid_skip(struct bytes *in);
/* "S-1-5-18"; returns its length, 0 when the bytes are no whole SID (out is then ""). */
size_t sid_format(struct view sid, char out[SID_TEXT_BYTES]);

#endif
