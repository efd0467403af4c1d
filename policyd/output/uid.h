/* uid: names of alerts that never repeat: ULIDs, 48 bits of milliseconds and 80 random bits in Crockford's base 32, so
 * that they sort by time. Source: github.com/ulid/spec. Any thread. */
#ifndef VITRINE_OUTPUT_UID_H
#define VITRINE_OUTPUT_UID_H

#include <stdint.h>

enum { UID_CHARS = 26, UID_RANDOM_BYTES = 10 };

/* out: UID_CHARS and a NUL. */
void uid_format(uint64_t unix_ms, const uint8_t random[UID_RANDOM_BYTES], char out[UID_CHARS + 1]);
void uid_make(int64_t unix_ns, char out[UID_CHARS + 1]);

#endif
