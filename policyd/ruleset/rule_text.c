#include "policyd/ruleset/rule_build.h"

#include <string.h>

bool ptr_list_push(struct ptr_list *list, struct arena *a, void *item)
{
	if (list->count == list->cap) {
		size_t cap = list->cap ? list->cap * 2 : 8;
		void **grown = arena_alloc(a, cap * sizeof *grown);

		if (!grown)
			return false;
		if (list->count)
			memcpy(grown, list->items, list->count * sizeof *grown);
		list->items = grown;
		list->cap = cap;
	}
	list->items[list->count++] = item;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

bool text_set(struct ruleset_builder *b, struct rule_text *text, const struct rule_file *file,
	const struct yaml_node *node, bool trim)
{
	struct text_part *part = arena_alloc(b->arena, sizeof *part);
	size_t from = 0, to = node->count;

	if (!part)
		return false;
	while (trim && from < to && is_blank(node->text[from]))
		from++;
	while (trim && to > from && is_blank(node->text[to - 1]))
		to--;
	*part = (struct text_part){ .file = file, .node = node, .from = from };
	text->ptr = from == 0 && to == node->count ? node->text : arena_strndup(b->arena, node->text + from, to - from);
	text->len = to - from;
	text->own = NULL;
	text->room = 0;
	text->parts = part;
	text->part_count = text->part_room = 1;
	text->told = NULL;
	return text->ptr != NULL;
}

/* Makes room for len bytes and count parts. Both grow by doubling: a text may be appended to ten thousand times. */
static bool reserve(struct ruleset_builder *b, struct rule_text *text, size_t len, size_t count)
{
	size_t room = text->room, part_room = text->part_room;

	if (len + 1 > room) {
		char *grown = arena_alloc(b->arena, room = (len + 1) * 2);

		if (!grown)
			return false;
		memcpy(grown, text->ptr, text->len);
		text->ptr = text->own = grown;
		text->room = room;
	}
	if (count > part_room) {
		struct text_part *grown = arena_alloc(b->arena, (part_room = count * 2) * sizeof *grown);

		if (!grown)
			return false;
		memcpy(grown, text->parts, text->part_count * sizeof *grown);
		text->parts = grown;
		text->part_room = part_room;
	}
	return true;
}

bool text_append(const struct item *it, struct rule_text *text, const struct rule_text *more)
{
	size_t len = text->len + 1 + more->len, count = text->part_count + more->part_count;

	if (len > BUILD_MAX_TEXT_BYTES) {
		item_error(it, LOAD_ERR_VALIDATE, "What is appended makes the text longer than 2 MiB");
		return false;
	}
	if (!reserve(it->b, text, len, count)) {
		it->b->log.out_of_memory = true;
		return false;
	}
	text->own[text->len] = ' ';
	memcpy(text->own + text->len + 1, more->ptr, more->len);
	text->own[len] = '\0';
	for (size_t i = 0; i < more->part_count; i++) {
		text->parts[text->part_count + i] = more->parts[i];
		text->parts[text->part_count + i].at += text->len + 1;
	}
	text->len = len;
	text->part_count = count;
	text->told = NULL;
	return true;
}

const struct place *item_place(const struct raw_item *item, struct place_chain *chain)
{
	chain->content = (struct place){ .type = "rules content", .file = item->file, .pos = { 1, 1, 0 } };
	chain->item = (struct place){ .up = &chain->content, .type = item->type, .name = item->name, .file = item->file,
		.pos = item->pos };
	return &chain->item;
}

const struct place *text_place(const struct rule_text *text, size_t offset, struct place_chain *chain)
{
	const struct text_part *part = &text->parts[0];

	item_place(text->item, chain);
	for (size_t i = 1; i < text->part_count && text->parts[i].at <= offset; i++)
		part = &text->parts[i];
	chain->text = (struct place){ .up = &chain->item, .type = text->type, .file = part->file, .pos = part->node->pos };
	chain->exact = (struct place){ .up = &chain->text, .type = "condition expression", .file = part->file,
		.pos = yaml_scalar_pos(part->file->doc, part->node, part->from + offset - part->at) };
	return &chain->exact;
}
