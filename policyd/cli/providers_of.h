/* providers_of: which providers write records of an event type, from the decoders' tables. */
#ifndef VITRINE_CLI_PROVIDERS_OF_H
#define VITRINE_CLI_PROVIDERS_OF_H

#include "policyd/event.h"
#include "proto/base/buf.h"

/* "Microsoft-Windows-Kernel-Process ids 1 2" for each, with the separator between them. */
void providers_append(struct buf *out, enum event_kind kind, const char *separator);

#endif
