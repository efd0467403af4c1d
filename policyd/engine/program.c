#include "policyd/engine/program.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/engine/index_build.h"

static enum status emit_init(struct emit *e, const struct vocabulary *v, struct diag *why)
{
	*e = (struct emit){ .vocabulary = v, .why = why, .type_count = v->event_type_count + 1 };
	buf_init(&e->slots, PROGRAM_MAX_BYTES);
	buf_init(&e->preds, PROGRAM_MAX_BYTES);
	buf_init(&e->code, PROGRAM_MAX_BYTES);
	buf_init(&e->variants, PROGRAM_MAX_BYTES);
	buf_init(&e->variant_info, PROGRAM_MAX_BYTES);
	buf_init(&e->guards, PROGRAM_MAX_BYTES);
	buf_init(&e->regexes, PROGRAM_MAX_BYTES);
	intern_init(&e->slot_ids);
	intern_init(&e->pred_ids);
	e->p = calloc(1, sizeof *e->p);
	e->scratch = arena_create(PROGRAM_MAX_BYTES);
	e->keep = e->p ? arena_create(PROGRAM_MAX_BYTES) : NULL;
	if (!e->p)
		return ST_NOMEM;
	e->p->arena = e->keep;
	e->p->vocabulary = v;
	return e->scratch && e->keep ? ST_OK : ST_NOMEM;
}

static void emit_release(struct emit *e)
{
	buf_release(&e->slots);
	buf_release(&e->preds);
	buf_release(&e->code);
	buf_release(&e->variants);
	buf_release(&e->variant_info);
	buf_release(&e->guards);
	buf_release(&e->regexes);
	intern_release(&e->slot_ids);
	intern_release(&e->pred_ids);
	arena_destroy(e->scratch);
	program_destroy(e->p);
}

/* The program's copy of a growing array; NULL: out of memory. */
static void *settle(struct emit *e, const struct buf *b)
{
	void *copy = arena_alloc(e->keep, b->len + 1);

	if (copy && b->len)
		memcpy(copy, b->data, b->len);
	return copy;
}

/* Regexes belong to the program from here on, so they are freed whatever happens next. */
static enum status settle_all(struct emit *e)
{
	struct program *p = e->p;

	p->regexes = settle(e, &e->regexes);
	if (!p->regexes)
		return ST_NOMEM;
	p->regex_count = e->regexes.len / sizeof *p->regexes;
	e->regexes.len = 0;
	p->slots = settle(e, &e->slots);
	p->slot_count = e->slots.len / sizeof *p->slots;
	p->preds = settle(e, &e->preds);
	p->pred_count = e->preds.len / sizeof *p->preds;
	p->code = settle(e, &e->code);
	p->code_count = e->code.len / sizeof *p->code;
	p->variants = settle(e, &e->variants);
	p->variant_count = e->variants.len / sizeof *p->variants;
	p->guards = settle(e, &e->guards);
	return p->slots && p->preds && p->code && p->variants && p->guards ? ST_OK : ST_NOMEM;
}

static void free_unsettled_regexes(struct emit *e)
{
	struct regex **list = (struct regex **)(void *)e->regexes.data;

	for (size_t i = 0; i < e->regexes.len / sizeof *list; i++)
		regex_destroy(list[i]);
}

/* Puts the rule's number before what went wrong with it. */
static enum status name_rule(struct diag *why, enum status st, size_t rule)
{
	char text[sizeof why->text];

	if (!why)
		return st;
	memcpy(text, why->text, sizeof text);
	text[sizeof text - 32] = '\0';
	return diag_set(why, st, "rule %zu: %s", rule, text[0] ? text : status_text(st));
}

enum status program_build(const struct vocabulary *v, const struct program_rule *rules, size_t count,
	struct program **out, struct diag *why)
{
	struct emit e;
	enum status st = emit_init(&e, v, why);

	*out = NULL;
	if (st != ST_OK)
		goto done;
	if (count > PROGRAM_MAX_RULES) {
		st = diag_set(why, ST_LIMIT, "%zu rules are more than %d", count, PROGRAM_MAX_RULES);
		goto done;
	}
	for (size_t i = 0; i < count; i++) {
		st = emit_rule(&e, &rules[i], (uint32_t)i);
		if (st != ST_OK) {
			st = name_rule(why, st, i);
			goto done;
		}
	}
	e.p->rule_count = count;
	st = index_program(&e);
	if (st == ST_OK)
		st = emit_equip(&e);
	if (st == ST_OK)
		st = settle_all(&e);
	if (st != ST_OK)
		goto done;
	*out = e.p;
	e.p = NULL;
done:
	free_unsettled_regexes(&e);
	emit_release(&e);
	return st;
}

void program_destroy(struct program *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->regex_count; i++)
		regex_destroy(p->regexes[i]);
	arena_destroy(p->arena);
	free(p);
}

size_t program_bytes(const struct program *p)
{
	size_t bytes = sizeof *p + arena_held_bytes(p->arena);

	for (size_t i = 0; i < p->regex_count; i++)
		bytes += regex_bytes(p->regexes[i]);
	return bytes;
}

struct program_counts program_count(const struct program *p)
{
	struct program_counts n = {
		.rules = p->rule_count, .fields = p->slot_count, .checks = p->pred_count, .instructions = p->code_count,
	};
	uint32_t last = NO_ID;

	for (size_t i = 0; i < p->variant_count; i++) {
		if (!p->variants[i].guarded && p->variants[i].rule != last) {
			last = p->variants[i].rule;
			n.unguarded++;
		}
	}
	return n;
}
