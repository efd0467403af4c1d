#include "tests/support/toy_condition.h"

#include <string.h>

enum { TOY_ARENA_BYTES = 256 << 20, TOY_TEXT_BYTES = 8 << 20 };

static struct value text_value(const char *text)
{
	return (struct value){ .str = { .ptr = text, .len = strlen(text) } };
}

static enum field_result get_text(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	(void)ev;
	*out = text_value(arg->present ? arg->key : (const char *)f->user);
	return FIELD_OK;
}

static enum field_result get_number(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	(void)arg;
	(void)ev;
	if (f->type == VT_DOUBLE)
		out->d = 2.5;
	else
		out->u = (uint64_t)f->user;
	return FIELD_OK;
}

static enum field_result get_ip(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	(void)f;
	(void)arg;
	(void)ev;
	out->ip = (struct ip){ .family = 4, .prefix = 32, .addr = { 10, 0, 0, 1 } };
	return FIELD_OK;
}

static enum field_result get_names(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	static const struct value items[] = { { .str = { .ptr = "a", .len = 1 } }, { .str = { .ptr = "b", .len = 1 } } };

	(void)f;
	(void)arg;
	(void)ev;
	out->list.items = items;
	out->list.count = 2;
	return FIELD_OK;
}

/* The process itself and two ancestors. */
static enum field_result get_ancestor(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	static const char *const chain[] = { "self", "parent", "grandparent" };

	(void)f;
	(void)ev;
	if (arg->index > 2)
		return FIELD_END;
	*out = text_value(chain[arg->index]);
	return FIELD_OK;
}

static enum field_result get_nothing(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	(void)f;
	(void)arg;
	(void)ev;
	(void)out;
	return FIELD_MISSING;
}

#define TEXT(s) .get = get_text, .user = (uintptr_t)(s)
#define NUMBER(n) .get = get_number, .user = (n)
#define FLAT (FIELD_NO_RHS | FIELD_NO_TRANSFORMER)

static const struct field fields[] = {
	{ .name = "t.name", .type = VT_STRING, .flags = FIELD_WINDOWS_NAME, TEXT("Cmd.exe") },
	{ .name = "t.path", .type = VT_PATH, .flags = FIELD_WINDOWS_NAME, TEXT("C:\\Windows\\Cmd.exe") },
	{ .name = "t.cmdline", .type = VT_STRING, TEXT("cmd /c dir") },
	{ .name = "t.bytes", .type = VT_BYTES, TEXT("by\ttes") },
	{ .name = "t.i8", .type = VT_INT8, NUMBER(7) },
	{ .name = "t.n", .type = VT_UINT64, NUMBER(42) },
	{ .name = "t.dbl", .type = VT_DOUBLE, NUMBER(0) },
	{ .name = "t.age", .type = VT_RELTIME, NUMBER(1000) },
	{ .name = "t.bool", .type = VT_BOOL, NUMBER(1) },
	{ .name = "t.port", .type = VT_PORT, NUMBER(443) },
	{ .name = "t.ip", .type = VT_IPADDR, .get = get_ip },
	{ .name = "t.net", .type = VT_IPNET, .get = get_ip },
	{ .name = "t.names", .type = VT_STRING, .flags = FIELD_LIST, .get = get_names },
	{ .name = "t.key", .type = VT_STRING, .arg = FIELD_ARG_KEY_REQUIRED, TEXT("") },
	{ .name = "t.idx", .type = VT_STRING, .arg = FIELD_ARG_INDEX_REQUIRED, TEXT("") },
	{ .name = "t.maybe", .type = VT_STRING, .flags = FIELD_MAY_BE_MISSING, .get = get_nothing },
	{ .name = "t.old", .type = VT_STRING, .flags = FIELD_DEPRECATED, TEXT("old") },
	{ .name = "t.anc", .type = VT_STRING, .arg = FIELD_ARG_INDEX_OPTIONAL, .flags = FIELD_ANCESTOR | FLAT,
		.get = get_ancestor },
	{ .name = "t.both", .type = VT_STRING, .flags = FIELD_FILTER_ONLY | FLAT, .either = { "t.name", "t.cmdline" },
		.get = get_nothing },
	{ .name = "evt.type", .type = VT_STRING, .flags = FIELD_EVENT_TYPE, TEXT("open") },
	{ .name = "evt.num", .type = VT_UINT64, .flags = FIELD_FROM_ONE, NUMBER(1) },
	{ .name = "evt.arg", .type = VT_STRING, .arg = FIELD_ARG_KEY_REQUIRED, .flags = FIELD_DOTTED_ARG, TEXT("") },
};

static const char *const event_types[] = { "open", "close", "read" };

const struct vocabulary *toy_condition_vocabulary(bool windows)
{
	static const struct vocabulary plain = { .source = "toy", .fields = fields,
		.field_count = sizeof fields / sizeof fields[0], .event_types = event_types, .event_type_count = 3 };
	static const struct vocabulary on_windows = { .source = "windows", .windows = true, .fields = fields,
		.field_count = sizeof fields / sizeof fields[0], .event_types = event_types, .event_type_count = 3 };

	return windows ? &on_windows : &plain;
}

/* ---- symbols ---- */

static bool is_named(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && memcmp(name, text, len) == 0;
}

static struct cond_macro *find_macro(void *ctx, const char *name, size_t len, const struct cond_macro *user)
{
	struct toy_symbols *s = ctx;

	(void)user;
	for (size_t i = 0; i < s->macro_count; i++)
		if (is_named(s->macros[i].name, name, len))
			return &s->macros[i];
	return NULL;
}

static struct cond_list *find_list(void *ctx, const char *name, size_t len)
{
	struct toy_symbols *s = ctx;

	for (size_t i = 0; i < s->list_count; i++)
		if (is_named(s->lists[i].name, name, len))
			return &s->lists[i];
	return NULL;
}

static const char *macro_name(void *ctx, size_t index)
{
	const struct toy_symbols *s = ctx;

	return index < s->macro_count ? s->macros[index].name : NULL;
}

/* "a|b" into items; "" is an empty list. */
static bool add_list(struct toy_symbols *s, const struct toy_symbol *from, const struct cond_parser *parser)
{
	struct cond_list *list = &s->lists[s->list_count];
	struct ast_value *items = arena_zalloc(parser->arena, (strlen(from->text) + 1) * sizeof *items);

	*list = (struct cond_list){ .name = from->name, .items = items };
	for (const char *p = from->text; items && *p;) {
		size_t n = strcspn(p, "|");

		if (condition_item_value(parser, p, n, &items[list->item_count++], NULL) != ST_OK)
			return false;
		p += n + (p[n] == '|');
	}
	s->list_count++;
	return items != NULL;
}

bool toy_symbols_init(struct toy_symbols *s, struct arena *a, const struct toy_symbol *macros,
	const struct toy_symbol *lists)
{
	struct cond_parser parser = { .arena = a };

	memset(s, 0, sizeof *s);
	s->symbols = (struct cond_symbols){ .ctx = s, .macro = find_macro, .list = find_list, .macro_name = macro_name,
		.arena = a };
	for (; lists && lists->name; lists++)
		if (s->list_count == 64 || !add_list(s, lists, &parser))
			return false;
	for (; macros && macros->name; macros++) {
		struct cond_macro *m = &s->macros[s->macro_count];

		if (s->macro_count == 64 ||
			condition_parse(&parser, macros->text, strlen(macros->text), &m->body, NULL) != ST_OK)
			return false;
		m->name = macros->name;
		s->macro_count++;
	}
	return true;
}

/* ---- conditions ---- */

static void note_warning(void *ctx, const struct cond_warning *w)
{
	buf_printf(ctx, "%d:%u:%u %s\n", (int)w->kind, w->pos.line, w->pos.column, w->text);
}

static bool is_list(void *ctx, const char *name, size_t len)
{
	return find_list(ctx, name, len) != NULL;
}

static void run(struct toy_condition *t, const struct vocabulary *v, const char *text, size_t len,
	struct toy_symbols *s)
{
	struct cond_parser parser = { .arena = t->arena, .is_list = is_list, .ctx = s };
	struct cond_checker checker = { .vocabulary = v, .arena = t->arena, .index = field_index_create(v, t->arena),
		.warnings = { .ctx = &t->warnings, .warn = note_warning } };

	t->st = condition_parse(&parser, text, len, &t->ast, &t->why);
	if (t->st == ST_OK)
		t->st = condition_resolve(t->ast, &s->symbols, t->arena, &t->ast, &t->why);
	if (t->st != ST_OK)
		return;
	condition_canonical(t->ast, &t->canonical);
	t->st = condition_check(&checker, t->ast, &t->expr, &t->why);
}

static void init(struct toy_condition *t)
{
	memset(t, 0, sizeof *t);
	t->arena = arena_create(TOY_ARENA_BYTES);
	buf_init(&t->canonical, TOY_TEXT_BYTES);
	buf_init(&t->warnings, TOY_TEXT_BYTES);
}

void toy_condition_init(struct toy_condition *t, bool windows, const char *text, size_t len)
{
	struct toy_symbols s;

	init(t);
	if (t->arena && toy_symbols_init(&s, t->arena, NULL, NULL))
		run(t, toy_condition_vocabulary(windows), text, len, &s);
}

void toy_condition_init_with(struct toy_condition *t, const char *text, const struct toy_symbol *macros,
	const struct toy_symbol *lists)
{
	struct toy_symbols s;

	init(t);
	t->st = ST_NOMEM;
	if (t->arena && toy_symbols_init(&s, t->arena, macros, lists))
		run(t, toy_condition_vocabulary(false), text, strlen(text), &s);
}

void toy_condition_release(struct toy_condition *t)
{
	arena_destroy(t->arena);
	buf_release(&t->canonical);
	buf_release(&t->warnings);
}
