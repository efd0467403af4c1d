#include "policyd/http/backoff.h"

uint32_t backoff_next_ms(struct backoff *b, uint32_t random, uint32_t asked_ms)
{
	uint32_t shift = b->failures < 16 ? b->failures : 16;
	uint64_t full = (uint64_t)b->base_ms << shift;
	uint32_t wait;

	if (full > b->max_ms)
		full = b->max_ms;
	if (b->failures < UINT32_MAX)
		b->failures++;
	wait = (uint32_t)(full - full / 2 + random % (full / 2 + 1));
	if (asked_ms > BACKOFF_MAX_ASKED_MS)
		asked_ms = BACKOFF_MAX_ASKED_MS;
	/* Those that were told the same moment spread a little behind it. */
	return wait > asked_ms ? wait : asked_ms + random % (b->base_ms + 1);
}
