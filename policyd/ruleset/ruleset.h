/* ruleset: rules ready to run. A builder takes files one on top of the other and makes one immutable, reference-counted
 * ruleset of them; a bad file makes none, and says why with file, line, column and a caret (load_result.h).
 * The ruleset may be read by any thread; its builder by one. Knows rules files and the engine, no event and no output. */
#ifndef VITRINE_RULESET_H
#define VITRINE_RULESET_H

#include "policyd/engine/field.h"
#include "policyd/ruleset/load_result.h"
#include "policyd/ruleset/priority.h"
#include "policyd/ruleset/rule_select.h"
#include "policyd/ruleset/version.h"
#include "proto/base/status.h"

enum {
	RULESET_MAX_SOURCES = 16,
	RULESET_MAX_FILES = 4096,               /* of one load; folders included */
	RULESET_MAX_FILE_BYTES = 16 << 20,      /* as yaml_doc */
	RULESET_MAX_RULES = 1 << 16,            /* the index of a rule fits 16 bits in tables of the engine */
};

struct correlation;
struct program;
struct template;

/* Where rules come from that this build can judge, and under which `source:` they stand. */
struct ruleset_source {
	const struct vocabulary *vocab;
	bool inactive;             /* its rules are checked and listed, but never run here */
};

/* One entry of `append_output` (falco-language.md §3.3). All given parts of the match must fit. */
struct append_field {
	const char *name;          /* key in output_fields */
	const char *format;        /* NULL: the field `name` itself, with its type; else a text */
};

struct append_output {
	const char *rule, *source;             /* NULL: any */
	const char *const *tags;               /* all must be present */
	size_t tag_count;
	const char *extra_output;              /* NULL: none */
	const struct append_field *fields;
	size_t field_count;
	bool suggested_output;                 /* adds the fields their vocabulary flags FIELD_SUGGESTED */
};

/* Borrowed, with all it points to, until ruleset_builder_destroy; vocabularies as long as the ruleset. */
struct ruleset_options {
	const struct ruleset_source *sources;
	size_t source_count;
	enum priority min_priority;            /* less severe rules are checked but do not run; PRIORITY_DEBUG: all run */
	const struct rule_selection *selection;
	size_t selection_count;
	const struct append_output *append;
	size_t append_count;
	/* Loaded plugins, to check required_plugin_versions against; NULL: requirements are read, not checked. */
	const struct plugin_version *plugins;
	size_t plugin_count;
	bool describe;                         /* fills the parts of struct rule that only people ask for */
};

struct rule_exception {
	const char *name;
	struct name_list fields, comps;
	size_t value_count;
};

struct rule_extra_field {
	const char *name;
	const struct template *format;         /* prints the field; a raw field is a format of that field alone */
	bool raw;                              /* keeps the field's type in JSON */
};

/* What a rule asks for beyond one event, as written; lists without names where nothing was given. */
struct rule_step_text {
	const char *condition;
	struct name_list by;
};

struct rule_beyond {
	struct name_list throttle_key, threshold_key;
	const char *distinct;                  /* NULL: matches are counted */
	const struct rule_step_text *steps;    /* of the sequence, the last one too */
	size_t step_count;
};

/* Lives as long as its ruleset. */
struct rule {
	const char *name, *desc, *source;
	const char *file;                      /* where it was defined last */
	uint32_t line;
	uint64_t condition_hash;               /* condition_hash of the resolved condition */
	const char *condition;                 /* as written, parts joined by append included */
	const char *output;                    /* with append_output */
	const struct template *output_template;
	const struct rule_extra_field *extra_fields;
	size_t extra_field_count;
	enum priority priority;
	struct name_list tags;                 /* sorted, each once */
	bool runs;                             /* enabled, severe enough, and its source is active here */
	bool enabled;                          /* after selection and min_priority */
	bool source_active;
	const struct correlation *correlation; /* throttle, threshold, sequence; NULL: none */
	bool capture;
	uint32_t capture_duration_ms;
	size_t source_index;                   /* into ruleset_options.sources */
	bool all_event_types;
	struct name_list event_types;          /* when not all */
	struct name_list macros, lists;        /* named by the condition itself */
	/* With options.describe, else NULL and empty. */
	const char *condition_canonical;       /* resolved: macros, lists and exceptions expanded */
	struct name_list fields, output_fields, operators;
	const struct rule_exception *exceptions;
	size_t exception_count;
	const struct rule_beyond *beyond;      /* NULL: one event decides */
};

struct macro_info {
	const char *name, *condition, *file;
	uint32_t line;
	bool used;
};

struct list_info {
	const char *name, *file;
	uint32_t line;
	struct name_list items;                /* as written */
	bool used;
};

struct ruleset;

struct ruleset *ruleset_ref(struct ruleset *rs);                  /* atomic; any thread */
void ruleset_unref(struct ruleset *rs);                           /* NULL is fine; the last one frees */

size_t ruleset_rule_count(const struct ruleset *rs);
const struct rule *ruleset_rule(const struct ruleset *rs, size_t index);       /* in the order of the files */
const struct rule *ruleset_find(const struct ruleset *rs, const char *name);   /* NULL: no such rule */
size_t ruleset_macro_count(const struct ruleset *rs);
const struct macro_info *ruleset_macro(const struct ruleset *rs, size_t index);
size_t ruleset_list_count(const struct ruleset *rs);
const struct list_info *ruleset_list(const struct ruleset *rs, size_t index);
/* A step of a rule's sequence, before the last one: that is the rule's own condition. */
struct run_step {
	uint32_t rule;
	uint32_t step;
};

/* What runs for one source: the program's rule k is rules[k]; behind these stand the steps of sequences, those of one rule
 * the last one first. program is NULL when no rule of the source runs. */
struct ruleset_runs {
	const struct program *program;
	const struct rule *const *rules;
	size_t rule_count;
	const struct run_step *steps;
	size_t step_count;
};
struct ruleset_runs ruleset_runs(const struct ruleset *rs, const char *source);
size_t ruleset_held_bytes(const struct ruleset *rs);              /* memory of rules and programs together */

struct ruleset_builder;

struct ruleset_builder *ruleset_builder_create(const struct ruleset_options *options);    /* NULL: out of memory */
void ruleset_builder_destroy(struct ruleset_builder *b);                                  /* NULL is fine */

/* Each loads on top of what came before. What is wrong with the rules is not a status but a message in the results;
 * ST_LIMIT, ST_NOMEM: the load as a whole has failed. */
enum status ruleset_builder_add_text(struct ruleset_builder *b, const char *name, const char *text, size_t len);
enum status ruleset_builder_add_file(struct ruleset_builder *b, const char *path);
/* A file, or a folder: its .yaml and .yml files sorted by name, *_test.yaml and *_test.yml left out. The files of a folder
 * load as one: a rule may use macros and lists of any of them. */
enum status ruleset_builder_add_path(struct ruleset_builder *b, const char *path);

/* Compiles what was added. ST_OK: *out is a new reference. ST_MALFORMED: some file is invalid, *out is NULL.
 * Only ruleset_builder_results and _destroy may follow. */
enum status ruleset_builder_finish(struct ruleset_builder *b, struct ruleset **out);
/* Complete after finish; lives as long as the builder. */
const struct load_results *ruleset_builder_results(const struct ruleset_builder *b);

#endif
