/* backoff: how long to wait after a failure: doubling from base to a maximum, of which a random half is taken off, so that
 * many agents do not come back at once. Source of the rule: opentelemetry-proto docs/specification.md, "Failures". */
#ifndef VITRINE_HTTP_BACKOFF_H
#define VITRINE_HTTP_BACKOFF_H

#include <stdint.h>

enum {
	BACKOFF_BASE_MS = 500,
	BACKOFF_MAX_MS = 60 * 1000,            /* an output is back a minute after its receiver is */
	BACKOFF_MAX_ASKED_S = 3600,
	BACKOFF_MAX_ASKED_MS = BACKOFF_MAX_ASKED_S * 1000, /* longer Retry-After are cut: nobody may silence us for a day */
};

struct backoff {
	uint32_t base_ms, max_ms;
	uint32_t failures;                     /* in a row */
};

#define BACKOFF_INIT { .base_ms = BACKOFF_BASE_MS, .max_ms = BACKOFF_MAX_MS }

/* One more failure: milliseconds to wait. random: any number. asked_ms: Retry-After of the other side, 0: none; the
 * wait is then no shorter. */
uint32_t backoff_next_ms(struct backoff *b, uint32_t random, uint32_t asked_ms);
static inline void backoff_reset(struct backoff *b)
{
	b->failures = 0;
}

#endif
