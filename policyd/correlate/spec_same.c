/* Whether two rules ask for the same, so that the memory of one serves the other. */
#include <string.h>

#include "policyd/correlate/correlate_parts.h"

static bool same_argument(const struct field_arg *a, const struct field_arg *b)
{
	if (!a->present || !b->present)
		return a->present == b->present;
	return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

static bool same_operand(const struct operand *a, const struct operand *b)
{
	if (a->kind != b->kind || a->type != b->type || a->arg_count != b->arg_count)
		return false;
	if (a->kind == OPERAND_FIELD)
		return a->field == b->field && same_argument(&a->arg, &b->arg);
	if (a->kind == OPERAND_CONST)
		return a->constant.str.len == b->constant.str.len &&
		       memcmp(a->constant.str.ptr, b->constant.str.ptr, a->constant.str.len) == 0;
	if (a->transformer != b->transformer || a->getopt_option != b->getopt_option)
		return false;
	for (size_t i = 0; i < a->arg_count; i++)
		if (!same_operand(a->args[i], b->args[i]))
			return false;
	return true;
}

static bool same_key(const struct correlate_key *a, const struct correlate_key *b)
{
	for (size_t i = 0; a->count == b->count && i < a->count; i++)
		if (!same_operand(a->operands[i], b->operands[i]))
			return false;
	return a->count == b->count;
}

bool throttle_same(const struct throttle_spec *a, const struct throttle_spec *b)
{
	return a && b && a->window_100ns == b->window_100ns && a->max == b->max && same_key(&a->key, &b->key);
}

bool threshold_same(const struct threshold_spec *a, const struct threshold_spec *b)
{
	if (!a || !b || a->window_100ns != b->window_100ns || a->count != b->count || !a->distinct != !b->distinct)
		return false;
	return (!a->distinct || same_operand(a->distinct, b->distinct)) && same_key(&a->key, &b->key);
}

bool sequence_same(const struct sequence_spec *a, const struct sequence_spec *b)
{
	if (!a || !b || a->within_100ns != b->within_100ns || a->step_count != b->step_count)
		return false;
	for (size_t i = 0; i < a->step_count; i++)
		if (!same_key(&a->by[i], &b->by[i]))
			return false;
	return true;
}

bool correlation_same(const struct correlation *a, const struct correlation *b)
{
	if (!a || !b)
		return a == b;
	return (a->sequence == b->sequence || sequence_same(a->sequence, b->sequence)) &&
	       (a->threshold == b->threshold || threshold_same(a->threshold, b->threshold)) &&
	       (a->throttle == b->throttle || throttle_same(a->throttle, b->throttle));
}
