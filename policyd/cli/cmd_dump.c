#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/alert/template.h"
#include "policyd/cli/cli.h"
#include "policyd/cli/run_inputs.h"
#include "policyd/fields/fields.h"
#include "proto/base/text.h"

enum { DUMP_ARENA_BYTES = 4 << 20, DUMP_LINE_BYTES = 4 << 20, DUMP_MAX_FIELDS = 1024 };

static const struct option table[] = {
	{ "--fields", NULL, "a,b", "only these fields, as in a rule's output: proc.name,proc.aname[2]" },
	{ "--help", "-h", NULL, "this text" },
};

/* One column: a template of a single field, which knows how to print it as JSON. */
struct column {
	const char *key;               /* ,"name": */
	size_t key_len;
	const struct template *field;
};

struct dump {
	struct column columns[DUMP_MAX_FIELDS];
	size_t column_count;
	struct arena *arena;
	struct buf line;
	FILE *out;
};

/* The column's name as it stands in every line. */
static enum status set_key(struct dump *d, struct column *c, const char *name)
{
	buf_clear(&d->line);
	buf_append_char(&d->line, ',');
	text_append_json(&d->line, name, strlen(name));
	buf_append_char(&d->line, ':');
	c->key_len = d->line.len;
	c->key = arena_strndup(d->arena, buf_cstr(&d->line), c->key_len);
	if (!c->key)
		return ST_NOMEM;
	d->column_count++;
	return ST_OK;
}

static enum status add_column(struct dump *d, const char *name, size_t len, struct cond_diag *why)
{
	struct cond_checker checker = { .vocabulary = fields_vocabulary(), .arena = d->arena };
	char text[512];
	int n = snprintf(text, sizeof text, "%%%.*s", (int)len, name);
	struct column *c = &d->columns[d->column_count];
	enum status st;

	if (n < 0 || (size_t)n >= sizeof text || d->column_count == DUMP_MAX_FIELDS)
		return ST_LIMIT;
	st = template_compile(&checker, text, (size_t)n, &c->field, why);
	if (st != ST_OK)
		return st;
	/* "%proc.namex" would print a name and an x. */
	if (template_field_count(c->field) != 1 || strlen(template_field_name(c->field, 0)) != len)
		return ST_NOT_FOUND;
	return set_key(d, c, template_field_name(c->field, 0));
}

static bool add_asked(struct dump *d, const char *list)
{
	while (*list) {
		size_t len = strcspn(list, ",");
		struct cond_diag why = { .text = "" };
		enum status st = len ? add_column(d, list, len, &why) : ST_OK;

		if (st != ST_OK) {
			fprintf(stderr, "policyd dump: no field %.*s%s%s\n", (int)len, list, why.hint[0] ? ": " : "", why.hint);
			return false;
		}
		list += len + (list[len] == ',');
	}
	return true;
}

/* Every field that needs no argument and stands for itself. */
static bool add_all(struct dump *d)
{
	const struct vocabulary *v = fields_vocabulary();

	for (size_t i = 0; i < v->field_count; i++) {
		const struct field *f = &v->fields[i];
		struct cond_diag why = { .text = "" };

		if (f->arg == FIELD_ARG_KEY_REQUIRED || f->arg == FIELD_ARG_INDEX_REQUIRED ||
			(f->flags & (FIELD_FILTER_ONLY | FIELD_DEPRECATED)))
			continue;
		if (add_column(d, f->name, strlen(f->name), &why) != ST_OK) {
			fprintf(stderr, "policyd dump: field %s: %s\n", f->name, why.text);
			return false;
		}
	}
	return true;
}

static bool is_null(const struct buf *line, size_t at)
{
	return line->len - at == 4 && memcmp(line->data + at, "null", 4) == 0;
}

static enum status visit(void *ctx, const struct event_view *view, const struct event *ev)
{
	static const struct template_style style = { .base64_buffers = true, .times_as_text = true };
	struct dump *d = ctx;

	(void)ev;
	buf_clear(&d->line);
	for (size_t i = 0; i < d->column_count; i++) {
		const struct column *c = &d->columns[i];
		size_t start = d->line.len;

		buf_append(&d->line, c->key, c->key_len);
		if (!template_field_json(c->field, 0, view, &style, &d->line))
			return ST_LIMIT;
		if (is_null(&d->line, start + c->key_len))
			d->line.len = start;
	}
	if (!d->line.len)
		buf_append_char(&d->line, ',');
	buf_append(&d->line, "}\n", 2);
	if (d->line.failed)
		return ST_LIMIT;
	d->line.data[0] = '{';         /* in place of the first comma */
	return fwrite(d->line.data, 1, d->line.len, d->out) == d->line.len ? ST_OK : ST_STOPPED;
}

static int run_dump(struct dump *d, const struct options *o)
{
	struct pipeline *p = pipeline_create(NULL, visit, d);
	struct run_result result;
	struct buf ledger;

	if (!p)
		return 1;
	result = run_inputs(p, o);
	buf_init(&ledger, 4 << 20);
	ledger_write_text(pipeline_ledger(p), &ledger);
	if (fflush(d->out) != 0 || ferror(d->out))
		result.failed = true;
	fputs(buf_cstr(&ledger), stderr);
	buf_release(&ledger);
	pipeline_destroy(p);
	return result.failed;
}

int cmd_dump(char **argv)
{
	struct options o;
	struct dump *d;
	const char *asked;
	int status = 1;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return EXIT_USAGE;
	if (options_has(&o, "--help") || o.operand_count == 0) {
		puts("usage: policyd dump [--fields a,b] INPUT...");
		options_print_help(table, sizeof table / sizeof table[0]);
		return options_has(&o, "--help") ? 0 : EXIT_USAGE;
	}
	d = calloc(1, sizeof *d);
	if (!d)
		return 1;
	d->arena = arena_create(DUMP_ARENA_BYTES);
	d->out = stdout;
	buf_init(&d->line, DUMP_LINE_BYTES);
	asked = options_last(&o, "--fields");
	if (d->arena)
		status = (asked ? add_asked(d, asked) : add_all(d)) ? run_dump(d, &o) : EXIT_USAGE;
	buf_release(&d->line);
	arena_destroy(d->arena);
	free(d);
	return status;
}
