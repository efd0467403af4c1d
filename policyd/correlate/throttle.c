#include "policyd/correlate/correlate_parts.h"

struct throttle_state {
	uint64_t start_100ns, held;
	uint32_t passed;                       /* 0: no window is open */
};

size_t throttle_state_bytes(void)
{
	return sizeof(struct throttle_state);
}

uint64_t throttle_held(const void *state)
{
	const struct throttle_state *s = state;

	return s->held;
}

bool throttle_pass(struct correlator *c, struct rule_memory *m, const struct correlate_event *ev, uint64_t *held_back)
{
	const struct throttle_spec *spec = m->spec->throttle;
	struct throttle_state *s = NULL;

	if (correlate_key_make(c, &spec->key, MISSING_IS_A_VALUE, ev))
		s = correlate_state(c, &m->throttle, ev->time_100ns);
	if (!s)
		return true;
	/* The window's last moment belongs to the next one: an alert a minute passes with window: 60s. */
	if (s->passed == 0 || !time_within(s->start_100ns, ev->time_100ns, spec->window_100ns - 1)) {
		s->start_100ns = ev->time_100ns;
		s->passed = 0;
	}
	if (s->passed == spec->max) {
		s->held++;
		c->counters.held_back++;
		return false;
	}
	s->passed++;
	*held_back = s->held;
	s->held = 0;
	return true;
}
