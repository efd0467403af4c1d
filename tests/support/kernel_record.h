/* kernel_record: records made from the layout tables and values by field name; what is not given is zero or empty.
 * For tests of what comes after decode/, whose own tests use bytes from elsewhere. */
#ifndef VITRINE_TESTS_KERNEL_RECORD_H
#define VITRINE_TESTS_KERNEL_RECORD_H

#include "policyd/decode/layout.h"

struct kernel_value {
	const char *field;
	uint64_t number;
	const char *text;      /* strings; SIDs as S-1-..; GUIDs; bytes of LT_BYTES */
};

enum { KERNEL_RECORD_BYTES = 16384 };

struct kernel_record {
	struct record rec;
	uint8_t bytes[KERNEL_RECORD_BYTES];
};

/* False: no such layout, or the values do not fit. 64-bit pointers; header pid and tid unknown. */
bool kernel_record_make(struct kernel_record *k, const struct provider *p, uint16_t id, uint8_t version,
	const struct kernel_value *values);    /* values end with a NULL field */

#endif
