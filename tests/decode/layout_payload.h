/* layout_payload: a payload for any layout, with made-up values, and what they must decode to. For tests of the layout
 * tables; layouts nobody has recorded are tested by these bytes alone. */
#ifndef VITRINE_TEST_LAYOUT_PAYLOAD_H
#define VITRINE_TEST_LAYOUT_PAYLOAD_H

#include "policyd/decode/layout.h"
#include "proto/base/status.h"

enum { SAMPLE_BYTES = 8192, SAMPLE_TEXT_BYTES = 128 };

struct layout_sample {
	uint8_t payload[SAMPLE_BYTES];
	size_t len;
	uint32_t offset[EVENT_MAX_FIELDS + 1];
	char text[EVENT_MAX_FIELDS][SAMPLE_TEXT_BYTES];     /* of each field, as event_get_arg must give it */
};

/* seed varies the values: sizes of text and SIDs, bits of numbers. */
void layout_sample_fill(const struct layout *l, unsigned pointer_bytes, uint32_t seed, struct layout_sample *out);

#endif
