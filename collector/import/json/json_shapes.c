#include "collector/import/json/json_shapes.h"

#include <inttypes.h>
#include <stdio.h>

#include "collector/import/json/json_event.h"
#include "collector/import/named/flat_event.h"

enum { NUMBER_TEXT_BYTES = 32 };

static struct text_view number_text(const json_t *v, struct named_record *n)
{
	char *room = named_record_room(n, NUMBER_TEXT_BYTES);
	int len;

	if (!room)
		return text_of("");
	if (json_is_integer(v))
		len = snprintf(room, NUMBER_TEXT_BYTES, "%" PRId64, (int64_t)json_integer_value(v));
	else
		len = snprintf(room, NUMBER_TEXT_BYTES, "%.15g", json_real_value(v));
	return (struct text_view){ .ptr = room, .len = len > 0 && len < NUMBER_TEXT_BYTES ? (size_t)len : 0 };
}

/* A string, number or truth value as text; "" for null, and for what is no leaf. */
static struct text_view leaf_text(const json_t *v, struct named_record *n)
{
	if (json_is_string(v))
		return (struct text_view){ .ptr = json_string_value(v), .len = json_string_length(v) };
	if (json_is_number(v))
		return number_text(v, n);
	return text_of(json_is_true(v) ? "true" : json_is_false(v) ? "false" : "");
}

static struct text_view get(const json_t *o, const char *key, struct named_record *n)
{
	return leaf_text(json_object_get(o, key), n);
}

static uint64_t get_number(const json_t *o, const char *key, struct named_record *n, uint64_t max)
{
	uint64_t value = 0;

	log_text_number_max(get(o, key, n), max, &value);
	return value;
}

static uint32_t get_pid(const json_t *o, const char *key, struct named_record *n)
{
	uint64_t value = UINT32_MAX;

	log_text_number_max(get(o, key, n), UINT32_MAX, &value);
	return (uint32_t)value;
}

static void get_time(const json_t *o, const char *key, struct named_record *n)
{
	struct log_time time;

	if (!n->rec.time_100ns && log_text_iso_time(get(o, key, n), &time))
		n->rec.time_100ns = time.time_100ns;
}

static void get_guid(const json_t *o, const char *key, struct named_record *n)
{
	struct text_view t = get(o, key, n);

	guid_parse(t.ptr, t.len, &n->rec.provider);
}

/* A cursor per level instead of a call per level: depth is the input's. */
struct level {
	const json_t *of;
	void *iterator;             /* of an object */
	size_t index;               /* of an array */
	struct text_view name;      /* of an array, for its elements */
};

static void open_level(struct level *l, const json_t *of, struct text_view name)
{
	*l = (struct level){ .of = of, .name = name };
	if (json_is_object(of))
		l->iterator = json_object_iter((json_t *)(uintptr_t)of);
}

/* The next member; NULL: none left. */
static const json_t *next_member(struct level *l, struct text_view *name)
{
	const json_t *v;

	if (json_is_array(l->of)) {
		*name = l->name;
		return json_array_get(l->of, l->index++);
	}
	if (!l->iterator)
		return NULL;
	*name = text_of(json_object_iter_key(l->iterator));
	v = json_object_iter_value(l->iterator);
	l->iterator = json_object_iter_next((json_t *)(uintptr_t)l->of, l->iterator);
	return v;
}

/* Every leaf below `of`, under the name it stands by; "_Data" is what decoders call Data without a name. Beside those, Binary
 * is the element of the event schema that comes last; an object has lost that order. */
static void add_leaves(const json_t *of, struct text_view name, struct named_record *n)
{
	const json_t *v, *last = json_object_get(of, "_Data") ? json_object_get(of, "Binary") : NULL;
	struct level levels[JSON_DEPTH_MAX];
	size_t depth = 0;

	if (!json_is_object(of) && !json_is_array(of))
		return;
	open_level(&levels[depth++], of, name);
	while (depth) {
		v = next_member(&levels[depth - 1], &name);
		if (text_is(name, "_Data"))
			name = text_of("");
		if (!v)
			depth--;
		else if (v == last)
			continue;
		else if (!json_is_object(v) && !json_is_array(v))
			named_record_add(n, name, leaf_text(v, n));
		else if (depth < JSON_DEPTH_MAX)
			open_level(&levels[depth++], v, name);
		else
			n->cut_values++;
	}
	if (last)
		named_record_add(n, text_of("Binary"), leaf_text(last, n));
}

static bool decoded_fits(const json_t *o)
{
	return json_is_string(json_object_get(o, "Provider")) && json_object_get(o, "EventID") &&
		(json_object_get(o, "TimeCreated") || json_object_get(o, "EventRecordID"));
}

static void decoded_read(const json_t *o, struct named_record *n)
{
	struct record *r = &n->rec;

	named_record_name(n, &r->provider_name, get(o, "Provider", n));
	named_record_name(n, &r->channel, get(o, "Channel", n));
	named_record_name(n, &r->host, get(o, "Computer", n));
	named_record_user(n, get(o, "UserID", n));
	get_guid(o, "ProviderGuid", n);
	r->id = (uint16_t)get_number(o, "EventID", n, UINT16_MAX);
	r->version = (uint8_t)get_number(o, "Version", n, UINT8_MAX);
	r->level = (uint8_t)get_number(o, "Level", n, UINT8_MAX);
	r->task = (uint16_t)get_number(o, "Task", n, UINT16_MAX);
	r->opcode = (uint8_t)get_number(o, "Opcode", n, UINT8_MAX);
	r->keyword = get_number(o, "Keywords", n, UINT64_MAX);
	r->record_id = get_number(o, "EventRecordID", n, UINT64_MAX);
	r->pid = get_pid(o, "ExecPid", n);
	r->tid = get_pid(o, "ExecTid", n);
	get_time(o, "TimeCreated", n);
	add_leaves(json_object_get(o, "EventData"), text_of(""), n);
	add_leaves(json_object_get(o, "UserData"), text_of(""), n);
}

static bool winlogbeat_fits(const json_t *o)
{
	return json_object_get(json_object_get(o, "winlog"), "event_id") != NULL;
}

static void winlogbeat_read(const json_t *o, struct named_record *n)
{
	const json_t *w = json_object_get(o, "winlog"), *process = json_object_get(w, "process");
	struct record *r = &n->rec;

	named_record_name(n, &r->provider_name, get(w, "provider_name", n));
	named_record_name(n, &r->channel, get(w, "channel", n));
	named_record_name(n, &r->host, get(w, "computer_name", n));
	named_record_user(n, get(json_object_get(w, "user"), "identifier", n));
	get_guid(w, "provider_guid", n);
	r->id = (uint16_t)get_number(w, "event_id", n, UINT16_MAX);
	r->version = (uint8_t)get_number(w, "version", n, UINT8_MAX);
	r->record_id = get_number(w, "record_id", n, UINT64_MAX);
	r->pid = get_pid(process, "pid", n);
	r->tid = get_pid(json_object_get(process, "thread"), "id", n);
	get_time(o, "@timestamp", n);
	get_time(json_object_get(o, "event"), "created", n);
	add_leaves(json_object_get(w, "event_data"), text_of(""), n);
	add_leaves(json_object_get(w, "user_data"), text_of(""), n);
}

static bool field_map_fits(const json_t *o)
{
	return json_is_string(json_object_get(o, "evt.type"));
}

/* evt.rawtime is nanoseconds of Unix time, evt.time a text; both only set the record's time. */
static void field_map_read(const json_t *o, struct named_record *n)
{
	const uint64_t raw = get_number(o, "evt.rawtime", n, INT64_MAX);

	named_record_name(n, &n->rec.provider_name, text_of(FIELD_MAP_PROVIDER));
	named_record_name(n, &n->rec.host, get(o, "evt.hostname", n));
	if (raw)
		n->rec.time_100ns = UINT64_C(116444736000000000) + raw / 100;    /* [MS-DTYP] FILETIME of 1970-01-01 */
	get_time(o, "evt.time", n);
	n->rec.pid = get_pid(o, "proc.pid", n);
	n->rec.tid = get_pid(o, "thread.tid", n);
	add_leaves(o, text_of(""), n);
}

static bool has_id(const json_t *o)
{
	return json_object_get(o, "EventID") || json_object_get(o, "EventId");
}

static bool flat_fits(const json_t *o)
{
	return has_id(o) && (json_object_get(o, "Channel") || json_object_get(o, "SourceName") || json_object_get(o, "ProviderName"));
}

static void read_flat(const json_t *o, struct named_record *n)
{
	struct flat_event f;
	struct level l;
	struct text_view name;
	const json_t *v;

	flat_event_begin(&f, n);
	open_level(&l, o, text_of(""));
	while ((v = next_member(&l, &name)) != NULL) {
		if (json_is_object(v) || json_is_array(v))
			add_leaves(v, name, n);
		else
			flat_event_add(&f, name, leaf_text(v, n), json_is_number(v));
	}
	flat_event_finish(&f);
}

/* Sysmon's events without anything that says so: the test data of eqllib. */
static bool bare_sysmon_fits(const json_t *o)
{
	return has_id(o) && (json_object_get(o, "UtcTime") || json_object_get(o, "RuleName") || json_object_get(o, "ProcessGuid"));
}

static void bare_sysmon_read(const json_t *o, struct named_record *n)
{
	read_flat(o, n);
	n->rec.provider_name = text_of("Microsoft-Windows-Sysmon");
	n->rec.channel = text_of("Microsoft-Windows-Sysmon/Operational");
}

const struct json_shape json_shapes[] = {
	{ "decoded event log (Provider, EventID, EventData)", decoded_fits, decoded_read },
	{ "flat event (Channel, EventID, SourceName)", flat_fits, read_flat },
	{ "Winlogbeat (winlog.event_id)", winlogbeat_fits, winlogbeat_read },
	{ "fields of rules (evt.type)", field_map_fits, field_map_read },
	{ "flat Sysmon event (EventId, UtcTime)", bare_sysmon_fits, bare_sysmon_read },
};

const size_t json_shape_count = sizeof json_shapes / sizeof json_shapes[0];
