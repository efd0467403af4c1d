/* One number for a condition. */
#include <string.h>

#include "policyd/engine/condition.h"

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 32;
}

static uint64_t mix_text(uint64_t h, const char *p, size_t len)
{
	uint64_t word;

	h = mix(h, len);
	for (; len >= sizeof word; p += sizeof word, len -= sizeof word) {
		memcpy(&word, p, sizeof word);
		h = mix(h, word);
	}
	word = 0;
	for (size_t i = 0; i < len; i++)
		word = word << 8 | (unsigned char)p[i];
	return mix(h, word);
}

static uint64_t hash_operand(uint64_t h, const struct ast_operand *o)
{
	h = mix(h, (uint64_t)o->kind << 8 | (uint64_t)(o->kind == AST_TRANSFORM ? o->transformer : 0));
	if (o->name)
		h = mix_text(h, o->name, o->name_len);
	if (o->arg)
		h = mix_text(h, o->arg, o->arg_len);
	for (size_t i = 0; i < o->arg_count; i++)
		h = hash_operand(h, o->args[i]);
	return mix(h, o->arg_count);
}

static uint64_t hash_check(const struct ast_check *c)
{
	uint64_t h = hash_operand(mix((uint64_t)c->op + 1, (uint64_t)c->mod), c->left);

	if (c->right)
		h = hash_operand(mix(h, c->right_is_val), c->right);
	for (size_t i = 0; i < c->value_count; i++)
		h = mix_text(h, c->values[i].ptr, c->values[i].len);
	return h;
}

uint64_t condition_hash(const struct ast_node *n)
{
	uint64_t sum = 0;

	if (n->kind == AST_CHECK)
		return hash_check(n->check);
	if (n->kind == AST_MACRO)
		return mix_text(5, n->name, n->name_len);
	for (size_t i = 0; i < n->kid_count; i++)
		sum += mix(3, condition_hash(n->kids[i]));
	return mix(sum, (uint64_t)n->kind + 7);
}
