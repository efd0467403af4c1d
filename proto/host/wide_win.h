/* wide: UTF-8 as Windows' own calls want it, and what they say when they fail. */
#ifndef VITRINE_HOST_WIDE_WIN_H
#define VITRINE_HOST_WIDE_WIN_H

#include <stddef.h>

#include "proto/base/status.h"

enum { WIDE_CHARS = 1024 };    /* names, paths below a drive's own bound, command lines of ours */

/* ST_LIMIT: longer than the room; ST_MALFORMED: no UTF-8. */
enum status wide_from_text(const char *text, wchar_t out[WIDE_CHARS], struct diag *why);
/* diag_set_os for the system's own error numbers, which are no errno: ST_SYSTEM, and what the system says of it. */
enum status win_fail(struct diag *why, unsigned long error, const char *fmt, ...) VITRINE_PRINTF(3, 4);

#endif
