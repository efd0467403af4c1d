#include "collector/session/plan.h"

static uint64_t bits_at_least(const struct offer_provider *p, enum offer_when when)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < p->event_count; i++) {
		if (p->events[i].when >= when)
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

void plan_init(struct plan *p)
{
	*p = (struct plan){ .unknown = 0 };
	for (size_t i = 0; i < OFFER_PROVIDERS; i++)
		p->on[i] = bits_at_least(&offer_providers[i], OFFER_QUIET);
}

void plan_begin(struct plan *p)
{
	for (size_t i = 0; i < OFFER_PROVIDERS; i++)
		p->on[i] = bits_at_least(&offer_providers[i], OFFER_FLOOR);
}

void plan_add(struct plan *p, const struct collector_request *row)
{
	size_t i = offer_find(&row->provider);

	if (guid_is_zero(&row->provider))
		return;
	if (i == OFFER_PROVIDERS) {
		p->unknown++;
		return;
	}
	if (row->id_count == 0)
		p->on[i] |= bits_at_least(&offer_providers[i], OFFER_ASKED);
	for (size_t k = 0; k < row->id_count && k < COLLECTOR_REQUEST_MAX_IDS; k++) {
		size_t event = offer_find_event(i, row->ids[k]);

		if (event == OFFER_MAX_EVENTS)
			p->unknown++;
		else
			p->on[i] |= UINT64_C(1) << event;
	}
}

bool plan_enable(const struct plan *p, size_t provider, uint16_t *ids, struct etw_enable *out)
{
	const struct offer_provider *row = &offer_providers[provider];
	bool all_keywords = false;

	*out = (struct etw_enable){ .provider = row->guid, .control = ETW_ENABLE, .level = row->level, .ids = ids,
		.system_flags = row->system_flags, .properties = ETW_PROPERTY_SID | ETW_PROPERTY_START_KEY };
	if (row->in_containers)
		out->properties |= ETW_PROPERTY_ENABLE_SILOS;
	if (row->tracked)
		out->properties |= ETW_PROPERTY_CONTAINER_TRACKING;
	for (size_t i = 0; i < row->event_count; i++) {
		if (!(p->on[provider] >> i & 1))
			continue;
		ids[out->id_count++] = row->events[i].id;
		out->keywords |= row->events[i].keywords;
		all_keywords = all_keywords || row->events[i].keywords == 0;
	}
	if (all_keywords)
		out->keywords = 0;
	if (out->id_count == 0 || row->kernel_flags || row->session == OFFER_SECURITY)
		return false;
	return true;
}

uint32_t plan_kernel_flags(const struct plan *p)
{
	uint32_t flags = 0;

	for (size_t i = 0; i < OFFER_PROVIDERS; i++)
		flags |= p->on[i] ? offer_providers[i].kernel_flags : 0;
	return flags;
}

bool plan_needs_session(const struct plan *p, enum offer_session s)
{
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		if (offer_providers[i].session == s && p->on[i])
			return true;
	}
	return false;
}
