/* rule_build: the state of one load, between its steps: read (YAML items -> collection), compile (collection -> checked
 * rules), publish (-> struct ruleset). Private to the layer. Everything lives in the builder's arena. */
#ifndef VITRINE_RULESET_RULE_BUILD_H
#define VITRINE_RULESET_RULE_BUILD_H

#include "policyd/correlate/correlation.h"
#include "policyd/engine/condition.h"
#include "policyd/ruleset/load_log.h"
#include "policyd/ruleset/rule_keys.h"
#include "policyd/ruleset/rule_names.h"
#include "policyd/ruleset/ruleset.h"

enum {
	BUILD_MAX_ARENA_BYTES = 1 << 30,     /* 16 MiB of YAML need about 300 MiB; ends what bounds elsewhere miss */
	BUILD_MAX_TEXT_BYTES = 2 << 20,      /* of a text with all that is appended; twice what a condition may have */
	BUILD_MAX_TAGS = 256,                /* of one rule; real ones have 10 */
	BUILD_MAX_EXCEPTIONS = 4096,         /* of one rule */
	BUILD_MAX_FIELDS = 256,              /* of one exception, and names listed of one rule */
	BUILD_MAX_SUGGESTIONS = 1 << 20,     /* names compared in search of what was meant, of a whole load: some seconds */
};

/* A growing array of pointers. */
struct ptr_list {
	void **items;
	size_t count, cap;
};
bool ptr_list_push(struct ptr_list *list, struct arena *a, void *item);

/* What text and messages belong to: a rule or macro, where it was defined last. */
struct raw_item {
	const char *type, *name;
	const struct rule_file *file;
	struct yaml_pos pos;
	bool broken;                         /* had an error: nothing further is said about it or because of it */
	struct log_list log;                 /* of compiling it */
};

/* Text joined out of YAML scalars, that still knows where each part stands. */
struct text_part {
	const struct rule_file *file;
	const struct yaml_node *node;
	size_t at;                           /* in the joined text */
	size_t from;                         /* in the scalar's text: trimmed output texts start later */
};

struct rule_text {
	const char *ptr;                     /* NULL: none */
	size_t len;
	char *own;                           /* ptr, once something was appended; else NULL */
	size_t room;                         /* bytes of own */
	struct text_part *parts;
	size_t part_count, part_room;
	const char *type;                    /* "rule condition" */
	const struct raw_item *item;
	struct told_error *told;             /* macros: errors told once already */
};

struct told_error {
	uint32_t offset;
	struct told_error *next;
};

struct raw_macro {
	struct raw_item item;
	struct rule_text condition;
	size_t order;                        /* of the first definition */
	size_t sees;                         /* macros with a smaller order: that of the latest definition or append */
	struct cond_macro cond;              /* body NULL: not parsed yet */
	bool used;
};

struct list_part {
	const struct rule_file *file;
	const struct yaml_node *items;       /* sequence of scalars */
	struct list_part *next;
};

struct raw_list {
	struct raw_item item;
	struct list_part *first, *last;      /* as defined, then as appended */
	size_t item_count;
	struct cond_list cond;
	bool used;
};

struct exception_values {
	const struct rule_file *file;
	const struct yaml_node *values;      /* sequence */
	struct exception_values *next;
};

struct raw_exception {
	const char *name;
	const struct yaml_node *node;        /* its map, where it was defined */
	const struct rule_file *file;
	const struct yaml_node *fields;      /* scalar or sequence; NULL: none yet */
	const struct yaml_node *comps;       /* NULL: the default */
	struct exception_values *first, *last;
	struct raw_exception *next;
};

/* What a rule wants beyond one event, as it stands in the file; node NULL: not wanted. key and by: NULL, a scalar, or a
 * sequence of them. */
struct raw_throttle {
	const struct rule_file *file;
	const struct yaml_node *node, *key;
	uint64_t window_ms;
	uint32_t max;
};

struct raw_threshold {
	const struct rule_file *file;
	const struct yaml_node *node, *key, *distinct;
	uint64_t window_ms;
	uint32_t count;
};

struct raw_step {
	const struct yaml_node *condition, *by;
};

struct raw_sequence {
	const struct rule_file *file;
	const struct yaml_node *node, *by;
	struct raw_step *steps;
	size_t count;
	uint64_t within_ms;
};

struct raw_correlation {
	struct raw_throttle throttle;
	struct raw_threshold threshold;
	struct raw_sequence sequence;
};

/* A condition ready to be published. */
struct compiled_condition {
	const struct expr *expr;
	const struct ast_node *resolved;
	struct type_set types;
};

struct raw_rule {
	struct raw_item item;
	struct rule_text condition, output, desc;
	const char *source;
	size_t source_index;
	bool unknown_source;
	enum priority priority;
	bool enabled, warn_evttypes, skip_unknown, capture;
	uint32_t capture_duration_ms;
	struct raw_correlation correlation;
	bool has_condition;                  /* false: the last step of its sequence is the condition */
	struct ptr_list tags;                /* const char *, sorted, each once */
	struct raw_exception *exceptions, *last_exception;
	size_t exception_count;
	/* by compile */
	bool compiled;                       /* false: left out (unknown source, skipped, broken) */
	struct compiled_condition main;
	struct compiled_condition *steps;    /* of the sequence, all but the last */
	size_t step_count;
	const struct correlation *compiled_correlation;    /* in builder.keep; NULL: none */
	const char *full_output;
	const struct template *output_template;    /* in builder.keep, as the next */
	const struct rule_extra_field *extra_fields;
	size_t extra_field_count;
	struct ptr_list macros, lists;       /* struct raw_macro *, raw_list *: named by the condition itself */
};

struct ruleset_builder {
	struct ruleset_options options;
	struct arena *arena;
	struct arena *keep;                  /* becomes the ruleset's: holds what compiling makes for good */
	struct load_log log;
	struct rule_file *files, **file_tail;
	size_t file_count;
	const struct rule_file *pending;     /* read, not compiled yet */
	bool in_folder;                      /* reading the files of one folder, which are judged together */
	bool pending_folder;                 /* pending is the last of such files */
	struct rule_names rule_by_name, macro_by_name, list_by_name;
	struct ptr_list rules, macros, lists;    /* in order of first definition */
	size_t suggestions;                  /* names compared so far */
	size_t condition_errors;             /* met so far, told or not */
	size_t next_order;
	struct cond_budget budget;           /* of the collection that is compiled */
	struct field_index *fields[RULESET_MAX_SOURCES];
	struct log_list unused;              /* messages about unused macros and lists */
	struct load_results results;
};

/* An item of a file while it is read. */
struct item {
	struct ruleset_builder *b;
	const struct rule_file *file;
	const struct yaml_node *map;
	enum item_kind kind;
	struct place place;
	const char *name;
	size_t name_len;
	bool append_flag;
};

/* ---- rule_decode.c: keys of an item; each says what is wrong and returns NULL or false ---- */
/* A text that must be there; *failed is set when it is not, and left alone otherwise. */
const struct yaml_node *item_scalar(const struct item *it, const struct place *place, const struct yaml_node *map,
	const char *key, bool *failed);
enum need { NEED_OPTIONAL, NEED_REQUIRED };
bool item_text(const struct item *it, const char *key, enum need need, const struct yaml_node **out);
bool item_bool(const struct item *it, const char *key, bool *out);
bool item_uint32(const struct item *it, const char *key, uint32_t *out);
bool item_duration(const struct item *it, const char *key, uint64_t *out_ms);    /* must be there, and not 0 */
/* A sequence of scalars; *out stays NULL when the key is absent and optional. */
bool item_sequence(const struct item *it, const char *key, enum need need, const struct yaml_node **out);
void item_check_keys(const struct item *it);
struct load_message *item_error(const struct item *it, enum load_code code, const char *text);
struct place place_of(const struct place *up, const char *type, const char *name, const struct yaml_node *node);

/* ---- rule_near.c: give the message, which may be NULL, a hint at what was probably meant ---- */
void near_key(struct ruleset_builder *b, struct load_message *m, enum item_kind kind, const char *name);
void near_override(struct ruleset_builder *b, struct load_message *m, enum item_kind kind, const char *name);
/* An item without a key that says what it is. */
void near_item(struct ruleset_builder *b, struct load_message *m, const struct yaml_node *map);
void near_priority(struct ruleset_builder *b, struct load_message *m, const char *text);
void near_source(struct ruleset_builder *b, struct load_message *m, const char *source);
/* defined: the builder's rules, macros or lists. */
void near_defined(struct ruleset_builder *b, struct load_message *m, const struct ptr_list *defined, const char *name);
/* A field or event type that the rule's source does not know, but another does. */
void near_other_source(struct ruleset_builder *b, const struct raw_rule *rule, struct cond_diag *why);

/* ---- rule_override.c ---- */
struct overrides {
	bool append[32], replace[32];        /* by place of the key among the item kind's keys */
	bool any_append, any_replace;
};
bool item_overrides(const struct item *it, struct overrides *out);
bool override_wants(const struct item *it, const struct overrides *o, const char *key, bool append);
/* False, and said: the key is overridden but not there. */
bool override_has_keys(const struct item *it, const struct overrides *o, bool append);
/* False, and said: overridable keys stand in the item without an entry under `override`. */
bool override_no_others(const struct item *it, const struct overrides *o);

/* ---- rule_read.c, rule_read_rule.c, rule_read_version.c ---- */
void read_file_items(struct ruleset_builder *b, const struct rule_file *file);
bool read_append_flag(struct item *it);
void read_rule_item(struct item *it);
void read_engine_version(struct item *it);
void read_plugin_versions(struct item *it);

/* ---- rule_exception.c, rule_exception_tree.c ---- */
bool read_exceptions(const struct item *it, bool append, struct raw_exception **out, size_t *count);
bool define_exceptions(const struct item *it, struct raw_rule *rule, struct raw_exception *list);
bool append_exceptions(const struct item *it, struct raw_rule *rule, struct raw_exception *list);
/* Conditions that must not hold, one for each exception with values. False: said what is wrong. */
bool exception_trees(struct ruleset_builder *b, struct raw_rule *rule, struct ptr_list *out);

/* ---- rule_correlation_read.c, rule_correlation.c ---- */
/* Reads what the item has of it; the rest of *out is left alone. */
bool read_correlation(const struct item *it, struct raw_correlation *out);
/* Fills rule->compiled_correlation and steps. False: said what is wrong. */
bool compile_correlation(struct ruleset_builder *b, struct raw_rule *rule);
/* A rule with a condition beside its sequence must match the last step too, so that is added to `also`. */
bool add_last_step(struct ruleset_builder *b, struct raw_rule *rule, struct ptr_list *also);

/* ---- rule_text.c ---- */
bool text_set(struct ruleset_builder *b, struct rule_text *text, const struct rule_file *file,
	const struct yaml_node *node, bool trim);
/* more is what the item brings. False: said what is wrong. */
bool text_append(const struct item *it, struct rule_text *text, const struct rule_text *more);
struct place_chain {
	struct place content, item, text, exact;
};
/* The chain of places down to byte offset of the text. */
const struct place *text_place(const struct rule_text *text, size_t offset, struct place_chain *chain);
const struct place *item_place(const struct raw_item *item, struct place_chain *chain);

/* ---- rule_compile.c, rule_output.c, rule_symbols.c ---- */
enum outcome { COMPILED, SKIPPED, FAILED };
/* also: trees that must hold too; NULL: none. */
enum outcome compile_text(struct ruleset_builder *b, struct raw_rule *rule, const struct rule_text *text,
	const struct ptr_list *also, struct compiled_condition *out);
void compile_collection(struct ruleset_builder *b, const struct rule_file *only);
void compile_unused(struct ruleset_builder *b);
struct cond_parser parser_for(struct ruleset_builder *b, const struct rule_text *owner);
struct cond_checker checker_for(struct ruleset_builder *b, size_t source_index);
void compile_symbols(struct ruleset_builder *b, const struct rule_file *only);
struct symbol_use {
	struct ruleset_builder *b;
	struct raw_rule *rule;               /* NULL: a macro is being resolved */
	/* Of the look-up before: */
	bool cascade;                        /* what was found is broken, which was told already */
	const struct raw_macro *later;       /* the macro exists, but after its use */
};
struct cond_symbols symbols_of(struct symbol_use *use);
/* What a condition has to say beside errors goes to the log's sink. fallback: the text, where a warning names none. */
struct warn_ctx {
	struct ruleset_builder *b;
	const struct rule_text *fallback;
};
void on_condition_warning(void *ctx, const struct cond_warning *w);
/* skipped: the rule is to be left out, and that was said. */
bool compile_output(struct ruleset_builder *b, struct raw_rule *rule, bool *skipped);
enum load_code load_code_of(enum cond_error error);
void report_condition(struct ruleset_builder *b, const struct rule_text *fallback, enum load_code code,
	const struct cond_diag *why);

/* ---- rule_publish.c ---- */
enum status publish_ruleset(struct ruleset_builder *b, struct ruleset **out);

/* ---- rule_hints.c ---- */
/* About rules of a ruleset just published: they load well, but can never match, never alert, or cost much. */
void hint_rules(struct ruleset_builder *b, const struct ruleset *rs);

#endif
