#include "tests/conformance/toy.h"

#include <stdlib.h>
#include <string.h>

#include "tests/conformance/toy_value.h"

struct toy {
	struct field fields[TOY_MAX_FIELDS];
	size_t field_count;
	const char *event_types[TOY_MAX_EVENT_TYPES];
	size_t event_type_count;
	struct vocabulary sources[TOY_MAX_SOURCES];
	size_t source_count;
	const char *engine_version;
};

/* Value of a field in the event map: the key is the field's name, with [arg] when it has one. */
static const struct yaml_node *map_value(const struct yaml_node *map, const char *name, const struct field_arg *arg)
{
	size_t len = strlen(name);

	for (size_t i = 0; map && i < map->count; i++) {
		const struct yaml_node *key = map->entries[i].key;
		bool with_arg = arg && arg->present;

		if (!yaml_is_scalar(key) || strncmp(key->text, name, len) != 0)
			continue;
		if (!with_arg && key->count == len)
			return map->entries[i].value;
		if (with_arg && key->count == len + arg->key_len + 2 && key->text[len] == '[' &&
			memcmp(key->text + len + 1, arg->key, arg->key_len) == 0)
			return map->entries[i].value;
	}
	return NULL;
}

static enum field_result toy_get(const struct field *f, const struct field_arg *arg, const struct event_view *ev,
	struct value *out)
{
	const struct toy_event *event = ev->ctx;
	const struct yaml_node *node = map_value(event->values, f->name, arg);

	if (!node || node->is_null)
		return FIELD_MISSING;
	if (f->flags & FIELD_LIST)
		return toy_value_list(f->type, node, ev->scratch, out) ? FIELD_OK : FIELD_MISSING;
	return toy_value_parse(f->type, node, ev->scratch, out) ? FIELD_OK : FIELD_MISSING;
}

/* proc.aNAME of ancestor n is the key NAME of entry n of the chain. */
static enum field_result toy_get_ancestor(const struct field *f, const struct field_arg *arg,
	const struct event_view *ev, struct value *out)
{
	const struct toy_event *event = ev->ctx;
	const char *dot = strrchr(f->name, '.');
	size_t index = arg && arg->present && arg->is_index ? arg->index : 0;
	const struct yaml_node *node;

	if (!event->chain || index >= event->chain->count)
		return FIELD_END;
	node = map_value(event->chain->items[index], dot + 2, NULL);
	if (!node || node->is_null)
		return FIELD_MISSING;
	return toy_value_parse(f->type, node, ev->scratch, out) ? FIELD_OK : FIELD_MISSING;
}

static const char *const type_names[VALUE_TYPE_COUNT] = {
	[VT_STRING] = "string", [VT_PATH] = "fspath", [VT_BYTES] = "bytes", [VT_INT8] = "int8", [VT_INT16] = "int16",
	[VT_INT32] = "int32", [VT_INT64] = "int64", [VT_UINT8] = "uint8", [VT_UINT16] = "uint16", [VT_UINT32] = "uint32",
	[VT_UINT64] = "uint64", [VT_PORT] = "port", [VT_BOOL] = "bool", [VT_DOUBLE] = "double", [VT_RELTIME] = "reltime",
	[VT_ABSTIME] = "abstime", [VT_IPADDR] = "ipaddr", [VT_IPNET] = "ipnet",
};

static bool type_by_name(const struct yaml_node *node, enum value_type *out)
{
	for (size_t i = 0; i < VALUE_TYPE_COUNT; i++)
		if (yaml_scalar_is(node, type_names[i])) {
			*out = (enum value_type)i;
			return true;
		}
	return false;
}

static const struct {
	const char *key;
	uint32_t flag;
} flag_keys[] = {
	{ "list", FIELD_LIST },
	{ "ancestor", FIELD_ANCESTOR },
	{ "no_rhs", FIELD_NO_RHS },
	{ "no_transformer", FIELD_NO_TRANSFORMER },
	{ "filter_only", FIELD_FILTER_ONLY },
};

static const struct {
	const char *name;
	uint32_t flag;
} flag_names[] = {
	{ "evt.type", FIELD_EVENT_TYPE },
	{ "syscall.type", FIELD_EVENT_TYPE },
	{ "evt.source", FIELD_SOURCE_NAME },
	{ "evt.dir", FIELD_DEPRECATED },
	{ "evt.latency", FIELD_DEPRECATED },
	{ "evt.latency.s", FIELD_DEPRECATED },
	{ "evt.latency.ns", FIELD_DEPRECATED },
	{ "evt.latency.human", FIELD_DEPRECATED },
	{ "evt.wait_latency", FIELD_DEPRECATED },
	{ "evt.num", FIELD_FROM_ONE },
	{ "evt.arg", FIELD_DOTTED_ARG },
};

static uint32_t field_flags(const struct yaml_node *row, const char *name)
{
	uint32_t flags = 0;

	for (size_t i = 0; i < sizeof flag_keys / sizeof flag_keys[0]; i++)
		if (yaml_scalar_is(yaml_map_get(row, flag_keys[i].key), "true"))
			flags |= flag_keys[i].flag;
	for (size_t i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++)
		if (strcmp(name, flag_names[i].name) == 0)
			flags |= flag_names[i].flag;
	return flags;
}

static const struct {
	const char *name;
	enum field_arg_kind kind;
} arg_kinds[] = {
	{ "key_required", FIELD_ARG_KEY_REQUIRED },
	{ "key_optional", FIELD_ARG_KEY_OPTIONAL },
	{ "index_required", FIELD_ARG_INDEX_REQUIRED },
	{ "index_optional", FIELD_ARG_INDEX_OPTIONAL },
};

static enum field_arg_kind arg_kind(const struct yaml_node *row)
{
	for (size_t i = 0; i < sizeof arg_kinds / sizeof arg_kinds[0]; i++)
		if (yaml_scalar_is(yaml_map_get(row, "arg"), arg_kinds[i].name))
			return arg_kinds[i].kind;
	return FIELD_ARG_NONE;
}

static enum status add_field(struct toy *toy, const struct yaml_node *row, struct diag *why)
{
	const struct yaml_node *name = yaml_map_get(row, "name"), *either = yaml_map_get(row, "either");
	struct field f = { .doc = "", .get = toy_get };

	if (!yaml_is_scalar(name) || !type_by_name(yaml_map_get(row, "type"), &f.type))
		return diag_set(why, ST_MALFORMED, "fixture: a field needs a name and a known type");
	if (toy->field_count == TOY_MAX_FIELDS)
		return diag_set(why, ST_LIMIT, "fixture: too many fields");
	f.name = name->text;
	f.flags = field_flags(row, f.name);
	f.arg = arg_kind(row);
	if (f.flags & FIELD_ANCESTOR)
		f.get = toy_get_ancestor;
	if (yaml_is_sequence(either) && either->count == 2) {
		f.either[0] = either->items[0]->text;
		f.either[1] = either->items[1]->text;
	}
	memcpy(&toy->fields[toy->field_count++], &f, sizeof f);
	return ST_OK;
}

static enum status read_fixture(struct toy *toy, const struct yaml_node *fixture, struct diag *why)
{
	const struct yaml_node *fields = yaml_map_get(fixture, "fields"), *types = yaml_map_get(fixture, "event_types");
	const struct yaml_node *sources = yaml_map_get(fixture, "known_sources");
	const struct yaml_node *version = yaml_map_get(fixture, "engine_version");

	if (!yaml_is_sequence(fields) || !yaml_is_sequence(types) || !yaml_is_sequence(sources) || sources->count == 0)
		return diag_set(why, ST_MALFORMED, "fixture: fields, event_types and known_sources are needed");
	if (types->count > TOY_MAX_EVENT_TYPES || sources->count > TOY_MAX_SOURCES)
		return diag_set(why, ST_LIMIT, "fixture: too many event types or sources");
	toy->engine_version = yaml_is_scalar(version) ? version->text : "";
	for (size_t i = 0; i < fields->count; i++) {
		enum status st = add_field(toy, fields->items[i], why);

		if (st != ST_OK)
			return st;
	}
	for (size_t i = 0; i < types->count; i++)
		toy->event_types[toy->event_type_count++] = types->items[i]->text;
	for (size_t i = 0; i < sources->count; i++)
		toy->sources[toy->source_count++] = (struct vocabulary){ .source = sources->items[i]->text,
			.fields = toy->fields, .field_count = toy->field_count, .event_types = toy->event_types,
			.event_type_count = toy->event_type_count };
	return ST_OK;
}

enum status toy_create(const struct yaml_node *fixture, struct toy **out, struct diag *why)
{
	struct toy *toy = calloc(1, sizeof *toy);
	enum status st = toy ? read_fixture(toy, fixture, why) : ST_NOMEM;

	*out = NULL;
	if (st != ST_OK) {
		free(toy);
		return st;
	}
	*out = toy;
	return ST_OK;
}

void toy_destroy(struct toy *toy)
{
	free(toy);
}

const char *toy_engine_version(const struct toy *toy)
{
	return toy->engine_version;
}

size_t toy_source_count(const struct toy *toy)
{
	return toy->source_count;
}

const struct vocabulary *toy_source(const struct toy *toy, size_t index)
{
	return &toy->sources[index];
}

const struct vocabulary *toy_vocabulary(const struct toy *toy)
{
	return &toy->sources[0];
}

void toy_event_view(const struct toy *toy, const struct toy_event *event, struct arena *scratch,
	struct event_view *view)
{
	const struct yaml_node *type = yaml_map_get(event->values, "evt.type");

	*view = (struct event_view){ .type = VOCABULARY_NO_TYPE, .scratch = scratch };
	memcpy(&view->ctx, &(const void *){ event }, sizeof view->ctx);
	for (size_t i = 0; i < toy->event_type_count; i++)
		if (yaml_scalar_is(type, toy->event_types[i]))
			view->type = (uint16_t)i;
}
