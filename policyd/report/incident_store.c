#include "policyd/report/incident_store.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/output/alert_fields.h"
#include "policyd/report/story.h"

enum {
	MAX_TAGS = ALERT_MAX_TAGS,
	MAX_DOCUMENT_BYTES = 8 << 20,      /* alerts end at half of it (alert_stage.c) */
};

static struct text_view text_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_string(value))
		return (struct text_view){ .ptr = "", .len = 0 };
	return (struct text_view){ json_string_value(value), json_string_length(value) };
}

/* A whole number that fits; false: none, and *out is as it was. */
static bool number_of(const json_t *object, const char *key, uint64_t max, uint64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 || (uint64_t)json_integer_value(value) > max)
		return false;
	*out = (uint64_t)json_integer_value(value);
	return true;
}

/* Names of levels are constants: the one that is meant. */
static const char *integrity_of(const json_t *object)
{
	static const char *const levels[] = { "Untrusted", "Low", "Medium", "Medium Plus", "High", "System", "Protected" };
	const char *text = json_string_value(json_object_get(object, "integrity"));

	for (size_t i = 0; text && i < sizeof levels / sizeof levels[0]; i++) {
		if (strcmp(text, levels[i]) == 0)
			return levels[i];
	}
	return NULL;
}

static uint32_t put_proc(struct incident *incident, const json_t *object, uint32_t host, uint32_t parent, bool is_context)
{
	struct incident_proc p = { .key.host = host, .parent = parent, .is_context = is_context, .integrity = integrity_of(object),
		.name = text_of(object, "name"), .path = text_of(object, "path"), .cmdline = text_of(object, "cmdline"),
		.cwd = text_of(object, "cwd"), .user = text_of(object, "user"), .sid = text_of(object, "sid"),
		.guid = text_of(object, "guid"), .container = text_of(object, "container"),
		.container_name = text_of(object, "container_name"), .image = text_of(object, "image") };
	uint64_t pid = 0, ppid = 0, session = 0, start = 0;

	if (!number_of(object, "pid", UINT32_MAX, &pid) || !number_of(object, "born", INT64_MAX, &p.key.born))
		return INCIDENT_NONE;
	p.has_ppid = number_of(object, "ppid", UINT32_MAX, &ppid);
	p.has_session = number_of(object, "session", UINT32_MAX, &session);
	number_of(object, "start", INT64_MAX, &start);
	p.key.pid = (uint32_t)pid;
	p.ppid = (uint32_t)ppid;
	p.session_id = (uint32_t)session;
	p.start_ns = (int64_t)start;
	return incident_put_proc(incident, &p);
}

/* The chain begins with the process itself; the uppermost is put first. */
static uint32_t put_chain(struct incident *incident, const json_t *chain, uint32_t host, bool is_context)
{
	size_t count = json_array_size(chain);
	uint32_t parent = INCIDENT_NONE;

	if (count > STORY_MAX_PROCS)
		count = STORY_MAX_PROCS;
	while (count > 0) {
		count--;
		parent = put_proc(incident, json_array_get(chain, count), host, parent, is_context || count > 0);
	}
	return parent;
}

static uint32_t put_rule(struct incident *incident, const struct alert_record *r, const json_t *document, const struct ruleset *rules)
{
	const struct rule *known = rules ? ruleset_find(rules, r->rule) : NULL;
	struct incident_rule rule = { .name = r->rule, .source = r->source, .priority = r->priority };
	const json_t *tags = json_object_get(document, "tags");
	const char *names[MAX_TAGS];
	struct name_list list = { .names = names };

	for (size_t i = 0; i < json_array_size(tags) && list.count < MAX_TAGS; i++) {
		const char *name = json_string_value(json_array_get(tags, i));

		if (name)
			names[list.count++] = name;
	}
	rule.tags = list.count || !known ? &list : &known->tags;
	if (known) {
		rule.desc = known->desc;
		rule.condition = known->condition;
	}
	return incident_rule(incident, &rule);
}

/* Without time and priority. The document has it as it was; the line has it escaped. */
static struct text_view message_of(const struct alert_record *r, const json_t *document)
{
	struct text_view text = text_of(document, "message");
	const char *message;

	if (text.len)
		return text;
	text = text_of(document, "output");
	if (!text.len)
		text = (struct text_view){ r->text, r->text_len };
	message = alert_message(text.ptr, priority_name(r->priority));
	return (struct text_view){ message, text.len - (size_t)(message - text.ptr) };
}

static void add_story(struct incident *incident, const struct alert_record *r, struct incident_alert *a,
	struct incident_store_counts *counts)
{
	json_t *story = r->story_len && r->story_len <= MAX_DOCUMENT_BYTES ? json_loadb(r->story, r->story_len, JSON_ALLOW_NUL, NULL) : NULL;

	counts->without_story += !json_is_object(story);
	a->proc = put_chain(incident, json_object_get(story, "actor"), a->host, false);
	a->target = put_chain(incident, json_object_get(story, "target"), a->host, true);
	json_decref(story);
}

/* Exact to 64 bits where that is possible, as alert_fields_parse. NULL: no object, or larger than alerts are. */
static json_t *parse(const struct alert_record *r)
{
	json_t *document = NULL;

	if (r->json_len <= MAX_DOCUMENT_BYTES)
		document = json_loadb(r->json, r->json_len, JSON_ALLOW_NUL, NULL);
	if (!document && r->json_len <= MAX_DOCUMENT_BYTES)
		document = json_loadb(r->json, r->json_len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
	if (json_is_object(document))
		return document;
	json_decref(document);
	return NULL;
}

void incident_store_add(struct incident *incident, const struct alert_record *r, const struct ruleset *rules,
	struct incident_store_counts *counts)
{
	json_t *document = parse(r);
	const json_t *fields = json_object_get(document, "output_fields");
	char *text = json_is_object(fields) ? json_dumps(fields, JSON_COMPACT) : NULL;
	struct incident_alert a = { .rule = put_rule(incident, r, document, rules), .time_ns = r->time_ns,
		.fields = text ? text : "{}" };
	struct text_view message = message_of(r, document);

	counts->alerts++;
	counts->unreadable += !document;
	if (a.rule != INCIDENT_NONE) {
		a.host = incident_host(incident, r->hostname);
		a.message = message.ptr;
		a.message_len = message.len;
		a.fields_len = strlen(a.fields);
		add_story(incident, r, &a, counts);
		incident_add_alert(incident, &a);
	}
	free(text);
	json_decref(document);
}
