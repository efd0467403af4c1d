#include <stdlib.h>
#include <string.h>

#include "policyd/report/incident_parts.h"

static size_t bytes_of_alert(const struct incident_alert *a)
{
	return sizeof(struct held_alert) + a->message_len + a->fields_len;
}

/* Of the least severe that are held, the rule with most alerts. NULL: none is held. */
static struct held_rule *widest_rule(struct incident *r)
{
	struct held_rule *widest = NULL;

	for (size_t i = 0; i < r->rule_count; i++) {
		struct held_rule *rule = &r->rules[i];

		if (!rule->kept)
			continue;
		if (!widest || rule->priority > widest->priority ||
		    (rule->priority == widest->priority && rule->kept > widest->kept))
			widest = rule;
	}
	return widest;
}

/* The newest of the rule goes; its place is taken next. */
static void evict(struct incident *r, struct held_rule *rule)
{
	uint32_t at = rule->newest - 1;
	struct held_alert *a = &r->alerts[at];

	rule->newest = a->older;
	rule->kept--;
	r->alert_count--;
	r->alert_bytes -= sizeof *a + a->message_len + a->fields_len;
	free(a->texts);
	*a = (struct held_alert){ .older = r->free_alert };
	r->free_alert = at + 1;
}

/* False: the new one gives way itself. */
static bool make_room(struct incident *r, const struct incident_alert *a)
{
	const struct held_rule *mine = &r->rules[a->rule];

	while (r->alert_count >= r->max_alerts || r->alert_bytes + bytes_of_alert(a) > INCIDENT_ALERT_BYTES) {
		struct held_rule *rule = widest_rule(r);

		if (!rule || rule->priority < mine->priority)
			return false;
		if (rule->priority == mine->priority && mine->kept >= rule->kept)
			return false;
		evict(r, rule);
	}
	return true;
}

/* Index of a free place; INCIDENT_NONE: out of memory. */
static uint32_t take_place(struct incident *r)
{
	void *alerts = r->alerts;
	uint32_t at = r->free_alert - 1;

	if (r->free_alert) {
		r->free_alert = r->alerts[at].older;
		return at;
	}
	if (!incident_grow(&alerts, &r->alert_cap, r->alert_places, sizeof *r->alerts))
		return INCIDENT_NONE;
	r->alerts = alerts;
	return (uint32_t)r->alert_places++;
}

static bool keep(struct incident *r, const struct incident_alert *a)
{
	struct held_rule *rule = &r->rules[a->rule];
	char *texts = malloc(a->message_len + a->fields_len + 1);
	uint32_t at = texts ? take_place(r) : INCIDENT_NONE;

	if (at == INCIDENT_NONE) {
		free(texts);
		return false;
	}
	memcpy(texts, a->message, a->message_len);
	memcpy(texts + a->message_len, a->fields, a->fields_len);
	r->alerts[at] = (struct held_alert){ .rule = a->rule, .host = a->host, .proc = a->proc, .target = a->target,
		.older = rule->newest, .message_len = (uint32_t)a->message_len, .fields_len = (uint32_t)a->fields_len,
		.number = r->alerts_seen, .time_ns = a->time_ns, .texts = texts };
	rule->newest = at + 1;
	rule->kept++;
	r->alert_count++;
	r->alert_bytes += bytes_of_alert(a);
	return true;
}

void incident_add_alert(struct incident *r, const struct incident_alert *a)
{
	r->alerts_seen++;
	r->rules[a->rule].alerts++;
	if (make_room(r, a) && !keep(r, a))
		r->rules[a->rule].lost++;
}

void incident_lose_alert(struct incident *r, uint32_t rule)
{
	r->alerts_seen++;
	r->rules[rule].alerts++;
	r->rules[rule].lost++;
}
