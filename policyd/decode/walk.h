/* walk: the one reader of raw payloads: finds where every field of a layout starts, checking each against the end
 * of the payload. Knows types and lengths, nothing of providers. No allocation; any thread. */
#ifndef VITRINE_DECODE_WALK_H
#define VITRINE_DECODE_WALK_H

#include "policyd/decode/layout.h"
#include "proto/base/status.h"

/* Fills offset[0 .. field_count]: the start of each field, and the end of the last.
 * Bytes after the last field are accepted. A string may end where the payload ends, but must begin inside it; a field
 * marked optional may be missing whole at the end, and then has no bytes.
 * ST_TRUNCATED: a field passes the end. ST_MALFORMED: a SID that cannot be one. */
enum status walk_layout(const struct layout *l, struct view payload, unsigned pointer_bytes, uint32_t *offset);

/* Bytes of a fixed-size type, 0 for one whose size the payload decides. */
size_t layout_type_bytes(enum layout_type type, unsigned pointer_bytes);

#endif
