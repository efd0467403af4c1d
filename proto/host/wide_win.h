/* wide: UTF-8 as Windows' own calls want it. */
#ifndef VITRINE_HOST_WIDE_WIN_H
#define VITRINE_HOST_WIDE_WIN_H

#include <stddef.h>

#include "proto/base/status.h"

enum { WIDE_CHARS = 1024 };    /* names, paths below a drive's own bound, command lines of ours */

/* ST_LIMIT: longer than the room; ST_MALFORMED: no UTF-8. */
enum status wide_from_text(const char *text, wchar_t out[WIDE_CHARS], struct diag *why);
/* What the system says of one of its error numbers, without a line end; never empty. */
void wide_error_text(unsigned long error, char *out, size_t out_bytes);

#endif
