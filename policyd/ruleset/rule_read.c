/* Documents and items of a file; lists and macros (falco-language.md §2.1, §2.4, §2.5). */
#include "policyd/ruleset/rule_build.h"

#include <string.h>

static void invalid_name(const struct item *it, enum load_code code, const char *what, const char *shape)
{
	load_log_add(&it->b->log, code, &it->place, "%s has an invalid name. %s names should match a %s: '%s'", what, what,
		shape, it->name);
}

/* Name of the item, and its place from then on. */
static bool read_name(struct item *it, const char *type)
{
	const char *key = item_kind_key(it->kind);
	const struct yaml_node *node;

	if (!item_text(it, key, NEED_REQUIRED, &node))
		return false;
	it->name = node->text;
	it->name_len = node->count;
	it->place.type = type;
	it->place.name = node->text;
	it->place.pos = node->pos;
	return true;
}

bool read_append_flag(struct item *it)
{
	if (!item_bool(it, "append", &it->append_flag))
		return false;
	if (it->append_flag)
		load_log_add(&it->b->log, LOAD_DEPRECATED_ITEM, &it->place,
			"'append' key is deprecated. Add an 'append' entry (e.g. 'condition: append') under 'override' instead.");
	return true;
}

static void set_item(struct raw_item *raw, const struct item *it)
{
	raw->type = it->place.type;
	raw->name = it->name;
	raw->file = it->file;
	raw->pos = it->place.pos;
}

/* ---- lists ---- */

static struct raw_list *new_list(const struct item *it)
{
	struct ruleset_builder *b = it->b;
	struct raw_list *list = arena_zalloc(b->arena, sizeof *list);

	if (!list || !rule_names_put(&b->list_by_name, it->name, it->name_len, list) ||
		!ptr_list_push(&b->lists, b->arena, list)) {
		b->log.out_of_memory = true;
		return NULL;
	}
	return list;
}

static void add_list_items(const struct item *it, struct raw_list *list, const struct yaml_node *items)
{
	struct list_part *part = arena_zalloc(it->b->arena, sizeof *part);

	if (!part) {
		it->b->log.out_of_memory = true;
		return;
	}
	part->file = it->file;
	part->items = items;
	if (list->last)
		list->last->next = part;
	else
		list->first = part;
	list->last = part;
	list->item_count += items->count;
}

static void define_list(const struct item *it, const struct yaml_node *items)
{
	struct raw_list *list = rule_names_get(&it->b->list_by_name, it->name, it->name_len);

	if (!list)
		list = new_list(it);
	if (!list)
		return;
	set_item(&list->item, it);
	list->item.broken = items == NULL;
	list->first = list->last = NULL;
	list->item_count = 0;
	if (items)
		add_list_items(it, list, items);
}

static void append_list(const struct item *it, const struct yaml_node *items)
{
	struct raw_list *list = rule_names_get(&it->b->list_by_name, it->name, it->name_len);

	if (!list) {
		near_defined(it->b, item_error(it, LOAD_ERR_VALIDATE, "List uses 'append' or 'override.items: append' but no list "
			"by that name already exists"), &it->b->lists, it->name);
		return;
	}
	set_item(&list->item, it);
	add_list_items(it, list, items);
}

static void read_list_item(struct item *it)
{
	const struct yaml_node *items;
	struct overrides overrides;

	if (!read_name(it, "list"))
		return;
	item_check_keys(it);
	if (!condition_is_list_name(it->name, it->name_len))
		invalid_name(it, LOAD_INVALID_LIST_NAME, "List", "bare string");
	if (!item_sequence(it, "items", NEED_REQUIRED, &items) || !read_append_flag(it) || !item_overrides(it, &overrides)) {
		if (!rule_names_get(&it->b->list_by_name, it->name, it->name_len))
			define_list(it, NULL);
		return;
	}
	if (it->append_flag || overrides.any_append)
		append_list(it, items);
	else
		define_list(it, items);
}

/* ---- macros ---- */

static struct raw_macro *new_macro(const struct item *it)
{
	struct ruleset_builder *b = it->b;
	struct raw_macro *macro = arena_zalloc(b->arena, sizeof *macro);

	if (!macro || !rule_names_put(&b->macro_by_name, it->name, it->name_len, macro) ||
		!ptr_list_push(&b->macros, b->arena, macro)) {
		b->log.out_of_memory = true;
		return NULL;
	}
	macro->order = b->next_order++;
	macro->sees = macro->order;
	return macro;
}

static bool macro_text(const struct item *it, struct raw_macro *macro, const struct yaml_node *condition,
	struct rule_text *out)
{
	if (!text_set(it->b, out, it->file, condition, false)) {
		it->b->log.out_of_memory = true;
		return false;
	}
	out->type = "macro condition";
	out->item = &macro->item;
	return true;
}

/* condition NULL: it is wrong, and that was said; the name is known all the same, so that its users stay silent. */
static void define_macro(const struct item *it, const struct yaml_node *condition)
{
	struct raw_macro *macro = rule_names_get(&it->b->macro_by_name, it->name, it->name_len);

	if (macro)
		macro->sees = it->b->next_order++;
	else
		macro = new_macro(it);
	if (!macro)
		return;
	set_item(&macro->item, it);
	macro->item.broken = condition == NULL;
	macro->cond = (struct cond_macro){ .name = it->name };
	if (condition)
		macro_text(it, macro, condition, &macro->condition);
}

static void append_macro(const struct item *it, const struct yaml_node *condition)
{
	struct raw_macro *macro = rule_names_get(&it->b->macro_by_name, it->name, it->name_len);
	struct rule_text more;

	if (!macro) {
		near_defined(it->b, item_error(it, LOAD_ERR_VALIDATE, "Macro uses 'append' or 'override.condition: append' but no "
			"macro by that name already exists"), &it->b->macros, it->name);
		return;
	}
	if (macro->item.broken || !macro_text(it, macro, condition, &more))
		return;
	set_item(&macro->item, it);
	macro->sees = it->b->next_order++;
	macro->cond = (struct cond_macro){ .name = it->name };
	text_append(it, &macro->condition, &more);
}

static void read_macro_item(struct item *it)
{
	const struct yaml_node *condition;
	struct overrides overrides;

	if (!read_name(it, "macro"))
		return;
	item_check_keys(it);
	if (!condition_is_macro_name(it->name, it->name_len))
		invalid_name(it, LOAD_INVALID_MACRO_NAME, "Macro", "field-like identifier");
	if (!item_text(it, "condition", NEED_REQUIRED, &condition) || !read_append_flag(it) ||
		!item_overrides(it, &overrides)) {
		if (!rule_names_get(&it->b->macro_by_name, it->name, it->name_len))
			define_macro(it, NULL);
		return;
	}
	if (it->append_flag || overrides.any_append)
		append_macro(it, condition);
	else
		define_macro(it, condition);
}

/* ---- files ---- */

static void read_rule_named(struct item *it)
{
	if (read_name(it, "rule"))
		read_rule_item(it);
}

static void read_item(struct ruleset_builder *b, const struct rule_file *file, const struct place *content,
	const struct yaml_node *node)
{
	static void (*const readers[ITEM_KIND_COUNT])(struct item *) = {
		[ITEM_ENGINE_VERSION] = read_engine_version,
		[ITEM_PLUGIN_VERSIONS] = read_plugin_versions,
		[ITEM_LIST] = read_list_item,
		[ITEM_MACRO] = read_macro_item,
		[ITEM_RULE] = read_rule_named,
	};
	struct item it = { .b = b, .file = file, .map = node };

	if (node->is_null)
		return;
	it.place = place_of(content, "rules content item", "", node);
	if (!yaml_is_map(node)) {
		item_error(&it, LOAD_ERR_YAML_VALIDATE,
			"Unexpected element type. Each element should be a yaml associative array.");
		return;
	}
	while (it.kind < ITEM_KIND_COUNT && !yaml_map_get(node, item_kind_key(it.kind)))
		it.kind++;
	if (it.kind == ITEM_KIND_COUNT)
		near_item(b, item_error(&it, LOAD_UNKNOWN_ITEM, "Unknown top level item"), node);
	else
		readers[it.kind](&it);
}

static void read_document(struct ruleset_builder *b, const struct rule_file *file, const struct yaml_node *root)
{
	struct place content = { .type = "rules content", .file = file, .pos = root->pos };

	if (root->is_null)
		return;
	if (!yaml_is_sequence(root)) {
		load_log_add(&b->log, LOAD_ERR_YAML_VALIDATE, &content, "%s",
			yaml_is_map(root) ? "Rules content is not yaml array of objects" : "Rules content is not yaml");
		return;
	}
	content.pos = (struct yaml_pos){ 1, 1, 0 };
	for (size_t i = 0; i < root->count; i++)
		read_item(b, file, &content, root->items[i]);
}

void read_file_items(struct ruleset_builder *b, const struct rule_file *file)
{
	for (size_t i = 0; i < yaml_doc_count(file->doc); i++)
		read_document(b, file, yaml_doc_root(file->doc, i));
}
