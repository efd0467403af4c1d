#include "policyd/ingest/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/host/child.h"
#include "proto/host/folder.h"
#include "proto/host/os_file.h"
#include "proto/wire/frame.h"

enum { READ_BYTES = 1 << 20 };

static enum status run_open_file(FILE *f, const char *path, input_bytes *sink, void *ctx, struct diag *why)
{
	uint64_t done = 0, total = 0;
	enum status st = ST_OK;
	char *room = malloc(READ_BYTES);
	size_t n;

	if (!room)
		return diag_set(why, ST_NOMEM, "out of memory");
	os_file_size(f, &total);
	while (st == ST_OK && (n = fread(room, 1, READ_BYTES, f)) > 0) {
		done += n;
		st = sink(ctx, room, n, done, total);
	}
	if (st == ST_OK && ferror(f)) {
		diag_set_file(why, path);
		st = diag_set_os(why, errno, "cannot read");
	}
	free(room);
	return st;
}

static bool is_stream_file(FILE *f)
{
	uint8_t magic[FRAME_MAGIC_BYTES];
	size_t n = fread(magic, 1, sizeof magic, f);

	rewind(f);
	return n == sizeof magic && memcmp(magic, frame_magic, sizeof magic) == 0;
}

struct child_sink {
	input_bytes *sink;
	void *ctx;
	uint64_t done;
};

static enum status on_child_output(void *ctx, const void *ptr, size_t len)
{
	struct child_sink *s = ctx;

	s->done += len;
	return s->sink(s->ctx, ptr, len, s->done, 0);
}

static enum status run_import(const char *path, input_bytes *sink, void *ctx, struct diag *why)
{
	struct child_sink s = { .sink = sink, .ctx = ctx };
	char importer[4096];
	int exit_status = 0;
	enum status st = child_sibling_path("vitrine-import", importer, sizeof importer, why);
	const char *argv[] = { importer, "-o", "-", "--", path, NULL };

	if (st == ST_OK)
		st = child_run(argv, on_child_output, &s, &exit_status, why);
	if (st == ST_OK && exit_status != 0) {
		diag_set_file(why, path);
		st = diag_set(why, ST_SYSTEM, "vitrine-import ended with status %d; its message stands above", exit_status);
	}
	return st;
}

enum status input_run(const char *path, input_bytes *sink, void *ctx, struct diag *why)
{
	enum status st;
	FILE *f;

	if (strcmp(path, "-") == 0)
		return run_open_file(stdin, "standard input", sink, ctx, why);
	if (path_is_folder(path) || (strpbrk(path, "*?") && path_kind_of(path) == PATH_ABSENT))
		return run_import(path, sink, ctx, why);    /* it finds the files */
	f = fopen(path, "rb");
	if (!f) {
		diag_set_file(why, path);
		return diag_set_os(why, errno, "cannot open");
	}
	st = is_stream_file(f) ? run_open_file(f, path, sink, ctx, why) : run_import(path, sink, ctx, why);
	fclose(f);
	return st;
}
