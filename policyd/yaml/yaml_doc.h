/* yaml_doc: YAML text as a small bounded tree in which every node and key knows its place in the text.
 * The only layer that sees libyaml (yaml_doc.c). Used for rules, rule tests and configuration alike; knows none of them.
 * The tree is immutable once made; any thread may read it. All pointers live until yaml_doc_destroy. */
#ifndef VITRINE_YAML_DOC_H
#define VITRINE_YAML_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/status.h"

enum yaml_kind { YAML_KIND_SCALAR, YAML_KIND_SEQUENCE, YAML_KIND_MAP };
enum yaml_style { YAML_STYLE_PLAIN, YAML_STYLE_SINGLE, YAML_STYLE_DOUBLE, YAML_STYLE_LITERAL, YAML_STYLE_FOLDED };

/* line and column are 1-based and count characters, as editors do; offset counts bytes from 0. */
struct yaml_pos {
	uint32_t line, column;
	uint32_t offset;
};

struct yaml_entry;

/* An alias yields the very node of its anchor: one node may have several parents, and its place is the anchor's. */
struct yaml_node {
	uint8_t kind;              /* enum yaml_kind */
	uint8_t style;             /* enum yaml_style, scalars only */
	bool is_null;              /* a plain empty scalar, ~ or null */
	uint8_t height;            /* 1: a scalar or an empty collection */
	uint32_t expanded_nodes;   /* nodes of this subtree when every alias is written out */
	struct yaml_pos pos;
	uint32_t end_offset;       /* first byte after its text; block collections may count trailing blank lines in */
	uint32_t count;            /* bytes of a scalar, items of a sequence, entries of a map */
	union {
		const char *text;                        /* decoded; NUL-terminated, may hold NUL bytes too */
		const struct yaml_node *const *items;
		const struct yaml_entry *entries;        /* in the order of the file, duplicates kept */
	};
};

struct yaml_entry {
	const struct yaml_node *key;
	const struct yaml_node *value;
};

struct yaml_limits {
	size_t max_bytes;      /* of the text */
	uint32_t max_nodes;    /* aliases written out */
	uint32_t max_depth;    /* at most 250 */
};

/* 16 MiB holds 10,000 large rules thrice; a million nodes the same; rules nest 8 deep, so 64 is no rule's limit and
 * bounds every recursion over the tree. Expansion of aliases counts against max_nodes ("billion laughs"). */
#define YAML_LIMITS_DEFAULT { .max_bytes = 16u << 20, .max_nodes = 1u << 20, .max_depth = 64 }
enum { YAML_MAX_ANCHORS = 512 };   /* of one document; they are searched in a row */

struct yaml_doc;

/* Parses all documents of a stream. text is copied. limits: NULL for the default.
 * ST_MALFORMED: not YAML, or not UTF-8; ST_LIMIT; ST_NOMEM. why has line, column and offset. */
enum status yaml_doc_parse(const char *text, size_t len, const struct yaml_limits *limits, struct yaml_doc **out,
	struct diag *why);
void yaml_doc_destroy(struct yaml_doc *doc);                                       /* NULL is fine */

size_t yaml_doc_count(const struct yaml_doc *doc);                                 /* YAML documents in the stream */
const struct yaml_node *yaml_doc_root(const struct yaml_doc *doc, size_t index);   /* an empty document: a null scalar */

/* The value of the first entry with that key; NULL: none, or not a map. */
const struct yaml_node *yaml_map_get(const struct yaml_node *map, const char *key);
const struct yaml_entry *yaml_map_entry(const struct yaml_node *map, const char *key);
bool yaml_scalar_is(const struct yaml_node *node, const char *text);               /* false for NULL and non-scalars */
static inline bool yaml_is_scalar(const struct yaml_node *node)
{
	return node && node->kind == YAML_KIND_SCALAR;
}
static inline bool yaml_is_sequence(const struct yaml_node *node)
{
	return node && node->kind == YAML_KIND_SEQUENCE;
}
static inline bool yaml_is_map(const struct yaml_node *node)
{
	return node && node->kind == YAML_KIND_MAP;
}

/* Place of a byte of the file. */
struct yaml_pos yaml_doc_pos(const struct yaml_doc *doc, size_t offset);
/* Place in the file of byte text_offset of a scalar's decoded text, whatever its style: folded lines, indentation and
 * escapes are seen through. At a blank that folding made, the end of the word before it. */
struct yaml_pos yaml_scalar_pos(const struct yaml_doc *doc, const struct yaml_node *scalar, size_t text_offset);
/* Text of a line (1-based) without its line break; "" past the end. */
const char *yaml_doc_line(const struct yaml_doc *doc, uint32_t line, size_t *len);

#endif
