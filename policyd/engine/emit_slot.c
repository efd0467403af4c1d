/* Distinct operands: a field with its argument, or a transformer over other slots. */
#include <string.h>

#include "policyd/engine/emit.h"
#include "policyd/engine/keyhash.h"

struct slot_key {
	const struct operand *op;
	const uint32_t *args;
	bool windows_path;
};

static uint32_t hash_key(const struct slot_key *k)
{
	const struct operand *o = k->op;
	uint64_t h = (uint64_t)o->kind * 31 + k->windows_path;

	if (o->kind == OPERAND_FIELD) {
		h = h * 31 + (uintptr_t)o->field;
		if (o->arg.present)
			h = h * 31 + key_hash_text(o->arg.key, o->arg.key_len) + 1;
	} else if (o->kind == OPERAND_CONST) {
		h = h * 31 + key_hash_text(o->constant.str.ptr, o->constant.str.len);
	} else {
		h = h * 31 + (uint64_t)o->transformer * 256 + (unsigned char)o->getopt_option;
		for (size_t i = 0; i < o->arg_count; i++)
			h = h * 1000003 + k->args[i];
	}
	return key_hash_number(h);
}

static bool same_field(const struct operand *a, const struct operand *b)
{
	if (a->field != b->field || a->arg.present != b->arg.present)
		return false;
	return !a->arg.present || (a->arg.is_index == b->arg.is_index && a->arg.index == b->arg.index &&
		a->arg.key_len == b->arg.key_len && memcmp(a->arg.key, b->arg.key, a->arg.key_len) == 0);
}

static bool same_slot(void *ctx, uint32_t id, const void *key)
{
	const struct emit *e = ctx;
	const struct slot *s = &emit_slots(e)[id];
	const struct slot_key *k = key;
	const struct operand *a = s->op, *b = k->op;

	if (a->kind != b->kind || a->type != b->type || a->is_list != b->is_list || s->windows_path != k->windows_path)
		return false;
	if (a->kind == OPERAND_FIELD)
		return same_field(a, b);
	if (a->kind == OPERAND_CONST)
		return value_equal(CLASS_TEXT, false, &a->constant, &b->constant);
	return a->transformer == b->transformer && a->getopt_option == b->getopt_option && a->arg_count == b->arg_count &&
		(a->arg_count == 0 || memcmp(s->args, k->args, a->arg_count * sizeof *k->args) == 0);
}

static bool copy_texts(struct emit *e, struct operand *copy)
{
	if (copy->kind == OPERAND_FIELD && copy->arg.present) {
		copy->arg.key = arena_strndup(e->keep, copy->arg.key, copy->arg.key_len);
		return copy->arg.key != NULL;
	}
	if (copy->kind == OPERAND_CONST) {
		copy->constant.str.ptr = arena_strndup(e->keep, copy->constant.str.ptr, copy->constant.str.len);
		return copy->constant.str.ptr != NULL;
	}
	return true;
}

/* The program's own copy of an operand whose arguments are slots. NULL: out of memory. */
static struct operand *copy_operand(struct emit *e, const struct slot_key *k)
{
	struct operand *copy = arena_alloc(e->keep, sizeof *copy);
	const struct operand **args = NULL;

	if (!copy)
		return NULL;
	*copy = *k->op;
	if (copy->arg_count && !(args = arena_alloc(e->keep, copy->arg_count * sizeof *args)))
		return NULL;
	for (size_t i = 0; i < copy->arg_count; i++)
		args[i] = emit_slots(e)[k->args[i]].op;
	copy->args = args;
	return copy_texts(e, copy) ? copy : NULL;
}

static enum status either_slot(struct emit *e, const char *name, uint32_t *id)
{
	struct operand end = { .kind = OPERAND_FIELD };

	for (size_t i = 0; i < e->vocabulary->field_count; i++) {
		if (strcmp(e->vocabulary->fields[i].name, name) == 0)
			end.field = &e->vocabulary->fields[i];
	}
	if (!end.field || end.field->either[0])
		return diag_set(e->why, ST_MALFORMED, "field '%s' is no end of a field that looks at both", name);
	end.type = end.field->type;
	return emit_slot(e, &end, false, id);
}

static enum status add_slot(struct emit *e, const struct slot_key *k, uint32_t hash, uint32_t *id)
{
	struct slot s = { .args = k->args, .shape = operand_shape_of(k->op), .windows_path = k->windows_path };
	enum status st = ST_OK;

	s.cls = value_class_of(k->op->type);
	for (size_t i = 0; s.shape == SHAPE_EITHER && i < 2 && st == ST_OK; i++)
		st = either_slot(e, k->op->field->either[i], &s.either[i]);
	if (st != ST_OK)
		return st;
	s.op = copy_operand(e, k);
	*id = (uint32_t)(e->slots.len / sizeof s);
	if (!s.op || !buf_append(&e->slots, &s, sizeof s) || !intern_add(&e->slot_ids, hash, *id))
		return ST_NOMEM;
	return ST_OK;
}

enum status emit_slot(struct emit *e, const struct operand *o, bool windows_path, uint32_t *id)
{
	struct slot_key k = { .op = o };
	uint32_t *args = NULL, hash;

	/* Only basename() looks at path separators. */
	k.windows_path = windows_path && o->kind == OPERAND_TRANSFORM && o->transformer == TR_BASENAME;
	if (o->arg_count && !(args = arena_alloc(e->keep, o->arg_count * sizeof *args)))
		return ST_NOMEM;
	for (size_t i = 0; i < o->arg_count; i++) {
		enum status st = emit_slot(e, o->args[i], windows_path, &args[i]);

		if (st != ST_OK)
			return st;
	}
	k.args = args;
	hash = hash_key(&k);
	*id = intern_find(&e->slot_ids, hash, same_slot, e, &k);
	return *id != NO_ID ? ST_OK : add_slot(e, &k, hash, id);
}
