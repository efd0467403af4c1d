/* regex_syntax: the patterns of the regex operator: RE2's syntax with its POSIX option (falco-language.md §1.9), so no
 * Perl classes, no (?...) groups, no lazy quantifiers. Constructs outside are refused at load. A pattern matches a whole
 * value, so the order of alternatives and the greed of quantifiers decide nothing, and the translation to PCRE2 only has
 * to accept the same set of texts. Source of the syntax: RE2's doc/syntax.txt and its parser, POSIX mode. Any thread. */
#ifndef VITRINE_ENGINE_REGEX_SYNTAX_H
#define VITRINE_ENGINE_REGEX_SYNTAX_H

#include "proto/base/buf.h"

enum {
	REGEX_PROBLEM_BYTES = 200,
	REGEX_MAX_NESTING = 100,        /* groups; PCRE2's own limit is 250 */
	REGEX_MAX_REPEAT = 1000,        /* RE2's limit, nested counts multiplied */
	REGEX_MAX_PCRE2_BYTES = 1 << 18,/* translated text: at most 12 bytes for one of the pattern, and wrapped groups */
};

/* Appends the PCRE2 pattern: to be compiled with PCRE2_UTF, PCRE2_MULTILINE, PCRE2_ALT_CIRCUMFLEX and "\n" as the end of
 * lines, and matched anchored at both ends (caseless for folded predicates). No captures, no assertions but ^ and $: PCRE2
 * can match it by backtracking and side by side. ST_MALFORMED: problem says what is wrong. */
enum status regex_to_pcre2(const char *pattern, size_t len, struct buf *out, char problem[REGEX_PROBLEM_BYTES]);
/* The same without the result. */
enum status regex_check(const char *pattern, size_t len, char problem[REGEX_PROBLEM_BYTES]);
/* No real pattern characters: "=", contains, startswith or endswith would do. A leading "^" or ".*" and a trailing "$" or
 * ".*" do not count. */
bool regex_is_plain(const char *pattern, size_t len);

#endif
