#include "policyd/engine/ast.h"

#include <string.h>

const struct ast_node *ast_group(struct arena *a, enum ast_kind kind, const struct ast_node *const *kids, size_t count)
{
	struct ast_node *n;
	const struct ast_node **copy;

	if (count == 1)
		return kids[0];
	n = arena_zalloc(a, sizeof *n);
	copy = arena_alloc(a, count * sizeof *copy);
	if (!n || !copy)
		return NULL;
	if (count)
		memcpy(copy, kids, count * sizeof *copy);
	*n = (struct ast_node){ .kind = kind, .kids = copy, .kid_count = count };
	if (count) {
		n->pos = kids[0]->pos;
		n->source = kids[0]->source;
	}
	return n;
}

const struct ast_node *ast_not(struct arena *a, const struct ast_node *kid)
{
	struct ast_node *n = arena_zalloc(a, sizeof *n);
	const struct ast_node **kids = arena_alloc(a, sizeof *kids);

	if (!n || !kids)
		return NULL;
	kids[0] = kid;
	*n = (struct ast_node){ .kind = AST_NOT, .pos = kid->pos, .source = kid->source, .kids = kids, .kid_count = 1 };
	return n;
}

const struct ast_node *ast_check_node(struct arena *a, const struct cond_source *source, const struct ast_check *check)
{
	struct ast_node *n = arena_zalloc(a, sizeof *n);
	struct ast_check *copy = arena_alloc(a, sizeof *copy);

	if (!n || !copy)
		return NULL;
	*copy = *check;
	*n = (struct ast_node){ .kind = AST_CHECK, .pos = check->left->pos, .source = source, .check = copy };
	return n;
}

bool ast_each_check(const struct ast_node *root, ast_visit_fn *visit, void *ctx)
{
	if (root->kind == AST_CHECK)
		return visit(ctx, root);
	for (size_t i = 0; i < root->kid_count; i++) {
		if (!ast_each_check(root->kids[i], visit, ctx))
			return false;
	}
	return true;
}

bool ast_each_field(const struct ast_operand *o, ast_field_fn *visit, void *ctx)
{
	if (o->kind == AST_FIELD)
		return visit(ctx, o);
	for (size_t i = 0; i < o->arg_count; i++) {
		if (!ast_each_field(o->args[i], visit, ctx))
			return false;
	}
	return true;
}
