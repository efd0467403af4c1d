/* load_result: what a load of rules files had to say: errors, warnings and hints by file, each with its place, the
 * line and a caret. Codes are Falco's (falco-language.md §4.1, §4.2). Made by the ruleset builder, owned by it. */
#ifndef VITRINE_RULESET_LOAD_RESULT_H
#define VITRINE_RULESET_LOAD_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/buf.h"

enum load_code {
	LOAD_ERR_FILE_READ,
	LOAD_ERR_YAML_PARSE,
	LOAD_ERR_YAML_VALIDATE,
	LOAD_ERR_COMPILE_CONDITION,
	LOAD_ERR_COMPILE_OUTPUT,
	LOAD_ERR_VALIDATE,
	LOAD_ERR_EXTENSION,
	/* warnings */
	LOAD_UNKNOWN_SOURCE,
	LOAD_UNSAFE_NA_CHECK,
	LOAD_NO_EVTTYPE,
	LOAD_UNKNOWN_FILTER,
	LOAD_UNUSED_MACRO,
	LOAD_UNUSED_LIST,
	LOAD_UNKNOWN_ITEM,
	LOAD_DEPRECATED_ITEM,
	LOAD_WARNING_EXTENSION,
	LOAD_APPEND_NO_VALUES,
	LOAD_EXCEPTION_NAME_NOT_UNIQUE,
	LOAD_INVALID_MACRO_NAME,
	LOAD_INVALID_LIST_NAME,
	LOAD_COMPILE_CONDITION,
	LOAD_UNKNOWN_KEY,
	/* ours alone: advice that makes no file "with warnings" */
	LOAD_HINT,
	LOAD_CODE_COUNT
};

enum load_severity { LOAD_SEVERITY_ERROR, LOAD_SEVERITY_WARNING, LOAD_SEVERITY_HINT, LOAD_SEVERITY_COUNT };

const char *load_code_name(enum load_code code);          /* "LOAD_ERR_YAML_PARSE" */
const char *load_code_short(enum load_code code);         /* "YAML parse error" */
enum load_severity load_code_severity(enum load_code code);

/* One place of the chain that leads to a message, the whole file first. */
struct load_place {
	const char *type;             /* Falco's item types: "rule", "rule condition" */
	const char *name;             /* "" or what the item is called */
	uint32_t line, column;        /* 1-based; 0: no place in a file */
	uint32_t offset;
};

enum {
	LOAD_MAX_MESSAGES = 1000,     /* of one file and severity: more are counted only, nobody reads them */
	LOAD_MAX_PLACES = 8,          /* the deepest chain: content, rule, exceptions, exception, values, value */
	LOAD_SNIPPET_CHARACTERS = 160,/* Falco's: 80 each side of the place */
};

struct load_message {
	enum load_code code;
	const char *text;                    /* Falco's words */
	const char *hint;                    /* "did you mean 'x'?" or "" */
	const char *deprecated_field;        /* NULL: not about one */
	struct load_place places[LOAD_MAX_PLACES];
	size_t place_count;                  /* 0: about the file as a whole */
	const char *line_text;               /* the line in the file, cut around the place; NULL: none */
	uint32_t caret;                      /* characters before the caret in line_text */
	bool compiled;                       /* found while compiling the whole collection, not while reading the file */
	const struct load_message *next;
};

struct load_file_result {
	const char *name;
	const struct load_message *first;    /* errors of reading, then of compiling; each in the order of the file */
	size_t errors, warnings, hints;
	size_t not_shown;                    /* messages past LOAD_MAX_MESSAGES, counted above too */
	const struct load_file_result *next;
};

struct load_results {
	const struct load_file_result *first;
	size_t file_count;
	size_t errors, warnings, hints;
};

/* "rules.yaml: Ok", "rules.yaml: Ok, with warnings" or "rules.yaml: Invalid", then every message in full:
 *
 *   rules.yaml:5:21: error: filter_check called with nonexistent field fd.nam; did you mean 'fd.name'?
 *     condition: evt.type = open and fd.nam = x
 *                                    ^
 *     in rule 'X', rule condition (rules.yaml:3:9)
 *     LOAD_ERR_COMPILE_CONDITION (Error compiling condition)
 *
 * False: out is full. */
bool load_results_append_text(struct buf *out, const struct load_results *results);
bool load_message_append_text(struct buf *out, const char *file, const struct load_message *m);
/* Falco's one line a file: "rules.yaml: Invalid 2 errors: [CODE (short) CODE (short)] 1 warnings: [CODE (short)]". */
bool load_results_append_short(struct buf *out, const struct load_results *results);
/* Falco's `falco_load_results` object (falco-language.md §4.4) on one line; hints are left out. Lines and columns
 * count from 0 there. */
bool load_results_append_json(struct buf *out, const struct load_results *results);

#endif
