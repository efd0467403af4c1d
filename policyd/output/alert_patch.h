/* alert_patch: values that an alert could not tell when it was written, put into its document and text afterwards. The
 * document is one that policyd wrote (Falco's); what is not to be changed stays as it is, byte by byte. One thread at a
 * time. */
#ifndef VITRINE_OUTPUT_ALERT_PATCH_H
#define VITRINE_OUTPUT_ALERT_PATCH_H

#include "policyd/output/alert_queue.h"
#include "proto/base/buf.h"

enum {
	ALERT_PATCH_MAX_FIELDS = 96,           /* twice the gaps of an alert, for both ways to write an argument, and its place */
	ALERT_PATCH_MAX_MARKS = 32,
	ALERT_PATCH_BYTES = 64 << 10,          /* of all its texts: a label has 63 bytes, an annotation up to 4 KiB */
};

struct alert_patch;

/* Of the alert with this uid and time. NULL: out of memory. */
struct alert_patch *alert_patch_create(const char *uid, int64_t time_ns);
void alert_patch_destroy(struct alert_patch *p);           /* NULL is fine */
const char *alert_patch_uid(const struct alert_patch *p);
int64_t alert_patch_time_ns(const struct alert_patch *p);

/* A member of output_fields: set where it is null; always: added where it is not there at all. False: no room. */
bool alert_patch_field(struct alert_patch *p, const char *name, const char *text, size_t len, bool always);
/* The mark-th "<NA>" of the message. False: no room. */
bool alert_patch_mark(struct alert_patch *p, uint32_t mark, const char *text, size_t len);

/* Members of output_fields stay sorted; evt.incomplete goes. False: the document is none of ours, or the buffers are full. */
bool alert_patch_apply(struct alert_patch *p, const struct alert_record *r, struct buf *text, struct buf *json);

#endif
