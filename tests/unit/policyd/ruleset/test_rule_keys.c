#include "policyd/ruleset/rule_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/yaml/yaml_doc.h"
#include "tests/support/golden.h"

static const char *const definitions[ITEM_PART_COUNT] = {
	[ITEM_ENGINE_VERSION] = "required_engine_version",
	[ITEM_PLUGIN_VERSIONS] = "required_plugin_versions",
	[ITEM_LIST] = "list",
	[ITEM_MACRO] = "macro",
	[ITEM_RULE] = "rule",
	[ITEM_EXCEPTION] = "exception",
	[ITEM_PLUGIN] = "plugin",
	[ITEM_PLUGIN_ALTERNATIVE] = "plugin_alternative",
	[ITEM_THROTTLE] = "throttle",
	[ITEM_THRESHOLD] = "threshold",
	[ITEM_SEQUENCE_STEP] = "sequence_step",
};

static struct yaml_doc *read_schema(void)
{
	struct yaml_doc *doc = NULL;
	struct buf text;

	buf_init(&text, 1 << 20);
	assert_true(golden_read("docs/schema/rules.schema.json", &text));
	assert_int_equal(yaml_doc_parse((const char *)text.data, text.len, NULL, &doc, NULL), ST_OK);
	buf_release(&text);
	return doc;
}

static const struct yaml_node *definition(const struct yaml_doc *doc, size_t item)
{
	const struct yaml_node *d = yaml_map_get(yaml_map_get(yaml_doc_root(doc, 0), "definitions"), definitions[item]);

	assert_non_null(d);
	return d;
}

static void schema__lists_exactly_the_keys_of_the_loader(void **state)
{
	struct yaml_doc *doc = read_schema();
	size_t seen = 0;

	(void)state;
	for (size_t item = 0; item < ITEM_PART_COUNT; item++) {
		const struct yaml_node *properties = yaml_map_get(definition(doc, item), "properties");

		for (size_t i = 0; i < properties->count; i++)
			if (!rule_key_find((enum item_kind)item, properties->entries[i].key->text))
				fail_msg("%s.%s: the loader does not know it", definitions[item], properties->entries[i].key->text);
		seen += properties->count;
	}
	assert_int_equal(seen, rule_key_count);
	yaml_doc_destroy(doc);
}

static bool allows(const struct yaml_node *overrides, const char *key, const char *operation)
{
	const struct yaml_node *values = yaml_map_get(yaml_map_get(overrides, key), "enum");

	for (size_t i = 0; values && i < values->count; i++)
		if (yaml_scalar_is(values->items[i], operation))
			return true;
	return false;
}

static void schema__allows_the_overrides_of_the_loader(void **state)
{
	struct yaml_doc *doc = read_schema();

	(void)state;
	for (size_t i = 0; i < rule_key_count; i++) {
		const struct rule_key *k = &rule_keys[i];
		const struct yaml_node *properties = yaml_map_get(definition(doc, k->item), "properties");
		const struct yaml_node *overrides = yaml_map_get(yaml_map_get(properties, "override"), "properties");

		if (allows(overrides, k->name, "append") != k->append || allows(overrides, k->name, "replace") != k->replace)
			fail_msg("%s.%s: schema and loader differ in what override may do", definitions[k->item], k->name);
	}
	yaml_doc_destroy(doc);
}

static void rule_keys__names_the_key_of_each_kind(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < ITEM_KIND_COUNT; kind++)
		assert_non_null(rule_key_find((enum item_kind)kind, item_kind_key((enum item_kind)kind)));
	assert_null(rule_key_find(ITEM_RULE, "items"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schema__lists_exactly_the_keys_of_the_loader),
		cmocka_unit_test(schema__allows_the_overrides_of_the_loader),
		cmocka_unit_test(rule_keys__names_the_key_of_each_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
