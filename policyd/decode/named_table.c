#include "policyd/decode/named.h"

#include <stdlib.h>

#include "policyd/decode/layout.h"
#include "proto/base/text.h"

struct entry {
	const char *provider;                /* of the layout, or the other name it goes by; NULL: free */
	const struct named_layout *layout;
	uint32_t hash;
};

/* An open-addressed table, at most half full, built once and then only read; and the layouts with their rows. */
struct named_table {
	struct entry *entries;
	size_t mask;
	struct named_layout *layouts;
	struct named_index *indexes;
	struct named_row *rows;
	size_t layout_count, row_count;
};

/* Programs that write another's events. */
static const char *const aliases[][2] = {
	{ "Linux-Sysmon", "Microsoft-Windows-Sysmon" },
};

/* Whose events stand in a log, for records that lost their provider's name; tried in this order. */
static const char *const channels[][2] = {
	{ "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon" },
	{ "Security", "Microsoft-Windows-Eventlog" },
	{ "Security", "Microsoft-Windows-Security-Auditing" },
	{ "System", "Service Control Manager" },
	{ "System", "Microsoft-Windows-Eventlog" },
	{ "Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell" },
	{ "Windows PowerShell", "PowerShell" },
	{ "Microsoft-Windows-TaskScheduler/Operational", "Microsoft-Windows-TaskScheduler" },
	{ "Microsoft-Windows-WMI-Activity/Operational", "Microsoft-Windows-WMI-Activity" },
	{ "Microsoft-Windows-Windows Defender/Operational", "Microsoft-Windows-Windows Defender" },
	{ "Microsoft-Windows-Bits-Client/Operational", "Microsoft-Windows-Bits-Client" },
};

struct key {
	struct text_view provider, when;
	uint16_t id;
};

static struct text_view text_of(const char *text)
{
	return (struct text_view){ .ptr = text ? text : "", .len = text ? strlen(text) : 0 };
}

static uint32_t hash_text(uint32_t h, struct text_view t)
{
	for (size_t i = 0; i < t.len; i++)
		h = (h ^ (uint8_t)text_fold(t.ptr[i])) * 16777619u;
	return h;
}

static uint32_t hash_key(const struct key *k)
{
	uint32_t h = hash_text(hash_text(2166136261u ^ k->id, k->provider), k->when);

	return h ^ h >> 15;
}

static bool equal_fold(struct text_view a, const char *b)
{
	return text_equal_fold(a.ptr, a.len, b ? b : "", b ? strlen(b) : 0);
}

static const struct named_layout *look_up(const struct named_table *t, const struct key *k)
{
	uint32_t hash = hash_key(k);

	for (size_t i = hash & t->mask; t->entries[i].provider; i = (i + 1) & t->mask) {
		const struct entry *e = &t->entries[i];

		if (e->hash == hash && e->layout->id == k->id && equal_fold(k->provider, e->provider) &&
			equal_fold(k->when, e->layout->when))
			return e->layout;
	}
	return NULL;
}

/* Follows selectors to the layout that fits the record best. */
static const struct named_layout *select_layout(const struct named_table *t, const struct record *r, struct key *k,
	const struct named_layout *l)
{
	enum { LONGEST_WHEN = 64 };

	for (int depth = 0; depth < NAMED_SELECT_DEPTH && l->selector; depth++) {
		const struct named_layout *next = NULL;
		struct text_view selector = text_of(l->selector);
		uint32_t at = named_find(r, selector);

		k->when = at != NAMED_ABSENT ? r->values[at].value : text_of(NULL);
		if (k->when.len && k->when.len <= LONGEST_WHEN)
			next = look_up(t, k);
		/* Forwarders overwrite EventType with a severity; the message still says it. */
		if (!next && l->flags & LAYOUT_MESSAGE && named_find(r, text_of("Message")) != NAMED_ABSENT &&
			named_line(r, selector, &k->when) && k->when.len <= LONGEST_WHEN)
			next = look_up(t, k);
		if (!next)
			return l;
		l = next;
	}
	return l;
}

static const struct named_layout *find_of(const struct named_table *t, const struct record *r, struct text_view provider)
{
	struct key k = { .provider = provider, .when = text_of(NULL), .id = r->id };
	const struct named_layout *l = look_up(t, &k);

	if (!l) {
		k.id = NAMED_ANY_ID;
		l = look_up(t, &k);
	}
	return l ? select_layout(t, r, &k, l) : NULL;
}

const struct named_layout *named_table_find(const struct named_table *t, const struct record *r)
{
	const struct named_layout *l = NULL;

	if (r->provider_name.len)
		return find_of(t, r, r->provider_name);
	for (size_t i = 0; !l && i < sizeof channels / sizeof channels[0]; i++) {
		if (equal_fold(r->channel, channels[i][0]))
			l = find_of(t, r, text_of(channels[i][1]));
	}
	return l;
}

/* The first insert of a key stays. */
static void insert(struct named_table *t, const char *provider, const struct named_layout *l)
{
	struct key k = { .provider = text_of(provider), .when = text_of(l->when), .id = l->id };
	uint32_t hash = hash_key(&k);
	size_t i = hash & t->mask;

	if (look_up(t, &k))
		return;
	while (t->entries[i].provider)
		i = (i + 1) & t->mask;
	t->entries[i] = (struct entry){ .provider = provider, .layout = l, .hash = hash };
}

static bool has_row(const struct named_layout *l, const char *name)
{
	for (size_t i = 0; i < l->row_count; i++) {
		if (strcmp(l->rows[i].name, name) == 0)
			return true;
	}
	return false;
}

static void add_row(struct named_table *t, struct named_layout *l, const char *name, uint8_t slot)
{
	if (slot == SLOT_NONE || l->row_count == EVENT_MAX_FIELDS)
		return;
	t->rows[t->row_count++] = (struct named_row){ .name = name, .slot = slot };
	l->row_count++;
}

static struct named_layout *begin(struct named_table *t, const struct named_layout *from)
{
	struct named_layout *l = &t->layouts[t->layout_count];

	*l = *from;
	l->index = &t->indexes[t->layout_count];
	l->rows = &t->rows[t->row_count];
	l->row_count = 0;
	for (size_t i = 0; i < from->row_count; i++)
		add_row(t, l, from->rows[i].name, from->rows[i].slot);
	return l;
}

static void end(struct named_table *t, struct named_layout *l)
{
	named_index_build(l, &t->indexes[t->layout_count++]);
	insert(t, l->provider, l);
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
		if (equal_fold(text_of(l->provider), aliases[i][1]))
			insert(t, aliases[i][0], l);
	}
}

/* What is written for an event that has raw layouts as well. */
static const struct named_layout *written_for(const char *provider, uint16_t id)
{
	for (size_t i = 0; i < named_provider_count; i++) {
		const struct named_provider *p = named_providers[i];

		for (size_t k = 0; k < p->layout_count; k++) {
			const struct named_layout *l = &p->layouts[k];

			if (l->id == id && !l->when && equal_fold(text_of(provider), l->provider))
				return l;
		}
	}
	return NULL;
}

/* Layouts first .. last of one id; the newest says the kind, all versions give rows. "-" means none in every log. */
static void derive(struct named_table *t, const struct provider *p, size_t first, size_t last)
{
	const struct layout *newest = &p->layouts[last];
	const struct named_layout *written = written_for(p->name, newest->id);
	struct named_layout plain = { .provider = p->name, .id = newest->id, .kind = newest->kind,
		.flags = (uint16_t)(newest->flags | LAYOUT_DASH), .name = newest->name };
	struct named_layout *l = begin(t, written ? written : &plain);

	for (size_t i = last + 1; i-- > first;) {
		const struct layout *raw = &p->layouts[i];

		for (size_t k = 0; k < raw->field_count; k++) {
			if (!has_row(l, raw->fields[k].name))
				add_row(t, l, raw->fields[k].name, raw->fields[k].slot);
		}
	}
	if (l->kind == EVENT_NONE)
		l->kind = EVENT_log;
	end(t, l);
}

static void derive_provider(struct named_table *t, const struct provider *p)
{
	size_t first = 0;

	for (size_t i = 1; !p->classic && i <= p->layout_count; i++) {
		if (i < p->layout_count && p->layouts[i].id == p->layouts[first].id)
			continue;
		derive(t, p, first, i - 1);
		first = i;
	}
}

struct sizes {
	size_t layouts, rows, entries;
};

static struct sizes count_all(void)
{
	struct sizes n = { .entries = 16 };

	for (size_t i = 0; i < named_provider_count; i++) {
		n.layouts += named_providers[i]->layout_count;
		for (size_t k = 0; k < named_providers[i]->layout_count; k++)
			n.rows += named_providers[i]->layouts[k].row_count * 2u;     /* also those that raw layouts repeat */
	}
	for (size_t i = 0; i < provider_count; i++) {
		n.layouts += providers[i]->layout_count;
		for (size_t k = 0; k < providers[i]->layout_count; k++)
			n.rows += providers[i]->layouts[k].field_count;
	}
	while (n.entries < n.layouts * 4)     /* each perhaps under another name too */
		n.entries *= 2;
	return n;
}

static void fill(struct named_table *t)
{
	for (size_t i = 0; i < provider_count; i++)
		derive_provider(t, providers[i]);
	for (size_t i = 0; i < named_provider_count; i++) {
		const struct named_provider *p = named_providers[i];

		for (size_t k = 0; k < p->layout_count; k++)
			end(t, begin(t, &p->layouts[k]));
	}
}

struct named_table *named_table_create(void)
{
	struct named_table *t = calloc(1, sizeof *t);
	struct sizes n = count_all();

	if (!t)
		return NULL;
	t->mask = n.entries - 1;
	t->entries = calloc(n.entries, sizeof *t->entries);
	t->layouts = calloc(n.layouts, sizeof *t->layouts);
	t->indexes = calloc(n.layouts, sizeof *t->indexes);
	t->rows = calloc(n.rows, sizeof *t->rows);
	if (!t->entries || !t->layouts || !t->indexes || !t->rows) {
		named_table_destroy(t);
		return NULL;
	}
	fill(t);
	return t;
}

void named_table_destroy(struct named_table *t)
{
	if (!t)
		return;
	free(t->entries);
	free(t->layouts);
	free(t->indexes);
	free(t->rows);
	free(t);
}
