#include "policyd/ruletest/test_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/base/buf.h"

static enum status refuse(const struct yaml_node *at, struct diag *why, const char *fmt, const char *a)
{
	diag_set(why, ST_MALFORMED, fmt, a);
	why->line = (int)at->pos.line;
	why->column = (int)at->pos.column;
	return ST_MALFORMED;
}

/* ---- the file ---- */

static enum status read_all(const char *path, struct buf *out, struct diag *why)
{
	FILE *f = fopen(path, "rb");
	size_t n = 1;

	if (!f)
		return diag_set_os(why, errno, "cannot open the file");
	while (n > 0) {
		uint8_t *room = buf_reserve(out, 1 << 16);

		n = room ? fread(room, 1, 1 << 16, f) : 0;
		out->len += n;
	}
	if (ferror(f))
		out->failed = true;
	fclose(f);
	return out->failed ? diag_set(why, ST_LIMIT, "cannot read the file, or it is larger than 16 MiB") : ST_OK;
}

enum status test_file_read(const char *path, struct yaml_doc **out, struct diag *why)
{
	const struct yaml_node *root;
	struct buf text;
	enum status st;

	*out = NULL;
	buf_init(&text, TEST_FILE_MAX_BYTES);
	st = read_all(path, &text, why);
	if (st == ST_OK)
		st = yaml_doc_parse(buf_cstr(&text), text.len, NULL, out, why);
	if (st == ST_OK && yaml_doc_count(*out) > 1)
		st = refuse(yaml_doc_root(*out, 1), why, "a file of tests is one YAML document%s", "");
	root = st == ST_OK && yaml_doc_count(*out) == 1 ? yaml_doc_root(*out, 0) : NULL;
	if (st == ST_OK && !yaml_is_sequence(root))
		st = diag_set(why, ST_MALFORMED, "a file of tests is a list of tests");
	if (st != ST_OK) {
		diag_set_file(why, path);
		yaml_doc_destroy(*out);
		*out = NULL;
	}
	buf_release(&text);
	return st;
}

/* ---- one test ---- */

static bool is_absolute(const char *path)
{
	return path[0] == '/' || path[0] == '\\' || (path[0] && path[1] == ':');
}

static size_t folder_length(const char *file)
{
	size_t n = strlen(file);

	while (n > 0 && file[n - 1] != '/' && file[n - 1] != '\\')
		n--;
	return n;
}

static enum status add_path(const char *file, struct arena *a, const struct yaml_node *node, const char **out,
	struct diag *why)
{
	size_t folder;
	char *path;

	if (!yaml_is_scalar(node) || node->count == 0 || node->count > TEST_MAX_PATH_BYTES)
		return refuse(node, why, "a path is a text%s", "");
	folder = is_absolute(node->text) ? 0 : folder_length(file);
	path = arena_alloc(a, folder + node->count + 1);
	if (!path)
		return diag_set(why, ST_NOMEM, "out of memory");
	memcpy(path, file, folder);
	memcpy(path + folder, node->text, node->count + 1);
	*out = path;
	return ST_OK;
}

static enum status read_paths(const char *file, struct arena *a, const struct yaml_node *node, struct test_paths *out,
	struct diag *why)
{
	const struct yaml_node *const *items = yaml_is_sequence(node) ? node->items : &node;
	size_t n = !node ? 0 : yaml_is_sequence(node) ? node->count : 1;
	enum status st = ST_OK;

	if (n > TEST_MAX_PATHS)
		return refuse(node, why, "too many paths%s", "");
	for (; st == ST_OK && out->count < n; out->count++)
		st = add_path(file, a, items[out->count], &out->items[out->count], why);
	return st;
}

static enum status check_keys(const struct yaml_node *map, struct diag *why)
{
	static const char *const keys[] = { "test", "rules", "events", "input", "expect" };

	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_node *key = map->entries[i].key;
		bool known = false;

		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
			known = known || yaml_scalar_is(key, keys[k]);
		if (!known)
			return refuse(key, why, "a test has test, rules, events or input, and expect, but no %s",
				yaml_is_scalar(key) ? key->text : "such key");
	}
	return ST_OK;
}

static enum status default_rules(const char *file, struct arena *a, struct rule_test *out, struct diag *why)
{
	size_t len = folder_length(file);

	out->rules.items[0] = len > 0 ? arena_strndup(a, file, len > 1 ? len - 1 : 1) : ".";
	out->rules.count = 1;
	return out->rules.items[0] ? ST_OK : diag_set(why, ST_NOMEM, "out of memory");
}

enum status test_file_test(const struct yaml_node *node, const char *file, struct arena *a, struct rule_test *out,
	struct diag *why)
{
	const struct yaml_node *name = yaml_map_get(node, "test"), *rules = yaml_map_get(node, "rules");
	const struct yaml_node *input = yaml_map_get(node, "input");
	enum status st;

	memset(out, 0, sizeof *out);
	out->node = node;
	out->name = yaml_is_scalar(name) ? name->text : "(without a name)";
	if (!yaml_is_map(node) || !yaml_is_scalar(name))
		return refuse(node, why, "a test is a map with a name under test%s", "");
	out->events = yaml_map_get(node, "events");
	out->expect = yaml_map_get(node, "expect");
	st = check_keys(node, why);
	if (st == ST_OK && !out->events == !input)
		st = refuse(node, why, "a test has either events or input%s", "");
	if (st == ST_OK && out->events && !yaml_is_sequence(out->events))
		st = refuse(out->events, why, "events is a list of maps%s", "");
	if (st == ST_OK && !out->expect)
		st = refuse(node, why, "a test says what to expect; [] expects no alert%s", "");
	if (st == ST_OK)
		st = read_paths(file, a, rules, &out->rules, why);
	if (st == ST_OK && !rules)
		st = default_rules(file, a, out, why);
	if (st == ST_OK)
		st = read_paths(file, a, input, &out->inputs, why);
	return st;
}
