/* cmdline: a Windows command line is one text; programs split it themselves, nearly all by the rules of
 * CommandLineToArgvW and the C runtime. So do we. Any thread; memory from the caller's arena. */
#ifndef VITRINE_FIELDS_CMDLINE_H
#define VITRINE_FIELDS_CMDLINE_H

#include "proto/base/arena.h"
#include "proto/record.h"

enum { CMDLINE_MAX_WORDS = 256 };      /* more arguments than this are one rule's way to stall, no program's */

struct cmdline_words {
	struct text_view *word;        /* [0]: the program */
	size_t count;
};

/* The program's name takes everything up to a closing quote, or to a blank, and knows no backslash escapes. Arguments:
 * blanks separate outside quotes; 2n backslashes before a quote are n backslashes, 2n+1 are n and a plain quote; two
 * quotes inside quotes are a plain one. Words past the limit are left out. False: scratch is full.
 * Source: Microsoft Learn, "Parsing C++ command-line arguments" and "CommandLineToArgvW". */
bool cmdline_split(struct text_view line, struct arena *scratch, struct cmdline_words *out);

/* The line behind the program's name, without leading and trailing blanks; a view of line. */
struct text_view cmdline_arguments(struct text_view line);
/* The program's name as it stands in the line, without quotes; a view of line. */
struct text_view cmdline_program(struct text_view line);

/* What powershell -EncodedCommand (any prefix, -e and -ec too, after - or /) will run: base64 of UTF-16LE, as UTF-8.
 * False: the line has no such argument, or what follows is no base64 of text. */
bool cmdline_decode_powershell(struct text_view line, struct arena *scratch, struct text_view *out);

#endif
