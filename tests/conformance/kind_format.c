/* Kind format: an output text, compiled and rendered for an event. */
#include <stdlib.h>

#include "policyd/alert/template.h"
#include "tests/conformance/kinds.h"

enum { MAX_TEXT_BYTES = 1 << 20, SCRATCH_BYTES = 4 << 20 };

static void compare_fields(struct case_run *run, const struct template *t)
{
	size_t count = template_field_count(t);
	const char **names = calloc(count + 1, sizeof *names);

	for (size_t i = 0; names && i < count; i++)
		names[i] = template_field_name(t, i);
	if (names)
		case_expect_multiset(run, "field_names", names, count);
	else
		case_fail(run, "out of memory");
	free(names);
}

static void compare_text(struct case_run *run, const struct template *t)
{
	struct toy_event event = { .values = yaml_map_get(run->node, "event"),
		.chain = yaml_map_get(run->node, "process_chain") };
	struct template_style style = { .base64_buffers = false };
	struct arena *scratch = arena_create(SCRATCH_BYTES);
	enum template_result result;
	struct event_view view;
	struct buf text;

	if (!scratch) {
		case_fail(run, "out of memory");
		return;
	}
	buf_init(&text, MAX_TEXT_BYTES);
	toy_event_view(run->toy, &event, scratch, &view);
	result = template_render(t, &view, &style, &text);
	case_expect_text(run, "text", result == TEMPLATE_SUPPRESSED ? NULL : buf_cstr(&text));
	buf_release(&text);
	arena_destroy(scratch);
}

void kind_format(struct case_run *run)
{
	struct cond_checker checker = { .vocabulary = toy_vocabulary(run->toy), .arena = run->arena };
	const struct yaml_node *output = yaml_map_get(run->node, "output");
	struct cond_diag why = { .code = COND_OK };
	const struct template *t;
	enum status st;

	if (!yaml_is_scalar(output)) {
		case_fail(run, "output: a text is needed");
		return;
	}
	st = template_compile(&checker, output->text, output->count, &t, &why);
	case_expect_bool(run, "ok", st == ST_OK);
	case_expect_contains(run, "error_contains", why.text);
	if (st != ST_OK) {
		if (run->failure->len)
			case_fail(run, "got error: %s", why.text);
		return;
	}
	compare_fields(run, t);
	compare_text(run, t);
}
