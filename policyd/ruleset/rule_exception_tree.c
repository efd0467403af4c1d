/* Exceptions as trees. Falco pastes texts, so that values with blanks and backslashes break; here a value is a value
 * (falco-language.md §1.15, §2.8). */
#include "policyd/ruleset/rule_build.h"

#include <string.h>

struct tree {
	struct ruleset_builder *b;
	struct raw_rule *rule;
	const struct raw_exception *e;
	bool good;
};

/* One check under construction: its field and its values are the parts of one text, so that every place in it can be
 * told in the file. */
struct check_build {
	struct tree *t;
	struct rule_text *text;
	struct text_part *parts;
	struct ast_value *values;
	size_t value_count, part_count, cap;
	struct buf joined;
};

static void no_memory(struct tree *t)
{
	t->b->log.out_of_memory = true;
	t->good = false;
}

static void fail_at(struct tree *t, enum load_code code, const struct yaml_node *node, const struct rule_file *file,
	const char *text)
{
	struct place_chain chain;
	struct place exception, at;

	item_place(&t->rule->item, &chain);
	exception = place_of(&chain.item, "exception", t->e->name, t->e->node);
	exception.file = t->e->file;
	at = place_of(&exception, "exception value", "", node);
	at.file = file;
	load_log_add(&t->b->log, code, &at, "%s", text);
	t->good = false;
}

static struct cond_pos pos_at(size_t offset)
{
	return (struct cond_pos){ .offset = (uint32_t)offset, .line = 1, .column = (uint32_t)offset + 1 };
}

/* Adds a scalar to the check's text; returns where it starts there. */
static size_t add_part(struct check_build *c, const struct rule_file *file, const struct yaml_node *node)
{
	size_t at = c->joined.len;

	c->parts[c->part_count++] = (struct text_part){ .file = file, .node = node, .at = at };
	buf_append(&c->joined, node->text, node->count);
	buf_append_char(&c->joined, ' ');
	return at;
}

static bool check_begin(struct check_build *c, struct tree *t, size_t max_values)
{
	memset(c, 0, sizeof *c);
	c->t = t;
	c->cap = max_values;
	c->text = arena_zalloc(t->b->arena, sizeof *c->text);
	c->parts = arena_alloc(t->b->arena, (max_values + 1) * sizeof *c->parts);
	c->values = arena_zalloc(t->b->arena, (max_values ? max_values : 1) * sizeof *c->values);
	buf_init(&c->joined, RULESET_MAX_FILE_BYTES * 2);
	if (c->text && c->parts && c->values)
		return true;
	no_memory(t);
	return false;
}

static void add_value(struct check_build *c, const struct rule_file *file, const struct yaml_node *node)
{
	struct cond_parser parser = parser_for(c->t->b, c->text);
	struct ast_value *v = &c->values[c->value_count];
	struct cond_diag why = { .code = COND_OK };
	size_t at = add_part(c, file, node);

	if (condition_item_value(&parser, node->text, node->count, v, &why) != ST_OK) {
		fail_at(c->t, LOAD_ERR_COMPILE_CONDITION, node, file, why.text);
		return;
	}
	v->pos = pos_at(at);
	c->value_count++;
}

/* "(a, b)" under an operator that takes a list stands for that list. */
static void add_written_list(struct check_build *c, const struct rule_file *file, const struct yaml_node *node)
{
	struct cond_parser parser = parser_for(c->t->b, c->text);
	struct cond_diag why = { .code = COND_OK };
	struct ast_check list = { .op = OP_IN };
	size_t at = add_part(c, file, node);
	struct ast_value *values;

	if (condition_parse_values(&parser, node->text, node->count, &list, &why) != ST_OK) {
		fail_at(c->t, LOAD_ERR_COMPILE_CONDITION, node, file, why.text);
		return;
	}
	values = arena_alloc(c->t->b->arena, (list.value_count + 1) * sizeof *values);
	if (!values) {
		no_memory(c->t);
		return;
	}
	for (size_t i = 0; i < list.value_count; i++) {
		values[i] = list.values[i];
		values[i].pos = pos_at(at + list.values[i].pos.offset);
	}
	c->values = values;
	c->value_count = list.value_count;
}

/* The field: part 0. */
static const struct ast_operand *add_field(struct check_build *c, const struct yaml_node *field)
{
	struct cond_parser parser = parser_for(c->t->b, c->text);
	struct cond_diag why = { .code = COND_OK };
	struct ast_left left;

	add_part(c, c->t->e->file, field);
	if (condition_parse_left(&parser, field->text, field->count, &left, &why) == ST_OK)
		return left.operand;
	fail_at(c->t, LOAD_ERR_COMPILE_CONDITION, field, c->t->e->file, why.text);
	return NULL;
}

static const struct ast_node *check_end(struct check_build *c, struct ast_check *check)
{
	struct ast_check copy = *check;
	struct cond_source *source = arena_zalloc(c->t->b->arena, sizeof *source);
	const struct ast_node *node = NULL;

	c->text->len = c->joined.len;
	c->text->ptr = arena_strndup(c->t->b->arena, buf_cstr(&c->joined), c->joined.len);
	c->text->parts = c->parts;
	c->text->part_count = c->part_count;
	c->text->type = "exception value";
	c->text->item = &c->t->rule->item;
	buf_release(&c->joined);
	copy.values = c->values;
	copy.value_count = c->value_count;
	copy.op_pos = pos_at(0);
	if (source && c->text->ptr && !c->joined.failed) {
		source->text = c->text->ptr;
		source->len = c->text->len;
		source->owner = c->text;
		node = c->t->good ? ast_check_node(c->t->b->arena, source, &copy) : NULL;
	}
	if (!node && c->t->good)
		no_memory(c->t);
	return node;
}

static bool takes_list(const struct ast_check *check)
{
	return check->mod != MOD_NONE || check->op == OP_IN || check->op == OP_INTERSECTS || check->op == OP_PMATCH;
}

/* comps were checked when the exception was defined, so this cannot fail there. */
static struct ast_check operator_of(const struct yaml_node *comp, const char *absent)
{
	struct ast_check check = { .op = OP_EQ };
	const char *text = comp ? comp->text : absent;
	size_t len = strlen(text);

	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		len--;
	while (len > 0 && strchr(" \t\r\n", *text)) {
		text++;
		len--;
	}
	if (!condition_parse_operator(text, len, &check))
		check.op = OP_EQ;
	return check;
}

/* fields: F, comps: C, values: [v1, v2] -> F C (v1, v2) */
static const struct ast_node *scalar_form(struct tree *t, size_t value_count)
{
	struct ast_check check = operator_of(t->e->comps, "in");
	struct check_build c;

	if (!check_begin(&c, t, value_count))
		return NULL;
	check.left = add_field(&c, t->e->fields);
	check.form = FORM_LIST;
	for (const struct exception_values *v = t->e->first; v; v = v->next)
		for (size_t i = 0; i < v->values->count; i++)
			if (yaml_is_scalar(v->values->items[i]))
				add_value(&c, v->file, v->values->items[i]);
			else
				fail_at(t, LOAD_ERR_VALIDATE, v->values->items[i], v->file,
					"Expected values array to contain a list of strings");
	return check_end(&c, &check);
}

/* One field of a tuple with its value. */
static const struct ast_node *tuple_check(struct tree *t, size_t k, const struct yaml_node *value,
	const struct rule_file *file)
{
	const struct yaml_node *comp = t->e->comps ? t->e->comps->items[k] : NULL;
	struct ast_check check = operator_of(comp, "=");
	struct check_build c;

	if (!check_begin(&c, t, yaml_is_sequence(value) ? value->count : 1))
		return NULL;
	check.left = add_field(&c, t->e->fields->items[k]);
	check.form = takes_list(&check) ? FORM_LIST : FORM_SCALAR;
	if (yaml_is_sequence(value) && !takes_list(&check))
		fail_at(t, LOAD_ERR_COMPILE_CONDITION, value, file, "a list of values needs an operator that takes lists");
	else if (yaml_is_sequence(value))
		for (size_t i = 0; i < value->count; i++)
			add_value(&c, file, value->items[i]);
	else if (takes_list(&check) && value->text[0] == '(')
		add_written_list(&c, file, value);
	else
		add_value(&c, file, value);
	return check_end(&c, &check);
}

static const struct ast_node *group(struct tree *t, enum ast_kind kind, const struct ptr_list *kids)
{
	const struct ast_node *node;

	if (kids->count == 1)
		return kids->items[0];
	node = ast_group(t->b->arena, kind, (const struct ast_node *const *)kids->items, kids->count);
	if (!node)
		no_memory(t);
	return node;
}

static const struct ast_node *tuple_form(struct tree *t, const struct yaml_node *tuple, const struct rule_file *file)
{
	struct ptr_list kids = { .items = NULL };

	if (!yaml_is_sequence(tuple) || tuple->count != t->e->fields->count) {
		fail_at(t, LOAD_ERR_VALIDATE, tuple, file, "Fields and values lists must have equal length");
		return NULL;
	}
	for (size_t k = 0; k < tuple->count; k++) {
		const struct ast_node *node = tuple_check(t, k, tuple->items[k], file);
		void *item;

		memcpy(&item, &node, sizeof item);
		if (!node)
			return NULL;
		if (!ptr_list_push(&kids, t->b->arena, item)) {
			no_memory(t);
			return NULL;
		}
	}
	return group(t, AST_AND, &kids);
}

static const struct ast_node *list_form(struct tree *t)
{
	struct ptr_list kids = { .items = NULL };

	for (const struct exception_values *v = t->e->first; v; v = v->next)
		for (size_t i = 0; i < v->values->count; i++) {
			const struct ast_node *node = tuple_form(t, v->values->items[i], v->file);
			void *item;

			memcpy(&item, &node, sizeof item);
			if (node && !ptr_list_push(&kids, t->b->arena, item))
				no_memory(t);
		}
	return t->good ? group(t, AST_OR, &kids) : NULL;
}

static size_t count_values(const struct raw_exception *e)
{
	size_t n = 0;

	for (const struct exception_values *v = e->first; v; v = v->next)
		n += v->values->count;
	return n;
}

bool exception_trees(struct ruleset_builder *b, struct raw_rule *rule, struct ptr_list *out)
{
	struct tree t = { .b = b, .rule = rule, .good = true };

	for (t.e = rule->exceptions; t.e; t.e = t.e->next) {
		size_t count = count_values(t.e);
		const struct ast_node *node;
		void *item;

		if (count == 0)
			continue;
		node = yaml_is_scalar(t.e->fields) ? scalar_form(&t, count) : list_form(&t);
		node = node ? ast_not(b->arena, node) : NULL;
		memcpy(&item, &node, sizeof item);
		if (node && !ptr_list_push(out, b->arena, item))
			no_memory(&t);
	}
	return t.good;
}
