#include "tests/conformance/json_compare.h"

#include <string.h>

static void compare_nodes(struct case_run *run, const char *what, const struct yaml_node *want,
	const struct yaml_node *got);

static bool is_number(const char *text, size_t len)
{
	return len > 0 && strspn(text, "0123456789.-+eE") == len && strpbrk(text, "0123456789");
}

/* What a plain YAML scalar is in JSON: a number, a boolean or null; quoted, or anything else, it is a text. */
static bool is_text(const struct yaml_node *node)
{
	return node->style != YAML_STYLE_PLAIN || (!node->is_null && !yaml_scalar_is(node, "true") &&
		!yaml_scalar_is(node, "false") && !is_number(node->text, node->count));
}

static void compare_scalars(struct case_run *run, const char *what, const struct yaml_node *want,
	const struct yaml_node *got)
{
	if (want->is_null && got->is_null)
		return;
	if (is_text(want) != (got->style == YAML_STYLE_DOUBLE) || !yaml_scalar_is(got, want->text))
		case_fail(run, "%s: expected %s, got %s%s", what, want->text,
			got->style == YAML_STYLE_DOUBLE ? "the text " : "", got->text);
}

static void compare_maps(struct case_run *run, const char *what, const struct yaml_node *want,
	const struct yaml_node *got)
{
	for (size_t i = 0; i < want->count; i++) {
		const char *key = want->entries[i].key->text;
		const struct yaml_node *value = yaml_map_get(got, key);

		if (value)
			compare_nodes(run, key, want->entries[i].value, value);
		else
			case_fail(run, "%s: key %s is missing", what, key);
	}
	for (size_t i = 0; i < got->count; i++) {
		if (!yaml_map_get(want, got->entries[i].key->text))
			case_fail(run, "%s: key %s is not expected", what, got->entries[i].key->text);
		if (i && strcmp(got->entries[i - 1].key->text, got->entries[i].key->text) >= 0)
			case_fail(run, "%s: key %s is out of order", what, got->entries[i].key->text);
	}
}

static void compare_nodes(struct case_run *run, const char *what, const struct yaml_node *want,
	const struct yaml_node *got)
{
	if (want->kind != got->kind) {
		case_fail(run, "%s: another kind of value", what);
	} else if (want->kind == YAML_KIND_SCALAR) {
		compare_scalars(run, what, want, got);
	} else if (want->kind == YAML_KIND_MAP) {
		compare_maps(run, what, want, got);
	} else if (want->count != got->count) {
		case_fail(run, "%s: expected %u items, got %u", what, (unsigned)want->count, (unsigned)got->count);
	} else {
		for (size_t i = 0; i < want->count; i++)
			compare_nodes(run, what, want->items[i], got->items[i]);
	}
}

/* JSON is read as YAML: our writer keeps to what the two have in common. */
void json_compare(struct case_run *run, const struct yaml_node *want, const char *json, size_t len)
{
	struct diag why = DIAG_INIT;
	struct yaml_doc *doc;

	if (yaml_doc_parse(json, len, NULL, &doc, &why) != ST_OK || yaml_doc_count(doc) != 1)
		case_fail(run, "not JSON: %s: %s", why.text, json);
	else
		compare_nodes(run, "alert", want, yaml_doc_root(doc, 0));
	yaml_doc_destroy(doc);
}
