/* docs/configuration.md and the JSON Schema from the table of keys, and values as JSON. */
#include "policyd/config/config_loader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/base/text.h"
#include "proto/host/places.h"

static const char *const type_names[] = {
	[CONFIG_BOOL] = "true or false", [CONFIG_INT] = "number", [CONFIG_DURATION] = "duration", [CONFIG_TEXT] = "text",
	[CONFIG_CHOICE] = "choice", [CONFIG_PRIORITY] = "priority", [CONFIG_TEXTS] = "list of texts",
	[CONFIG_PAIRS] = "map of texts", [CONFIG_ITEMS] = "list of maps",
};

static void write_choices(const char *choices, const char *quote, const char *separator, struct buf *out)
{
	while (choices) {
		size_t n = strcspn(choices, "|");

		buf_printf(out, "%s%.*s%s", quote, (int)n, choices, quote);
		choices = choices[n] ? choices + n + 1 : NULL;
		if (choices)
			buf_append_str(out, separator);
	}
}

static void write_row(const struct config_key *key, struct buf *out)
{
	buf_printf(out, "| `%s` | ", key->path);
	if (key->type == CONFIG_CHOICE)
		write_choices(key->choices, "`", ", ", out);
	else
		buf_append_str(out, type_names[key->type]);
	if (key->type == CONFIG_INT)
		buf_printf(out, ", %" PRId64 " to %" PRId64, key->min, key->max);
	buf_append_str(out, " | ");
	if (key->preset)
		buf_printf(out, "`%s`", key->preset);
	if (key->preset_windows)
		buf_printf(out, "; Windows: `%s`", key->preset_windows);
	buf_printf(out, " | %s |\n", key->doc);
}

static const char page_head[] =
	"# Configuration\n\n"
	"`policyd run -c FILE` reads one YAML file, `" PLACE_CONFIG_POSIX "` (Windows:\n"
	"`" PLACE_CONFIG_WINDOWS "`) unless told otherwise, then the files that `config_files` names, then `-o key=value` of the command line. It is checked as a whole before anything starts:\n"
	"each error names file, line and column. A leading `%ProgramData%` stands for that folder on Windows. An unknown key is a warning. Where Falco has the setting, the key is Falco's.\n\n"
	"`${NAME}` in a value is replaced by an environment variable, `$${NAME}` stays as `${NAME}`. Durations are written\n"
	"`500ms`, `10s`, `1h30m`; a bare number is milliseconds. The [JSON Schema](schema/policyd.schema.json) serves editors.\n\n"
	"Keys marked *live* follow a reload; the others need a restart, and the answer to the reload says so.\n"
	"Made by `write_config_docs`; a test compares this page with the table of keys.\n\n"
	"| key | value | preset | what it does |\n|---|---|---|---|\n";

bool config_write_markdown(struct buf *out)
{
	const struct config_items *all = config_keys();

	buf_append_str(out, page_head);
	for (size_t i = 0; i < all->key_count; i++)
		write_row(&all->keys[i], out);
	buf_append_str(out, "\n*Live*: ");
	for (size_t i = 0, n = 0; i < all->key_count; i++) {
		if (all->keys[i].flags & CONFIG_LIVE)
			buf_printf(out, "%s`%s`", n++ ? ", " : "", all->keys[i].path);
	}
	buf_append_str(out, ".\n");
	for (size_t i = 0; i < all->key_count; i++) {
		const struct config_items *items = all->keys[i].items;

		if (!items)
			continue;
		buf_printf(out, "\n## Entries of `%s`\n\n| key | value | preset | what it does |\n|---|---|---|---|\n",
			all->keys[i].path);
		for (size_t k = 0; k < items->key_count; k++)
			write_row(&items->keys[k], out);
		if (items->exactly_one) {
			buf_append_str(out, "\nAn entry has exactly one of ");
			write_choices(items->exactly_one, "`", ", ", out);
			buf_append_str(out, ".\n");
		}
	}
	return !out->failed;
}

static void write_schema_map(const struct config_items *items, const char *prefix, size_t depth, struct buf *out);

static void indent(size_t depth, struct buf *out)
{
	for (size_t i = 0; i < depth; i++)
		buf_append_str(out, "  ");
}

static void write_schema_type(const struct config_key *key, size_t depth, struct buf *out)
{
	switch (key->type) {
	case CONFIG_BOOL:
		buf_append_str(out, "\"type\": \"boolean\"");
		break;
	case CONFIG_INT:
		buf_printf(out, "\"type\": \"integer\", \"minimum\": %" PRId64 ", \"maximum\": %" PRId64, key->min, key->max);
		break;
	case CONFIG_DURATION:
		buf_append_str(out, "\"type\": [\"string\", \"integer\"]");
		break;
	case CONFIG_CHOICE:
		buf_append_str(out, "\"enum\": [");
		write_choices(key->choices, "\"", ", ", out);
		buf_append_char(out, ']');
		break;
	case CONFIG_TEXTS:
		buf_append_str(out, "\"type\": [\"array\", \"string\"], \"items\": {\"type\": \"string\"}");
		break;
	case CONFIG_PAIRS:
		buf_append_str(out, "\"type\": [\"object\", \"array\"]");
		break;
	case CONFIG_ITEMS:
		buf_append_str(out, "\"type\": \"array\", \"items\": ");
		write_schema_map(key->items, "", depth, out);
		break;
	default:
		buf_append_str(out, "\"type\": \"string\"");
	}
}

static void write_schema_key(const struct config_key *key, size_t depth, struct buf *out)
{
	buf_append_str(out, "{\"description\": ");
	text_append_json(out, key->doc, strlen(key->doc));
	buf_append_str(out, ", ");
	write_schema_type(key, depth, out);
	buf_append_char(out, '}');
}

/* Whether a key before row `last` has the same name at this level. */
static bool seen_before(const struct config_items *items, const char *prefix, size_t last)
{
	size_t at = strlen(prefix), n = strcspn(items->keys[last].path + at, ".");

	for (size_t i = 0; i < last; i++) {
		const char *path = items->keys[i].path;

		if (strncmp(path, items->keys[last].path, at + n) == 0 && (path[at + n] == '.' || path[at + n] == '\0'))
			return true;
	}
	return false;
}

static void write_schema_entry(const struct config_items *items, size_t row, size_t at, size_t depth, struct buf *out)
{
	const char *path = items->keys[row].path;
	size_t n = strcspn(path + at, ".");
	char prefix[128];

	indent(depth, out);
	buf_printf(out, "\"%.*s\": ", (int)n, path + at);
	if (path[at + n] == '\0') {
		write_schema_key(&items->keys[row], depth, out);
		return;
	}
	snprintf(prefix, sizeof prefix, "%.*s.", (int)(at + n), path);
	write_schema_map(items, prefix, depth, out);
}

/* All of an object but its opening brace. */
static void write_schema_body(const struct config_items *items, const char *prefix, size_t depth, struct buf *out)
{
	size_t at = strlen(prefix), written = 0;

	buf_append_str(out, "\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\n");
	for (size_t i = 0; i < items->key_count; i++) {
		if (strncmp(items->keys[i].path, prefix, at) != 0 || seen_before(items, prefix, i))
			continue;
		if (written++)
			buf_append_str(out, ",\n");
		write_schema_entry(items, i, at, depth + 1, out);
	}
	buf_append_char(out, '\n');
	indent(depth, out);
	buf_append_str(out, "}}");
}

static void write_schema_map(const struct config_items *items, const char *prefix, size_t depth, struct buf *out)
{
	buf_append_char(out, '{');
	write_schema_body(items, prefix, depth, out);
}

bool config_write_schema(struct buf *out)
{
	buf_append_str(out, "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"title\": \"policyd.yaml\",\n");
	write_schema_body(config_keys(), "", 0, out);
	buf_append_char(out, '\n');
	return !out->failed;
}
