#include "policyd/cli/options.h"

#include <stdio.h>
#include <string.h>

/* Row of the option that arg names, with a "--name=value" tail in *inline_value. */
static const struct option *find_option(const struct options *o, const char *arg, const char **inline_value)
{
	size_t len = strcspn(arg, "=");

	*inline_value = NULL;
	for (size_t i = 0; i < o->table_count; i++) {
		const struct option *row = &o->table[i];

		if (strcmp(arg, row->name) == 0 || (row->alias && strcmp(arg, row->alias) == 0))
			return row;
		if (row->value && arg[len] == '=' && strlen(row->name) == len && strncmp(arg, row->name, len) == 0) {
			*inline_value = arg + len + 1;
			return row;
		}
	}
	return NULL;
}

static bool add_value(struct options *o, const struct option *row, const char *value)
{
	if (o->value_count == OPTIONS_MAX_VALUES) {
		fprintf(stderr, "too many options (at most %d)\n", OPTIONS_MAX_VALUES);
		return false;
	}
	o->option_of[o->value_count] = (size_t)(row - o->table);
	o->values[o->value_count++] = value;
	return true;
}

static bool add_operand(struct options *o, const char *operand)
{
	if (o->operand_count == OPTIONS_MAX_VALUES) {
		fprintf(stderr, "too many operands (at most %d)\n", OPTIONS_MAX_VALUES);
		return false;
	}
	o->operand_store[o->operand_count++] = operand;
	return true;
}

/* Takes one option at argv[*i] and, where it has one, its value. */
static bool take_option(struct options *o, char **argv, size_t *i)
{
	const char *value;
	const struct option *row = find_option(o, argv[*i], &value);

	if (!row) {
		fprintf(stderr, "unknown option %s\n", argv[*i]);
		return false;
	}
	if (row->value && !value) {
		value = argv[*i + 1];
		if (!value) {
			fprintf(stderr, "option %s needs a value: %s\n", argv[*i], row->value);
			return false;
		}
		++*i;
	}
	return add_value(o, row, value ? value : "");
}

bool options_parse(struct options *o, const struct option *table, size_t table_count, char **argv)
{
	bool only_operands = false;

	*o = (struct options){ .table = table, .table_count = table_count };
	o->operands = o->operand_store;
	for (size_t i = 0; argv[i]; i++) {
		bool ok;

		if (!only_operands && strcmp(argv[i], "--") == 0) {
			only_operands = true;
			continue;
		}
		if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0')
			ok = add_operand(o, argv[i]);
		else
			ok = take_option(o, argv, &i);
		if (!ok)
			return false;
	}
	return true;
}

size_t options_all(const struct options *o, const char *name, const char **out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < o->value_count; i++) {
		if (strcmp(o->table[o->option_of[i]].name, name) != 0)
			continue;
		if (n < max)
			out[n] = o->values[i];
		n++;
	}
	return n < max ? n : max;
}

const char *options_last(const struct options *o, const char *name)
{
	for (size_t i = o->value_count; i > 0; i--) {
		if (strcmp(o->table[o->option_of[i - 1]].name, name) == 0)
			return o->values[i - 1];
	}
	return NULL;
}

bool options_has(const struct options *o, const char *name)
{
	return options_last(o, name) != NULL;
}

void options_print_help(const struct option *table, size_t table_count)
{
	for (size_t i = 0; i < table_count; i++) {
		char left[64];

		snprintf(left, sizeof left, "%s%s%s%s%s", table[i].alias ? table[i].alias : "", table[i].alias ? ", " : "",
			table[i].name, table[i].value ? " " : "", table[i].value ? table[i].value : "");
		printf("  %-28s %s\n", left, table[i].doc);
	}
}
