#include "policyd/cli/load_pods.h"

#include <stdio.h>
#include <stdlib.h>

#include "policyd/cli/options.h"
#include "policyd/pods/pods_file.h"

enum { READ_BYTES = 64 << 10 };

static enum status read_all(struct pods_file *f, FILE *file)
{
	char *room = malloc(READ_BYTES);
	enum status st = room ? ST_OK : ST_NOMEM;
	size_t n;

	while (st == ST_OK && (n = fread(room, 1, READ_BYTES, file)) > 0)
		st = pods_file_feed(f, room, n);
	free(room);
	return st == ST_OK && ferror(file) ? ST_SYSTEM : st;
}

static bool read_file(struct pods *pods, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct pods_file *f = file ? pods_file_open(pods) : NULL;
	enum status st = ST_SYSTEM, end = ST_OK;
	size_t count = 0;

	if (f) {
		st = read_all(f, file);
		end = pods_file_close(f, &count);
	}
	if (file)
		fclose(file);
	if (st == ST_OK)
		st = end;
	if (st != ST_OK)
		fprintf(stderr, "policyd: %s: %s\n", path, file ? status_text(st) : "cannot be read");
	else if (count == 0)
		fprintf(stderr, "policyd: %s: no pods in it; wanted is what `kubectl get pods -A -o json` prints\n", path);
	return st == ST_OK && count > 0;
}

bool load_pods(const struct options *o, struct pods **out)
{
	const char *path = options_last(o, "--pods"), *cluster = options_last(o, "--cluster");
	struct pods *pods;

	*out = NULL;
	if (!path && !cluster)
		return true;
	pods = pods_create(0);
	if (!pods || !pods_set_place(pods, cluster, NULL)) {
		fputs("policyd: out of memory\n", stderr);
		pods_destroy(pods);
		return false;
	}
	pods_set_source(pods, PODS_FIXED);
	if (path && !read_file(pods, path)) {
		pods_destroy(pods);
		return false;
	}
	*out = pods;
	return true;
}
