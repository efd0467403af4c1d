/* Checks of a condition, one by one: operator against type, right side, constants. */
#include "policyd/engine/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policyd/engine/names.h"
#include "policyd/engine/suggest.h"

bool check_fail(struct checking *k, enum cond_error code, const char *fmt, ...)
{
	va_list args;

	if (k->diag.code != COND_OK)
		return false;
	k->diag.code = code;
	k->diag.source = k->source;
	k->diag.pos = k->pos;
	k->diag.name_len = 0;
	va_start(args, fmt);
	vsnprintf(k->diag.text, sizeof k->diag.text, fmt, args);
	va_end(args);
	return false;
}

bool check_nomem(struct checking *k)
{
	return check_fail(k, COND_OUT_OF_MEMORY, "out of memory");
}

/* ---- operators by type ---- */

#define BIT(op) (1u << (op))

enum {
	OPS_ANY = BIT(OP_EQ) | BIT(OP_NE) | BIT(OP_IN) | BIT(OP_INTERSECTS) | BIT(OP_EXISTS),
	OPS_ORDER = BIT(OP_LT) | BIT(OP_LE) | BIT(OP_GT) | BIT(OP_GE),
	OPS_TEXT = OPS_ANY | OPS_ORDER | BIT(OP_CONTAINS) | BIT(OP_ICONTAINS) | BIT(OP_STARTSWITH) | BIT(OP_ENDSWITH) |
		BIT(OP_GLOB) | BIT(OP_IGLOB) | BIT(OP_REGEX) | BIT(OP_PMATCH),
	OPS_BYTES = OPS_ANY | BIT(OP_CONTAINS) | BIT(OP_STARTSWITH) | BIT(OP_ENDSWITH) | BIT(OP_BCONTAINS) |
		BIT(OP_BSTARTSWITH),
	OPS_LIST = BIT(OP_IN) | BIT(OP_INTERSECTS) | BIT(OP_EXISTS),
};

static unsigned ops_of(enum value_type type)
{
	if (value_type_is_text(type))
		return OPS_TEXT;
	if (type == VT_BYTES)
		return OPS_BYTES;
	return value_type_is_number(type) ? OPS_ANY | OPS_ORDER : OPS_ANY;
}

static const char *filters_of(enum value_type type)
{
	if (value_type_is_text(type))
		return "string filters";
	if (type == VT_BYTES)
		return "buffer filters";
	return type == VT_IPADDR || type == VT_IPNET ? "ip address and network filters" : "numeric filters";
}

static bool list_type_compares(enum value_type type)
{
	return value_type_is_text(type) || type == VT_UINT64 || type == VT_RELTIME || type == VT_ABSTIME ||
		type == VT_BOOL || type == VT_IPADDR || type == VT_IPNET;
}

static bool check_operator(struct checking *k, const struct operand *left, enum cmp_op op)
{
	if (left->is_list) {
		if (!(OPS_LIST & BIT(op)))
			return check_fail(k, COND_TYPE, "filter error: '%s' operator not supported list filters", cmp_op_name(op));
		if (op != OP_EXISTS && !list_type_compares(left->type))
			return check_fail(k, COND_TYPE, "filter error: list filters are not supported for type '%s'",
				value_type_name(left->type));
		return true;
	}
	if (ops_of(left->type) & BIT(op))
		return true;
	return check_fail(k, COND_TYPE, "filter error: '%s' operator not supported for %s", cmp_op_name(op),
		filters_of(left->type));
}

/* ---- field to field ---- */

static bool is_no_rhs(const struct operand *o)
{
	return o->kind == OPERAND_FIELD && (o->field->flags & FIELD_NO_RHS);
}

static bool types_compare(const struct checking *k, const struct operand *a, const struct operand *b)
{
	if (a->is_list != b->is_list)
		return false;
	if (k->c->vocabulary->windows && value_type_is_text(a->type) && value_type_is_text(b->type))
		return true;
	return a->type == b->type;
}

static bool check_right(struct checking *k, const struct ast_check *in, struct predicate *p)
{
	const struct operand *left = p->left;
	char left_name[160], right_name[160];

	if (!check_operand(k, in->right, &p->right))
		return false;
	check_operand_name(in->left, left_name, sizeof left_name);
	check_operand_name(in->right, right_name, sizeof right_name);
	k->pos = in->right->pos;
	if (is_no_rhs(left))
		return check_fail(k, COND_TYPE, "field '%s' doesn't support right-hand side fields", left_name);
	if (is_no_rhs(p->right))
		return check_fail(k, COND_TYPE, "field '%s' can't be used as a right-hand side field", right_name);
	if (in->op == OP_PMATCH || in->op == OP_REGEX)
		return check_fail(k, COND_TYPE, "operator '%s' doesn't support right-hand side fields",
			cmp_op_upper_name(in->op));
	if (left->type == VT_IPNET)
		return check_fail(k, COND_TYPE, "field type '%s' doesn't support right-hand side fields",
			value_type_name(left->type));
	if (types_compare(k, left, p->right))
		return true;
	return check_fail(k, COND_TYPE, "'%s' (%s%s) and '%s' (%s%s) have incompatible types", left_name,
		left->is_list ? "list of " : "", value_type_name(left->type), right_name,
		p->right->is_list ? "list of " : "", value_type_name(p->right->type));
}

/* ---- constants ---- */

static bool names_event_type(const struct operand *left, enum cmp_op op)
{
	return left->kind == OPERAND_FIELD && (left->field->flags & FIELD_EVENT_TYPE) &&
		(op == OP_EQ || op == OP_NE || op == OP_IN || op == OP_INTERSECTS);
}

static bool check_event_type(struct checking *k, const struct ast_value *v)
{
	const struct vocabulary *voc = k->c->vocabulary;
	struct suggest s;

	suggest_init(&s, v->ptr, v->len);
	for (size_t i = 0; i < voc->event_type_count; i++) {
		if (strlen(voc->event_types[i]) == v->len && memcmp(voc->event_types[i], v->ptr, v->len) == 0)
			return true;
	}
	for (size_t i = 0; i < voc->event_type_count; i++)
		suggest_offer(&s, voc->event_types[i]);
	check_fail(k, COND_UNKNOWN_EVENT_TYPE, "unknown event type %.100s", v->ptr);
	suggest_text(&s, k->diag.hint, sizeof k->diag.hint);
	k->diag.name = v->ptr;
	k->diag.name_len = v->len;
	return false;
}

static bool check_constant(struct checking *k, const struct predicate *p, const struct ast_value *in, struct value *out)
{
	struct constant_rule rule = { .type = p->left->type, .op = p->op, .fold = p->fold,
		.extended = k->c->vocabulary->windows, .arena = k->c->arena };
	struct cond_diag why = { .code = COND_OK };
	bool cut;

	if (in->pos.line)
		k->pos = in->pos;
	if (names_event_type(p->left, p->op) && !check_event_type(k, in))
		return false;
	if (!constant_parse(&rule, in, out, &why, &cut))
		return check_fail(k, why.code, "%s", why.text);
	if (cut)
		warn_constant_cut(k, in, p->left->type);
	return true;
}

static bool check_constants(struct checking *k, const struct ast_check *in, struct predicate *p)
{
	struct value *consts = arena_alloc(k->c->arena, (in->value_count ? in->value_count : 1) * sizeof *consts);
	struct cond_pos place = k->pos;
	bool good = true;

	if (!consts)
		return check_nomem(k);
	for (size_t i = 0; i < in->value_count; i++) {
		k->pos = place;
		if (check_constant(k, p, &in->values[i], &consts[i]))
			continue;
		good = false;
		if (!check_goes_on(k))
			return false;
	}
	p->consts = consts;
	p->const_count = in->value_count;
	return good;
}

/* ---- the tree ---- */

/* Names keep their nature through basename(); tolower() and toupper() decide the case themselves. */
static bool is_windows_name(const struct operand *o)
{
	if (o->kind == OPERAND_TRANSFORM && o->transformer == TR_BASENAME)
		return is_windows_name(o->args[0]);
	return o->kind == OPERAND_FIELD && (o->field->flags & FIELD_WINDOWS_NAME);
}

static bool check_predicate(struct checking *k, const struct ast_node *n, struct predicate *p)
{
	const struct ast_check *in = n->check;
	bool windows = k->c->vocabulary->windows;

	k->source = n->source;
	if (!check_operand(k, in->left, &p->left)) {
		if (in->right && check_goes_on(k))
			check_operand(k, in->right, &p->right);
		return false;
	}
	p->op = in->op;
	p->mod = in->mod;
	p->windows_path = windows;
	k->pos = in->op_pos;
	if (in->right && !check_right(k, in, p))
		return false;
	k->pos = in->op_pos;
	if (!check_operator(k, p->left, p->op))
		return false;
	p->fold = windows && value_type_is_text(p->left->type) &&
		(is_windows_name(p->left) || (p->right && is_windows_name(p->right)));
	if (!in->right && in->op != OP_EXISTS && !check_constants(k, in, p))
		return false;
	warn_check(k, n, p);
	return true;
}

static bool check_node(struct checking *k, const struct ast_node *n, const struct expr **out);

static bool check_group(struct checking *k, const struct ast_node *n, struct expr *e)
{
	const struct expr **kids = arena_alloc(k->c->arena, (n->kid_count ? n->kid_count : 1) * sizeof *kids);
	bool good = true;

	if (!kids)
		return check_nomem(k);
	for (size_t i = 0; i < n->kid_count; i++) {
		if (check_node(k, n->kids[i], &kids[i]))
			continue;
		good = false;
		if (!check_goes_on(k))
			return false;
	}
	e->kind = n->kind == AST_AND ? EXPR_AND : n->kind == AST_OR ? EXPR_OR : EXPR_NOT;
	e->kids = kids;
	e->kid_count = n->kid_count;
	return good;
}

static bool check_leaf(struct checking *k, const struct ast_node *n, struct expr *e)
{
	struct predicate *p = arena_zalloc(k->c->arena, sizeof *p);

	if (!p)
		return check_nomem(k);
	e->kind = EXPR_PREDICATE;
	e->pred = p;
	return check_predicate(k, n, p);
}

static bool check_node(struct checking *k, const struct ast_node *n, const struct expr **out)
{
	struct expr *e = arena_zalloc(k->c->arena, sizeof *e);

	*out = e;
	if (!e)
		return check_nomem(k);
	if (n->kind == AST_CHECK)
		return check_leaf(k, n, e);
	if (n->kind != AST_MACRO)
		return check_group(k, n, e);
	if (k->c->partial)
		return false;
	k->source = n->source;
	k->pos = n->pos;
	return check_fail(k, COND_UNDEFINED_MACRO, "filter error: unexpected identifier '%.200s'", n->name);
}

enum status condition_check(const struct cond_checker *c, const struct ast_node *in, const struct expr **out,
	struct cond_diag *why)
{
	struct telling telling = { .to = c->errors };
	struct checking k = { .c = c, .telling = &telling };
	enum status st;

	if (check_node(&k, in, out))
		return ST_OK;
	*out = NULL;
	st = tell_finish(&telling, &k.diag, why);
	return st == ST_OK ? ST_MALFORMED : st;    /* partial: nothing but what was told when it was resolved */
}
