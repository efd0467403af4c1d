/* providers_of: which providers write records of an event type, from the decoders' tables. */
#ifndef VITRINE_CLI_PROVIDERS_OF_H
#define VITRINE_CLI_PROVIDERS_OF_H

#include "policyd/event.h"
#include "proto/base/json_out.h"

/* "Microsoft-Windows-Kernel-Process ids 1 2" for each, with the separator between them. */
void providers_append(struct buf *out, enum event_kind kind, const char *separator);
/* [{"provider": name, "by": "ids", "opcodes", "log ids" or "records" (which have no ids), "ids": [1, 2]}] */
void providers_json(struct json_out *j, const char *key, enum event_kind kind);

#endif
