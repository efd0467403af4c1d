/* decode: raw record -> event by the layout tables. No allocation, no OS, no state. Any thread. */
#ifndef VITRINE_DECODE_DECODE_H
#define VITRINE_DECODE_DECODE_H

#include "policyd/decode/layout.h"
#include "proto/base/arena.h"
#include "proto/base/status.h"

struct decoder;

/* Builds the look-up (provider, id, version) -> layout once. NULL: out of memory. */
struct decoder *decoder_create(void);
void decoder_destroy(struct decoder *d);

/* ST_OK: *out is filled up to the state part. ST_UNSUPPORTED: no layout for (provider, id, version).
 * ST_TRUNCATED: the payload ends inside a field. ST_MALFORMED: a length field or SID that cannot be. */
enum status decode_record(const struct decoder *d, const struct record *r, struct event *out);

/* For a manifest event without a layout: the log event that its header makes, with its values unknown. False: a classic one,
 * whose header says too little; it stays undecodable. */
bool decode_by_id(const struct record *r, struct event *out);

/* Values by slot, for raw and named events alike; false: the event has none. Conversions go to scratch. */
bool event_has(const struct event *ev, enum slot slot);
/* Numbers of any width, zero-extended, ports in host order; text that is one decimal or 0x number. Ports and addresses
 * are also found inside a SOCKADDR slot. */
bool event_get_u64(const struct event *ev, enum slot slot, uint64_t *out);
bool event_get_text(const struct event *ev, enum slot slot, struct arena *scratch, struct text_view *out);   /* UTF-8 */
bool event_get_bytes(const struct event *ev, enum slot slot, struct view *out);   /* raw bytes of the field; SID: from the revision byte */

/* A log record that a service writes about others (Sysmon, Security): process and user of its header are the service's. */
bool event_is_of_logger(const struct event *ev);

/* Another record of the same source may have told this process start already (Process Monitor). */
bool event_repeats(const struct event *ev);

enum {
	LIMIT_ARGS_BYTES = 16 * 1024,        /* all of evt.args; an alert line stays readable and an event's scratch small */
	LIMIT_ARG_VALUE_BYTES = 4 * 1024,    /* one value within evt.args; what is cut ends in "..." */
	LIMIT_HEX_BYTES = 512,               /* bytes of a binary value shown as hexadecimal; the rest becomes "..." */
};

/* Name of the event by its layout, its TraceLogging schema or its log row; false: it has none. */
bool event_get_name(const struct event *ev, struct text_view *out);
/* "name=value name=value", in layout order (evt.args). Values as event_get_text gives them. */
bool event_format_args(const struct event *ev, struct arena *scratch, struct text_view *out);
/* One field by its layout or record name (evt.arg[NAME], evt.data[NAME]) as evt.args would print it. */
bool event_get_arg(const struct event *ev, struct text_view name, struct arena *scratch, struct text_view *out);

#endif
