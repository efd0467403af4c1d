#include "collector/import/input/input_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/host/folder.h"

struct entry {
	char *path;
	bool named;
};

struct input_list {
	struct entry *entries;
	size_t count, cap;
};

struct names {                  /* of one folder */
	char **all;
	size_t count, cap;
};

struct input_list *input_list_create(void)
{
	return calloc(1, sizeof(struct input_list));
}

void input_list_destroy(struct input_list *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++)
		free(l->entries[i].path);
	free(l->entries);
	free(l);
}

size_t input_list_count(const struct input_list *l)
{
	return l->count;
}

const char *input_list_path(const struct input_list *l, size_t i)
{
	return l->entries[i].path;
}

bool input_list_was_named(const struct input_list *l, size_t i)
{
	return l->entries[i].named;
}

bool input_is_pattern(const char *path)
{
	return strpbrk(path, "*?") != NULL;
}

bool input_name_matches(const char *pattern, const char *name)
{
	const char *star = NULL, *retry = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			retry = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static char *copy_text(const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = malloc(n);

	if (copy)
		memcpy(copy, text, n);
	return copy;
}

static enum status add_file(struct input_list *l, const char *path, bool named)
{
	if (l->count == INPUT_FILES_MAX)
		return ST_LIMIT;
	if (l->count == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 16;
		struct entry *grown = realloc(l->entries, cap * sizeof *grown);

		if (!grown)
			return ST_NOMEM;
		l->entries = grown;
		l->cap = cap;
	}
	l->entries[l->count] = (struct entry){ .path = copy_text(path), .named = named };
	if (!l->entries[l->count].path)
		return ST_NOMEM;
	l->count++;
	return ST_OK;
}

static enum status take_name(void *ctx, const char *name)
{
	struct names *n = ctx;

	if (n->count == INPUT_FILES_MAX)
		return ST_LIMIT;
	if (n->count == n->cap) {
		size_t cap = n->cap ? 2 * n->cap : 64;
		char **grown = realloc(n->all, cap * sizeof *grown);

		if (!grown)
			return ST_NOMEM;
		n->all = grown;
		n->cap = cap;
	}
	n->all[n->count] = copy_text(name);
	return n->all[n->count++] ? ST_OK : ST_NOMEM;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum status list_sorted(const char *folder, struct names *n, struct diag *why)
{
	enum status st = folder_list(*folder ? folder : ".", take_name, n, why);

	if (st == ST_OK && n->count)
		qsort(n->all, n->count, sizeof *n->all, compare_names);
	return st;
}

static void release_names(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->all[i]);
	free(n->all);
}

static bool is_separator(char c)
{
	return c == '/' || c == '\\';
}

static enum status join(char *out, const char *folder, const char *name)
{
	size_t n = strlen(folder);
	const char *between = n && !is_separator(folder[n - 1]) ? "/" : "";
	int len = snprintf(out, INPUT_PATH_MAX_BYTES, "%s%s%s", folder, between, name);

	return len > 0 && len < INPUT_PATH_MAX_BYTES ? ST_OK : ST_LIMIT;
}

/* One folder that is being gone through; its names and which of them is next. */
struct step {
	char path[INPUT_PATH_MAX_BYTES];
	struct names names;
	size_t next;
};

static enum status enter(struct step *steps, size_t *depth, const char *path, struct diag *why)
{
	struct step *s = &steps[*depth];

	if (*depth == INPUT_DEPTH_MAX)
		return ST_LIMIT;
	s->names = (struct names){ .all = NULL };
	s->next = 0;
	snprintf(s->path, sizeof s->path, "%s", path);
	(*depth)++;
	return list_sorted(path, &s->names, why);
}

static enum status take_step(struct input_list *l, struct step *steps, size_t *depth, struct diag *why)
{
	struct step *s = &steps[*depth - 1];
	char path[INPUT_PATH_MAX_BYTES];
	enum status st;

	if (s->next == s->names.count) {
		release_names(&s->names);
		(*depth)--;
		return ST_OK;
	}
	st = join(path, s->path, s->names.all[s->next++]);
	if (st != ST_OK)
		return st;
	switch (path_kind_of(path)) {
	case PATH_FILE:
		return add_file(l, path, false);
	case PATH_FOLDER:
		return enter(steps, depth, path, why);
	default:
		return ST_OK;
	}
}

static enum status add_folder(struct input_list *l, const char *path, struct diag *why)
{
	struct step *steps = malloc(INPUT_DEPTH_MAX * sizeof *steps);
	size_t depth = 0;
	enum status st;

	if (!steps)
		return ST_NOMEM;
	st = enter(steps, &depth, path, why);
	while (st == ST_OK && depth)
		st = take_step(l, steps, &depth, why);
	while (depth)
		release_names(&steps[--depth].names);
	free(steps);
	return st;
}

static enum status add_found(struct input_list *l, const char *path, struct diag *why)
{
	if (path_is_folder(path))
		return add_folder(l, path, why);
	return path_kind_of(path) == PATH_ABSENT ? ST_OK : add_file(l, path, false);
}

/* base: the path so far, without wildcards; rest: what is left of the pattern. Goes one folder deeper with each part, so
 * its own depth is the pattern's. */
static enum status add_pattern(struct input_list *l, const char *base, const char *rest, struct diag *why)
{
	char part[INPUT_PATH_MAX_BYTES], path[INPUT_PATH_MAX_BYTES];
	struct names names = { .all = NULL };
	size_t n = strcspn(rest, "/\\"), skip = n;
	enum status st = ST_OK;

	while (rest[skip] && is_separator(rest[skip]))
		skip++;
	if (n >= sizeof part)
		return ST_LIMIT;
	memcpy(part, rest, n);
	part[n] = '\0';
	if (!input_is_pattern(part)) {
		memcpy(part, rest, skip < sizeof part ? skip : 0);
		part[skip < sizeof part ? skip : 0] = '\0';
		st = join(path, base, part);
		return st != ST_OK ? st : rest[skip] ? add_pattern(l, path, rest + skip, why) : add_found(l, path, why);
	}
	if (!*base || path_is_folder(base))
		st = list_sorted(base, &names, why);
	for (size_t i = 0; i < names.count && st == ST_OK; i++) {
		if (names.all[i][0] == '.' && part[0] != '.')    /* hidden, as shells have it */
			continue;
		if (!input_name_matches(part, names.all[i]))
			continue;
		st = join(path, base, names.all[i]);
		if (st == ST_OK)
			st = rest[skip] ? add_pattern(l, path, rest + skip, why) : add_found(l, path, why);
	}
	release_names(&names);
	return st;
}

static enum status explain(enum status st, const char *argument, struct diag *why)
{
	diag_set_file(why, argument);
	switch (st) {
	case ST_NOT_FOUND:
		return diag_set(why, st, "no files here");
	case ST_LIMIT:
		return diag_set(why, st, "too many files, folders inside folders, or too long a path");
	case ST_NOMEM:
		return diag_set(why, st, "out of memory");
	default:
		return st;
	}
}

enum status input_list_add(struct input_list *l, const char *argument, struct diag *why)
{
	size_t before = l->count;
	enum status st;

	if (path_is_folder(argument))
		st = add_folder(l, argument, why);
	else if (input_is_pattern(argument) && path_kind_of(argument) == PATH_ABSENT)
		st = add_pattern(l, "", argument, why);
	else
		st = add_file(l, argument, true);
	if (st == ST_OK && l->count == before)
		st = ST_NOT_FOUND;
	return st == ST_OK ? ST_OK : explain(st, argument, why);
}
