/* options: command line -> options and operands, by one table a command. Wrong usage is told on stderr. */
#ifndef VITRINE_CLI_OPTIONS_H
#define VITRINE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum { OPTIONS_MAX_VALUES = 256, EXIT_USAGE = 2 };

struct option {
	const char *name;      /* "--json" */
	const char *alias;     /* "-r"; NULL: none */
	const char *value;     /* "FILE|DIR": takes a value; NULL: a switch */
	const char *doc;
};

struct options {
	const struct option *table;
	size_t table_count;
	const char *values[OPTIONS_MAX_VALUES];      /* in the order given */
	size_t option_of[OPTIONS_MAX_VALUES];        /* row in the table */
	size_t value_count;
	const char *const *operands;
	size_t operand_count;
	const char *operand_store[OPTIONS_MAX_VALUES];
};

/* False: the line does not fit the table; a message was printed. "--" ends the options. */
bool options_parse(struct options *o, const struct option *table, size_t table_count, char **argv);
bool options_has(const struct options *o, const char *name);
const char *options_last(const struct options *o, const char *name);                    /* NULL: not given */
size_t options_all(const struct options *o, const char *name, const char **out, size_t max);
void options_print_help(const struct option *table, size_t table_count);

#endif
