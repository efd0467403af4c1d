/* secret: tokens and passwords from a file or an environment variable, never from the configuration itself. A file is
 * read again once a second at most, so that a token that is changed under the program is taken over. No secret is ever
 * written to a log, a diag or statistics. One thread. */
#ifndef VITRINE_OUTPUT_SECRET_H
#define VITRINE_OUTPUT_SECRET_H

#include "policyd/output/output.h"

struct secret {
	struct output_secret from;
	char *text;                            /* OUTPUT_MAX_SECRET_BYTES and a NUL; NULL: none is configured */
	uint64_t read_at_ns;
};

/* ST_NOMEM. That the file is missing now is no error: it may come. */
enum status secret_init(struct secret *s, const struct output_secret *from);
void secret_release(struct secret *s);     /* wipes it */
/* What it is now; "": none configured. NULL, with a reason in error: configured, but it cannot be had, or it has bytes
 * that no header may carry. Valid until the next call. */
const char *secret_text(struct secret *s, char *error, size_t error_bytes);

#endif
