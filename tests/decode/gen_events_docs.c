/* gen_events_docs: docs/events/ from the tables of policyd/decode: one page for each provider, and README.md with what
 * gives each event type and what the slots mean.
 *
 * usage: gen_events_docs DIR            writes the pages
 *        gen_events_docs --check DIR    exit 1 and the name of each page that differs */
#include <stdio.h>
#include <stdlib.h>

#include "policyd/decode/layout.h"
#include "policyd/decode/named.h"
#include "proto/base/buf.h"

enum { PAGE_BYTES = 1 << 20, PATH_BYTES = 1024, SLUG_BYTES = 128 };

struct output {
	const char *dir;
	bool check;
	size_t pages, different;
};

static const char *const type_names[LT_COUNT] = {
	[LT_U8] = "u8", [LT_U16] = "u16", [LT_U32] = "u32", [LT_U64] = "u64", [LT_I8] = "i8", [LT_I16] = "i16", [LT_I32] = "i32",
	[LT_I64] = "i64", [LT_HEX32] = "hex32", [LT_HEX64] = "hex64", [LT_FLOAT32] = "float", [LT_FLOAT64] = "double",
	[LT_PTR] = "pointer", [LT_FILETIME] = "time", [LT_SYSTEMTIME] = "systemtime", [LT_GUID] = "guid", [LT_SID] = "sid",
	[LT_MOFSID] = "sid", [LT_WSTRZ] = "text", [LT_STRZ] = "text8", [LT_WSTR_COUNTED] = "text", [LT_BYTES] = "bytes",
	[LT_BOOL8] = "bool", [LT_BOOL32] = "bool", [LT_IPV4] = "ipv4", [LT_IPV6] = "ipv6", [LT_PORT_BE] = "port",
	[LT_REST] = "bytes",
};

static const char *const slot_names[SLOT_COUNT] = {
#define X(name, doc) [SLOT_##name] = #name,
	SLOT_TABLE(X)
#undef X
};

static const char *const slot_docs[SLOT_COUNT] = {
#define X(name, doc) [SLOT_##name] = doc,
	SLOT_TABLE(X)
#undef X
};

/* "Microsoft-Windows-Kernel-File" -> "kernel-file", "MSNT_SystemTrace/TcpIp" -> "classic-tcpip" */
static void make_slug(const char *name, char out[SLUG_BYTES])
{
	static const char *const prefixes[][2] = { { "Microsoft-Windows-", "" }, { "Microsoft-", "" },
		{ "MSNT_SystemTrace/", "classic-" } };
	size_t n = 0;

	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		size_t len = strlen(prefixes[i][0]);

		if (strncmp(name, prefixes[i][0], len) != 0)
			continue;
		n = (size_t)snprintf(out, SLUG_BYTES, "%s", prefixes[i][1]);
		name += len;
		break;
	}
	for (; *name && n + 1 < SLUG_BYTES; name++)
		out[n++] = *name >= 'A' && *name <= 'Z' ? (char)(*name + 32) : *name == ' ' || *name == '/' ? '-' : *name;
	out[n] = '\0';
}

static bool same_as_file(const char *path, const struct buf *page)
{
	FILE *f = fopen(path, "rb");
	bool same = f != NULL;
	size_t at = 0;
	int c;

	while (same && (c = fgetc(f)) != EOF)
		same = at < page->len && page->data[at++] == (uint8_t)c;
	if (f)
		fclose(f);
	return same && at == page->len;
}

static bool write_page(struct output *o, const char *slug, const struct buf *page)
{
	char path[PATH_BYTES];
	FILE *f;
	bool ok;

	snprintf(path, sizeof path, "%s/%s.md", o->dir, slug);
	o->pages++;
	if (page->failed)
		return false;
	if (o->check) {
		if (!same_as_file(path, page)) {
			printf("%s differs from the tables: run gen_events_docs on docs/events\n", path);
			o->different++;
		}
		return true;
	}
	f = fopen(path, "wb");
	if (!f)
		return false;
	ok = fwrite(page->data, 1, page->len, f) == page->len;
	return fclose(f) == 0 && ok;
}

static const char *kind_text(uint8_t kind, unsigned flags)
{
	if (flags & LAYOUT_DISPOSITION)
		return "`file_open`, or `file_create` by its disposition";
	if (flags & LAYOUT_SILO)
		return "`container_start` or `container_stop` by its state";
	if (flags & LAYOUT_OBJECT)
		return "`file_open`, `reg_open_key` or `process_access` by its object type, else `log`";
	if (flags & LAYOUT_REG_OPERATION)
		return "`reg_set_value`, or `reg_delete_value` by its operation";
	if (flags & LAYOUT_DIRECTION && kind == EVENT_net_connect)
		return "`net_connect`, or `net_accept` by its direction";
	if (flags & LAYOUT_RUNDOWN)
		return "state only (rundown)";
	return kind == EVENT_NONE ? "state only" : NULL;
}

static void put_kind(struct buf *b, uint8_t kind, unsigned flags)
{
	const char *text = kind_text(kind, flags);

	if (text)
		buf_append_str(b, text);
	else
		buf_printf(b, "`%s`", event_kind_name((enum event_kind)kind));
}

static void put_fields(struct buf *b, const struct layout *l)
{
	if (l->field_count == 0)
		buf_append_str(b, "no payload");
	for (size_t i = 0; i < l->field_count; i++) {
		const struct layout_field *f = &l->fields[i];

		buf_printf(b, "%s`%s` %s", i ? ", " : "", f->name, type_names[f->type]);
		if (f->slot != SLOT_NONE)
			buf_printf(b, " → %s", slot_names[f->slot]);
		if (f->optional)
			buf_append_str(b, " (may be missing)");
	}
}

/* Version line; a field list already written on this page is only named. */
static void put_version(struct buf *b, const struct provider *p, size_t number)
{
	const struct layout *l = &p->layouts[number];

	buf_printf(b, "* v%u", l->version);
	if (l->last_build)
		buf_printf(b, " until build %u", (unsigned)l->last_build);
	if (l->first_build)
		buf_printf(b, " from build %u", (unsigned)l->first_build);
	if (l->flags & LAYOUT_BREAK)
		buf_append_str(b, " (fields moved)");
	buf_append_str(b, ": ");
	for (size_t i = 0; i < number && l->field_count; i++) {
		if (p->layouts[i].fields != l->fields)
			continue;
		buf_printf(b, "as %u v%u\n", p->layouts[i].id, p->layouts[i].version);
		return;
	}
	put_fields(b, l);
	buf_append_char(b, '\n');
}

static bool write_provider(struct output *o, const struct provider *p)
{
	char slug[SLUG_BYTES], guid[GUID_TEXT_BYTES];
	struct buf b;
	bool ok;

	buf_init(&b, PAGE_BYTES);
	make_slug(p->name, slug);
	guid_format(&p->guid, guid);
	buf_printf(&b, "# %s\n\n`%s`, %s. Generated from the tables in `policyd/decode` by `gen_events_docs`.\n", p->name, guid,
		p->classic ? "kernel MOF class; the number is the opcode" : "manifest provider; the number is the event id");
	for (size_t i = 0; i < p->layout_count; i++) {
		const struct layout *l = &p->layouts[i];

		if (i == 0 || l->id != l[-1].id || l->kind != l[-1].kind) {
			buf_printf(&b, "\n## %u %s\n\n", l->id, l->name);
			put_kind(&b, l->kind, l->flags);
			buf_append_str(&b, "\n\n");
		}
		put_version(&b, p, i);
	}
	ok = write_page(o, slug, &b);
	buf_release(&b);
	return ok;
}

/* What a provider's rows in the log are when it has raw layouts too: only what the layouts do not say. */
static bool has_raw_layouts(const struct named_provider *p)
{
	for (size_t i = 0; i < provider_count; i++) {
		if (!providers[i]->classic && strcmp(providers[i]->name, p->layouts[0].provider) == 0)
			return true;
	}
	return false;
}

static void named_slug(const struct named_provider *p, char out[SLUG_BYTES])
{
	char name[SLUG_BYTES];

	make_slug(p->layouts[0].provider, name);
	snprintf(out, SLUG_BYTES, "%.100s%s", name,
		has_raw_layouts(p) ? "-log" : strcmp(name, "powershell") == 0 ? "-classic" : "");
}

static void put_named_title(struct buf *b, const struct named_layout *l)
{
	buf_append_str(b, "\n## ");
	if (l->id == NAMED_ANY_ID)
		buf_append_str(b, l->when ? "" : "any other event");
	else if (l->id || !l->when)
		buf_printf(b, "%u", l->id);
	if (l->when)
		buf_printf(b, "%s`%s`", l->id && l->id != NAMED_ANY_ID ? " when " : "", l->when);
	if (l->name && (!l->when || strcmp(l->when, l->name) != 0))
		buf_printf(b, " %s", l->name);
	buf_append_str(b, "\n\n");
	put_kind(b, l->kind, l->flags);
	if (l->selector)
		buf_printf(b, ", or what the text of `%s` says below", l->selector);
	buf_append_str(b, "\n\n");
}

static bool write_named(struct output *o, const struct named_provider *p)
{
	char slug[SLUG_BYTES];
	struct buf b;
	bool ok;

	buf_init(&b, PAGE_BYTES);
	named_slug(p, slug);
	buf_printf(&b, "# %s\n\nLog records. Generated from the tables in `policyd/decode` by `gen_events_docs`.\n",
		p->layouts[0].provider);
	for (size_t i = 0; i < p->layout_count; i++) {
		const struct named_layout *l = &p->layouts[i];

		put_named_title(&b, l);
		if (i && l->rows == l[-1].rows) {
			buf_append_str(&b, "Values as above.\n");
			continue;
		}
		for (size_t k = 0; k < l->row_count; k++)
			buf_printf(&b, "%s`%s` → %s", k ? ", " : "", l->rows[k].name, slot_names[l->rows[k].slot]);
		buf_append_char(&b, '\n');
	}
	ok = write_page(o, slug, &b);
	buf_release(&b);
	return ok;
}

static void put_named_sources(struct buf *b, enum event_kind kind)
{
	for (size_t k = 0; k < named_provider_count; k++) {
		const struct named_layout *last = NULL;
		char slug[SLUG_BYTES];

		named_slug(named_providers[k], slug);
		for (size_t i = 0; i < named_providers[k]->layout_count; i++) {
			const struct named_layout *l = &named_providers[k]->layouts[i];

			if (l->kind != kind || (last && last->id == l->id && l->id != 0))
				continue;
			if (!last)
				buf_printf(b, "; [%s](%s.md)", slug, slug);
			if (l->id == 0 && l->when)
				buf_printf(b, " `%s`", l->when);
			else if (l->id != NAMED_ANY_ID && l->id != 0)
				buf_printf(b, " %u", l->id);
			last = l;
		}
	}
}

static void put_sources(struct buf *b, enum event_kind kind)
{
	const char *before = " ";

	for (size_t i = 0; i < provider_count; i++) {
		const struct provider *p = providers[i];
		char slug[SLUG_BYTES];
		size_t listed = 0;

		make_slug(p->name, slug);
		for (size_t k = 0; k < p->layout_count; k++) {
			const struct layout *l = &p->layouts[k];

			if (l->kind != kind || (k && l[-1].id == l->id && l[-1].kind == kind))
				continue;
			if (listed++ == 0)
				buf_printf(b, "%s[%s](%s.md)", before, slug, slug);
			buf_printf(b, " %u", l->id);
		}
		before = listed ? "; " : before;
	}
}

static bool write_index(struct output *o)
{
	struct buf b;
	bool ok;

	buf_init(&b, PAGE_BYTES);
	buf_append_str(&b, "# Events\n\nWhat the decoders know: one page for each provider, with every event, its versions, fields and "
		"slots. Generated from the\ntables in `policyd/decode` by `gen_events_docs`.\n\n"
		"A slot is the meaning of a value, the same from every provider; fields of rules are made from slots. A log record of "
		"a\nprovider that has a page here fills the same slots by the names of its values; any other log record is a `log` event "
		"whose\nvalues a rule reaches by name.\n\n## Which events give which type\n\nA value may refine the type; the provider's page "
		"says so.\n\n| `evt.type` | provider and number |\n|---|---|\n");
	for (int kind = 1; kind < EVENT_KIND_COUNT; kind++) {
		buf_printf(&b, "| `%s` |", event_kind_name((enum event_kind)kind));
		put_sources(&b, (enum event_kind)kind);
		put_named_sources(&b, (enum event_kind)kind);
		buf_append_str(&b, " |\n");
	}
	buf_append_str(&b, "\n## Slots\n\n| slot | meaning |\n|---|---|\n");
	for (int slot = 1; slot < SLOT_COUNT; slot++)
		buf_printf(&b, "| %s | %s |\n", slot_names[slot], slot_docs[slot]);
	ok = write_page(o, "README", &b);
	buf_release(&b);
	return ok;
}

int main(int argc, char **argv)
{
	struct output o = { .check = argc == 3 && strcmp(argv[1], "--check") == 0 };
	bool ok = true;

	if (argc < 2 || (argc == 3 && !o.check) || argc > 3)
		return 2;
	o.dir = argv[argc - 1];
	for (size_t i = 0; i < provider_count; i++)
		ok &= write_provider(&o, providers[i]);
	for (size_t i = 0; i < named_provider_count; i++)
		ok &= write_named(&o, named_providers[i]);
	ok &= write_index(&o);
	printf("%zu pages, %zu different\n", o.pages, o.different);
	return ok && o.different == 0 ? 0 : 1;
}
