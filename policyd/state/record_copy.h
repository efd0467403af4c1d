/* record_copy: a record of its own, with all that its views point to, in one piece of memory. */
#ifndef VITRINE_STATE_RECORD_COPY_H
#define VITRINE_STATE_RECORD_COPY_H

#include "proto/record.h"

struct record_copy;

size_t record_copy_bytes(const struct record *r);
struct record_copy *record_copy_create(const struct record *r);      /* NULL: out of memory */
void record_copy_destroy(struct record_copy *c);                     /* NULL is fine */
const struct record *record_copy_view(const struct record_copy *c);  /* lives as long as the copy */

#endif
