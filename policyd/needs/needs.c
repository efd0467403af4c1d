#include "policyd/needs/needs.h"

#include <string.h>

#include "policyd/decode/layout.h"
#include "policyd/decode/providers.h"
#include "proto/offer.h"

void needs_of_runs(const struct ruleset_runs *runs, struct needs *out)
{
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < runs->rule_count; i++) {
		const struct rule *r = runs->rules[i];

		if (r->all_event_types)
			memset(out->kinds, 1, sizeof out->kinds);
		for (size_t k = 0; k < r->event_types.count; k++)
			out->kinds[event_kind_by_name(r->event_types.names[k], strlen(r->event_types.names[k]))] = true;
	}
	out->kinds[EVENT_NONE] = false;
}

/* Types that no layout has, and what they are made of. */
static const struct {
	uint8_t kind, from;
} derived[] = {
	{ EVENT_remote_thread, EVENT_thread_start },
	{ EVENT_driver_load, EVENT_image_load },
};

/* Events that tell names of what events of the kind only point to. */
static const struct {
	uint8_t kind;
	const struct provider *provider;
	uint16_t ids[4];         /* until 0 behind the first */
} names[] = {
	{ EVENT_file_write, &provider_kernel_file, { 10, 11, 12, 14 } },
	{ EVENT_file_write, &provider_classic_file_io, { 36, 35, 32 } },
	{ EVENT_file_setinfo, &provider_kernel_file, { 10, 11, 12, 14 } },
	{ EVENT_file_setinfo, &provider_classic_file_io, { 36, 35, 32 } },
	{ EVENT_reg_create_key, &provider_kernel_registry, { 1, 2, 13 } },
	{ EVENT_reg_open_key, &provider_kernel_registry, { 1, 2, 13 } },
	{ EVENT_reg_set_value, &provider_kernel_registry, { 1, 2, 13 } },
	{ EVENT_reg_delete_key, &provider_kernel_registry, { 1, 2, 13 } },
	{ EVENT_reg_delete_value, &provider_kernel_registry, { 1, 2, 13 } },
};

static void add_id(struct collector_request *row, uint16_t id, bool *all)
{
	for (size_t i = 0; i < row->id_count; i++) {
		if (row->ids[i] == id)
			return;
	}
	if (row->id_count == COLLECTOR_REQUEST_MAX_IDS)
		*all = true;
	else
		row->ids[row->id_count++] = id;
}

static bool is_wanted(const struct needs *n, enum event_kind kind)
{
	bool wanted = kind != EVENT_NONE && n->kinds[kind];

	for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++)
		wanted = wanted || (derived[i].from == kind && n->kinds[derived[i].kind]);
	return wanted;
}

/* False: nothing of this provider is needed. */
static bool make_row(const struct needs *n, const struct provider *p, struct collector_request *row)
{
	bool all = false;

	*row = (struct collector_request){ .kind = COLLECTOR_REQUEST_PROVIDER, .provider = p->guid };
	for (size_t i = 0; i < p->layout_count; i++) {
		if (is_wanted(n, (enum event_kind)p->layouts[i].kind))
			add_id(row, p->layouts[i].id, &all);
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		for (size_t k = 0; k < 4 && names[i].provider == p && n->kinds[names[i].kind] && names[i].ids[k]; k++)
			add_id(row, names[i].ids[k], &all);
	}
	if (all)
		row->id_count = 0;
	return all || row->id_count;
}

size_t needs_mask(const struct needs *n, struct collector_request rows[NEEDS_MAX_ROWS])
{
	size_t count = 0;

	for (size_t i = 0; i < provider_count && count < NEEDS_MAX_ROWS; i++)
		count += make_row(n, providers[i], &rows[count]);
	if (count == 0)
		rows[count++] = (struct collector_request){ .kind = COLLECTOR_REQUEST_PROVIDER };
	rows[0].first = true;
	rows[count - 1].last = true;
	return count;
}

static bool is_offered(const struct provider *p, const struct layout *l)
{
	size_t row = offer_find(&p->guid);

	return row < OFFER_PROVIDERS && offer_find_event(row, l->id) < OFFER_MAX_EVENTS;
}

/* A layout that gives the kind as it is, or by one of its values. */
static bool gives(const struct layout *l, enum event_kind kind)
{
	if (l->flags & LAYOUT_SILO)
		return kind == EVENT_container_start || kind == EVENT_container_stop;
	return l->kind == kind;
}

bool needs_is_live(enum event_kind kind)
{
	for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++) {
		if (derived[i].kind == kind)
			return needs_is_live((enum event_kind)derived[i].from);
	}
	for (size_t i = 0; i < provider_count; i++) {
		for (size_t k = 0; k < providers[i]->layout_count; k++) {
			if (gives(&providers[i]->layouts[k], kind) && is_offered(providers[i], &providers[i]->layouts[k]))
				return true;
		}
	}
	return kind == EVENT_events_lost;    /* told by the streams themselves */
}
