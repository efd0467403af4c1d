#include "proto/host/wide_win.h"

#include <stdarg.h>
#include <stdio.h>

#include <windows.h>

enum status wide_from_text(const char *text, wchar_t out[WIDE_CHARS], struct diag *why)
{
	if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, out, WIDE_CHARS) > 0)
		return ST_OK;
	if (GetLastError() == ERROR_INSUFFICIENT_BUFFER)
		return diag_set(why, ST_LIMIT, "a name of more than %d characters", WIDE_CHARS - 1);
	return diag_set(why, ST_MALFORMED, "a name that is not UTF-8");
}

static void error_text(unsigned long error, char *out, size_t out_bytes)
{
	wchar_t text[256];
	DWORD n = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0, text,
		sizeof text / sizeof text[0], NULL);
	int bytes;

	while (n > 0 && (text[n - 1] == L'\r' || text[n - 1] == L'\n' || text[n - 1] == L'.' || text[n - 1] == L' '))
		n--;
	bytes = n > 0 ? WideCharToMultiByte(CP_UTF8, 0, text, (int)n, out, (int)out_bytes - 1, NULL, NULL) : 0;
	if (bytes > 0)
		out[bytes] = '\0';
	else
		snprintf(out, out_bytes, "error %lu", error);
}

enum status win_fail(struct diag *why, unsigned long error, const char *fmt, ...)
{
	char said[200], what[sizeof why->text];
	va_list args;

	if (!why)
		return ST_SYSTEM;
	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	error_text(error, said, sizeof said);
	diag_set(why, ST_SYSTEM, "%.300s: %s", what, said);
	why->os_error = (int)error;
	return ST_SYSTEM;
}
