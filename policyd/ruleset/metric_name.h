/* metric_name: a rule's name as part of a metric's name. */
#ifndef VITRINE_RULESET_METRIC_NAME_H
#define VITRINE_RULESET_METRIC_NAME_H

#include "proto/base/buf.h"

/* Bytes outside [a-zA-Z0-9_:] become `_`, runs of `_` shrink to one, one at the end goes. False: out is full. */
bool metric_name_append(struct buf *out, const char *name, size_t len);

#endif
