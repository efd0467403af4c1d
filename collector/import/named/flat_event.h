/* flat_event: a log record written as one flat list of names and values, as NXLog, Winlogbeat's flattened forms, and
 * tables exported from a log give it. Names that describe the record fill its header; all others are its values.
 * ProcessID, ThreadID: the logging process when the writer gave them as numbers (NXLog), else values of the event. */
#ifndef VITRINE_IMPORT_FLAT_EVENT_H
#define VITRINE_IMPORT_FLAT_EVENT_H

#include "collector/import/named/log_text.h"
#include "collector/import/named/named_record.h"

struct flat_event {
	struct named_record *out;
	bool has_id;
	struct log_time created, event, received, stamp, utc;    /* time_100ns 0: not there */
};

/* Begins out anew. */
void flat_event_begin(struct flat_event *f, struct named_record *out);
void flat_event_add(struct flat_event *f, struct text_view name, struct text_view value, bool is_number);
/* Chooses the time, and takes a pid that was lost from the message. False: there was no event id. */
bool flat_event_finish(struct flat_event *f);

#endif
