#include "proto/base/status.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *status_text(enum status st)
{
	static const char *const texts[] = {
		[ST_OK] = "ok",
		[ST_TRUNCATED] = "truncated",
		[ST_MALFORMED] = "malformed",
		[ST_UNSUPPORTED] = "unsupported",
		[ST_LIMIT] = "limit exceeded",
		[ST_NOMEM] = "out of memory",
		[ST_SYSTEM] = "system error",
		[ST_NOT_FOUND] = "not found",
		[ST_STOPPED] = "stopped",
	};

	return (size_t)st < sizeof texts / sizeof texts[0] ? texts[st] : "unknown status";
}

static void set_text(struct diag *why, const char *fmt, va_list args)
{
	vsnprintf(why->text, sizeof why->text, fmt, args);
}

enum status diag_set(struct diag *why, enum status st, const char *fmt, ...)
{
	va_list args;

	if (!why)
		return st;
	va_start(args, fmt);
	set_text(why, fmt, args);
	va_end(args);
	return st;
}

enum status diag_set_at(struct diag *why, enum status st, uint64_t offset, const char *fmt, ...)
{
	va_list args;

	if (!why)
		return st;
	why->offset = offset;
	va_start(args, fmt);
	set_text(why, fmt, args);
	va_end(args);
	return st;
}

enum status diag_set_os(struct diag *why, int os_error, const char *fmt, ...)
{
	va_list args;
	size_t used;

	if (!why)
		return ST_SYSTEM;
	why->os_error = os_error;
	va_start(args, fmt);
	set_text(why, fmt, args);
	va_end(args);
	used = strlen(why->text);
	snprintf(why->text + used, sizeof why->text - used, ": %s", strerror(os_error));
	return ST_SYSTEM;
}

void diag_set_file(struct diag *why, const char *file)
{
	if (why)
		snprintf(why->file, sizeof why->file, "%s", file);
}

void diag_format(const struct diag *why, char *out, size_t out_bytes)
{
	const char *colon = why->file[0] ? ": " : "";

	if (why->line > 0)
		snprintf(out, out_bytes, "%s:%d:%d: %s", why->file, why->line, why->column, why->text);
	else if (why->offset != UINT64_MAX)
		snprintf(out, out_bytes, "%s%soffset %" PRIu64 ": %s", why->file, colon, why->offset, why->text);
	else
		snprintf(out, out_bytes, "%s%s%s", why->file, colon, why->text);
}
