/* event_of_record: a record as ETW would hand it to a callback, for fakes and tests. */
#ifndef VITRINE_TESTS_EVENT_OF_RECORD_H
#define VITRINE_TESTS_EVENT_OF_RECORD_H

#include "collector/etw/etw_event.h"
#include "proto/record.h"

enum { EVENT_OF_RECORD_ITEMS = 6 };

struct event_of_record {
	struct etw_event ev;
	struct etw_item items[EVENT_OF_RECORD_ITEMS];
	uint64_t start_key, event_key;
	char container[GUID_TEXT_BYTES];
};

/* r: raw ETW. *out points into itself and into what the record points into. */
void event_of_record_make(struct event_of_record *out, const struct record *r, void *ctx);

#endif
