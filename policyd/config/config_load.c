#include "policyd/config/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/config/config_loader.h"
#include "proto/host/folder.h"

enum { REPORT_BYTES = 1 << 20, MAX_SHOWN_LINE_BYTES = 200, MAX_FILE_PATH_BYTES = 4096 };

static const struct yaml_limits limits = { .max_bytes = CONFIG_MAX_FILE_BYTES, .max_nodes = 1 << 16, .max_depth = 32 };

void config_report_init(struct config_report *r)
{
	*r = (struct config_report){ .errors = 0 };
	buf_init(&r->text, REPORT_BYTES);
}

void config_report_release(struct config_report *r)
{
	buf_release(&r->text);
}

static void show_line(struct config_loader *l, struct yaml_pos pos, struct buf *out)
{
	size_t len = 0;
	const char *line = yaml_doc_line(l->doc, pos.line, &len);

	if (len > MAX_SHOWN_LINE_BYTES)
		return;
	buf_printf(out, "  %.*s\n  ", (int)len, line);
	for (uint32_t i = 1; i < pos.column; i++)
		buf_append_char(out, i - 1 < len && line[i - 1] == '\t' ? '\t' : ' ');
	buf_append_str(out, "^\n");
}

void config_complain(struct config_loader *l, bool error, const struct yaml_node *node, const char *fmt, ...)
{
	struct config_report *r = l->report;
	char text[512];
	va_list args;

	if (error)
		r->errors++;
	else
		r->warnings++;
	if (r->errors + r->warnings > CONFIG_MAX_MESSAGES)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	buf_append_str(&r->text, l->file);
	if (node)
		buf_printf(&r->text, ":%u:%u", node->pos.line, node->pos.column);
	buf_printf(&r->text, ": %s: %s\n", error ? "error" : "warning", text);
	if (node && l->doc)
		show_line(l, node->pos, &r->text);
}

static void apply_text(struct config_loader *l, struct config *c, const char *text, size_t len)
{
	struct diag why = DIAG_INIT;
	struct yaml_doc *doc = NULL;
	const struct yaml_node *root;
	enum status st = yaml_doc_parse(text, len, &limits, &doc, &why);

	if (st == ST_NOMEM) {
		l->st = st;
		return;
	}
	l->doc = doc;
	if (st != ST_OK) {
		struct yaml_node at = { .pos = { .line = (uint32_t)why.line, .column = (uint32_t)why.column } };

		config_complain(l, true, why.line ? &at : NULL, "%s", why.text);
		return;
	}
	root = yaml_doc_count(doc) ? yaml_doc_root(doc, 0) : NULL;
	if (yaml_doc_count(doc) > 1)
		config_complain(l, true, yaml_doc_root(doc, 1), "more than one document in the file");
	else if (root && yaml_is_map(root))
		config_apply_map(l, config_keys(), c, root, "");
	else if (root && !(yaml_is_scalar(root) && root->is_null))
		config_complain(l, true, root, "the file is no map of keys");
	yaml_doc_destroy(doc);
	l->doc = NULL;
}

static void apply_file(struct config_loader *l, struct config *c, const char *path)
{
	char *text = malloc(CONFIG_MAX_FILE_BYTES + 1);
	FILE *f = text && !path_is_folder(path) ? fopen(path, "rb") : NULL;
	size_t len = f ? fread(text, 1, CONFIG_MAX_FILE_BYTES + 1, f) : 0;

	l->file = path;
	if (!text)
		l->st = ST_NOMEM;
	else if (!f || ferror(f)) {
		config_complain(l, true, NULL, "cannot be read: %s", path_is_folder(path) ? "is a folder" : strerror(errno));
		l->st = ST_SYSTEM;
	} else if (len > CONFIG_MAX_FILE_BYTES)
		config_complain(l, true, NULL, "longer than %d bytes", CONFIG_MAX_FILE_BYTES);
	else
		apply_text(l, c, text, len);
	if (f)
		fclose(f);
	free(text);
}

struct folder_files {
	struct arena *arena;
	const char *names[CONFIG_MAX_FILES];
	size_t count;
};

static bool is_yaml_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static enum status on_entry(void *ctx, const char *name)
{
	struct folder_files *files = ctx;

	if (!is_yaml_name(name))
		return ST_OK;
	if (files->count == CONFIG_MAX_FILES)
		return ST_LIMIT;
	files->names[files->count] = arena_strdup(files->arena, name);
	return files->names[files->count++] ? ST_OK : ST_NOMEM;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void apply_folder(struct config_loader *l, struct config *c, const char *path)
{
	struct folder_files files = { .arena = l->arena };
	struct diag why = DIAG_INIT;
	char full[MAX_FILE_PATH_BYTES];
	enum status st = folder_list(path, on_entry, &files, &why);

	l->file = path;
	if (st != ST_OK) {
		config_complain(l, true, NULL, "%s", st == ST_LIMIT ? "too many files" : why.text);
		return;
	}
	qsort(files.names, files.count, sizeof files.names[0], compare_names);
	for (size_t i = 0; i < files.count && l->st == ST_OK; i++) {
		int n = snprintf(full, sizeof full, "%s/%s", path, files.names[i]);

		if (n > 0 && (size_t)n < sizeof full)
			apply_file(l, c, arena_strdup(l->arena, full));
	}
}

/* Files on top of the main one. They cannot name further ones. */
static void apply_more_files(struct config_loader *l, struct config *c)
{
	struct config_texts files = c->config_files;

	l->append_lists = true;
	for (size_t i = 0; i < files.count && l->st == ST_OK; i++) {
		if (path_is_folder(files.texts[i]))
			apply_folder(l, c, files.texts[i]);
		else
			apply_file(l, c, files.texts[i]);
	}
	l->append_lists = false;
}

static const struct config_key *key_of_override(const char *override, size_t *len)
{
	const struct config_items *all = config_keys();

	*len = strcspn(override, "=");
	for (size_t i = 0; i < all->key_count; i++) {
		if (strncmp(all->keys[i].path, override, *len) == 0 && all->keys[i].path[*len] == '\0')
			return &all->keys[i];
	}
	return NULL;
}

static void apply_override(struct config_loader *l, struct config *c, const char *override)
{
	size_t len;
	const struct config_key *key = key_of_override(override, &len);
	struct diag why = DIAG_INIT;
	struct yaml_doc *doc = NULL;

	l->file = arena_strndup(l->arena, override, len);
	if (!l->file)
		l->file = "-o";
	if (override[len] != '=')
		config_complain(l, true, NULL, "key=value is wanted after -o");
	else if (!key)
		config_complain(l, true, NULL, "-o names no key of the configuration");
	else if (yaml_doc_parse(override + len + 1, strlen(override + len + 1), &limits, &doc, &why) != ST_OK)
		config_complain(l, true, NULL, "the value after -o is no YAML: %s", why.text);
	else if (yaml_doc_count(doc) == 0)
		config_complain(l, true, NULL, "no value after -o");
	else {
		l->doc = doc;
		config_apply_value(l, key, c, yaml_doc_root(doc, 0));
	}
	l->doc = NULL;
	yaml_doc_destroy(doc);
}

/* What this kind of output cannot do without. */
static void check_output(struct config_loader *l, const struct config_outputs *all, size_t index)
{
	const struct config_output *o = &all->items[index];
	bool http = o->kind == CONFIG_OUTPUT_HTTP || o->kind == CONFIG_OUTPUT_OTLP;

	if (!o->name || !o->name[0]) {
		config_complain(l, true, NULL, "outputs: entry %zu has no name", index + 1);
		return;
	}
	for (size_t i = 0; i < index; i++) {
		if (all->items[i].name && strcmp(all->items[i].name, o->name) == 0)
			config_complain(l, true, NULL, "outputs: two are called %s", o->name);
	}
	if (http && !o->url)
		config_complain(l, true, NULL, "outputs: %s has no url", o->name);
	if (o->kind == CONFIG_OUTPUT_FILE && !o->filename)
		config_complain(l, true, NULL, "outputs: %s has no filename", o->name);
	if (o->kind == CONFIG_OUTPUT_SYSLOG && !o->host)
		config_complain(l, true, NULL, "outputs: %s has no host", o->name);
}

static void check_whole(struct config_loader *l, const struct config *c)
{
	size_t standard_inputs = 0;

	l->file = l->options->path ? l->options->path : "configuration";
	for (size_t i = 0; i < c->inputs.count; i++)
		standard_inputs += c->inputs.items[i].standard_input;
	if (standard_inputs > 1)
		config_complain(l, true, NULL, "inputs: standard input can be read once only");
	for (size_t i = 0; i < c->outputs.count; i++)
		check_output(l, &c->outputs, i);
	if (c->http_output.enabled && !c->http_output.url[0])
		config_complain(l, true, NULL, "http_output.url is wanted");
}

static enum status load(struct config_loader *l, struct config *c)
{
	c->arena = l->arena;
	config_apply_presets(l, config_keys(), c);
	if (l->options->path && l->st == ST_OK)
		apply_file(l, c, l->options->path);
	if (l->st == ST_OK)
		apply_more_files(l, c);
	for (size_t i = 0; i < l->options->override_count && l->st == ST_OK; i++)
		apply_override(l, c, l->options->overrides[i]);
	check_whole(l, c);
	if (l->st != ST_OK)
		return l->st;
	return l->report->errors ? ST_MALFORMED : ST_OK;
}

enum status config_load(const struct config_options *o, struct config **out, struct config_report *report)
{
	struct config_loader l = { .options = o, .report = report, .arena = arena_create(CONFIG_ARENA_BYTES) };
	struct config *c = l.arena ? arena_zalloc(l.arena, sizeof *c) : NULL;
	enum status st = c ? load(&l, c) : ST_NOMEM;

	*out = st == ST_OK ? c : NULL;
	if (st != ST_OK)
		arena_destroy(l.arena);
	return st;
}

void config_destroy(struct config *c)
{
	if (c)
		arena_destroy(c->arena);
}
