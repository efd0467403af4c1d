#include "tests/support/expr_oracle.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/engine/glob.h"
#include "policyd/engine/operand.h"
#include "policyd/engine/regex.h"
#include "proto/base/text.h"

struct items {
	const struct value *at;
	size_t count;
	struct value own[2];
};

static bool either_ends(const struct operand *o, const struct vocabulary *v, const struct event_view *ev, struct items *out)
{
	out->at = out->own;
	out->count = 0;
	for (size_t end = 0; end < 2; end++) {
		for (size_t i = 0; i < v->field_count; i++) {
			const struct field *f = &v->fields[i];
			struct field_arg none = { .present = false };

			if (strcmp(f->name, o->field->either[end]) == 0 && f->get(f, &none, ev, &out->own[out->count]) == FIELD_OK)
				out->count++;
		}
	}
	return out->count > 0;
}

static bool values_of(const struct operand *o, const struct vocabulary *v, const struct event_view *ev, struct items *out)
{
	if (operand_shape_of(o) == SHAPE_EITHER)
		return either_ends(o, v, ev, out);
	if (!operand_eval(o, ev, true, &out->own[0]))
		return false;
	if (operand_shape_of(o) == SHAPE_ONE) {
		out->at = out->own;
		out->count = 1;
	} else {
		out->at = out->own[0].list.items;
		out->count = out->own[0].list.count;
	}
	return out->count > 0;
}

static char fold_if(char c, bool fold)
{
	return fold ? text_fold(c) : c;
}

/* Order of two texts, byte by byte; 0: equal. */
static int order_texts(const struct value *a, const struct value *b, bool fold)
{
	for (size_t i = 0;; i++) {
		unsigned char x, y;

		if (i == a->str.len || i == b->str.len)
			return (a->str.len > b->str.len) - (a->str.len < b->str.len);
		x = (unsigned char)fold_if(a->str.ptr[i], fold);
		y = (unsigned char)fold_if(b->str.ptr[i], fold);
		if (x != y)
			return x < y ? -1 : 1;
	}
}

static bool text_at(const struct value *text, size_t at, const struct value *part, bool fold)
{
	for (size_t i = 0; i < part->str.len; i++) {
		if (at + i >= text->str.len || fold_if(text->str.ptr[at + i], fold) != fold_if(part->str.ptr[i], fold))
			return false;
	}
	return true;
}

static bool equal_ip(const struct ip *a, const struct ip *b)
{
	for (unsigned bit = 0; bit < b->prefix; bit++) {
		if (((a->addr[bit / 8] ^ b->addr[bit / 8]) >> (7 - bit % 8)) & 1)
			return false;
	}
	return a->family == b->family;
}

static int order_of(const struct predicate *p, const struct value *a, const struct value *b)
{
	switch (value_class_of(p->left->type)) {
	case CLASS_TEXT:
		return order_texts(a, b, p->fold);
	case CLASS_SIGNED:
		return (a->i > b->i) - (a->i < b->i);
	case CLASS_DOUBLE:
		return (a->d > b->d) - (a->d < b->d);
	case CLASS_IP:
		return !equal_ip(&a->ip, &b->ip);
	default:
		return (a->u > b->u) - (a->u < b->u);
	}
}

static bool regex_fits(const struct value *text, const struct value *pattern, bool fold)
{
	struct regex *re = NULL;
	struct regex_scratch *s = regex_scratch_create();
	struct diag why = DIAG_INIT;
	bool fits = s && regex_create(pattern->str.ptr, pattern->str.len, fold, &re, &why) == ST_OK &&
		regex_match(re, s, text->str.ptr, text->str.len);

	regex_destroy(re);
	regex_scratch_destroy(s);
	return fits;
}

static bool contains(const struct value *v, const struct value *c, bool fold)
{
	for (size_t at = 0; at <= v->str.len; at++) {
		if (text_at(v, at, c, fold))
			return true;
	}
	return false;
}

struct parts {
	struct glob_text at[64];
	size_t count;
};

static void split(const struct value *path, struct parts *out)
{
	size_t start = 0;

	out->count = 0;
	for (size_t i = 0; i <= path->str.len; i++) {
		if (i < path->str.len && path->str.ptr[i] != '/' && path->str.ptr[i] != '\\')
			continue;
		if (i > start && out->count < 64)
			out->at[out->count++] = (struct glob_text){ path->str.ptr + start, i - start };
		start = i + 1;
	}
}

static bool path_fits(const struct value *v, const struct value *c, bool fold)
{
	struct parts path, want;

	split(v, &path);
	split(c, &want);
	for (size_t i = 0; i < want.count; i++) {
		bool same;

		if (i >= path.count)
			return false;
		if (glob_has_wildcard(want.at[i]))
			same = glob_match(want.at[i], path.at[i], fold);
		else
			same = fold ? text_equal_fold(want.at[i].ptr, want.at[i].len, path.at[i].ptr, path.at[i].len)
				    : want.at[i].len == path.at[i].len && memcmp(want.at[i].ptr, path.at[i].ptr, path.at[i].len) == 0;
		if (!same)
			return false;
	}
	return true;
}

static bool pattern_holds(const struct predicate *p, const struct value *v, const struct value *c)
{
	struct glob_text text = { v->str.ptr, v->str.len }, glob = { c->str.ptr, c->str.len };

	switch (p->op) {
	case OP_CONTAINS:
	case OP_ICONTAINS:
	case OP_BCONTAINS:
		return contains(v, c, p->fold || p->op == OP_ICONTAINS);
	case OP_STARTSWITH:
	case OP_BSTARTSWITH:
		return text_at(v, 0, c, p->fold);
	case OP_ENDSWITH:
		return c->str.len <= v->str.len && text_at(v, v->str.len - c->str.len, c, p->fold);
	case OP_GLOB:
	case OP_IGLOB:
		return glob_match(glob, text, p->fold || p->op == OP_IGLOB);
	case OP_PMATCH:
		return path_fits(v, c, p->fold);
	default:
		return regex_fits(v, c, p->fold);
	}
}

static bool holds(const struct predicate *p, const struct value *v, const struct value *c)
{
	switch (p->op) {
	case OP_EQ:
	case OP_IN:
	case OP_INTERSECTS:
		return order_of(p, v, c) == 0;
	case OP_NE:
		return order_of(p, v, c) != 0;
	case OP_LT:
		return order_of(p, v, c) < 0;
	case OP_LE:
		return order_of(p, v, c) <= 0;
	case OP_GT:
		return order_of(p, v, c) > 0;
	case OP_GE:
		return order_of(p, v, c) >= 0;
	default:
		return pattern_holds(p, v, c);
	}
}

static size_t count_holding(const struct predicate *p, const struct items *vals, const struct value *c)
{
	size_t n = 0;

	for (size_t i = 0; i < vals->count; i++)
		n += holds(p, &vals->at[i], c);
	return n;
}

/* One value, or the two ends of a connection. */
static bool check_scalar(const struct predicate *p, const struct items *vals, const struct items *consts)
{
	size_t fits = 0;

	if (p->op == OP_EXISTS)
		return true;
	for (size_t i = 0; i < consts->count; i++) {
		size_t n = count_holding(p, vals, &consts->at[i]);

		fits += p->op == OP_NE ? n == vals->count : n > 0;
	}
	switch (p->mod) {
	case MOD_ONEOF:
		return fits == 1;
	case MOD_ALLOF:
		return fits == consts->count && fits > 0;
	default:
		return fits > 0;
	}
}

static bool check_list(const struct predicate *p, const struct items *vals, const struct items *consts)
{
	size_t in = 0;

	for (size_t i = 0; i < vals->count; i++) {
		bool found = false;

		for (size_t k = 0; k < consts->count; k++)
			found = found || holds(p, &vals->at[i], &consts->at[k]);
		in += found;
	}
	return p->op == OP_EXISTS || (p->op == OP_IN ? in == vals->count : in > 0);
}

static bool predicate_holds(const struct predicate *p, const struct vocabulary *v, const struct event_view *ev)
{
	struct items vals, consts = { .at = p->consts, .count = p->const_count };

	if (!values_of(p->left, v, ev, &vals) || (p->right && !values_of(p->right, v, ev, &consts)))
		return false;
	switch (operand_shape_of(p->left)) {
	case SHAPE_LIST:
		return check_list(p, &vals, &consts);
	case SHAPE_ANCESTORS:
		for (size_t i = 0; i < vals.count; i++) {
			struct items one = { .at = &vals.at[i], .count = 1 };

			if (check_scalar(p, &one, &consts))
				return true;
		}
		return false;
	default:
		return check_scalar(p, &vals, &consts);
	}
}

bool expr_oracle(const struct expr *e, const struct vocabulary *v, const struct event_view *ev)
{
	switch (e->kind) {
	case EXPR_PREDICATE:
		return predicate_holds(e->pred, v, ev);
	case EXPR_NOT:
		return !expr_oracle(e->kids[0], v, ev);
	default:
		for (size_t i = 0; i < e->kid_count; i++) {
			if (expr_oracle(e->kids[i], v, ev) != (e->kind == EXPR_AND))
				return e->kind != EXPR_AND;
		}
		return e->kind == EXPR_AND;
	}
}
