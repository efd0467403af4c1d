/* yaml_tree: what yaml_doc.c (libyaml) and yaml_pos.c (places) share. Private to this layer. */
#ifndef VITRINE_YAML_TREE_H
#define VITRINE_YAML_TREE_H

#include "policyd/yaml/yaml_doc.h"
#include "proto/base/arena.h"

struct yaml_doc {
	struct arena *arena;
	char *text;                   /* the whole file, byte order mark included; NUL-terminated */
	size_t len;
	uint32_t *line_starts;        /* byte offset of each line */
	size_t line_count;
	bool is_ascii;                /* a character is a byte, so libyaml's index is the offset */
	const struct yaml_node **roots;
	size_t root_count;
};

/* Fills line_starts by libyaml's notion of a line break: CR, LF, CR LF, NEL, LS, PS. */
enum status yaml_lines_index(struct yaml_doc *doc, size_t first_byte);

/* The last place asked for: libyaml's marks mostly go forward, so a walk along one long line stays linear. */
struct mark_cursor {
	size_t line, column, offset;
	bool valid;
};
/* From libyaml's line and column, both 0-based and in characters. */
struct yaml_pos yaml_pos_of_mark(const struct yaml_doc *doc, struct mark_cursor *cursor, size_t line, size_t column);
/* The first byte at or after pos that is not part of a tag, an anchor or a blank. */
struct yaml_pos yaml_pos_skip_properties(const struct yaml_doc *doc, struct yaml_pos pos, uint32_t end_offset);

#endif
