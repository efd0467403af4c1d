/* Distinct checks, reduced to few operators and given what makes them fast: sets, tries, compiled regexes. */
#include <string.h>

#include "policyd/engine/emit.h"
#include "policyd/engine/keyhash.h"
#include "proto/base/text.h"

/* icontains is contains that folds, bcontains is contains over bytes, `= anyof` is `in`, and so on. */
static void reduce(struct check *c, enum operand_shape shape)
{
	switch (c->op) {
	case OP_ICONTAINS:
	case OP_IGLOB:
		c->op = c->op == OP_IGLOB ? OP_GLOB : OP_CONTAINS;
		c->fold = true;
		break;
	case OP_BCONTAINS:
		c->op = OP_CONTAINS;
		break;
	case OP_BSTARTSWITH:
		c->op = OP_STARTSWITH;
		break;
	default:
		break;
	}
	if (c->op == OP_EXISTS)
		c->const_count = 0;
	if (shape == SHAPE_LIST)
		return;
	if (c->op == OP_INTERSECTS || (c->op == OP_EQ && c->mod == MOD_ANYOF)) {
		c->op = OP_IN;
		c->mod = MOD_NONE;
	}
	if (c->const_count == 1 && c->op != OP_EXISTS && c->op != OP_PMATCH) {
		c->mod = MOD_NONE;
		c->op = c->op == OP_IN ? OP_EQ : c->op;
	}
}

static uint32_t hash_const(enum value_class cls, const struct value *v)
{
	uint64_t half[2];

	switch (cls) {
	case CLASS_TEXT:
		return key_hash_text(v->str.ptr, v->str.len);
	case CLASS_IP:
		memcpy(half, v->ip.addr, sizeof half);
		return key_hash_number(half[0] ^ half[1] * 31 ^ v->ip.prefix);
	default:
		return key_hash_number(value_number_key(cls, v));
	}
}

static uint32_t hash_key(const struct pred *k)
{
	const struct check *c = &k->check;
	uint64_t h = k->slot * UINT64_C(1000003) + k->right;

	h = h * 31 + (uint64_t)c->op * 16 + (uint64_t)c->mod * 4 + c->fold * 2u + k->windows_path;
	for (size_t i = 0; i < c->const_count; i++)
		h = h * 1000003 + hash_const(c->cls, &c->consts[i]);
	return key_hash_number(h);
}

static bool same_const(enum value_class cls, const struct value *a, const struct value *b)
{
	if (cls == CLASS_IP)
		return memcmp(&a->ip, &b->ip, sizeof a->ip) == 0;
	return value_equal(cls, false, a, b);
}

static bool same_pred(void *ctx, uint32_t id, const void *key)
{
	const struct emit *e = ctx;
	const struct pred *a = &emit_preds(e)[id], *b = key;

	/* windows_path is one for the whole vocabulary, so it needs no comparing. */
	if (a->slot != b->slot || a->right != b->right || a->check.op != b->check.op || a->check.mod != b->check.mod ||
		a->check.fold != b->check.fold || a->check.const_count != b->check.const_count)
		return false;
	for (size_t i = 0; i < a->check.const_count; i++) {
		if (!same_const(a->check.cls, &a->check.consts[i], &b->check.consts[i]))
			return false;
	}
	return true;
}

/* Texts of all constants in one block; folded where the check folds (not regexes, whose classes would change). */
static const struct value *copy_consts(struct emit *e, const struct check *c)
{
	struct value *copy = arena_alloc(e->keep, (c->const_count + 1) * sizeof *copy);
	size_t total = 0;
	char *text;

	if (!copy)
		return NULL;
	if (c->const_count)
		memcpy(copy, c->consts, c->const_count * sizeof *copy);
	if (c->cls != CLASS_TEXT)
		return copy;
	for (size_t i = 0; i < c->const_count; i++)
		total += copy[i].str.len;
	text = arena_alloc(e->keep, total + 1);
	for (size_t i = 0; text && i < c->const_count; i++) {
		for (size_t k = 0; k < copy[i].str.len; k++)
			text[k] = c->fold && c->op != OP_REGEX ? text_fold(c->consts[i].str.ptr[k]) : c->consts[i].str.ptr[k];
		copy[i].str.ptr = text;
		text += copy[i].str.len;
	}
	return text ? copy : NULL;
}

static enum status compile_regexes(struct emit *e, struct check *c)
{
	struct regex **list = arena_alloc(e->keep, (c->const_count + 1) * sizeof(struct regex *));

	if (!list)
		return ST_NOMEM;
	for (size_t i = 0; i < c->const_count; i++) {
		enum status st = regex_create(c->consts[i].str.ptr, c->consts[i].str.len, c->fold, &list[i], e->why);

		if (st != ST_OK)
			return st;
		if (!buf_append(&e->regexes, &list[i], sizeof list[i])) {
			regex_destroy(list[i]);
			return ST_NOMEM;
		}
	}
	c->regexes = list;
	return ST_OK;
}

static enum status make_scan(struct emit *e, struct check *c)
{
	struct literal *list = arena_alloc(e->scratch, (c->const_count + 1) * sizeof *list);
	enum affix_end end = c->op == OP_STARTSWITH ? AFFIX_PREFIX : AFFIX_SUFFIX;
	size_t least = c->op == OP_CONTAINS ? GRAM_SCAN_MIN_BYTES : 1;
	struct gram_scan *scan = NULL;
	struct affix_trie *affix = NULL;
	enum status st;

	if (!list)
		return ST_NOMEM;
	for (size_t i = 0; i < c->const_count; i++) {
		if (c->consts[i].str.len < least)
			return ST_OK;
		list[i] = (struct literal){ c->consts[i].str.ptr, (uint32_t)c->consts[i].str.len, 0, c->fold };
	}
	if (c->op == OP_CONTAINS)
		st = gram_scan_create(e->keep, list, c->const_count, &scan);
	else
		st = affix_trie_create(e->keep, list, c->const_count, end, &affix);
	c->scan = scan;
	c->affix = affix;
	return st;
}

static enum status equip(struct emit *e, struct pred *p)
{
	struct check *c = &p->check;
	struct pathtrie_options options = { .windows_path = p->windows_path, .fold = c->fold };
	struct const_set *set = NULL;
	struct pathtrie *paths = NULL;
	enum status st = ST_OK;

	switch (c->op) {
	case OP_PMATCH:
		st = pathtrie_create(e->keep, c->consts, c->const_count, options, &paths);
		c->paths = paths;
		break;
	case OP_IN:
	case OP_INTERSECTS:
		if (c->const_count > EMIT_SET_MIN)
			st = const_set_create(e->keep, c->consts, c->const_count, (struct const_kind){ c->cls, c->fold }, &set);
		c->set = set;
		break;
	case OP_CONTAINS:
	case OP_STARTSWITH:
	case OP_ENDSWITH:
		if (c->const_count > EMIT_SCAN_MIN && c->mod == MOD_ANYOF)
			st = make_scan(e, c);
		break;
	default:
		break;
	}
	return st;
}

enum status emit_equip(struct emit *e)
{
	size_t count = e->preds.len / sizeof(struct pred);
	enum status st = ST_OK;

	for (size_t i = 0; i < count && st == ST_OK; i++) {
		if (emit_preds(e)[i].asked && emit_preds(e)[i].right == NO_ID)
			st = equip(e, &emit_preds(e)[i]);
	}
	return st;
}

static enum status add_pred(struct emit *e, struct pred *p, uint32_t hash, uint32_t *id)
{
	enum status st;

	p->check.consts = copy_consts(e, &p->check);
	if (!p->check.consts)
		return ST_NOMEM;
	st = p->check.op == OP_REGEX ? compile_regexes(e, &p->check) : ST_OK;
	if (st != ST_OK)
		return st;
	*id = (uint32_t)(e->preds.len / sizeof *p);
	if (*id >= INSTR_PRED)
		return ST_LIMIT;
	return buf_append(&e->preds, p, sizeof *p) && intern_add(&e->pred_ids, hash, *id) ? ST_OK : ST_NOMEM;
}

enum status emit_pred(struct emit *e, const struct predicate *in, uint32_t *id)
{
	/* Constants still belong to the caller until the check turns out to be new. */
	struct pred p = { .right = NO_ID, .windows_path = in->windows_path };
	enum status st = emit_slot(e, in->left, in->windows_path, &p.slot);
	uint32_t hash;

	if (st == ST_OK && in->right)
		st = emit_slot(e, in->right, in->windows_path, &p.right);
	if (st != ST_OK)
		return st;
	p.shape = emit_slots(e)[p.slot].shape;
	p.check = (struct check){
		.op = in->op, .mod = in->mod, .cls = emit_slots(e)[p.slot].cls, .fold = in->fold,
		.consts = in->consts, .const_count = in->right ? 0 : in->const_count,
	};
	reduce(&p.check, p.shape);
	hash = hash_key(&p);
	*id = intern_find(&e->pred_ids, hash, same_pred, e, &p);
	return *id != NO_ID ? ST_OK : add_pred(e, &p, hash, id);
}
