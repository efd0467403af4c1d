#include "proto/host/folder.h"

#include <sys/stat.h>

#include <uv.h>

bool path_is_folder(const char *path)
{
	uv_fs_t request;
	bool folder;

	folder = uv_fs_stat(NULL, &request, path, NULL) == 0 && (request.statbuf.st_mode & S_IFMT) == S_IFDIR;
	uv_fs_req_cleanup(&request);
	return folder;
}

enum path_kind path_kind_of(const char *path)
{
	enum path_kind kind = PATH_ABSENT;
	uv_fs_t request;

	if (uv_fs_lstat(NULL, &request, path, NULL) == 0) {
		uint64_t mode = request.statbuf.st_mode & S_IFMT;

		kind = mode == S_IFREG ? PATH_FILE : mode == S_IFDIR ? PATH_FOLDER : PATH_OTHER;
	}
	uv_fs_req_cleanup(&request);
	return kind;
}

enum status folder_list(const char *path, folder_entry *entry, void *ctx, struct diag *why)
{
	enum status st = ST_OK;
	uv_dirent_t found;
	uv_fs_t request;
	int result = uv_fs_scandir(NULL, &request, path, 0, NULL);

	if (result < 0)
		st = diag_set(why, ST_SYSTEM, "cannot read folder %s: %s", path, uv_strerror(result));
	while (st == ST_OK && uv_fs_scandir_next(&request, &found) == 0)
		st = entry(ctx, found.name);
	uv_fs_req_cleanup(&request);
	return st;
}
