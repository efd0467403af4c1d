/* input_list: the inputs of a command line as files. A folder stands for every regular file below it, in the order of
 * names; links in it are not followed, so there are no loops. A path with * or ? that is no file stands for the files that
 * match it, folders among them as if named. All is found before anything is read. Not thread-safe. */
#ifndef VITRINE_IMPORT_INPUT_LIST_H
#define VITRINE_IMPORT_INPUT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/base/status.h"

enum {
	INPUT_FILES_MAX = 1 << 20,      /* of one command; an incident's whole evidence share stays below */
	INPUT_DEPTH_MAX = 32,           /* folders inside folders */
	INPUT_PATH_MAX_BYTES = 4096,    /* as Linux has it; Windows ends at 260 unless asked otherwise */
};

struct input_list;

struct input_list *input_list_create(void);         /* NULL: out of memory */
void input_list_destroy(struct input_list *l);      /* NULL is fine */

/* "-" and the path of a file are taken as they are, there or not. ST_NOT_FOUND: nothing matches, or the folder is empty.
 * ST_LIMIT, ST_NOMEM; ST_SYSTEM: a folder cannot be read. */
enum status input_list_add(struct input_list *l, const char *argument, struct diag *why);

size_t input_list_count(const struct input_list *l);
const char *input_list_path(const struct input_list *l, size_t i);      /* lives as long as the list */
/* False: it was found in a folder or by a pattern, so it need not be a recording. */
bool input_list_was_named(const struct input_list *l, size_t i);

/* Does `name` match `pattern`, with * for any run and ? for one byte? */
bool input_name_matches(const char *pattern, const char *name);
bool input_is_pattern(const char *path);

#endif
