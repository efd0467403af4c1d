#include "proto/base/log.h"

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
