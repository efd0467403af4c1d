/* field: what a vocabulary must implement for the engine. The engine knows no event type and no field by name:
 * fields/ plugs in the Windows vocabulary, tests a toy one, engine_bench one made of JSON keys. */
#ifndef VITRINE_ENGINE_FIELD_H
#define VITRINE_ENGINE_FIELD_H

#include "policyd/engine/value.h"
#include "proto/base/arena.h"

enum field_arg_kind {
	FIELD_ARG_NONE, FIELD_ARG_KEY_REQUIRED, FIELD_ARG_KEY_OPTIONAL, FIELD_ARG_INDEX_REQUIRED, FIELD_ARG_INDEX_OPTIONAL,
};

enum field_flags {
	FIELD_LIST = 1,             /* yields a list of values of its type; with an argument, one of them */
	FIELD_ANCESTOR = 2,         /* without index: true if any ancestor satisfies (falco-language.md §1.11) */
	FIELD_NO_RHS = 4,
	FIELD_NO_TRANSFORMER = 8,
	FIELD_FILTER_ONLY = 16,
	FIELD_WINDOWS_NAME = 32,    /* compares ignoring ASCII case when the vocabulary is of a Windows source */
	FIELD_EVENT_TYPE = 64,      /* constants must be event type names; the rule index is built from it */
	FIELD_SOURCE_NAME = 128,
	FIELD_DEPRECATED = 256,
	FIELD_SUGGESTED = 512,      /* part of append_output's suggested_output */
	FIELD_MAY_BE_MISSING = 1024,/* hint for `!=` warnings */
	FIELD_DOTTED_ARG = 4096,    /* the argument may also stand as a tail: evt.arg.path is evt.arg[path] */
	FIELD_FROM_ONE = 8192,      /* a counter that is never 0 (evt.num): such checks decide event types */
	FIELD_EVENT_TIME = 2048,    /* text, but an integer of ns in JSON: get() with the argument key "ns" gives it in .u */
};

/* The event as the engine sees it: ctx is the vocabulary's business. */
struct event_view {
	void *ctx;
	uint16_t type;              /* index into vocabulary.event_types; VOCABULARY_NO_TYPE: none */
	struct arena *scratch;      /* conversions; reset after each event by the caller */
};

enum { VOCABULARY_NO_TYPE = 0xFFFF };

struct field_arg {
	bool present;
	bool is_index;
	uint32_t index;
	const char *key;            /* NUL-terminated; also set for an index as written */
	size_t key_len;
};

enum field_result {
	FIELD_MISSING = 0,
	FIELD_OK = 1,
	FIELD_END = 2,              /* ancestor fields: no ancestor that far up */
};

struct field {
	const char *name;           /* "proc.name" */
	const char *doc;            /* one sentence */
	enum value_type type;
	enum field_arg_kind arg;
	uint32_t flags;             /* enum field_flags */
	/* "either" fields (fd.ip): the two fields looked at; NULL otherwise. Evaluation per falco-language.md §1.8. */
	const char *either[2];
	/* arg: parsed once at load. Writes *out only on FIELD_OK. Must not keep pointers past the event. */
	enum field_result (*get)(const struct field *f, const struct field_arg *arg, const struct event_view *ev, struct value *out);
	/* For getters that serve many fields from one function. */
	uintptr_t user;
};

struct vocabulary {
	const char *source;                    /* "windows": the `source:` its rules carry */
	bool windows;                          /* Windows names and paths: design §4 */
	const struct field *fields;
	size_t field_count;
	const char *const *event_types;
	size_t event_type_count;               /* < VOCABULARY_NO_TYPE */
};

#endif
