/* Thresholds. Matches are counted by a ring of their last `count` times; different values by a list of at most `count`
 * values with the time of their last match. */
#include <string.h>

#include "policyd/correlate/correlate_parts.h"
#include "policyd/engine/operand.h"

struct count_state {
	uint32_t used, next;
	uint64_t times[];
};

struct distinct_value {
	uint64_t a, b;                         /* two hashes of the value: equal for two values about once in 2^127 */
	uint64_t time_100ns;
};

struct distinct_state {
	uint64_t used;
	struct distinct_value values[];
};

size_t threshold_state_bytes(const struct threshold_spec *s)
{
	if (s->distinct)
		return sizeof(struct distinct_state) + s->count * sizeof(struct distinct_value);
	return sizeof(struct count_state) + s->count * sizeof(uint64_t);
}

static bool count_match(struct count_state *s, const struct threshold_spec *spec, uint64_t now)
{
	uint32_t oldest;

	s->times[s->next] = now;
	s->next = (s->next + 1) % spec->count;
	if (s->used < spec->count)
		s->used++;
	oldest = s->used < spec->count ? 0 : s->next;
	if (s->used < spec->count || !time_within(s->times[oldest], now, spec->window_100ns))
		return false;
	s->used = s->next = 0;
	return true;
}

static uint64_t mix(const uint8_t *p, size_t len, uint64_t h)
{
	for (size_t i = 0; i < len; i++) {
		h = (h ^ p[i]) * UINT64_C(0xE7037ED1A0B428DB);
		h ^= h >> 29;
	}
	return h;
}

static void drop_expired(struct distinct_state *s, const struct threshold_spec *spec, uint64_t now)
{
	uint64_t kept = 0;

	for (uint64_t i = 0; i < s->used; i++)
		if (time_within(s->values[i].time_100ns, now, spec->window_100ns))
			s->values[kept++] = s->values[i];
	s->used = kept;
}

static bool count_distinct(struct distinct_state *s, const struct threshold_spec *spec, struct distinct_value value)
{
	drop_expired(s, spec, value.time_100ns);
	for (uint64_t i = 0; i < s->used; i++)
		if (s->values[i].a == value.a && s->values[i].b == value.b) {
			s->values[i].time_100ns = value.time_100ns;
			return false;
		}
	/* used < count: at count it has started anew */
	s->values[s->used++] = value;
	if (s->used < spec->count)
		return false;
	s->used = 0;
	return true;
}

bool threshold_reached(struct correlator *c, struct rule_memory *m, const struct correlate_event *ev)
{
	const struct threshold_spec *spec = m->spec->threshold;
	struct distinct_value value = { .time_100ns = ev->time_100ns };
	void *state;

	if (spec->distinct) {
		const struct operand *const one[1] = { spec->distinct };
		const struct correlate_key key = { one, 1 };

		if (!correlate_key_make(c, &key, MISSING_REFUSES, ev))
			return false;
		value.a = mix(c->key.data, c->key.len, UINT64_C(0x9E3779B97F4A7C15));
		value.b = mix(c->key.data, c->key.len, UINT64_C(0xA0761D6478BD642F));
	}
	if (!correlate_key_make(c, &spec->key, MISSING_IS_A_VALUE, ev) ||
		!(state = correlate_state(c, &m->threshold, ev->time_100ns)))
		return true;
	if (spec->distinct ? count_distinct(state, spec, value) : count_match(state, spec, ev->time_100ns))
		return true;
	c->counters.below_threshold++;
	return false;
}
