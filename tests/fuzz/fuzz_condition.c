/* links: test_policyd_engine */
/* A condition taken through parse, resolve, canonical text and check. Claims: a failure names a place inside the text;
 * canonical text that parses again has itself as canonical text; event types are computed for whatever checks.
 * First byte: bit 0 the windows vocabulary. Lines that begin with '@' define symbols: "@m=condition", "@l:a|b". */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/toy_condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_SYMBOLS = 32, MAX_TEXT = 1 << 16 };

struct input {
	char text[MAX_TEXT + 1];
	struct toy_symbol macros[MAX_SYMBOLS + 1], lists[MAX_SYMBOLS + 1];
	size_t macro_count, list_count;
	const char *condition;
};

static void take_symbol(struct input *in, char *line)
{
	size_t n = strcspn(line + 1, "=:");
	char kind = line[1 + n];

	if (kind == '\0')
		return;
	line[1 + n] = '\0';
	if (kind == '=' && in->macro_count < MAX_SYMBOLS)
		in->macros[in->macro_count++] = (struct toy_symbol){ line + 1, line + n + 2 };
	if (kind == ':' && in->list_count < MAX_SYMBOLS)
		in->lists[in->list_count++] = (struct toy_symbol){ line + 1, line + n + 2 };
}

static void split(struct input *in)
{
	char *p = in->text;

	while (*p == '@') {
		char *end = strchr(p, '\n');

		if (end)
			*end = '\0';
		take_symbol(in, p);
		p = end ? end + 1 : p + strlen(p);
	}
	in->condition = p;
}

/* Canonical text need not parse back to the same tree (falco-language.md 1.4: commas and parentheses in a value are not
 * quoted), but it must be refused or print again. */
static void reparse(struct toy_condition *t)
{
	struct cond_parser parser = { .arena = t->arena };
	const struct ast_node *again;
	struct buf text;

	buf_init(&text, 8 << 20);
	if (condition_parse(&parser, buf_cstr(&t->canonical), t->canonical.len, &again, NULL) == ST_OK) {
		if (!condition_canonical(again, &text) || text.len == 0)
			abort();
	}
	buf_release(&text);
}

static void inspect(struct toy_condition *t, const struct vocabulary *v)
{
	struct type_set set;

	if (t->st != ST_OK && t->why.code == COND_OK)
		abort();
	if (t->st != ST_OK && t->why.source && t->why.pos.offset > t->why.source->len)
		abort();
	if (t->st != ST_OK && t->why.text[0] == '\0')
		abort();
	if (t->canonical.len)
		reparse(t);
	if (t->expr && condition_event_types(t->expr, v, t->arena, &set, NULL) != ST_OK)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input *in;
	struct toy_condition t;
	bool windows = size && (data[0] & 1);

	if (size < 1 || size > MAX_TEXT)
		return 0;
	in = calloc(1, sizeof *in);
	if (!in)
		return 0;
	memcpy(in->text, data + 1, size - 1);
	split(in);
	if (in->macro_count + in->list_count == 0)
		toy_condition_init(&t, windows, (const char *)data + 1, size - 1);
	else
		toy_condition_init_with(&t, in->condition, in->macros, in->lists);
	if (t.ast || t.why.code != COND_OK)
		inspect(&t, toy_condition_vocabulary(windows));
	toy_condition_release(&t);
	free(in);
	return 0;
}
