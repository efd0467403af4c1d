/* gen_payload: the inverse of decode: values by slot -> payload bytes, by the same layout tables.
 * A field whose slot was not given is zero or empty. Not for hostile input: a test tool. */
#ifndef VITRINE_TEST_GEN_PAYLOAD_H
#define VITRINE_TEST_GEN_PAYLOAD_H

#include "policyd/decode/layout.h"
#include "proto/base/status.h"

enum { PAYLOAD_MAX_VALUES = 20, SID_MAX_BYTES = 68 };

struct payload_value {
	enum slot slot;
	uint64_t number;
	const void *ptr;         /* UTF-8 text or bytes, borrowed */
	size_t len;
};

struct payload {
	struct payload_value values[PAYLOAD_MAX_VALUES];
	size_t count;
	uint64_t filler;         /* pointers without a slot count up from here */
};

void payload_number(struct payload *p, enum slot slot, uint64_t number);
void payload_text(struct payload *p, enum slot slot, const char *text);    /* NUL-terminated UTF-8 */
void payload_bytes(struct payload *p, enum slot slot, const void *ptr, size_t len);

/* pointer width 8. ST_LIMIT: out too small. ST_UNSUPPORTED: a field type that no generated event has. */
enum status payload_encode(const struct layout *l, const struct payload *p, uint8_t *out, size_t out_bytes, size_t *len);

/* "S-1-5-18" -> bytes; 0: not a SID. */
size_t sid_parse(const char *text, uint8_t out[SID_MAX_BYTES]);

#endif
