/* status: result codes of every fallible call, and struct diag: where a failure happened and why.
 * A code is something a caller can act on differently. Hot paths return a code alone;
 * loading, configuration and OS calls also fill a diag. */
#ifndef VITRINE_BASE_STATUS_H
#define VITRINE_BASE_STATUS_H

#include <stddef.h>
#include <stdint.h>

enum status {
	ST_OK = 0,
	ST_TRUNCATED,    /* input ended inside a field */
	ST_MALFORMED,    /* a value the format forbids */
	ST_UNSUPPORTED,  /* well-formed, but a version or kind we do not know */
	ST_LIMIT,        /* would pass a bound in limits.h */
	ST_NOMEM,
	ST_SYSTEM,       /* the OS refused; diag.os_error has its number */
	ST_NOT_FOUND,
	ST_STOPPED,      /* the caller, or a signal, asked to stop */
};

const char *status_text(enum status st);

/* Filled by the callee on failure, untouched on success. Caller's storage; no allocation. */
struct diag {
	char file[256];     /* "" : not about a file */
	int line, column;   /* 1-based; 0: unknown */
	uint64_t offset;    /* byte offset in the file; UINT64_MAX: unknown */
	int os_error;       /* errno or GetLastError; 0: none */
	char text[512];
};

#define DIAG_INIT { .file = "", .line = 0, .column = 0, .offset = UINT64_MAX, .os_error = 0, .text = "" }

/* GCC means Microsoft's printf by "printf" when it builds for Windows; Clang knows no other name. */
#if defined(__clang__)
#define VITRINE_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#elif defined(__GNUC__)
#define VITRINE_PRINTF(fmt, first) __attribute__((format(gnu_printf, fmt, first)))
#else
#define VITRINE_PRINTF(fmt, first)
#endif

/* Sets text and returns st, so that "return diag_set(why, ST_LIMIT, ...)" reads as one step. why may be NULL. */
enum status diag_set(struct diag *why, enum status st, const char *fmt, ...) VITRINE_PRINTF(3, 4);
enum status diag_set_at(struct diag *why, enum status st, uint64_t offset, const char *fmt, ...) VITRINE_PRINTF(4, 5);
enum status diag_set_os(struct diag *why, int os_error, const char *fmt, ...) VITRINE_PRINTF(3, 4);
void diag_set_file(struct diag *why, const char *file);

/* "file:line:column: text", "file: offset N: text" or "text"; always terminated. */
void diag_format(const struct diag *why, char *out, size_t out_bytes);

#endif
