/* gzip: a request's body compressed. The only place of zlib in policyd. */
#ifndef VITRINE_OUTPUT_GZIP_H
#define VITRINE_OUTPUT_GZIP_H

#include "proto/base/buf.h"

/* Appends to out. False: out is full, or memory is. */
bool gzip_append(struct buf *out, const void *ptr, size_t len);

#endif
