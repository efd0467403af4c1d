/* folder: what stands in a folder, whatever the system. Blocks; any thread. */
#ifndef VITRINE_HOST_FOLDER_H
#define VITRINE_HOST_FOLDER_H

#include <stdbool.h>

#include "proto/base/status.h"

bool path_is_folder(const char *path);    /* false too when there is no such path */

/* What stands at a path itself: a link is PATH_OTHER, whatever it leads to. */
enum path_kind { PATH_ABSENT, PATH_FILE, PATH_FOLDER, PATH_OTHER };
enum path_kind path_kind_of(const char *path);

/* One entry; name dies on return. Anything but ST_OK ends the listing and is returned by folder_list. */
typedef enum status folder_entry(void *ctx, const char *name);

/* Every entry but "." and "..", in no particular order. ST_SYSTEM: the folder cannot be read. */
enum status folder_list(const char *path, folder_entry *entry, void *ctx, struct diag *why);

#endif
