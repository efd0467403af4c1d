#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/output/sink.h"

enum { FILE_MAX_KEPT = 1000 };    /* rotated files; each rotation renames them all */

/* stdout and files write the same lines. */
struct line_sink {
	bool json;
	struct output_file_config file;        /* path NULL: standard output */
	bool torn;                             /* the last write broke off within a line */
};

void sink_mark_all(struct sink_result *r, const struct alert_batch *b, enum sink_mark mark)
{
	memset(r->marks, (int)mark, alert_batch_count(b));
}

static enum status create(const struct output_config *c, const struct sink_env *env, void **out, struct diag *why)
{
	struct line_sink *s;

	(void)env;
	if (c->kind == OUTPUT_FILE && (!c->file.path || !c->file.path[0]))
		return diag_set(why, ST_MALFORMED, "output %s: no path", c->name);
	if (c->kind == OUTPUT_FILE && c->file.keep > FILE_MAX_KEPT)
		return diag_set(why, ST_LIMIT, "output %s: keeps at most %d files", c->name, FILE_MAX_KEPT);
	s = calloc(1, sizeof *s);
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->json = c->json;
	s->file = c->file;
	if (c->kind == OUTPUT_STDOUT)
		s->file.path = NULL;
	*out = s;
	return ST_OK;
}

static bool write_line(struct line_sink *s, FILE *f, const struct alert_record *r)
{
	const char *text = s->json ? r->json : r->text;
	size_t len = s->json ? r->json_len : r->text_len;

	return fwrite(text, 1, len, f) == len && fputc('\n', f) != EOF;
}

/* Lines from index `from` on, as far as the file may grow. Returns where it stopped; *good false: a write failed. */
static size_t write_lines(struct line_sink *s, FILE *f, const struct alert_batch *b, size_t from, bool *good)
{
	long size = s->file.max_bytes ? ftell(f) : 0;
	uint64_t bytes = size > 0 ? (uint64_t)size : 0;
	size_t i = from;

	if (s->torn)
		*good = fputc('\n', f) != EOF;
	for (; *good && i < alert_batch_count(b); i++) {
		const struct alert_record *r = alert_batch_at(b, i);

		if (s->file.max_bytes && bytes > 0 && bytes + r->json_len > s->file.max_bytes)
			break;
		*good = write_line(s, f, r);
		bytes += (s->json ? r->json_len : r->text_len) + 1;
	}
	return i;
}

static void send_stdout(void *sink, const struct alert_batch *b, struct sink_result *r)
{
	struct line_sink *s = sink;
	bool good = true;

	write_lines(s, stdout, b, 0, &good);
	good = fflush(stdout) == 0 && good;
	s->torn = !good;
	if (good) {
		sink_mark_all(r, b, SINK_DELIVERED);
		return;
	}
	clearerr(stdout);
	snprintf(r->error, sizeof r->error, "standard output cannot be written");
}

/* path.N-1 becomes path.N, ..., path becomes path.1. A file that cannot be moved is written on. */
static void rotate(const struct line_sink *s)
{
	char from[1100], to[1100];

	for (uint32_t i = s->file.keep; i > 0; i--) {
		snprintf(to, sizeof to, "%s.%u", s->file.path, i);
		snprintf(from, sizeof from, i > 1 ? "%s.%u" : "%s", s->file.path, i - 1);
		remove(to);
		rename(from, to);
	}
	if (!s->file.keep)
		remove(s->file.path);
}

/* Opened anew for each batch, so that a file that somebody else moved away is begun again. */
static bool send_part(struct line_sink *s, const struct alert_batch *b, size_t *at)
{
	FILE *f = fopen(s->file.path, "ab");
	bool good = f != NULL;
	size_t end;

	if (!f)
		return false;
	good = fseek(f, 0, SEEK_END) == 0;
	end = write_lines(s, f, b, *at, &good);
	good = fclose(f) == 0 && good;
	s->torn = !good;
	if (good)
		*at = end;
	return good;
}

static void send_file(void *sink, const struct alert_batch *b, struct sink_result *r)
{
	struct line_sink *s = sink;
	size_t count = alert_batch_count(b), at = 0, before;

	while (at < count) {
		before = at;
		if (!send_part(s, b, &at)) {
			snprintf(r->error, sizeof r->error, "the file cannot be written");
			break;
		}
		memset(r->marks + before, SINK_DELIVERED, at - before);
		if (at < count)
			rotate(s);
	}
}

static void destroy(void *sink)
{
	free(sink);
}

const struct sink_type sink_stdout = { .name = "stdout", .create = create, .send = send_stdout, .destroy = destroy,
	.max_batch = SINK_MAX_BATCH };
const struct sink_type sink_file = { .name = "file", .create = create, .send = send_file, .destroy = destroy,
	.max_batch = SINK_MAX_BATCH };
