#include "policyd/output/uid.h"

#include <uv.h>

void uid_format(uint64_t unix_ms, const uint8_t random[UID_RANDOM_BYTES], char out[UID_CHARS + 1])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint64_t bits = 0;
	unsigned held = 0, at = 10;

	for (unsigned i = 0; i < 10; i++)
		out[i] = digits[unix_ms >> (45 - 5 * i) & 31];
	for (unsigned i = 0; i < UID_RANDOM_BYTES; i++) {
		bits = bits << 8 | random[i];
		for (held += 8; held >= 5; held -= 5)
			out[at++] = digits[bits >> (held - 5) & 31];
	}
	out[UID_CHARS] = '\0';
}

void uid_make(int64_t unix_ns, char out[UID_CHARS + 1])
{
	uint8_t random[UID_RANDOM_BYTES] = { 0 };
	uint64_t now = uv_hrtime();

	/* Without a source of random bytes the clock's low bits still tell alerts of one program apart. */
	if (uv_random(NULL, NULL, random, sizeof random, 0, NULL) != 0)
		for (unsigned i = 0; i < 8; i++)
			random[i] = (uint8_t)(now >> (8 * i));
	uid_format(unix_ns > 0 ? (uint64_t)unix_ns / 1000000 : 0, random, out);
}
