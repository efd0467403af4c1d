#include "policyd/correlate/correlator.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/correlate/correlate_parts.h"
#include "policyd/engine/operand.h"
#include "policyd/engine/value_text.h"
#include "proto/base/text.h"

/* ---- keys ---- */

static void append_length(struct buf *out, size_t len)
{
	uint8_t raw[8];

	store_u64le(raw, len);
	buf_append(out, raw, sizeof raw);
}

static bool is_fold(const struct operand *o)
{
	return o->kind == OPERAND_FIELD && (o->field->flags & FIELD_WINDOWS_NAME);
}

/* Length, then text: no two lists of values give the same bytes. Names of Windows are one in either letter case. */
static void append_text(struct buf *out, const char *ptr, size_t len, bool fold)
{
	size_t n = len < CORRELATE_MAX_VALUE_BYTES ? len : CORRELATE_MAX_VALUE_BYTES, at;

	append_length(out, len);
	at = out->len;
	if (!n || !buf_append(out, ptr, n) || !fold)
		return;
	for (size_t i = at; i < out->len; i++)
		out->data[i] = (uint8_t)text_fold((char)out->data[i]);
}

static void append_value(struct buf *out, const struct operand *o, const struct value *v)
{
	char text[VALUE_SCALAR_TEXT_BYTES];
	size_t len;

	if (o->is_list) {
		append_length(out, v->list.count);
		value_append_text(out, o->type, true, v);
		return;
	}
	len = value_scalar_text(o->type, v, text);
	if (len)
		append_text(out, text, len, false);
	else
		append_text(out, v->str.ptr, v->str.len, is_fold(o));
}

bool correlate_key_make(struct correlator *c, const struct correlate_key *key, enum missing missing,
	const struct correlate_event *ev)
{
	buf_clear(&c->key);
	for (size_t i = 0; i < key->count; i++) {
		struct value v;

		if (operand_eval(key->operands[i], ev->view, true, &v)) {
			buf_append_char(&c->key, 1);
			append_value(&c->key, key->operands[i], &v);
		} else if (missing == MISSING_REFUSES) {
			return false;
		} else {
			buf_append_char(&c->key, 0);
		}
	}
	c->counters.keys_refused += c->key.failed;
	return !c->key.failed;
}

void *correlate_state(struct correlator *c, const struct memory *m, uint64_t now)
{
	void *state = key_table_get(m->table, c->key.data, c->key.len, now);

	c->counters.keys_refused += !state;
	return state;
}

/* ---- tables ---- */

static void on_gone(void *ctx, const void *state, uint64_t used_100ns, uint64_t now_100ns)
{
	struct memory *m = ctx;
	bool needed = time_within(used_100ns, now_100ns, m->window_100ns);

	(void)state;
	m->counters->keys_evicted += needed;
	m->counters->keys_expired += !needed;
}

static void on_throttle_gone(void *ctx, const void *state, uint64_t used_100ns, uint64_t now_100ns)
{
	struct memory *m = ctx;

	on_gone(ctx, state, used_100ns, now_100ns);
	m->counters->held_untold += throttle_held(state);
}

static bool make_memory(struct correlator *c, struct memory *m, size_t state_bytes, key_gone *gone)
{
	const struct key_table_options options = { .state_bytes = state_bytes, .max_bytes = c->table_bytes,
		.gone = gone, .ctx = m };

	m->counters = &c->counters;
	m->max_bytes = c->table_bytes;
	m->table = key_table_create(&options);
	return m->table != NULL;
}

static bool make_rule(struct correlator *c, struct rule_memory *m, const struct correlation *spec)
{
	bool good = true;

	m->spec = spec;
	if (!spec)
		return true;
	if (spec->sequence) {
		m->sequence.window_100ns = spec->sequence->within_100ns;
		good = make_memory(c, &m->sequence, sequence_state_bytes(spec->sequence), on_gone);
	}
	if (spec->threshold) {
		m->threshold.window_100ns = spec->threshold->window_100ns;
		good = make_memory(c, &m->threshold, threshold_state_bytes(spec->threshold), on_gone) && good;
	}
	if (spec->throttle) {
		m->throttle.window_100ns = spec->throttle->window_100ns;
		good = make_memory(c, &m->throttle, throttle_state_bytes(), on_throttle_gone) && good;
	}
	return good;
}

static size_t table_share(const struct correlation *const *specs, size_t count)
{
	size_t tables = 1, share;

	for (size_t i = 0; i < count; i++) {
		if (specs[i])
			tables += (specs[i]->sequence ? 1u : 0u) + (specs[i]->threshold ? 1u : 0u) + (specs[i]->throttle ? 1u : 0u);
	}
	share = CORRELATE_MAX_BYTES / tables;
	if (share < CORRELATE_MIN_TABLE_BYTES)
		return CORRELATE_MIN_TABLE_BYTES;
	return share < CORRELATE_MAX_TABLE_BYTES ? share : CORRELATE_MAX_TABLE_BYTES;
}

struct correlator *correlator_create(const struct correlation *const *specs, size_t count)
{
	struct correlator *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	buf_init(&c->key, CORRELATE_MAX_KEY_BYTES);
	c->table_bytes = table_share(specs, count);
	c->rules = calloc(count + 1, sizeof *c->rules);
	if (!c->rules)
		goto failed;
	for (; c->rule_count < count; c->rule_count++)
		if (!make_rule(c, &c->rules[c->rule_count], specs[c->rule_count]))
			goto failed;
	return c;
failed:
	correlator_destroy(c);
	return NULL;
}

void correlator_destroy(struct correlator *c)
{
	if (!c)
		return;
	/* One more than counted: the rule whose tables could not all be made. */
	for (size_t i = 0; c->rules && i <= c->rule_count; i++) {
		key_table_destroy(c->rules[i].sequence.table);
		key_table_destroy(c->rules[i].threshold.table);
		key_table_destroy(c->rules[i].throttle.table);
	}
	buf_release(&c->key);
	free(c->rules);
	free(c);
}

/* ---- events ---- */

void correlator_step(struct correlator *c, size_t rule, size_t step, const struct correlate_event *ev)
{
	sequence_step(c, &c->rules[rule], step, ev);
}

bool correlator_match(struct correlator *c, size_t rule, const struct correlate_event *ev, struct correlated *out)
{
	struct rule_memory *m = &c->rules[rule];

	*out = (struct correlated){ .held_back = 0 };
	if (!m->spec)
		return true;
	if (m->sequence.table && !sequence_complete(c, m, ev))
		return false;
	if (m->threshold.table) {
		if (!threshold_reached(c, m, ev))
			return false;
		out->count = m->spec->threshold->count;
		out->distinct = m->spec->threshold->distinct != NULL;
	}
	return !m->throttle.table || throttle_pass(c, m, ev, &out->held_back);
}

static uint64_t count_of(const struct key_table *t)
{
	return t ? key_table_count(t) : 0;
}

struct correlate_counters correlator_counters(const struct correlator *c)
{
	struct correlate_counters now = c->counters;

	for (size_t i = 0; i < c->rule_count; i++)
		now.keys += count_of(c->rules[i].sequence.table) + count_of(c->rules[i].threshold.table) + count_of(c->rules[i].throttle.table);
	return now;
}

/* ---- reload ---- */

static void take_over(struct memory *to, struct memory *from)
{
	struct key_table *table = to->table;

	to->table = from->table;
	from->table = table;
	key_table_set_owner(to->table, to, to->max_bytes);
	key_table_set_owner(from->table, from, from->max_bytes);
}

void correlator_take_over(struct correlator *c, size_t rule, struct correlator *old, size_t old_rule)
{
	struct rule_memory *to = &c->rules[rule], *from = &old->rules[old_rule];

	if (!to->spec || !from->spec)
		return;
	if (sequence_same(to->spec->sequence, from->spec->sequence))
		take_over(&to->sequence, &from->sequence);
	if (threshold_same(to->spec->threshold, from->spec->threshold))
		take_over(&to->threshold, &from->threshold);
	if (throttle_same(to->spec->throttle, from->spec->throttle))
		take_over(&to->throttle, &from->throttle);
}

void correlator_take_counters(struct correlator *c, const struct correlator *old)
{
	c->counters = old->counters;
}
