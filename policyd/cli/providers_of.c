#include "policyd/cli/providers_of.h"

#include <string.h>

#include "policyd/decode/layout.h"
#include "policyd/decode/named.h"

enum { NO_ID = UINT16_MAX + 1 };

static void begin(struct buf *out, size_t start, const char *separator, const char *name, const char *ids)
{
	buf_printf(out, "%s%s %s", out->len > start ? separator : "", name, ids);
}

/* Layouts of one id stand together. */
static void append_raw(struct buf *out, size_t start, const struct provider *p, enum event_kind kind, const char *separator)
{
	unsigned last = NO_ID;

	for (size_t i = 0; i < p->layout_count; i++) {
		const struct layout *l = &p->layouts[i];

		if (l->kind != kind || l->id == last)
			continue;
		if (last == NO_ID)
			begin(out, start, separator, p->name, p->classic ? "opcodes" : "ids");
		buf_printf(out, " %u", l->id);
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
static void append_named(struct buf *out, size_t start, const struct named_provider *p, enum event_kind kind,
	const char *separator)
{
	const char *name = "";
	unsigned last = NO_ID;

	for (size_t i = 0; i < p->layout_count; i++) {
		const struct named_layout *l = &p->layouts[i];

		if (l->kind != kind || is_raw_provider(l->provider) || (l->id == last && strcmp(name, l->provider) == 0))
			continue;
		if (strcmp(name, l->provider) != 0)
			begin(out, start, separator, l->provider, l->id != NAMED_ANY_ID ? "log ids" : "records");
		if (l->id != NAMED_ANY_ID)
			buf_printf(out, " %u", l->id);
		name = l->provider;
		last = l->id;
	}
}

void providers_append(struct buf *out, enum event_kind kind, const char *separator)
{
	size_t start = out->len;

	for (size_t i = 0; i < provider_count; i++)
		append_raw(out, start, providers[i], kind, separator);
	for (size_t i = 0; i < named_provider_count; i++)
		append_named(out, start, named_providers[i], kind, separator);
}
