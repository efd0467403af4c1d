/* load_log: collects what a load has to say, with the chain of places that leads to each message. Private to the layer:
 * readers see load_result.h. */
#ifndef VITRINE_RULESET_LOAD_LOG_H
#define VITRINE_RULESET_LOAD_LOG_H

#include "policyd/ruleset/load_result.h"
#include "policyd/yaml/yaml_doc.h"
#include "proto/base/arena.h"
#include "proto/base/status.h"

struct logged {
	struct load_message m;
	const struct rule_file *file;
	struct logged *next;
};

struct log_list {
	struct logged *first, *last;
	size_t count;
};

/* One file of the load. */
struct rule_file {
	const char *name;
	struct yaml_doc *doc;                /* NULL: unreadable or no YAML */
	struct log_list read;                /* found while reading it */
	struct rule_file *next;
};

/* A place while its item is being read: lives on the reader's stack, chained to what it stands in. */
struct place {
	const struct place *up;
	const char *type, *name;
	const struct rule_file *file;
	struct yaml_pos pos;
};

struct load_log {
	struct arena *arena;
	struct log_list *sink;               /* where messages go now */
	bool compiling;
	bool out_of_memory;
};

/* Adds a message at the end of the chain. The result may be given a hint or a deprecated field; NULL: out of memory. */
struct load_message *load_log_add(struct load_log *log, enum load_code code, const struct place *at, const char *fmt,
	...) VITRINE_PRINTF(4, 5);
/* A message about text that could not be parsed as YAML: the line comes from the text itself. */
void load_log_add_syntax(struct load_log *log, const struct place *at, const char *text, size_t len,
	const struct diag *why);
void load_log_hint(struct load_log *log, struct load_message *m, const char *hint);
bool log_list_has_error(const struct log_list *list);
/* One list by file out of all of them; every file gets one. */
enum status load_log_results(struct load_log *log, const struct rule_file *files,
	const struct log_list *const *lists, size_t list_count, struct load_results *out);

#endif
