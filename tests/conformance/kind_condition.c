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
