/* Sequences. For each key: for every step but the last, when the newest sequence began that has come this far. A newer
 * one takes the place of an older: it has the longer time left. */
#include "policyd/correlate/correlate_parts.h"

struct sequence_begin {
	uint64_t time_100ns;
	uint64_t there;                        /* 0: no sequence stands at this step */
};

size_t sequence_state_bytes(const struct sequence_spec *s)
{
	return (s->step_count - 1) * sizeof(struct sequence_begin);
}

/* The sequence at this step, if it is still in time, is taken out. */
static bool take(struct sequence_begin *at, const struct sequence_spec *spec, uint64_t now, uint64_t *begun)
{
	if (!at->there)
		return false;
	at->there = 0;
	*begun = at->time_100ns;
	return time_within(at->time_100ns, now, spec->within_100ns);
}

static void first_step(struct correlator *c, struct rule_memory *m, uint64_t now)
{
	struct sequence_begin *steps = correlate_state(c, &m->sequence, now);

	if (!steps)
		return;
	steps[0] = (struct sequence_begin){ .time_100ns = now, .there = 1 };
	c->counters.sequences_begun++;
}

void sequence_step(struct correlator *c, struct rule_memory *m, size_t step, const struct correlate_event *ev)
{
	const struct sequence_spec *spec = m->spec->sequence;
	struct sequence_begin *steps;
	uint64_t begun;

	if (!correlate_key_make(c, &spec->by[step], MISSING_REFUSES, ev))
		return;
	if (step == 0) {
		first_step(c, m, ev->time_100ns);
		return;
	}
	steps = key_table_find(m->sequence.table, c->key.data, c->key.len, ev->time_100ns);
	if (steps && take(&steps[step - 1], spec, ev->time_100ns, &begun))
		steps[step] = (struct sequence_begin){ .time_100ns = begun, .there = 1 };
}

bool sequence_complete(struct correlator *c, struct rule_memory *m, const struct correlate_event *ev)
{
	const struct sequence_spec *spec = m->spec->sequence;
	struct sequence_begin *steps;
	uint64_t begun;

	if (!correlate_key_make(c, &spec->by[spec->step_count - 1], MISSING_REFUSES, ev))
		return false;
	steps = key_table_find(m->sequence.table, c->key.data, c->key.len, ev->time_100ns);
	if (!steps || !take(&steps[spec->step_count - 2], spec, ev->time_100ns, &begun))
		return false;
	c->counters.sequences_done++;
	return true;
}
