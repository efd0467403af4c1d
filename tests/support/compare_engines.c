#include "tests/support/compare_engines.h"

#include <string.h>

#include "policyd/engine/condition.h"
#include "policyd/engine/program.h"
#include "tests/support/expr_oracle.h"
#include "tests/support/random_expr.h"
#include "tests/support/toy_event.h"

enum { MAX_RULES = 80, EVENTS = 24, ARENA_BYTES = 64 << 20 };

struct run {
	struct arena *rules, *event;
	struct program_rule list[MAX_RULES];
	struct type_set types[MAX_RULES];
	uint64_t words[MAX_RULES];
	size_t count;
	bool hit[MAX_RULES];
	size_t last_hit;
	bool order_wrong;
};

static bool on_hit(void *ctx, size_t rule)
{
	struct run *r = ctx;

	if (rule < r->last_hit || r->hit[rule])
		r->order_wrong = true;
	r->last_hit = rule;
	r->hit[rule] = true;
	return true;
}

static void make_rules(struct run *r, struct dice *d)
{
	r->count = 1 + dice_throw(d, MAX_RULES);
	for (size_t i = 0; i < r->count; i++) {
		r->list[i].condition = random_expr(d, r->rules, dice_throw(d, 4));
		r->words[i] = dice_throw(d, 1 << TOY_EVENT_TYPES);
		r->types[i] = (struct type_set){ &r->words[i], TOY_EVENT_TYPES };
		r->list[i].types = dice_throw(d, 2) ? &r->types[i] : NULL;
	}
}

static bool expected(const struct run *r, size_t rule, const struct event_view *ev)
{
	const struct type_set *types = r->list[rule].types;

	if (types && ev->type != VOCABULARY_NO_TYPE && !type_set_has(types, ev->type))
		return false;
	return expr_oracle(r->list[rule].condition, toy_event_vocabulary(), ev);
}

static void run_event(struct run *r, struct matcher *m, struct dice *d, struct comparison *c)
{
	struct toy_fields e;
	struct event_view ev;

	toy_event_random(d, r->event, &e);
	toy_event_bind(&e, r->event, &ev);
	memset(r->hit, 0, sizeof r->hit);
	r->last_hit = 0;
	matcher_run(m, &ev, on_hit, r);
	for (size_t i = 0; i < r->count && c->wrong_rule < 0; i++) {
		c->checked++;
		c->matched += r->hit[i];
		if (expected(r, i, &ev) != r->hit[i] || r->order_wrong)
			c->wrong_rule = (long)i;
	}
	arena_reset(r->event);
}

struct comparison compare_engines(const uint8_t *data, size_t len)
{
	struct dice d = { data, len, 0 };
	struct comparison c = { .wrong_rule = -1 };
	struct diag why = DIAG_INIT;
	struct program *p = NULL;
	struct matcher *m = NULL;
	struct run r = { .count = 0 };

	r.rules = arena_create(ARENA_BYTES);
	r.event = arena_create(ARENA_BYTES);
	make_rules(&r, &d);
	if (program_build(toy_event_vocabulary(), r.list, r.count, &p, &why) != ST_OK) {
		c.wrong_rule = 0;
		goto done;
	}
	m = matcher_create(p);
	for (unsigned i = 0; m && i < EVENTS && c.wrong_rule < 0; i++)
		run_event(&r, m, &d, &c);
done:
	matcher_destroy(m);
	program_destroy(p);
	arena_destroy(r.rules);
	arena_destroy(r.event);
	return c;
}
