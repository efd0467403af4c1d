#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/ruleset/rule_build.h"
#include "proto/host/folder.h"

struct ruleset_builder *ruleset_builder_create(const struct ruleset_options *options)
{
	struct ruleset_builder *b = calloc(1, sizeof *b);

	if (!b)
		return NULL;
	b->options = *options;
	if (b->options.source_count > RULESET_MAX_SOURCES)
		b->options.source_count = RULESET_MAX_SOURCES;
	b->arena = arena_create(BUILD_MAX_ARENA_BYTES);
	b->keep = arena_create(BUILD_MAX_ARENA_BYTES);
	if (!b->arena || !b->keep)
		goto failed;
	b->log.arena = b->arena;
	b->file_tail = &b->files;
	rule_names_init(&b->rule_by_name, b->arena);
	rule_names_init(&b->macro_by_name, b->arena);
	rule_names_init(&b->list_by_name, b->arena);
	for (size_t i = 0; i < b->options.source_count; i++) {
		b->fields[i] = field_index_create(b->options.sources[i].vocab, b->arena);
		if (!b->fields[i])
			goto failed;
	}
	return b;
failed:
	ruleset_builder_destroy(b);
	return NULL;
}

void ruleset_builder_destroy(struct ruleset_builder *b)
{
	if (!b)
		return;
	for (struct rule_file *f = b->files; f; f = f->next)
		yaml_doc_destroy(f->doc);
	arena_destroy(b->arena);
	arena_destroy(b->keep);
	free(b);
}

static enum status new_file(struct ruleset_builder *b, const char *name, struct rule_file **out)
{
	struct rule_file *f;

	if (b->file_count == RULESET_MAX_FILES)
		return ST_LIMIT;
	f = arena_zalloc(b->arena, sizeof *f);
	if (!f)
		return ST_NOMEM;
	f->name = arena_strdup(b->arena, name);
	if (!f->name)
		return ST_NOMEM;
	*b->file_tail = f;
	b->file_tail = &f->next;
	b->file_count++;
	b->log.sink = &f->read;
	*out = f;
	return ST_OK;
}

/* A file must be valid on top of those before it, so what came before is compiled before anything is added. The files
 * of one folder are one step: how they are named does not decide what they may use of each other. */
static void compile_pending(struct ruleset_builder *b)
{
	if (b->pending)
		compile_collection(b, b->pending_folder ? NULL : b->pending);
	b->pending = NULL;
	b->pending_folder = false;
}

enum status ruleset_builder_add_text(struct ruleset_builder *b, const char *name, const char *text, size_t len)
{
	struct place content = { .type = "rules content", .pos = { 1, 1, 0 } };
	struct diag why = DIAG_INIT;
	struct rule_file *file;
	enum status st;

	if (!b->in_folder)
		compile_pending(b);
	st = new_file(b, name, &file);
	if (st != ST_OK)
		return st;
	content.file = file;
	st = yaml_doc_parse(text, len, NULL, &file->doc, &why);
	if (st == ST_NOMEM)
		return st;
	if (st != ST_OK) {
		load_log_add_syntax(&b->log, &content, text, len, &why);
		return ST_OK;
	}
	read_file_items(b, file);
	b->pending = file;
	b->pending_folder = b->in_folder;
	return b->log.out_of_memory ? ST_NOMEM : ST_OK;
}

static bool read_all(FILE *f, struct buf *out)
{
	size_t n = 1;

	while (n > 0) {
		uint8_t *room = buf_reserve(out, 1 << 16);

		n = room ? fread(room, 1, 1 << 16, f) : 0;
		out->len += n;
	}
	return !out->failed && !ferror(f);
}

static enum status unreadable(struct ruleset_builder *b, const char *path, const char *why)
{
	struct place content = { .type = "rules content" };
	struct rule_file *file;
	enum status st = new_file(b, path, &file);

	if (st != ST_OK)
		return st;
	content.file = file;
	load_log_add(&b->log, LOAD_ERR_FILE_READ, &content, "%s", why);
	return b->log.out_of_memory ? ST_NOMEM : ST_OK;
}

enum status ruleset_builder_add_file(struct ruleset_builder *b, const char *path)
{
	FILE *f = path_is_folder(path) ? NULL : fopen(path, "rb");
	enum status st;
	struct buf text;

	if (!f)
		return unreadable(b, path, "cannot open the file");
	buf_init(&text, RULESET_MAX_FILE_BYTES + (1 << 17));
	if (!read_all(f, &text))
		st = unreadable(b, path, text.failed ? "the file is larger than 16 MiB" : "cannot read the file");
	else
		st = ruleset_builder_add_text(b, path, buf_cstr(&text), text.len);
	fclose(f);
	buf_release(&text);
	return st;
}

/* ---- folders ---- */

struct folder {
	struct ruleset_builder *b;
	struct ptr_list names;
};

static bool ends_with(const char *name, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len >= n && memcmp(name + len - n, end, n) == 0;
}

static bool is_rules_file(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && (ends_with(name, len, ".yaml") || ends_with(name, len, ".yml")) &&
	       !ends_with(name, len, "_test.yaml") && !ends_with(name, len, "_test.yml");
}

static enum status on_entry(void *ctx, const char *name)
{
	struct folder *folder = ctx;
	char *copy;

	if (!is_rules_file(name))
		return ST_OK;
	if (folder->names.count == RULESET_MAX_FILES)
		return ST_LIMIT;
	copy = arena_strdup(folder->b->arena, name);
	return copy && ptr_list_push(&folder->names, folder->b->arena, copy) ? ST_OK : ST_NOMEM;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

enum status ruleset_builder_add_path(struct ruleset_builder *b, const char *path)
{
	struct folder folder = { .b = b };
	struct diag why = DIAG_INIT;
	char file[4096];
	enum status st;

	if (!path_is_folder(path))
		return ruleset_builder_add_file(b, path);
	st = folder_list(path, on_entry, &folder, &why);
	if (st == ST_SYSTEM)
		return unreadable(b, path, why.text);
	if (st == ST_OK && folder.names.count)
		qsort(folder.names.items, folder.names.count, sizeof *folder.names.items, compare_names);
	compile_pending(b);
	b->in_folder = true;
	for (size_t i = 0; st == ST_OK && i < folder.names.count; i++) {
		int n = snprintf(file, sizeof file, "%s/%s", path, (const char *)folder.names.items[i]);

		st = n < 0 || (size_t)n >= sizeof file ? ST_LIMIT : ruleset_builder_add_file(b, file);
	}
	b->in_folder = false;
	return st;
}

/* ---- finish ---- */

static void add_list(struct ruleset_builder *b, struct ptr_list *lists, struct log_list *list)
{
	if (list->count && !ptr_list_push(lists, b->arena, list))
		b->log.out_of_memory = true;
}

/* Every list of messages with something in it, in the order in which they are to be told. */
static void collect_logs(struct ruleset_builder *b, struct ptr_list *lists)
{
	for (size_t i = 0; i < b->lists.count; i++)
		add_list(b, lists, &((struct raw_list *)b->lists.items[i])->item.log);
	for (size_t i = 0; i < b->macros.count; i++)
		add_list(b, lists, &((struct raw_macro *)b->macros.items[i])->item.log);
	for (size_t i = 0; i < b->rules.count; i++)
		add_list(b, lists, &((struct raw_rule *)b->rules.items[i])->item.log);
	add_list(b, lists, &b->unused);
}

static bool has_error(struct ruleset_builder *b)
{
	struct ptr_list lists = { .items = NULL };

	for (const struct rule_file *f = b->files; f; f = f->next)
		if (log_list_has_error(&f->read))
			return true;
	collect_logs(b, &lists);
	for (size_t i = 0; i < lists.count; i++)
		if (log_list_has_error(lists.items[i]))
			return true;
	return false;
}

/* One hint a file and source whose rules are judged but never run. */
static void tell_inactive(struct ruleset_builder *b, const struct rule_file *file, size_t source)
{
	struct place content = { .type = "rules content", .file = file };
	size_t count = 0;

	for (size_t i = 0; i < b->rules.count; i++) {
		const struct raw_rule *r = b->rules.items[i];

		count += r->item.file == file && r->compiled && r->source_index == source;
	}
	b->log.sink = &b->unused;
	if (count)
		load_log_add(&b->log, LOAD_HINT, &content, "%zu rules of source '%s' are checked but never run here", count,
			b->options.sources[source].vocab->source);
}

static void tell_all_inactive(struct ruleset_builder *b)
{
	for (size_t i = 0; i < b->options.source_count; i++)
		for (const struct rule_file *f = b->files; b->options.sources[i].inactive && f; f = f->next)
			tell_inactive(b, f, i);
}

enum status ruleset_builder_finish(struct ruleset_builder *b, struct ruleset **out)
{
	struct ptr_list lists = { .items = NULL };
	enum status st = ST_OK;

	*out = NULL;
	arena_reset(b->keep);    /* of what earlier files made, everything is made anew */
	compile_collection(b, NULL);
	b->pending = NULL;
	if (!has_error(b)) {
		b->log.compiling = true;
		compile_unused(b);
		tell_all_inactive(b);
		st = b->log.out_of_memory ? ST_NOMEM : publish_ruleset(b, out);
		if (*out)
			hint_rules(b, *out);
	}
	collect_logs(b, &lists);
	if (load_log_results(&b->log, b->files, (const struct log_list *const *)lists.items, lists.count, &b->results) !=
			ST_OK ||
		b->log.out_of_memory)
		st = ST_NOMEM;
	if (st != ST_OK) {
		ruleset_unref(*out);
		*out = NULL;
		return st;
	}
	return b->results.errors ? ST_MALFORMED : ST_OK;
}

const struct load_results *ruleset_builder_results(const struct ruleset_builder *b)
{
	return &b->results;
}
