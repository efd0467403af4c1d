/* Exceptions of a rule as they are read and joined (falco-language.md §2.8). */
#include "policyd/ruleset/rule_build.h"

#include <stdio.h>
#include <string.h>


struct exception_read {
	const struct item *it;
	struct place place;                  /* of the exception */
	bool append;
	bool good;
};

static void fail(struct exception_read *r, enum load_code code, const char *text)
{
	load_log_add(&r->it->b->log, code, &r->place, "%s", text);
	r->good = false;
}

/* `fields` or `comps`: a text or a list of texts. */
static const struct yaml_node *read_names(struct exception_read *r, const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_map_get(map, key);

	if (!node)
		return NULL;
	if (node->is_null) {
		load_log_add(&r->it->b->log, LOAD_ERR_YAML_VALIDATE, &r->place, "Mapping for key '%s' is empty", key);
		r->good = false;
		return NULL;
	}
	for (size_t i = 0; yaml_is_sequence(node) && i < node->count; i++)
		if (!yaml_is_scalar(node->items[i]) || node->items[i]->is_null)
			fail(r, LOAD_ERR_YAML_VALIDATE, "sequence value is not scalar");
	if (yaml_is_map(node))
		fail(r, LOAD_ERR_YAML_VALIDATE, "Value is not a scalar value");
	return node;
}

/* A value is a text or a list of texts and lists of texts; how deep, the operators decide later. */
static bool value_is_plain(const struct yaml_node *node, unsigned depth)
{
	if (yaml_is_scalar(node))
		return !node->is_null;
	for (size_t i = 0; yaml_is_sequence(node) && depth > 0 && i < node->count; i++)
		if (!value_is_plain(node->items[i], depth - 1))
			return false;
	return yaml_is_sequence(node) && depth > 0;
}

static void read_values(struct exception_read *r, const struct yaml_node *map, struct raw_exception *e)
{
	const struct yaml_node *node = yaml_map_get(map, "values");

	if (!node) {
		if (r->append)
			load_log_add(&r->it->b->log, LOAD_APPEND_NO_VALUES, &r->place,
				"Overriding/appending exception with no values");
		return;
	}
	if (!yaml_is_sequence(node)) {
		fail(r, LOAD_ERR_YAML_VALIDATE, "Rule exception values must be a sequence");
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		struct place outer = r->place;

		if (value_is_plain(node->items[i], 2))
			continue;
		r->place = place_of(&outer, "exception value", "", node->items[i]);
		fail(r, LOAD_ERR_YAML_VALIDATE, "sequence value is not scalar");
		r->place = outer;
	}
	e->first = e->last = arena_zalloc(r->it->b->arena, sizeof *e->first);
	if (!e->first) {
		r->it->b->log.out_of_memory = true;
		r->good = false;
		return;
	}
	e->first->file = r->it->file;
	e->first->values = node;
}

/* A misspelt key here would drop values in silence, so it is worth a hint; Falco says nothing. */
static void check_exception_keys(struct exception_read *r, const struct yaml_node *map)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_node *key = map->entries[i].key;
		struct place at;

		if (!yaml_is_scalar(key) || rule_key_find(ITEM_EXCEPTION, key->text))
			continue;
		at = place_of(&r->place, "value for", key->text, key);
		near_key(r->it->b, load_log_add(&r->it->b->log, LOAD_HINT, &at, "Unknown key '%s' in an exception", key->text),
			ITEM_EXCEPTION, key->text);
	}
}

static struct raw_exception *read_exception(struct exception_read *r, const struct yaml_node *map)
{
	struct raw_exception *e = arena_zalloc(r->it->b->arena, sizeof *e);
	const struct yaml_node *name;
	bool failed = false;

	if (!e) {
		r->it->b->log.out_of_memory = true;
		r->good = false;
		return NULL;
	}
	e->name = "";
	if (!yaml_is_map(map)) {
		fail(r, LOAD_ERR_YAML_VALIDATE, "Rule exception must be a mapping");
		return e;
	}
	check_exception_keys(r, map);
	name = item_scalar(r->it, &r->place, map, "name", &failed);
	if (failed)
		r->good = false;
	if (name)
		r->place.name = e->name = name->text;
	if (!r->append && !yaml_map_get(map, "fields"))
		fail(r, LOAD_ERR_YAML_VALIDATE, "Item has no mapping for key 'fields'");
	e->node = map;
	e->file = r->it->file;
	e->fields = read_names(r, map, "fields");
	e->comps = read_names(r, map, "comps");
	read_values(r, map, e);
	return e;
}

bool read_exceptions(const struct item *it, bool append, struct raw_exception **out, size_t *count)
{
	const struct yaml_node *node = yaml_map_get(it->map, "exceptions");
	struct exception_read r = { .it = it, .append = append, .good = true };
	struct raw_exception **tail = out;
	bool good = true;
	struct place list;

	if (!node || node->is_null)
		return true;
	list = place_of(&it->place, "exceptions", "", node);
	r.place = list;
	if (!yaml_is_sequence(node)) {
		fail(&r, LOAD_ERR_YAML_VALIDATE, "Rule exceptions must be a sequence");
		return false;
	}
	for (size_t i = 0; i < node->count; i++) {
		struct raw_exception *e;

		r.place = place_of(&list, "exception", "", node->items[i]);
		r.good = true;
		e = read_exception(&r, node->items[i]);
		good = good && r.good;
		if (!e || !r.good)
			continue;    /* it was said what is wrong; the others can still be judged */
		*tail = e;
		tail = &e->next;
		(*count)++;
	}
	return good;
}

/* ---- definition ---- */

struct exception_check {
	const struct item *it;
	struct raw_rule *rule;
	struct place list, place;
};

static bool refuse(const struct exception_check *c, const char *fmt, const char *what, const char *hint)
{
	char text[512];

	snprintf(text, sizeof text, fmt, what);
	load_log_hint(&c->it->b->log, load_log_add(&c->it->b->log, LOAD_ERR_VALIDATE, &c->place, "%s", text), hint);
	return false;
}

static bool field_exists(struct exception_check *c, const struct yaml_node *field)
{
	struct cond_parser parser = parser_for(c->it->b, NULL);
	struct cond_checker checker = checker_for(c->it->b, c->rule->source_index);
	struct cond_diag why = { .code = COND_OK };
	struct place exception = c->place;
	const struct operand *operand;
	struct ast_left left;
	bool good;

	if (c->rule->unknown_source)
		return true;
	if (condition_parse_left(&parser, field->text, field->count, &left, &why) == ST_OK &&
		condition_check_operand(&checker, &left, &operand, &why) == ST_OK)
		return true;
	c->place = place_of(&exception, "value for", "fields", field);
	good = refuse(c, "'%s' is not a supported filter field", field->text, why.hint);
	c->place = exception;
	return good;
}

static bool comp_is_operator(struct exception_check *c, const struct yaml_node *comp, struct ast_check *out)
{
	struct place exception = c->place;
	const char *text = comp->text;
	size_t len = comp->count;
	bool good;

	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		len--;
	while (len > 0 && strchr(" \t\r\n", *text)) {
		text++;
		len--;
	}
	if (condition_parse_operator(text, len, out) && out->op != OP_EXISTS)
		return true;
	c->place = place_of(&exception, "value for", "comps", comp);
	good = refuse(c, "'%s' is not a supported comparison operator", comp->text, "");
	c->place = exception;
	return good;
}

static bool check_scalar_form(struct exception_check *c, const struct raw_exception *e)
{
	struct ast_check check;
	bool list_operator;

	if (e->comps && !yaml_is_scalar(e->comps))
		return refuse(c, "%s", "Fields and comps must both be strings", "");
	if (e->comps && !comp_is_operator(c, e->comps, &check))
		return false;
	list_operator = !e->comps || check.mod != MOD_NONE || check.op == OP_IN || check.op == OP_INTERSECTS ||
			check.op == OP_PMATCH;
	if (!list_operator)
		return refuse(c, "%s",
			"When fields is a single value, comps must be one of (in, pmatch, intersects) or a modifier operator "
			"(e.g. startswith oneof)", "");
	return field_exists(c, e->fields);
}

static bool check_list_form(struct exception_check *c, const struct raw_exception *e)
{
	struct ast_check check;
	bool good = true;

	if (e->fields->count > BUILD_MAX_FIELDS)
		return refuse(c, "%s", "too many fields in one exception", "");
	if (e->comps && (!yaml_is_sequence(e->comps) || e->comps->count != e->fields->count))
		return refuse(c, "%s", "Fields and comps lists must have equal length", "");
	for (size_t i = 0; e->comps && i < e->comps->count; i++)
		good = comp_is_operator(c, e->comps->items[i], &check) && good;
	for (size_t i = 0; i < e->fields->count; i++)
		good = field_exists(c, e->fields->items[i]) && good;
	return good;
}

static bool check_exception(struct exception_check *c, const struct raw_exception *e)
{
	return yaml_is_scalar(e->fields) ? check_scalar_form(c, e) : check_list_form(c, e);
}

static bool has_fields(const struct raw_exception *e)
{
	return e->fields && e->fields->count > 0;
}

static struct raw_exception *find_exception(const struct raw_rule *rule, const char *name)
{
	for (struct raw_exception *e = rule->exceptions; e; e = e->next)
		if (strcmp(e->name, name) == 0)
			return e;
	return NULL;
}

static bool add_exception(struct exception_check *c, struct raw_exception *e)
{
	struct raw_rule *rule = c->rule;

	if (rule->exception_count == BUILD_MAX_EXCEPTIONS)
		return refuse(c, "%s", "too many exceptions", "");
	e->next = NULL;
	if (rule->last_exception)
		rule->last_exception->next = e;
	else
		rule->exceptions = e;
	rule->last_exception = e;
	rule->exception_count++;
	return true;
}

static struct exception_check check_init(const struct item *it, struct raw_rule *rule)
{
	struct exception_check c = { .it = it, .rule = rule };
	const struct yaml_node *node = yaml_map_get(it->map, "exceptions");

	c.list = it->place;
	c.list.type = "exceptions";
	c.list.name = "";
	c.list.pos = node ? node->pos : it->place.pos;
	return c;
}

/* The check's own chain has one place less than the reader's: item and "exceptions" share it. */
static void enter(struct exception_check *c, const struct raw_exception *e)
{
	c->list.up = &c->it->place;
	c->place = place_of(&c->list, "exception", e->name, e->node);
}

bool define_exceptions(const struct item *it, struct raw_rule *rule, struct raw_exception *list)
{
	struct exception_check c = check_init(it, rule);
	bool good = true;

	while (list) {
		struct raw_exception *e = list;

		list = list->next;
		enter(&c, e);
		if (!has_fields(e))
			good = refuse(&c, "%s", "Rule exception item must have fields property with a list of fields", "");
		else
			good = check_exception(&c, e) && good;
		if (find_exception(rule, e->name))
			load_log_add(&it->b->log, LOAD_EXCEPTION_NAME_NOT_UNIQUE, &c.place,
				"Multiple definitions of exception '%s' in the same rule", e->name);
		good = add_exception(&c, e) && good;
	}
	return good;
}

static bool append_values(struct exception_check *c, struct raw_exception *known, const struct raw_exception *e)
{
	if (e->fields)
		return refuse(c, "%s", "Can not append exception fields to existing exception, only values", "");
	if (e->comps)
		return refuse(c, "%s", "Can not append exception comps to existing exception, only values", "");
	if (!e->first)
		return true;
	if (known->last)
		known->last->next = e->first;
	else
		known->first = e->first;
	known->last = e->first;
	return true;
}

static bool append_new(struct exception_check *c, struct raw_exception *e)
{
	if (!has_fields(e))
		return refuse(c, "%s", "Rule exception must have fields property with a list of fields", "");
	if (!e->first)
		return refuse(c, "%s", "Rule exception must have values property with a list of values", "");
	return check_exception(c, e) && add_exception(c, e);
}

bool append_exceptions(const struct item *it, struct raw_rule *rule, struct raw_exception *list)
{
	struct exception_check c = check_init(it, rule);
	bool good = true;

	while (list) {
		struct raw_exception *e = list, *known = find_exception(rule, e->name);

		list = list->next;
		enter(&c, e);
		good = (known ? append_values(&c, known, e) : append_new(&c, e)) && good;
	}
	return good;
}
