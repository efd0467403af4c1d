#include "policyd/cli/providers_of.h"

#include <string.h>

#include "policyd/decode/layout.h"
#include "policyd/decode/named.h"

enum { NO_ID = UINT16_MAX + 1 };

/* Told one provider after the other: first its name and what its numbers are, then the numbers. */
struct provider_sink {
	void *ctx;
	void (*begin)(void *ctx, const char *name, const char *ids_are);
	void (*id)(void *ctx, unsigned id);
};

/* Layouts of one id stand together. */
static void tell_raw(const struct provider *p, enum event_kind kind, const struct provider_sink *to)
{
	unsigned last = NO_ID;

	for (size_t i = 0; i < p->layout_count; i++) {
		const struct layout *l = &p->layouts[i];

		if (l->kind != kind || l->id == last)
			continue;
		if (last == NO_ID)
			to->begin(to->ctx, p->name, p->classic ? "opcodes" : "ids");
		to->id(to->ctx, l->id);
		last = l->id;
	}
}

static bool is_raw_provider(const char *name)
{
	for (size_t i = 0; i < provider_count; i++) {
		if (strcmp(providers[i]->name, name) == 0)
			return true;
	}
	return false;
}

/* Log records of providers that have no raw layouts too; NAMED_ANY_ID: no ids of their own. */
static void tell_named(const struct named_provider *p, enum event_kind kind, const struct provider_sink *to)
{
	const char *name = "";
	unsigned last = NO_ID;

	for (size_t i = 0; i < p->layout_count; i++) {
		const struct named_layout *l = &p->layouts[i];

		if (l->kind != kind || is_raw_provider(l->provider) || (l->id == last && strcmp(name, l->provider) == 0))
			continue;
		if (strcmp(name, l->provider) != 0)
			to->begin(to->ctx, l->provider, l->id != NAMED_ANY_ID ? "log ids" : "records");
		if (l->id != NAMED_ANY_ID)
			to->id(to->ctx, l->id);
		name = l->provider;
		last = l->id;
	}
}

static void tell_all(enum event_kind kind, const struct provider_sink *to)
{
	for (size_t i = 0; i < provider_count; i++)
		tell_raw(providers[i], kind, to);
	for (size_t i = 0; i < named_provider_count; i++)
		tell_named(named_providers[i], kind, to);
}

struct text_sink {
	struct buf *out;
	const char *separator;
	bool further;
};

static void text_begin(void *ctx, const char *name, const char *ids_are)
{
	struct text_sink *t = ctx;

	buf_printf(t->out, "%s%s %s", t->further ? t->separator : "", name, ids_are);
	t->further = true;
}

static void text_id(void *ctx, unsigned id)
{
	buf_printf(((struct text_sink *)ctx)->out, " %u", id);
}

void providers_append(struct buf *out, enum event_kind kind, const char *separator)
{
	struct text_sink text = { .out = out, .separator = separator };

	tell_all(kind, &(struct provider_sink){ .ctx = &text, .begin = text_begin, .id = text_id });
}

struct json_sink {
	struct json_out *j;
	bool further;
};

static void close_provider(struct json_sink *s)
{
	if (!s->further)
		return;
	json_close(s->j, ']');
	json_close(s->j, '}');
}

static void json_begin(void *ctx, const char *name, const char *ids_are)
{
	struct json_sink *s = ctx;

	close_provider(s);
	s->further = true;
	json_open(s->j, NULL, '{');
	json_text(s->j, "provider", name);
	json_text(s->j, "by", ids_are);
	json_open(s->j, "ids", '[');
}

static void json_id(void *ctx, unsigned id)
{
	json_count(((struct json_sink *)ctx)->j, NULL, id);
}

void providers_json(struct json_out *j, const char *key, enum event_kind kind)
{
	struct json_sink s = { .j = j };

	json_open(j, key, '[');
	tell_all(kind, &(struct provider_sink){ .ctx = &s, .begin = json_begin, .id = json_id });
	close_provider(&s);
	json_close(j, ']');
}
