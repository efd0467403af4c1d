#include "policyd/yaml/yaml_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct yaml_doc *parse(const char *text)
{
	struct yaml_doc *doc;
	struct diag why = DIAG_INIT;

	if (yaml_doc_parse(text, strlen(text), NULL, &doc, &why) != ST_OK)
		fail_msg("%s", why.text);
	return doc;
}

/* Parses from an exact-size copy, so that ASan sees any read past the end. */
static enum status parse_status(const char *text, size_t len, struct diag *why)
{
	char *exact = malloc(len ? len : 1);
	struct yaml_doc *doc;
	enum status st;

	memcpy(exact, text, len);
	st = yaml_doc_parse(exact, len, NULL, &doc, why);
	yaml_doc_destroy(doc);
	free(exact);
	return st;
}

static void assert_pos(struct yaml_pos pos, uint32_t line, uint32_t column)
{
	assert_int_equal(pos.line, line);
	assert_int_equal(pos.column, column);
}

static void yaml_doc__keeps_order_kinds_and_places(void **state)
{
	struct yaml_doc *doc = parse("- rule: Shell\n  tags: [a, b]\n  desc: \"q\"\n- list: x\n");
	const struct yaml_node *root = yaml_doc_root(doc, 0), *rule;

	(void)state;
	assert_int_equal(yaml_doc_count(doc), 1);
	assert_int_equal(root->kind, YAML_KIND_SEQUENCE);
	assert_int_equal(root->count, 2);
	rule = root->items[0];
	assert_int_equal(rule->count, 3);
	assert_string_equal(rule->entries[1].key->text, "tags");
	assert_pos(rule->entries[1].key->pos, 2, 3);
	assert_pos(yaml_map_get(rule, "tags")->items[1]->pos, 2, 13);
	assert_int_equal(yaml_map_get(rule, "desc")->style, YAML_STYLE_DOUBLE);
	assert_int_equal(root->items[1]->entries[0].key->pos.offset, 43);
	assert_null(yaml_map_get(rule, "none"));
	yaml_doc_destroy(doc);
}

static void yaml_doc__reads_several_documents_and_empty_ones(void **state)
{
	struct yaml_doc *doc = parse("---\n---\n- a\n---\nb\n");

	(void)state;
	assert_int_equal(yaml_doc_count(doc), 3);
	assert_true(yaml_doc_root(doc, 0)->is_null);
	assert_true(yaml_is_sequence(yaml_doc_root(doc, 1)));
	assert_true(yaml_scalar_is(yaml_doc_root(doc, 2), "b"));
	yaml_doc_destroy(doc);
	doc = parse("# only a comment\n");
	assert_int_equal(yaml_doc_count(doc), 0);
	yaml_doc_destroy(doc);
}

static void yaml_doc__tells_null_from_text(void **state)
{
	struct yaml_doc *doc = parse("- ~\n- null\n- ''\n- \"null\"\n- '~'\n-\n- x\n- !!str null\n");
	const bool want[] = { true, true, false, false, false, true, false, false };
	const struct yaml_node *root = yaml_doc_root(doc, 0);

	(void)state;
	assert_int_equal(root->count, 8);
	for (size_t i = 0; i < root->count; i++)
		assert_int_equal(root->items[i]->is_null, want[i]);
	yaml_doc_destroy(doc);
}

static void yaml_doc__shares_the_node_of_an_alias(void **state)
{
	struct yaml_doc *doc = parse("- &a [x, y]\n- *a\n- &s text\n- *s\n");
	const struct yaml_node *root = yaml_doc_root(doc, 0);

	(void)state;
	assert_ptr_equal(root->items[0], root->items[1]);
	assert_pos(root->items[2]->pos, 3, 6);
	assert_ptr_equal(root->items[2], root->items[3]);
	assert_int_equal(root->expanded_nodes, 9);
	yaml_doc_destroy(doc);
}

static void yaml_doc__refuses_alias_loops_and_unknown_anchors(void **state)
{
	struct diag why = DIAG_INIT;

	(void)state;
	assert_int_equal(parse_status("&a [*a]", 7, &why), ST_MALFORMED);
	assert_int_equal(why.column, 5);
	assert_int_equal(parse_status("[*b]", 4, &why), ST_MALFORMED);
}

static void yaml_doc__bounds_alias_bombs(void **state)
{
	char text[1024] = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n";
	struct diag why = DIAG_INIT;

	(void)state;
	for (int i = 1; i < 9; i++) {
		size_t at = strlen(text);

		snprintf(text + at, sizeof text - at, "- &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i - 1,
			i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	}
	assert_int_equal(parse_status(text, strlen(text), &why), ST_LIMIT);
	assert_non_null(strstr(why.text, "too many YAML nodes"));
	assert_int_equal(why.line, 7);
}

static void yaml_doc__bounds_depth(void **state)
{
	char text[4000];
	struct diag why = DIAG_INIT;

	(void)state;
	memset(text, '[', sizeof text);
	assert_int_equal(parse_status(text, sizeof text, &why), ST_LIMIT);
	assert_int_equal(why.column, 65);
	memset(text + 64, ']', 64);
	assert_int_equal(parse_status(text, 128, &why), ST_OK);
}

static void yaml_doc__bounds_depth_through_aliases(void **state)
{
	char text[2048] = "- &a0 [x]\n";
	struct diag why = DIAG_INIT;

	(void)state;
	for (int i = 1; i < 70; i++) {
		size_t at = strlen(text);

		snprintf(text + at, sizeof text - at, "- &a%d [*a%d]\n", i, i - 1);
	}
	assert_int_equal(parse_status(text, strlen(text), &why), ST_LIMIT);
	assert_non_null(strstr(why.text, "too deeply"));
}

static void yaml_doc__places_syntax_errors(void **state)
{
	struct diag why = DIAG_INIT;

	(void)state;
	assert_int_equal(parse_status("- a: b\n- [c\n", 12, &why), ST_MALFORMED);
	assert_int_equal(why.line, 3);
	assert_int_equal(parse_status("\xFF\xFE-\0", 4, &why), ST_MALFORMED);
	assert_non_null(strstr(why.text, "UTF-16"));
	assert_int_equal(parse_status("- a\n- \xC3(", 8, &why), ST_MALFORMED);
	assert_non_null(strstr(why.text, "UTF-8"));
	assert_int_equal(why.line, 2);
}

static void yaml_doc__counts_columns_in_characters_and_offsets_in_bytes(void **state)
{
	struct yaml_doc *doc = parse("\xEF\xBB\xBF- {\xC3\xA9\xC3\xA9: x}\r\n- y");
	const struct yaml_node *root = yaml_doc_root(doc, 0), *x = root->items[0]->entries[0].value;

	(void)state;
	assert_pos(x->pos, 1, 8);
	assert_int_equal(x->pos.offset, 12);
	assert_pos(root->items[1]->pos, 2, 3);
	yaml_doc_destroy(doc);
}

static void assert_same_places(const struct yaml_node *a, const struct yaml_node *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->count, b->count);
	assert_pos(a->pos, b->pos.line, b->pos.column);
	assert_int_equal(a->pos.offset, b->pos.offset);
	assert_int_equal(a->end_offset, b->end_offset);
	for (size_t i = 0; i < a->count && a->kind == YAML_KIND_SEQUENCE; i++)
		assert_same_places(a->items[i], b->items[i]);
	for (size_t i = 0; i < a->count && a->kind == YAML_KIND_MAP; i++) {
		assert_same_places(a->entries[i].key, b->entries[i].key);
		assert_same_places(a->entries[i].value, b->entries[i].value);
	}
}

static void yaml_doc__places_are_the_same_whether_or_not_all_of_the_text_is_ascii(void **state)
{
	static const char *const texts[] = {
		"- a: >-   # note\n    one  two\n\n    three\n  b: \"x\\\n    y\"\n- 'it''s'\n- {k: [v, w]}\n",
		"- a: |\r\n    one\r\n    two\r\n\r\n- !!str b\r\n- &x c\r\n- *x\r\n",
		"\xEF\xBB\xBF- a\r- b # c\r- \"\\u00e9\"\r",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct yaml_doc *ascii, *other;
		char text[256];

		snprintf(text, sizeof text, "%s# ee\n", texts[i]);
		ascii = parse(text);
		snprintf(text, sizeof text, "%s# \xC3\xA9\n", texts[i]);
		other = parse(text);
		assert_same_places(yaml_doc_root(ascii, 0), yaml_doc_root(other, 0));
		yaml_doc_destroy(ascii);
		yaml_doc_destroy(other);
	}
}

/* Asks where `word` stands in a scalar's decoded text, and expects it there in the file too. */
static void assert_word(const struct yaml_doc *doc, const struct yaml_node *scalar, const char *word, uint32_t line)
{
	const char *at = strstr(scalar->text, word);
	struct yaml_pos pos;
	const char *text;
	size_t len;

	assert_non_null(at);
	pos = yaml_scalar_pos(doc, scalar, (size_t)(at - scalar->text));
	text = yaml_doc_line(doc, pos.line, &len);
	assert_int_equal(pos.line, line);
	assert_memory_equal(text + pos.column - 1, word, strlen(word));
}

static void yaml_scalar_pos__sees_through_folded_and_literal_blocks(void **state)
{
	struct yaml_doc *doc = parse("- a: >-   # note\n    one  two\n\n    three\n      four\n  b: |2\n     five\n    six\n");
	const struct yaml_node *map = yaml_doc_root(doc, 0)->items[0];

	(void)state;
	assert_string_equal(map->entries[0].value->text, "one  two\nthree\n  four");
	assert_word(doc, map->entries[0].value, "one", 2);
	assert_word(doc, map->entries[0].value, "two", 2);
	assert_word(doc, map->entries[0].value, "three", 4);
	assert_word(doc, map->entries[0].value, "four", 5);
	assert_word(doc, map->entries[1].value, "five", 7);
	assert_word(doc, map->entries[1].value, "six", 8);
	yaml_doc_destroy(doc);
}

static void yaml_scalar_pos__sees_through_quotes_and_escapes(void **state)
{
	struct yaml_doc *doc = parse("- a: \"x\\ty \\x41\\u00e9 \\\\ one\n    \\\n    two\"\n  b: 'it''s three'\n  c: plain\n     four\n");
	const struct yaml_node *map = yaml_doc_root(doc, 0)->items[0];

	(void)state;
	assert_string_equal(map->entries[0].value->text, "x\ty A\xC3\xA9 \\ one two");
	assert_word(doc, map->entries[0].value, "y ", 1);
	assert_word(doc, map->entries[0].value, "one", 1);
	assert_word(doc, map->entries[0].value, "two", 3);
	assert_word(doc, map->entries[1].value, "three", 4);
	assert_word(doc, map->entries[2].value, "plain", 5);
	assert_word(doc, map->entries[2].value, "four", 6);
	yaml_doc_destroy(doc);
}

static void yaml_scalar_pos__stays_inside_the_scalar(void **state)
{
	struct yaml_doc *doc = parse("- a: >\n    one\n\n- b\n");
	const struct yaml_node *scalar = yaml_doc_root(doc, 0)->items[0]->entries[0].value;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		assert_true(yaml_scalar_pos(doc, scalar, i).line <= 3);
	assert_pos(yaml_scalar_pos(doc, scalar, 3), 2, 8);
	yaml_doc_destroy(doc);
}

static void yaml_doc__every_prefix_is_read_within_bounds(void **state)
{
	static const char text[] = "# c\n- &a {k: [1, 'x''y', \"\\u00e9\\n\"], ? *b : >-\n   f\n }\n- *a\n--- |\n lit\n\xC3\xA9\n...\n";
	struct diag why = DIAG_INIT;
	size_t refused = 0;

	(void)state;
	for (size_t n = 0; n < sizeof text; n++)
		refused += parse_status(text, n, &why) != ST_OK;
	assert_in_range(refused, 1, sizeof text - 4);
}

static void yaml_doc__long_flow_lists_are_linear(void **state)
{
	size_t count = 100000, at = 1;
	char *text = malloc(count * 4 + 2);
	struct yaml_doc *doc;

	(void)state;
	text[0] = '[';
	for (size_t i = 0; i < count; i++, at += 3)
		memcpy(text + at, "ab,", 3);
	text[at - 1] = ']';
	assert_int_equal(yaml_doc_parse(text, at, NULL, &doc, NULL), ST_OK);
	assert_int_equal(yaml_doc_root(doc, 0)->count, count);
	yaml_doc_destroy(doc);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_doc__keeps_order_kinds_and_places),
		cmocka_unit_test(yaml_doc__reads_several_documents_and_empty_ones),
		cmocka_unit_test(yaml_doc__tells_null_from_text),
		cmocka_unit_test(yaml_doc__shares_the_node_of_an_alias),
		cmocka_unit_test(yaml_doc__refuses_alias_loops_and_unknown_anchors),
		cmocka_unit_test(yaml_doc__bounds_alias_bombs),
		cmocka_unit_test(yaml_doc__bounds_depth),
		cmocka_unit_test(yaml_doc__bounds_depth_through_aliases),
		cmocka_unit_test(yaml_doc__places_syntax_errors),
		cmocka_unit_test(yaml_doc__counts_columns_in_characters_and_offsets_in_bytes),
		cmocka_unit_test(yaml_doc__places_are_the_same_whether_or_not_all_of_the_text_is_ascii),
		cmocka_unit_test(yaml_scalar_pos__sees_through_folded_and_literal_blocks),
		cmocka_unit_test(yaml_scalar_pos__sees_through_quotes_and_escapes),
		cmocka_unit_test(yaml_scalar_pos__stays_inside_the_scalar),
		cmocka_unit_test(yaml_doc__every_prefix_is_read_within_bounds),
		cmocka_unit_test(yaml_doc__long_flow_lists_are_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
