/* Runs a program on events: slots and checks on demand, rules woken by the index in rule order. */
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/match_state.h"

struct matcher *matcher_create(const struct program *p)
{
	struct matcher *m = calloc(1, sizeof *m);

	if (!m)
		return NULL;
	m->p = p;
	m->values = calloc(p->slot_count + 1, sizeof *m->values);
	m->results = calloc(p->pred_count + 1, sizeof *m->results);
	m->fired = calloc(p->trigger_count + 1, sizeof *m->fired);
	m->awake = calloc(p->variant_count / 64 + 1, sizeof *m->awake);
	m->awake_words = calloc(p->variant_count / 4096 + 1, sizeof *m->awake_words);
	m->regex = regex_scratch_create();
	if (!m->values || !m->results || !m->fired || !m->awake || !m->awake_words || !m->regex) {
		matcher_destroy(m);
		return NULL;
	}
	return m;
}

void matcher_destroy(struct matcher *m)
{
	if (!m)
		return;
	free(m->values);
	free(m->results);
	free(m->fired);
	free(m->awake);
	free(m->awake_words);
	free(m->stats);
	regex_scratch_destroy(m->regex);
	free(m);
}

bool matcher_enable_stats(struct matcher *m, uint64_t (*now_ns)(void))
{
	m->now_ns = now_ns;
	if (!m->stats)
		m->stats = calloc(m->p->rule_count + 1, sizeof *m->stats);
	return m->stats != NULL;
}

const struct rule_stats *matcher_stats(const struct matcher *m, size_t rule)
{
	return m->stats && rule < m->p->rule_count ? &m->stats[rule] : NULL;
}

struct matcher_counters matcher_counters(const struct matcher *m)
{
	struct regex_counters regex = regex_scratch_counters(m->regex);

	return (struct matcher_counters){ .regex_slow = regex.slow, .regex_gave_up = regex.gave_up, .values_refused = m->refused };
}

static bool run_code(struct matcher *m, uint32_t at)
{
	const struct instr *code = m->p->code;

	while (at < CODE_FALSE) {
		const struct instr *i = &code[at];
		uint32_t id = i->pred & INSTR_PRED;
		bool truth = i->pred & INSTR_COVERED ? m->results[id] == m->yes : match_pred(m, id);

		at = truth ? i->on_true : i->on_false;
	}
	return at == CODE_TRUE;
}

static bool run_counted(struct matcher *m, const struct variant *v)
{
	struct rule_stats *stats = &m->stats[v->rule];
	uint64_t start = m->now_ns ? m->now_ns() : 0;
	bool truth = run_code(m, v->entry);

	if (m->now_ns)
		stats->time_ns += m->now_ns() - start;
	stats->evaluations++;
	stats->matches += truth;
	return truth;
}

static void count_guard_hits(struct matcher *m, size_t word)
{
	for (uint64_t bits = m->awake[word]; bits; bits &= bits - 1)
		m->stats[m->p->variants[word * 64 + (unsigned)__builtin_ctzll(bits)].rule].guard_hits++;
}

/* Evaluates the woken variants of one word of the bitmap; false: the caller wants no more. */
static bool run_word(struct matcher *m, size_t word, match_fn *hit, void *ctx)
{
	for (uint64_t bits = m->awake[word]; bits; bits &= bits - 1) {
		const struct variant *v = &m->p->variants[word * 64 + (unsigned)__builtin_ctzll(bits)];

		if ((m->stats ? run_counted(m, v) : run_code(m, v->entry)) && !hit(ctx, v->rule))
			return false;
	}
	return true;
}

static void run_awake(struct matcher *m, match_fn *hit, void *ctx)
{
	size_t groups = m->p->variant_count / 4096 + 1;
	bool go_on = true;

	for (size_t g = 0; g < groups; g++) {
		uint64_t words = m->awake_words[g];

		m->awake_words[g] = 0;
		for (; words; words &= words - 1) {
			size_t word = g * 64 + (unsigned)__builtin_ctzll(words);

			if (m->stats)
				count_guard_hits(m, word);
			go_on = go_on && run_word(m, word, hit, ctx);
			m->awake[word] = 0;
		}
	}
}

static void next_epoch(struct matcher *m)
{
	/* After 2^31 events old stamps could look new. */
	if (++m->epoch == 1u << 31) {
		memset(m->results, 0, (m->p->pred_count + 1) * sizeof *m->results);
		memset(m->fired, 0, (m->p->trigger_count + 1) * sizeof *m->fired);
		memset(m->values, 0, (m->p->slot_count + 1) * sizeof *m->values);
		m->epoch = 1;
	}
	m->no = m->epoch << 1;
	m->yes = m->no | 1;
}

void matcher_run(struct matcher *m, const struct event_view *ev, match_fn *hit, void *ctx)
{
	const struct program *p = m->p;
	size_t none = p->vocabulary->event_type_count, type = ev->type < none ? ev->type : none;

	m->ev = ev;
	next_epoch(m);
	if (p->common)
		match_wake(m, p->common);
	if (p->parts[type])
		match_wake(m, p->parts[type]);
	run_awake(m, hit, ctx);
}
