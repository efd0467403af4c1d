/* condition: the front half of the engine, in the order it is used:
 *
 *   text --condition_parse--> ast --condition_resolve--> ast without macros and lists --condition_check--> expr
 *                              \--condition_canonical--> text                            condition_event_types --> set
 *
 * The language is falco-language.md §1; its grammar stands atop parse.h. Nothing here knows YAML, files or event types.
 * No state but the arenas given; any thread. */
#ifndef VITRINE_ENGINE_CONDITION_H
#define VITRINE_ENGINE_CONDITION_H

#include "policyd/engine/ast.h"
#include "proto/base/buf.h"
#include "proto/base/status.h"

enum {
	COND_MAX_TEXT_BYTES = 1 << 20,      /* a generated rule of 10,000 checks has 500 KiB */
	COND_MAX_DEPTH = 1000,              /* Falco's limit for rules; a pair of parentheses costs 5 */
	COND_DEFAULT_DEPTH = 100,           /* Falco's limit elsewhere */
	COND_MAX_NODES = 1 << 17,           /* of one condition with its macros expanded: ends macro bombs */
	COND_MAX_VALUES = 1 << 20,          /* constants of one condition with its lists expanded */
	COND_MAX_ALL_LIST_ITEMS = 1 << 21,  /* of all lists, with lists within them expanded: 100 MiB */
	COND_MAX_ALL_PARTS = 1 << 21,       /* checks and constants of all conditions, expanded: 400 MiB. 10,000 rules have 300,000 */
	COND_MAX_TREE_DEPTH = 2000,         /* with macros expanded; bounds the recursion of whatever walks the tree */
	COND_MAX_MACRO_NESTING = 100,       /* macros met first within macros; bounds the recursion of resolve */
	COND_MAX_LIST_NESTING = 32,         /* lists within lists */
	COND_MAX_CONSTANT_BYTES = 255,      /* Falco's limit */
	COND_MAX_WINDOWS_CONSTANT_BYTES = 4096,   /* windows vocabularies: command lines and scripts are long */
	COND_MAX_ERRORS = 64,               /* told of one condition; ends what a broken macro used very often would repeat */
};

enum cond_error {
	COND_OK = 0,
	COND_SYNTAX,
	COND_UNKNOWN_FIELD,
	COND_UNKNOWN_EVENT_TYPE,
	COND_UNDEFINED_MACRO,
	COND_MACRO_LOOP,
	COND_TYPE,                /* operator, transformer or right side does not fit the type */
	COND_VALUE,               /* a constant does not parse as the type */
	COND_TOO_LARGE,           /* a bound above */
	COND_OUT_OF_MEMORY,
};

/* Why and where. source: the text pos refers to, which may be a macro's. name: the unknown field or event type, where it
 * is that; a view into source. hint: "did you mean 'x'?", or "". */
struct cond_diag {
	enum cond_error code;
	const struct cond_source *source;
	struct cond_pos pos;
	const char *name;
	size_t name_len;
	char text[512];
	char hint[160];
};

/* Takes every error of one call, the first one too, and lets the work go on behind it, so that all are told at once.
 * Without it the first error ends the work. The same error may be told again for each use of the macro it stands in. */
struct cond_errors {
	void *ctx;
	void (*error)(void *ctx, struct cond_diag *d);      /* d dies on return; may be NULL */
};

enum cond_warning_kind {
	COND_WARN_CONDITION,          /* Falco's LOAD_COMPILE_CONDITION */
	COND_WARN_UNSAFE_NA,          /* LOAD_UNSAFE_NA_CHECK */
	COND_WARN_DEPRECATED_FIELD,   /* LOAD_DEPRECATED_ITEM */
	COND_HINT,                    /* ours, not Falco's: worth saying, never counted as a warning */
};

struct cond_warning {
	enum cond_warning_kind kind;
	const struct cond_source *source;
	struct cond_pos pos;
	const char *text;             /* dies on return */
};

struct cond_warnings {
	void *ctx;
	void (*warn)(void *ctx, const struct cond_warning *w);   /* may be NULL */
};

/* ---- parse ---- */

struct cond_parser {
	struct arena *arena;        /* what is parsed lives here, a copy of the text included */
	unsigned max_depth;         /* 0: COND_MAX_DEPTH */
	/* Falco ends a quoted string at the first quote without a backslash right before it, so that "C:\\" never ends.
	 * We count backslashes; true asks for Falco's rule. */
	bool falco_quotes;
	const void *owner;          /* into cond_source */
	/* May be NULL. True: the bare text names a list, so it may stand where a number or an identifier is due. */
	bool (*is_list)(void *ctx, const char *name, size_t len);
	void *ctx;
};

/* On failure *out is NULL. */
enum status condition_parse(const struct cond_parser *p, const char *text, size_t len, const struct ast_node **out,
	struct cond_diag *why);

/* The parts of a check, for exceptions. Each takes the whole text, surrounding blanks aside. */
struct ast_left {
	const struct ast_operand *operand;
	const struct cond_source *source;
};
/* "tolower(proc.name)", "proc.aname[2]" */
enum status condition_parse_left(const struct cond_parser *p, const char *text, size_t len, struct ast_left *out,
	struct cond_diag *why);
/* "in", "startswith anyof"; a modifier follows after exactly one blank. False: no operator, or a modifier it does not
 * take. Fills op, mod and op_text of *out. */
bool condition_parse_operator(const char *text, size_t len, struct ast_check *out);
/* "(a, 'b c')": a list in parentheses. Fills form, values and value_count of *out. */
enum status condition_parse_values(const struct cond_parser *p, const char *text, size_t len, struct ast_check *out,
	struct cond_diag *why);
/* One item of a YAML list or exception as a constant: "..." and '...' are unquoted, all else is taken as it is. */
enum status condition_item_value(const struct cond_parser *p, const char *text, size_t len, struct ast_value *out,
	struct cond_diag *why);

/* A name a macro may have (an identifier), and one a list may have (a bare string). */
bool condition_is_macro_name(const char *text, size_t len);
bool condition_is_list_name(const char *text, size_t len);

/* Falco's canonical text (falco-language.md §1.4). False: the buffer is full. */
bool condition_canonical(const struct ast_node *root, struct buf *out);
bool condition_canonical_operand(const struct ast_operand *o, struct buf *out);
/* The same for conditions that are the same, up to the order of what `and` and `or` join. */
uint64_t condition_hash(const struct ast_node *root);

/* ---- resolve ---- */

/* A macro as the loader keeps it. resolve fills the lower part, so each macro is expanded once per ruleset. */
struct cond_macro {
	const char *name;
	const struct ast_node *body;         /* as parsed */
	const struct ast_node *resolved;     /* NULL: not yet */
	size_t resolved_nodes, resolved_values;
	unsigned resolved_depth;             /* levels of the resolved tree */
	bool busy;                           /* being resolved: meeting it again is a loop */
};

struct cond_list {
	const char *name;
	const struct ast_value *items;       /* by condition_item_value */
	size_t item_count;
	/* Filled by resolve: items with lists in them expanded. */
	const struct ast_value *expanded;
	size_t expanded_count;
	bool done, busy;
};

/* How resolve asks the loader. user: the macro whose body is being resolved, NULL for a rule: Falco lets a macro see
 * only macros defined before it. Look-ups may record use. NULL result: no such name. */
/* What expanding has made so far, of all conditions that share it: a small file may ask for very much. */
struct cond_budget {
	size_t list_items, parts;
};

struct cond_symbols {
	void *ctx;
	struct cond_macro *(*macro)(void *ctx, const char *name, size_t len, const struct cond_macro *user);
	struct cond_list *(*list)(void *ctx, const char *name, size_t len);
	/* For "did you mean"; NULL at the end. The functions themselves may be NULL. */
	const char *(*macro_name)(void *ctx, size_t index);
	const char *(*list_name)(void *ctx, size_t index);
	struct cond_budget *budget;          /* NULL: none */
	struct arena *arena;                 /* resolved macros and expanded lists live here */
	struct cond_errors errors;
	struct cond_warnings warnings;       /* hints only */
};

/* Replaces macros by their trees and list names by their items. The result shares parts with in and with symbols'
 * arena. Falco's words for what fails: "Undefined macro 'm' used in filter.", "reference loop in macro 'm'".
 * On failure *out is NULL, or, where errors were told, the tree with what failed left as it was: it can be checked as
 * partial. */
enum status condition_resolve(const struct ast_node *in, const struct cond_symbols *symbols, struct arena *a,
	const struct ast_node **out, struct cond_diag *why);
/* The same for a macro nobody may use: its errors count all the same. Result in m->resolved. */
enum status condition_resolve_macro(struct cond_macro *m, const struct cond_symbols *symbols, struct cond_diag *why);
/* Fills list->expanded. A list within itself stays a word, as it would in Falco's text. */
enum status condition_resolve_list(struct cond_list *list, const struct cond_symbols *symbols, struct cond_diag *why);

/* ---- check ---- */

/* Fields of a vocabulary by name. In the arena; NULL: the arena is full. */
struct field_index;
struct field_index *field_index_create(const struct vocabulary *v, struct arena *a);
/* NULL: no such field. index NULL: searched one by one. */
const struct field *field_find(const struct vocabulary *v, const struct field_index *index, const char *name, size_t len);

/* Constants of a vocabulary with `windows` set may be longer and may be hexadecimal, fractions or durations (5s);
 * there strings and paths are one type for field-to-field checks. */
struct cond_checker {
	const struct vocabulary *vocabulary;
	const struct field_index *index;     /* may be NULL */
	struct arena *arena;                 /* what is made lives here, in the AST, or in the vocabulary */
	struct cond_warnings warnings;
	struct cond_errors errors;           /* heeded by condition_check */
	bool partial;                        /* macros may be left over: that was told when they were resolved */
};

/* Names, arguments, operators, types and constants. On failure *out is NULL. */
enum status condition_check(const struct cond_checker *c, const struct ast_node *in, const struct expr **out,
	struct cond_diag *why);
/* A field or transformer on its own, as output texts and keys need it. */
enum status condition_check_operand(const struct cond_checker *c, const struct ast_left *in,
	const struct operand **out, struct cond_diag *why);

/* The longest field or transformer at the start of a text that checks, as output texts have them: "%proc.nameand" is
 * proc.name and "and". ast and operand live in the arena. COND_UNKNOWN_FIELD: nothing there checks. */
struct cond_prefix {
	const struct ast_operand *ast;
	const struct operand *operand;
	size_t used;                         /* bytes of the text */
};
enum status condition_operand_prefix(const struct cond_checker *c, const char *text, size_t len,
	struct cond_prefix *out, struct cond_diag *why);

/* ---- event types ---- */

struct type_set {
	uint64_t *words;              /* bit i: vocabulary.event_types[i] */
	size_t bit_count;
};

static inline bool type_set_has(const struct type_set *s, size_t bit)
{
	return bit < s->bit_count && (s->words[bit / 64] >> bit % 64 & 1);
}

bool type_set_is_all(const struct type_set *s);
size_t type_set_count(const struct type_set *s);

/* The event types for which the condition can be true (falco-language.md §5.1). Falco refuses transformers and
 * right-hand fields on the event type under `source: syscall`, so ST_MALFORMED there. The set lives in the arena. */
enum status condition_event_types(const struct expr *e, const struct vocabulary *v, struct arena *a,
	struct type_set *out, struct cond_diag *why);

#endif
