/* links: policyd_yaml */
/* Any bytes as YAML: the tree stays within its limits, and every place it names lies inside the text. */
#include <stdint.h>
#include <stdlib.h>

#include "policyd/yaml/yaml_doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct yaml_doc *doc, const struct yaml_node *node, size_t size)
{
	size_t kids = node->kind == YAML_KIND_SCALAR ? 0 : node->count;

	if (node->pos.offset > size || node->end_offset > size)
		abort();
	for (size_t i = 0; node->kind == YAML_KIND_SCALAR && i <= node->count; i += 1 + node->count / 8)
		if (yaml_scalar_pos(doc, node, i).offset > size)
			abort();
	for (size_t i = 0; i < kids; i++) {
		if (node->kind == YAML_KIND_MAP)
			walk(doc, node->entries[i].key, size);
		walk(doc, node->kind == YAML_KIND_MAP ? node->entries[i].value : node->items[i], size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct yaml_limits limits = { .max_bytes = 1u << 20, .max_nodes = 4096, .max_depth = 20 };
	struct yaml_doc *doc;

	if (yaml_doc_parse((const char *)data, size, &limits, &doc, NULL) != ST_OK)
		return 0;
	for (size_t i = 0; i < yaml_doc_count(doc); i++)
		walk(doc, yaml_doc_root(doc, i), size);
	yaml_doc_destroy(doc);
	return 0;
}
