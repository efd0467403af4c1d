/* links: policyd_template test_policyd_template */
/* An output text compiled, rendered as text and as JSON values. First byte: bit 0 windows, bit 1 base64 buffers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/alert/template.h"
#include "tests/support/toy_condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_TEXT = 1 << 14, ARENA_BYTES = 64 << 20 };

static void render(const struct template *t, struct arena *scratch, bool base64)
{
	struct template_style style = { .base64_buffers = base64 };
	struct event_view ev = { .scratch = scratch };
	struct buf out;

	buf_init(&out, 1 << 20);
	if (template_render(t, &ev, &style, &out) == TEMPLATE_SUPPRESSED && out.len != 0)
		abort();
	buf_clear(&out);
	for (size_t i = 0; i < template_field_count(t); i++) {
		if (template_field_name(t, i)[0] == '\0')
			abort();
		template_field_json(t, i, &ev, &style, &out);
	}
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cond_checker checker = { .vocabulary = toy_condition_vocabulary(size && (data[0] & 1)) };
	struct cond_diag why = { .code = COND_OK };
	const struct template *t;
	enum status st;

	if (size < 1 || size > MAX_TEXT)
		return 0;
	checker.arena = arena_create(ARENA_BYTES);
	if (!checker.arena)
		return 0;
	st = template_compile(&checker, (const char *)data + 1, size - 1, &t, &why);
	if (st == ST_OK)
		render(t, checker.arena, data[0] & 2);
	else if (why.text[0] == '\0' || why.pos.offset > size)
		abort();
	arena_destroy(checker.arena);
	return 0;
}
