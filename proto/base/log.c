#include "proto/base/log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void to_stderr(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	if (level >= LOG_LEVEL_WARNING)
		fprintf(stderr, "%s: %s\n", level == LOG_LEVEL_ERROR ? "error" : "warning", line);
}

static log_sink *installed = to_stderr;
static void *installed_ctx;

void log_install(log_sink *sink, void *ctx)
{
	installed = sink ? sink : to_stderr;
	installed_ctx = sink ? ctx : NULL;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	char line[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof line, fmt, args);
	va_end(args);
	installed(installed_ctx, level, line);
}

void log_limit_tell(struct log_limit *l, uint64_t now_ms, const char *what)
{
	if (now_ms - l->since_ms < LOG_LIMIT_MS)
		return;
	if (l->held_back)
		log_line(LOG_LEVEL_WARNING, "%s: %" PRIu64 " more such lines were left out", what, l->held_back);
	*l = (struct log_limit){ .since_ms = now_ms };
}

bool log_limit_passes(struct log_limit *l, uint64_t now_ms)
{
	if (l->lines == 0)
		l->since_ms = now_ms;
	if (l->lines < LOG_LIMIT_LINES) {
		l->lines++;
		return true;
	}
	l->held_back++;
	return false;
}
