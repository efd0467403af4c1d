#include "policyd/output/otlp_encode.h"

#include <stdio.h>
#include <string.h>

#include "otlp_logs.pb-c.h"
#include "policyd/output/alert_fields.h"

typedef Vitrine__Otlp__V1__AnyValue pb_value;
typedef Vitrine__Otlp__V1__ArrayValue pb_array;
typedef Vitrine__Otlp__V1__KeyValue pb_pair;
typedef Vitrine__Otlp__V1__LogRecord pb_log;
typedef Vitrine__Otlp__V1__ExportLogsServiceRequest pb_request;

static const char schema_url[] = "https://opentelemetry.io/schemas/1.44.0";

/* OpenTelemetry's names of Falco's fields. */
static const struct {
	const char *falco, *otel;
} names[] = {
	{ "container.image", "container.image.name" },
	{ "evt.pid", "process.pid" },
	{ "file.path", "file.path" },
	{ "k8s.ns.name", "k8s.namespace.name" },
	{ "proc.cmdline", "process.command_line" },
	{ "proc.cwd", "process.working_directory" },
	{ "proc.exepath", "process.executable.path" },
	{ "proc.name", "process.executable.name" },
	{ "proc.pid", "process.pid" },
	{ "proc.ppid", "process.parent_pid" },
	{ "reg.path", "registry.path" },
	{ "thread.tid", "thread.id" },
	{ "user.sid", "user.id" },
	{ "user.uid", "user.id" },
};

/* Protobuf-c wants text it may call its own; it does not write to it when it packs. */
static char *text_of(const char *text)
{
	return (char *)(uintptr_t)text;
}

struct encoder {
	struct arena *arena;
	bool full;
	pb_pair **pairs;                       /* of the record in hand */
	size_t pair_count;
	uint32_t dropped;
};

static pb_pair *add_pair(struct encoder *e, const char *key)
{
	struct room {
		pb_pair pair;
		pb_value value;
	} *r;

	for (size_t i = 0; i < e->pair_count; i++)     /* keys are unique, logs.proto; the first stays */
		if (strcmp(e->pairs[i]->key, key) == 0)
			return NULL;
	r = e->pair_count < OTLP_MAX_ATTRIBUTES ? arena_alloc(e->arena, sizeof *r) : NULL;
	if (!r) {
		e->dropped++;
		return NULL;
	}
	vitrine__otlp__v1__key_value__init(&r->pair);
	vitrine__otlp__v1__any_value__init(&r->value);
	r->pair.key = text_of(key);
	r->pair.value = &r->value;
	e->pairs[e->pair_count++] = &r->pair;
	return &r->pair;
}

static void set_text(pb_value *v, const char *text)
{
	v->value_case = VITRINE__OTLP__V1__ANY_VALUE__VALUE_STRING_VALUE;
	v->string_value = text_of(text);
}

static void add_text(struct encoder *e, const char *key, const char *text)
{
	pb_pair *p = add_pair(e, key);

	if (p)
		set_text(p->value, text);
}

static void set_list(struct encoder *e, pb_value *v, const struct alert_field *list)
{
	pb_array *array = arena_alloc(e->arena, sizeof *array);
	pb_value *items = arena_alloc(e->arena, (list->item_count + 1) * sizeof *items);
	pb_value **at = arena_alloc(e->arena, (list->item_count + 1) * sizeof(pb_value *));

	if (!array || !items || !at) {
		e->full = true;
		return;
	}
	vitrine__otlp__v1__array_value__init(array);
	for (size_t i = 0; i < list->item_count; i++) {
		vitrine__otlp__v1__any_value__init(&items[i]);
		set_text(&items[i], alert_fields_item(list, i));
		at[i] = &items[i];
	}
	array->n_values = list->item_count;
	array->values = at;
	v->value_case = VITRINE__OTLP__V1__ANY_VALUE__VALUE_ARRAY_VALUE;
	v->array_value = array;
}

static void add_value(struct encoder *e, const char *key, const struct alert_field *f)
{
	pb_pair *p = add_pair(e, key);

	if (!p)
		return;
	switch (f->type) {
	case ALERT_VALUE_TEXT:
		set_text(p->value, f->text);
		break;
	case ALERT_VALUE_INT:
		p->value->value_case = VITRINE__OTLP__V1__ANY_VALUE__VALUE_INT_VALUE;
		p->value->int_value = f->number;
		break;
	case ALERT_VALUE_REAL:
		p->value->value_case = VITRINE__OTLP__V1__ANY_VALUE__VALUE_DOUBLE_VALUE;
		p->value->double_value = f->real;
		break;
	case ALERT_VALUE_BOOL:
		p->value->value_case = VITRINE__OTLP__V1__ANY_VALUE__VALUE_BOOL_VALUE;
		p->value->bool_value = f->number != 0;
		break;
	case ALERT_VALUE_LIST:
		set_list(e, p->value, f);
		break;
	}
}

/* The document dies before the request is packed: its texts move into the arena. */
static void add_field(void *ctx, const struct alert_field *field)
{
	struct encoder *e = ctx;
	struct alert_field f = *field;

	f.name = arena_strdup(e->arena, field->name);
	f.text = arena_strdup(e->arena, field->text);
	if (!f.name || !f.text) {
		e->full = true;
		return;
	}
	add_value(e, f.name, &f);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i].falco, f.name) == 0)
			add_value(e, names[i].otel, &f);
}

/* Appendix B of the log data model, table "Syslog". */
static int32_t severity(enum priority p)
{
	static const int32_t numbers[PRIORITY_COUNT] = { 21, 19, 18, 17, 13, 10, 9, 5 };

	return numbers[p];
}

static pb_log *encode_alert(struct encoder *e, const struct alert_record *r, const struct alert_fields *fields)
{
	struct room {
		pb_log log;
		pb_value body;
		pb_pair *pairs[OTLP_MAX_ATTRIBUTES];
	} *room = arena_alloc(e->arena, sizeof *room);

	if (!room)
		return NULL;
	vitrine__otlp__v1__log_record__init(&room->log);
	vitrine__otlp__v1__any_value__init(&room->body);
	e->pairs = room->pairs;
	e->pair_count = 0;
	e->dropped = 0;
	room->log.time_unix_nano = (uint64_t)r->time_ns;
	room->log.observed_time_unix_nano = (uint64_t)r->observed_ns;
	room->log.severity_number = severity(r->priority);
	room->log.severity_text = text_of(priority_name(r->priority));
	room->log.event_name = text_of("falco.alert");
	set_text(&room->body, alert_message(r->text, priority_name(r->priority)));
	room->log.body = &room->body;
	add_text(e, "log.record.uid", r->uid);
	add_text(e, "security_rule.name", r->rule);
	add_text(e, "falco.source", r->source);
	if (fields) {
		const struct alert_field tags = alert_fields_tags(fields);

		add_value(e, "falco.tags", &tags);
		alert_fields_each(fields, add_field, e);
	}
	room->log.attributes = e->pairs;
	room->log.n_attributes = e->pair_count;
	room->log.dropped_attributes_count = e->dropped;
	return e->full ? NULL : &room->log;
}

/* service.name and host.name are ours unless the configuration gives them. */
static void encode_resource(struct encoder *e, const struct sink_env *env, const char *hostname)
{
	for (size_t i = 0; i < env->resource_count; i++)
		add_text(e, env->resource[i].name, env->resource[i].value);
	add_text(e, "service.name", "vitrine");
	add_text(e, "host.name", hostname);
	add_text(e, "os.type", "windows");
}

static bool pack(const pb_log *const *logs, size_t count, struct encoder *resource, struct buf *out)
{
	Vitrine__Otlp__V1__Resource about = VITRINE__OTLP__V1__RESOURCE__INIT;
	Vitrine__Otlp__V1__Scope scope = VITRINE__OTLP__V1__SCOPE__INIT;
	Vitrine__Otlp__V1__ScopeLogs in_scope = VITRINE__OTLP__V1__SCOPE_LOGS__INIT, *scopes[1] = { &in_scope };
	Vitrine__Otlp__V1__ResourceLogs of_resource = VITRINE__OTLP__V1__RESOURCE_LOGS__INIT, *resources[1] = { &of_resource };
	pb_request request = VITRINE__OTLP__V1__EXPORT_LOGS_SERVICE_REQUEST__INIT;
	size_t size;
	uint8_t *room;

	about.attributes = resource->pairs;
	about.n_attributes = resource->pair_count;
	scope.name = text_of("vitrine.falco-engine");
	in_scope.scope = &scope;
	in_scope.log_records = (pb_log **)(uintptr_t)logs;
	in_scope.n_log_records = count;
	in_scope.schema_url = text_of(schema_url);
	of_resource.resource = &about;
	of_resource.scope_logs = scopes;
	of_resource.n_scope_logs = 1;
	of_resource.schema_url = text_of(schema_url);
	request.resource_logs = resources;
	request.n_resource_logs = 1;
	size = vitrine__otlp__v1__export_logs_service_request__get_packed_size(&request);
	room = buf_reserve(out, size);
	if (!room)
		return false;
	out->len += vitrine__otlp__v1__export_logs_service_request__pack(&request, room);
	return true;
}

bool otlp_encode(const struct alert_batch *b, const struct sink_env *env, struct arena *scratch, struct buf *out)
{
	const pb_log *logs[SINK_MAX_BATCH];
	struct alert_fields *fields[SINK_MAX_BATCH];
	pb_pair *pairs[OTLP_MAX_ATTRIBUTES];
	struct encoder e = { .arena = scratch }, resource = { .arena = scratch, .pairs = pairs };
	size_t count = alert_batch_count(b), done = 0;
	bool good = count > 0 && count <= SINK_MAX_BATCH;

	arena_reset(scratch);
	for (; good && done < count; done++) {
		fields[done] = alert_fields_parse(alert_batch_at(b, done)->json, alert_batch_at(b, done)->json_len);
		logs[done] = encode_alert(&e, alert_batch_at(b, done), fields[done]);
		good = logs[done] != NULL;
	}
	if (good)
		encode_resource(&resource, env, alert_batch_at(b, 0)->hostname);
	good = good && pack(logs, count, &resource, out);
	for (size_t i = 0; i < done; i++)
		alert_fields_destroy(fields[i]);
	return good;
}

/* ---- answers ---- */

static void keep_message(const char *text, char *message, size_t message_bytes)
{
	snprintf(message, message_bytes, "%s", text ? text : "");
	for (char *p = message; *p; p++)
		if ((unsigned char)*p < 0x20)
			*p = ' ';
}

bool otlp_read_answer(const void *body, size_t len, uint64_t *rejected, char *message, size_t message_bytes)
{
	Vitrine__Otlp__V1__ExportLogsServiceResponse *m =
		vitrine__otlp__v1__export_logs_service_response__unpack(NULL, len, body);

	*rejected = 0;
	message[0] = '\0';
	if (!m)
		return false;
	if (m->partial_success) {
		int64_t n = m->partial_success->rejected_log_records;

		*rejected = n > 0 ? (uint64_t)n : 0;
		keep_message(m->partial_success->error_message, message, message_bytes);
	}
	vitrine__otlp__v1__export_logs_service_response__free_unpacked(m, NULL);
	return true;
}

bool otlp_read_refusal(const void *body, size_t len, char *message, size_t message_bytes)
{
	Vitrine__Otlp__V1__RpcStatus *m = vitrine__otlp__v1__rpc_status__unpack(NULL, len, body);
	bool said = m && m->message && m->message[0];

	if (said)
		keep_message(m->message, message, message_bytes);
	if (m)
		vitrine__otlp__v1__rpc_status__free_unpacked(m, NULL);
	return said;
}
