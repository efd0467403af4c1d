/* Kinds that take a condition and no event: parse, compile, evtset. */
#include "tests/conformance/kinds.h"

#include <stdio.h>

#include "policyd/engine/condition.h"

/* Diagnostic and hint as one text, as people see it. */
static void fail_text(const struct cond_diag *why, char *out, size_t out_bytes)
{
	snprintf(out, out_bytes, "%u:%u: %s", why->pos.line, why->pos.column, why->text);
}

static const struct yaml_node *condition_of(struct case_run *run)
{
	const struct yaml_node *n = yaml_map_get(run->node, "condition");

	if (!yaml_is_scalar(n))
		case_fail(run, "condition: a text is needed");
	return yaml_is_scalar(n) ? n : NULL;
}

/* Failures of the condition itself are compared; the caller compares the rest when this returns true. */
static bool expect_status(struct case_run *run, enum status st, const struct cond_diag *why)
{
	char text[640] = "";

	if (st != ST_OK)
		fail_text(why, text, sizeof text);
	case_expect_bool(run, "ok", st == ST_OK);
	if (run->failure->len && st != ST_OK)
		case_fail(run, "got error: %s", text);
	case_expect_contains(run, "error_contains", st == ST_OK ? "" : text);
	return st == ST_OK && run->failure->len == 0;
}

void kind_parse(struct case_run *run)
{
	/* These cases are about Falco's own lexer, the end of quoted strings included. */
	struct cond_parser parser = { .arena = run->arena, .falco_quotes = true };
	const struct yaml_node *text = condition_of(run);
	const struct ast_node *ast;
	struct cond_diag why;
	struct buf canonical;
	enum status st;

	if (!text)
		return;
	st = condition_parse(&parser, text->text, text->count, &ast, &why);
	if (!expect_status(run, st, &why))
		return;
	buf_init(&canonical, COND_MAX_TEXT_BYTES);
	condition_canonical(ast, &canonical);
	case_expect_text(run, "canonical", buf_cstr(&canonical));
	buf_release(&canonical);
}

static void count_warning(void *ctx, const struct cond_warning *w)
{
	struct buf *texts = ctx;

	if (w->kind == COND_WARN_CONDITION) {
		buf_append_str(texts, w->text);
		buf_append_char(texts, '\n');
	}
}

static int64_t count_lines(const struct buf *texts)
{
	int64_t n = 0;

	for (size_t i = 0; i < texts->len; i++)
		n += texts->data[i] == '\n';
	return n;
}

/* Parse and check; warnings become lines. */
static enum status compile(struct case_run *run, const struct yaml_node *text, struct buf *warnings,
	const struct expr **out, struct cond_diag *why)
{
	struct cond_parser parser = { .arena = run->arena };
	struct cond_checker checker = { .vocabulary = toy_vocabulary(run->toy), .arena = run->arena,
		.warnings = { .ctx = warnings, .warn = count_warning } };
	const struct ast_node *ast;
	enum status st = condition_parse(&parser, text->text, text->count, &ast, why);

	return st == ST_OK ? condition_check(&checker, ast, out, why) : st;
}

void kind_compile(struct case_run *run)
{
	const struct yaml_node *text = condition_of(run);
	const struct expr *expr;
	struct cond_diag why;
	struct buf warnings;

	if (!text)
		return;
	buf_init(&warnings, 1 << 16);
	if (expect_status(run, compile(run, text, &warnings, &expr, &why), &why)) {
		case_expect_number(run, "warnings", count_lines(&warnings));
		case_expect_contains(run, "warning_contains", buf_cstr(&warnings));
	}
	buf_release(&warnings);
}

static bool is_listed(const struct yaml_node *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (yaml_scalar_is(list->items[i], name))
			return true;
	return false;
}

/* types: a list of names, or "all"; all_except: a list of names. */
static void compare_types(struct case_run *run, const struct type_set *set)
{
	const struct vocabulary *v = toy_vocabulary(run->toy);
	const struct yaml_node *types = case_expected(run, "types"), *except = case_expected(run, "all_except");

	for (size_t i = 0; i < v->event_type_count; i++) {
		bool want = yaml_is_sequence(types) ? is_listed(types, v->event_types[i]) :
			yaml_is_sequence(except) ? !is_listed(except, v->event_types[i]) : true;

		if (want != type_set_has(set, i))
			case_fail(run, "event type %s: expected %s, got %s", v->event_types[i], want ? "yes" : "no",
				want ? "no" : "yes");
	}
}

void kind_evtset(struct case_run *run)
{
	const struct yaml_node *text = condition_of(run);
	const struct expr *expr = NULL;
	struct type_set set;
	struct cond_diag why = { .code = COND_OK };
	struct buf warnings;
	enum status st;

	if (!text)
		return;
	buf_init(&warnings, 1 << 16);
	st = compile(run, text, &warnings, &expr, &why);
	if (st == ST_OK)
		st = condition_event_types(expr, toy_vocabulary(run->toy), run->arena, &set, &why);
	if (st == ST_OK)
		compare_types(run, &set);
	else
		case_fail(run, "error: %s", why.text);
	buf_release(&warnings);
}
