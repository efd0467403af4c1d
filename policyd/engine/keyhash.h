/* keyhash: the one hash of the engine's tables. Texts hash the same in either ASCII case, so that one look-up serves
 * checks that fold and checks that do not; whoever finds a candidate compares it exactly. Rules are trusted more than
 * events, and tables are made of rules only, so the hash needs no secret. Native byte order: never stored. */
#ifndef VITRINE_ENGINE_KEYHASH_H
#define VITRINE_ENGINE_KEYHASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t key_mix(uint64_t h)
{
	h *= UINT64_C(0x9E3779B97F4A7C15);
	return (uint32_t)(h >> 32) ^ (uint32_t)h;
}

static inline uint32_t key_hash_number(uint64_t v)
{
	return key_mix(v ^ v >> 29);
}

/* Up to 7 bytes as one number. */
static inline uint64_t key_load_tail(const char *p, size_t n)
{
	uint32_t lo, hi;

	if (n >= 4) {
		memcpy(&lo, p, 4);
		memcpy(&hi, p + n - 4, 4);
		return (uint64_t)hi << 32 | lo;
	}
	if (n == 0)
		return 0;
	return (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 | (unsigned char)p[n - 1];
}

/* Bit 0x20 is what tells 'A' from 'a'; setting it everywhere folds letters (and mixes up a few other bytes). */
#define KEY_FOLD UINT64_C(0x2020202020202020)

static inline uint32_t key_hash_text(const char *p, size_t n)
{
	uint64_t h = n * UINT64_C(0xA0761D6478BD642F);

	for (; n >= 8; p += 8, n -= 8) {
		uint64_t word;

		memcpy(&word, p, 8);
		h = (h ^ (word | KEY_FOLD)) * UINT64_C(0xE7037ED1A0B428DB);
		h ^= h >> 31;
	}
	return key_mix(h ^ (key_load_tail(p, n) | KEY_FOLD) ^ h >> 29);
}

#endif
