/* stream_out: what a source gives, as a stream in a file or on standard output. Several recordings may follow each
 * other; each starts with its own HELLO, one END closes them all. Not thread-safe. */
#ifndef VITRINE_IMPORT_STREAM_OUT_H
#define VITRINE_IMPORT_STREAM_OUT_H

#include "collector/source.h"

struct stream_out;

/* path "-": standard output. The file is made at the first HELLO, so that an unreadable input leaves none behind.
 * path is borrowed until destroy. NULL: out of memory. */
struct stream_out *stream_out_create(const char *path);
void stream_out_destroy(struct stream_out *o);    /* NULL is fine; what was not finished stays without END */

enum status stream_out_hello(struct stream_out *o, const struct stream_hello *h);
/* ST_LIMIT is not returned: such a record is left out, counted, and told as a loss. */
enum status stream_out_record(struct stream_out *o, const struct record *r);
enum status stream_out_loss(struct stream_out *o, const struct stream_loss *l);
/* END, flush and close. Fine when nothing was ever written. */
enum status stream_out_finish(struct stream_out *o, struct diag *why);

uint64_t stream_out_refused(const struct stream_out *o);    /* records too large for a frame */
bool stream_out_broken(const struct stream_out *o);         /* it cannot be written to any more */
/* Fills why with the reason it is broken. */
void stream_out_explain(const struct stream_out *o, struct diag *why);

#endif
