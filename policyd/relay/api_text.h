/* api_text: what the relay says that is the same for everybody: errors as the API writes them, and what kubectl asks before its
 * first question. */
#ifndef VITRINE_RELAY_API_TEXT_H
#define VITRINE_RELAY_API_TEXT_H

#include "proto/base/buf.h"

/* A Status object. reason: the API's word, as "Forbidden". */
void api_text_status(struct buf *out, int code, const char *reason, const char *message);
/* /version, /api, /apis and /api/v1; NULL: another path. */
const char *api_text_discovery(const char *path);
/* The words of an HTTP status line. */
const char *api_text_of(int code);

#endif
