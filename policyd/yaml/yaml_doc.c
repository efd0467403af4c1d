#include "policyd/yaml/yaml_doc.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "policyd/yaml/yaml_tree.h"

struct anchor {
	const char *name;
	const struct yaml_node *node;    /* NULL while the anchored collection is still open */
};

struct open_collection {
	struct yaml_node *node;
	size_t first_child;              /* in the stack of children */
	size_t anchor;                   /* index + 1; 0: none */
};

struct build {
	struct yaml_doc *doc;
	struct yaml_limits limits;
	struct diag *why;
	const struct yaml_node **children;    /* finished nodes whose parent is still open; keys and values alternate */
	size_t child_count, child_cap;
	struct open_collection *open;         /* limits.max_depth of them */
	size_t depth;
	struct anchor *anchors;
	size_t anchor_count;
	uint32_t nodes;
	size_t root_cap;
	struct mark_cursor cursor;
	size_t first_byte;                    /* where libyaml's text begins */
};

static enum status fail_at(struct build *b, enum status st, struct yaml_pos pos, const char *text)
{
	if (!b->why)
		return st;
	diag_set_at(b->why, st, pos.offset, "%s", text);
	b->why->line = (int)pos.line;
	b->why->column = (int)pos.column;
	return st;
}

static struct yaml_pos pos_of(struct build *b, yaml_mark_t mark)
{
	if (b->doc->is_ascii)
		return (struct yaml_pos){ .line = (uint32_t)mark.line + 1, .column = (uint32_t)mark.column + 1,
			.offset = (uint32_t)(b->first_byte + mark.index) };
	return yaml_pos_of_mark(b->doc, &b->cursor, mark.line, mark.column);
}

static enum status push_child(struct build *b, const struct yaml_node *node)
{
	if (b->child_count == b->child_cap) {
		size_t cap = b->child_cap ? b->child_cap * 2 : 256;
		const struct yaml_node **grown = realloc(b->children, cap * sizeof *grown);

		if (!grown)
			return ST_NOMEM;
		b->children = grown;
		b->child_cap = cap;
	}
	b->children[b->child_count++] = node;
	return ST_OK;
}

static enum status add_root(struct build *b, const struct yaml_node *node)
{
	struct yaml_doc *doc = b->doc;

	if (doc->root_count == b->root_cap) {
		size_t cap = b->root_cap ? b->root_cap * 2 : 4;
		const struct yaml_node **grown = realloc(doc->roots, cap * sizeof *grown);

		if (!grown)
			return ST_NOMEM;
		doc->roots = grown;
		b->root_cap = cap;
	}
	doc->roots[doc->root_count++] = node;
	return ST_OK;
}

/* A finished node goes to its parent, or is a document's root. */
static enum status place(struct build *b, const struct yaml_node *node)
{
	return b->depth ? push_child(b, node) : add_root(b, node);
}

static enum status count_nodes(struct build *b, uint32_t n, struct yaml_pos pos)
{
	if (n > b->limits.max_nodes - b->nodes)
		return fail_at(b, ST_LIMIT, pos, "too many YAML nodes (aliases count as what they stand for)");
	b->nodes += n;
	return ST_OK;
}

static enum status new_node(struct build *b, const yaml_event_t *event, enum yaml_kind kind, struct yaml_node **out)
{
	struct yaml_pos pos = pos_of(b, event->start_mark);
	enum status st = count_nodes(b, 1, pos);

	if (st != ST_OK)
		return st;
	*out = arena_zalloc(b->doc->arena, sizeof **out);
	if (!*out)
		return ST_NOMEM;
	(*out)->kind = (uint8_t)kind;
	(*out)->pos = pos;
	(*out)->end_offset = pos_of(b, event->end_mark).offset;
	(*out)->height = 1;
	(*out)->expanded_nodes = 1;
	return ST_OK;
}

static enum status add_anchor(struct build *b, const yaml_char_t *name, struct yaml_node *node, bool finished)
{
	struct anchor *a = &b->anchors[b->anchor_count];

	if (!name)
		return ST_OK;
	if (b->anchor_count == YAML_MAX_ANCHORS)
		return fail_at(b, ST_LIMIT, node->pos, "too many YAML anchors in one document");
	a->name = arena_strdup(b->doc->arena, (const char *)name);
	a->node = finished ? node : NULL;
	if (!a->name)
		return ST_NOMEM;
	b->anchor_count++;
	return ST_OK;
}

static bool is_null_text(const char *text, size_t len)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };

	for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++)
		if (strlen(nulls[i]) == len && memcmp(nulls[i], text, len) == 0)
			return true;
	return false;
}

static uint8_t style_of(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return YAML_STYLE_SINGLE;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return YAML_STYLE_DOUBLE;
	case YAML_LITERAL_SCALAR_STYLE:
		return YAML_STYLE_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return YAML_STYLE_FOLDED;
	default:
		return YAML_STYLE_PLAIN;
	}
}

static enum status on_scalar(struct build *b, const yaml_event_t *event)
{
	const yaml_char_t *value = event->data.scalar.value;
	size_t len = event->data.scalar.length;
	struct yaml_node *node;
	enum status st = new_node(b, event, YAML_KIND_SCALAR, &node);

	if (st != ST_OK)
		return st;
	node->style = style_of(event->data.scalar.style);
	node->count = (uint32_t)len;
	node->text = arena_strndup(b->doc->arena, (const char *)value, len);
	if (!node->text)
		return ST_NOMEM;
	node->is_null = node->style == YAML_STYLE_PLAIN && !event->data.scalar.tag && is_null_text(node->text, len);
	/* libyaml starts a node at its tag or anchor; places inside the text need where the text itself starts. */
	if (event->data.scalar.tag || event->data.scalar.anchor)
		node->pos = yaml_pos_skip_properties(b->doc, node->pos, node->end_offset);
	st = add_anchor(b, event->data.scalar.anchor, node, true);
	return st == ST_OK ? place(b, node) : st;
}

static enum status on_alias(struct build *b, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	struct yaml_pos pos = pos_of(b, event->start_mark);
	const struct anchor *a = NULL;
	enum status st;

	for (size_t i = b->anchor_count; i > 0 && !a; i--)
		if (strcmp(b->anchors[i - 1].name, name) == 0)
			a = &b->anchors[i - 1];
	if (!a)
		return fail_at(b, ST_MALFORMED, pos, "alias of an anchor that is not defined");
	if (!a->node)
		return fail_at(b, ST_MALFORMED, pos, "alias inside its own anchor");
	if (b->depth + a->node->height - 1 > b->limits.max_depth)
		return fail_at(b, ST_LIMIT, pos, "YAML is nested too deeply");
	st = count_nodes(b, a->node->expanded_nodes, pos);
	return st == ST_OK ? place(b, a->node) : st;
}

static enum status on_start(struct build *b, const yaml_event_t *event, enum yaml_kind kind, const yaml_char_t *anchor)
{
	struct yaml_node *node;
	enum status st = new_node(b, event, kind, &node);

	if (st != ST_OK)
		return st;
	if (b->depth == b->limits.max_depth)
		return fail_at(b, ST_LIMIT, node->pos, "YAML is nested too deeply");
	st = add_anchor(b, anchor, node, false);
	if (st != ST_OK)
		return st;
	b->open[b->depth++] = (struct open_collection){ .node = node, .first_child = b->child_count,
		.anchor = anchor ? b->anchor_count : 0 };
	return ST_OK;
}

/* expanded_nodes cannot overflow: count_nodes has bounded the sum of all nodes already. */
static void sum_children(struct yaml_node *node, const struct yaml_node *const *kids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		node->expanded_nodes += kids[i]->expanded_nodes;
		if (kids[i]->height >= node->height)
			node->height = (uint8_t)(kids[i]->height + 1);
	}
}

static enum status on_end(struct build *b, const yaml_event_t *event)
{
	struct open_collection *open = &b->open[--b->depth];
	struct yaml_node *node = open->node;
	const struct yaml_node **kids = b->children ? b->children + open->first_child : NULL;
	size_t count = b->child_count - open->first_child;
	/* A map's entry is two node pointers in a row, so both collections are the same copy. */
	const struct yaml_node **copy = arena_alloc(b->doc->arena, count ? count * sizeof *copy : 1);

	_Static_assert(sizeof(struct yaml_entry) == 2 * sizeof(void *), "entries are pairs of pointers");
	if (!copy)
		return ST_NOMEM;
	if (count)
		memcpy(copy, kids, count * sizeof *copy);
	b->child_count = open->first_child;
	sum_children(node, copy, count);
	node->end_offset = pos_of(b, event->end_mark).offset;
	if (node->kind == YAML_KIND_MAP) {
		node->entries = (const struct yaml_entry *)copy;
		node->count = (uint32_t)(count / 2);
	} else {
		node->items = copy;
		node->count = (uint32_t)count;
	}
	if (open->anchor)
		b->anchors[open->anchor - 1].node = node;
	return place(b, node);
}

static enum status on_event(struct build *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		b->anchor_count = 0;
		return ST_OK;
	case YAML_SCALAR_EVENT:
		return on_scalar(b, event);
	case YAML_ALIAS_EVENT:
		return on_alias(b, event);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(b, event, YAML_KIND_SEQUENCE, event->data.sequence_start.anchor);
	case YAML_MAPPING_START_EVENT:
		return on_start(b, event, YAML_KIND_MAP, event->data.mapping_start.anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_end(b, event);
	default:
		return ST_OK;
	}
}

static enum status syntax_error(struct build *b, const yaml_parser_t *parser)
{
	char text[256];
	const char *problem = parser->problem ? parser->problem : "not YAML";

	if (parser->error == YAML_MEMORY_ERROR)
		return ST_NOMEM;
	if (parser->error == YAML_READER_ERROR)
		return fail_at(b, ST_MALFORMED, yaml_doc_pos(b->doc, parser->problem_offset), "not valid UTF-8 text");
	if (strstr(problem, "unknown escape character"))
		problem = "unknown escape character: in double quotes a backslash is written twice, in single quotes once;";
	if (parser->context && (parser->context_mark.line || parser->context_mark.column))
		snprintf(text, sizeof text, "%s %s that begins at line %zu, column %zu", problem, parser->context,
			parser->context_mark.line + 1, parser->context_mark.column + 1);
	else
		snprintf(text, sizeof text, "%s %s", problem, parser->context ? parser->context : "");
	return fail_at(b, ST_MALFORMED, pos_of(b, parser->problem_mark), text);
}

static enum status parse_events(struct build *b, yaml_parser_t *parser)
{
	enum status st = ST_OK;
	bool ended = false;

	while (st == ST_OK && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event))
			return syntax_error(b, parser);
		ended = event.type == YAML_STREAM_END_EVENT;
		st = on_event(b, &event);
		yaml_event_delete(&event);
	}
	return st;
}

static enum status build_tree(struct build *b)
{
	const struct yaml_doc *doc = b->doc;
	yaml_parser_t parser;
	enum status st;

	if (!yaml_parser_initialize(&parser))
		return ST_NOMEM;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)doc->text + b->first_byte, doc->len - b->first_byte);
	b->open = calloc(b->limits.max_depth, sizeof *b->open);
	b->anchors = calloc(YAML_MAX_ANCHORS, sizeof *b->anchors);
	st = b->open && b->anchors ? parse_events(b, &parser) : ST_NOMEM;
	yaml_parser_delete(&parser);
	free(b->children);
	free(b->open);
	free(b->anchors);
	return st;
}

/* Tree and text together: a node is 64 bytes beside the bytes of its text. */
static size_t arena_ceiling(const struct yaml_limits *limits)
{
	return limits->max_bytes * 16 + (size_t)limits->max_nodes * 128 + (1u << 16);
}

enum status yaml_doc_parse(const char *text, size_t len, const struct yaml_limits *limits, struct yaml_doc **out,
	struct diag *why)
{
	struct build b = { .limits = YAML_LIMITS_DEFAULT, .why = why };
	enum status st = ST_NOMEM;

	*out = NULL;
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		b.first_byte = 3;
	if (limits)
		b.limits = *limits;
	if (len > b.limits.max_bytes)
		return diag_set(why, ST_LIMIT, "the text is larger than %zu bytes", b.limits.max_bytes);
	if (len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
		return diag_set(why, ST_MALFORMED, "the text is UTF-16: save it as UTF-8");
	b.doc = calloc(1, sizeof *b.doc);
	if (!b.doc || !(b.doc->arena = arena_create(arena_ceiling(&b.limits))))
		goto done;
	b.doc->text = arena_strndup(b.doc->arena, text, len);
	b.doc->len = len;
	if (!b.doc->text || yaml_lines_index(b.doc, b.first_byte) != ST_OK)
		goto done;
	if ((st = build_tree(&b)) != ST_OK)
		goto done;
	*out = b.doc;
	b.doc = NULL;
done:
	yaml_doc_destroy(b.doc);
	return st == ST_NOMEM ? diag_set(why, st, "out of memory") : st;
}

void yaml_doc_destroy(struct yaml_doc *doc)
{
	if (!doc)
		return;
	arena_destroy(doc->arena);
	free(doc->roots);
	free(doc);
}

size_t yaml_doc_count(const struct yaml_doc *doc)
{
	return doc->root_count;
}

const struct yaml_node *yaml_doc_root(const struct yaml_doc *doc, size_t index)
{
	return doc->roots[index];
}

static bool is_text(const struct yaml_node *node, const char *text, size_t len)
{
	return node->count == len && node->kind == YAML_KIND_SCALAR && memcmp(node->text, text, len) == 0;
}

bool yaml_scalar_is(const struct yaml_node *node, const char *text)
{
	return node && is_text(node, text, strlen(text));
}

const struct yaml_entry *yaml_map_entry(const struct yaml_node *map, const char *key)
{
	size_t len = strlen(key);

	if (!yaml_is_map(map))
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (is_text(map->entries[i].key, key, len))
			return &map->entries[i];
	return NULL;
}

const struct yaml_node *yaml_map_get(const struct yaml_node *map, const char *key)
{
	const struct yaml_entry *entry = yaml_map_entry(map, key);

	return entry ? entry->value : NULL;
}
