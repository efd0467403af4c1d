/* Events from maps, and the getter that reads them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "policyd/event.h"
#include "policyd/fields/fields.h"
#include "policyd/ruleset/duration.h"
#include "policyd/ruletest/shadow_parts.h"
#include "proto/base/clock.h"

/* ---- reading ---- */

static enum status refuse(const struct yaml_node *at, struct diag *why, const char *fmt, const char *a, const char *b)
{
	diag_set(why, ST_MALFORMED, fmt, a, b);
	why->line = (int)at->pos.line;
	why->column = (int)at->pos.column;
	return ST_MALFORMED;
}

/* The key "proc.aname[2]" as a field and its argument. */
static enum status read_key(const struct shadow *s, struct arena *a, const struct yaml_node *key,
	struct shadow_value *out, struct diag *why)
{
	struct cond_parser parser = { .arena = a };
	struct cond_checker checker = { .vocabulary = &s->vocabulary, .index = s->index, .arena = a };
	struct cond_diag reason = { .text = "" };
	const struct operand *o;
	struct ast_left left;

	if (condition_parse_left(&parser, key->text, key->count, &left, &reason) != ST_OK ||
		condition_check_operand(&checker, &left, &o, &reason) != ST_OK)
		return refuse(key, why, reason.hint[0] ? "%s; %s" : "%s%s", reason.text, reason.hint);
	if (o->kind != OPERAND_FIELD)
		return refuse(key, why, "%s is no field%s", key->text, "");
	if (o->field->either[0])
		return refuse(key, why, "an event has no field %s of its own: give %s", key->text, o->field->either[0]);
	out->field = o->field;
	out->arg = o->arg;
	return ST_OK;
}

static enum status read_list(struct arena *a, const struct yaml_node *node, struct shadow_value *out, struct diag *why)
{
	struct value *items;

	if (node->count > SHADOW_MAX_LIST)
		return refuse(node, why, "%s: the list is too long%s", out->field->name, "");
	items = arena_alloc(a, (node->count + 1) * sizeof *items);
	if (!items)
		return diag_set(why, ST_NOMEM, "out of memory");
	for (size_t i = 0; i < node->count; i++)
		if (!yaml_is_scalar(node->items[i]) || !shadow_value_parse(out->field->type, node->items[i], &items[i]))
			return refuse(node->items[i], why, "%s: not a value of this field%s", out->field->name, "");
	out->is_list = true;
	out->value.list.items = items;
	out->value.list.count = node->count;
	return ST_OK;
}

static enum status read_value(struct arena *a, const struct yaml_node *node, struct shadow_value *out, struct diag *why)
{
	uint32_t flags = out->field->flags;
	bool takes_list = (flags & FIELD_LIST) || ((flags & FIELD_ANCESTOR) && !out->arg.present);
	const struct yaml_node one = { .kind = YAML_KIND_SEQUENCE, .pos = node->pos, .count = 1, .items = &node };

	out->missing = yaml_is_scalar(node) && node->is_null;
	if (out->missing)
		return ST_OK;
	if (takes_list)
		return read_list(a, yaml_is_sequence(node) ? node : &one, out, why);
	if (!yaml_is_scalar(node))
		return refuse(node, why, "%s takes one value, not a list or map%s", out->field->name, "");
	if (!shadow_value_parse(out->field->type, node, &out->value))
		return refuse(node, why, "%s: '%s' is not a value of this field's type", out->field->name, node->text);
	return ST_OK;
}

static enum status read_type(const struct yaml_node *map, struct shadow_event *out, struct diag *why)
{
	const struct yaml_node *type = yaml_map_get(map, "evt.type");
	enum event_kind kind = yaml_is_scalar(type) ? event_kind_by_name(type->text, type->count) : EVENT_NONE;

	if (!type)
		return refuse(map, why, "an event needs an evt.type%s%s", "", "");
	if (kind == EVENT_NONE)
		return refuse(type, why, "no event type %s%s", yaml_is_scalar(type) ? type->text : "(not a text)", "");
	out->type = (uint16_t)(kind - 1);
	return ST_OK;
}

static enum status read_at(const struct yaml_node *node, struct shadow_event *out, struct diag *why)
{
	uint64_t ms = yaml_is_scalar(node) ? duration_ms_parse(node->text) : 0;

	if ((ms == 0 && !yaml_scalar_is(node, "0s") && !yaml_scalar_is(node, "0")) || ms > UINT32_MAX)
		return refuse(node, why, "at takes the time since the start of the test, such as 1m30s%s%s", "", "");
	out->at_ms = (int64_t)ms;
	return ST_OK;
}

enum status shadow_event_read(const struct shadow *s, struct arena *a, const struct yaml_node *map,
	struct shadow_event *out, struct diag *why)
{
	struct shadow_value *values;
	enum status st;

	*out = (struct shadow_event){ .shadow = s, .at_ms = -1 };
	if (!yaml_is_map(map) || map->count > SHADOW_MAX_VALUES)
		return refuse(map, why, "an event is a map of fields to values%s%s", "", "");
	st = read_type(map, out, why);
	values = arena_zalloc(a, (map->count + 1) * sizeof *values);
	if (!values)
		return diag_set(why, ST_NOMEM, "out of memory");
	for (size_t i = 0; st == ST_OK && i < map->count; i++) {
		const struct yaml_entry *e = &map->entries[i];

		if (!yaml_is_scalar(e->key))
			return refuse(e->key, why, "a field's name is a text%s%s", "", "");
		if (yaml_scalar_is(e->key, "at")) {
			st = read_at(e->value, out, why);
			continue;
		}
		st = read_key(s, a, e->key, &values[out->value_count], why);
		if (st == ST_OK)
			st = read_value(a, e->value, &values[out->value_count++], why);
	}
	out->values = values;
	return st;
}

/* ---- getting ---- */

static bool same_arg(const struct field_arg *a, const struct field_arg *b)
{
	if (!a->present || !b->present)
		return a->present == b->present;
	if (a->is_index && b->is_index)
		return a->index == b->index;
	return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

static const struct shadow_value *find(const struct shadow_event *ev, const struct field *f, const struct field_arg *arg)
{
	for (size_t i = 0; i < ev->value_count; i++)
		if (ev->values[i].field == f && same_arg(&ev->values[i].arg, arg))
			return &ev->values[i];
	return NULL;
}

static enum field_result give(const struct shadow_value *v, struct value *out)
{
	if (!v || v->missing || (v->is_list && v->value.list.count == 0))
		return FIELD_MISSING;
	*out = v->value;
	return FIELD_OK;
}

static const struct field_arg no_arg = { .present = false };

static enum field_result derive(const struct derived *d, const struct shadow_event *ev, struct value *out)
{
	size_t cut;

	if (give(find(ev, d->from, &no_arg), out) != FIELD_OK)
		return FIELD_MISSING;
	if (d->how == DERIVE_SAME)
		return FIELD_OK;
	for (cut = out->str.len; cut > 0 && out->str.ptr[cut - 1] != '\\' && out->str.ptr[cut - 1] != '/'; cut--)
		;
	if (d->how == DERIVE_LAST_PART) {
		out->str.ptr += cut;
		out->str.len -= cut;
	} else {
		out->str.len = cut > 0 ? cut - 1 : 0;
	}
	return FIELD_OK;
}

static enum field_result give_text(const char *text, struct value *out)
{
	out->str.ptr = text;
	out->str.len = strlen(text);
	return FIELD_OK;
}

/* What every event has. */
static enum field_result given_by_nature(const struct shadow_event *ev, const struct field *f,
	const struct event_view *view, struct value *out)
{
	struct calendar c;
	char *text;

	if (f->flags & FIELD_SOURCE_NAME)
		return give_text(ev->shadow->vocabulary.source, out);
	if (strcmp(f->name, "evt.category") == 0)
		return give_text(event_kind_category((enum event_kind)(ev->type + 1)), out);
	if (strcmp(f->name, "container.id") == 0)
		return give_text("host", out);
	out->u = ev->number;
	if (strcmp(f->name, "evt.num") == 0)
		return FIELD_OK;
	out->u = (uint64_t)filetime_to_unix_ns(ev->time_100ns);
	if (strcmp(f->name, "evt.rawtime") == 0)
		return FIELD_OK;
	if (strcmp(f->name, "evt.time") != 0 || !(text = arena_alloc(view->scratch, 32)))
		return FIELD_MISSING;
	calendar_from_unix_ns(filetime_to_unix_ns(ev->time_100ns), &c);
	snprintf(text, 32, "%02d:%02d:%02d.%09" PRIu32, c.hour, c.minute, c.second, c.nanosecond);
	return give_text(text, out);
}

/* Ancestors are given one by one, as a list with the parent first, or as far as proc.pname goes. */
static enum field_result ancestor(const struct shadow_event *ev, const struct ancestry *a, uint32_t index,
	struct value *out)
{
	const struct field_arg at = { .present = true, .is_index = true, .index = index };
	const struct shadow_value *v = find(ev, a->any, &at), *list = find(ev, a->any, &no_arg);
	bool more = false;

	if (!v && index == 0 && a->own)
		v = find(ev, a->own, &no_arg);
	if (v)
		return give(v, out);
	if (list && !list->missing && index > 0 && index <= list->value.list.count) {
		*out = list->value.list.items[index - 1];
		return FIELD_OK;
	}
	if (index == 1 && a->parent && find(ev, a->parent, &no_arg))
		return give(find(ev, a->parent, &no_arg), out);
	for (size_t i = 0; i < ev->value_count; i++)
		more = more || (ev->values[i].field == a->any && ev->values[i].arg.present && ev->values[i].arg.index > index);
	return more || index == 0 ? FIELD_MISSING : FIELD_END;
}

enum field_result shadow_get(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct shadow_event *ev = view->ctx;
	const struct shadow *s = ev->shadow;
	const struct shadow_value *v = find(ev, f, arg);

	if (v && !(f->flags & FIELD_ANCESTOR))
		return give(v, out);
	if (f->flags & FIELD_EVENT_TYPE)
		return give_text(s->vocabulary.event_types[ev->type], out);
	for (size_t i = 0; i < s->ancestry_count; i++) {
		if (s->ancestry[i].any == f)
			return ancestor(ev, &s->ancestry[i], arg->present ? arg->index : 1, out);
		if (s->ancestry[i].parent == f && ancestor(ev, &s->ancestry[i], 1, out) == FIELD_OK)
			return FIELD_OK;
	}
	for (size_t i = 0; i < s->derived_count; i++)
		if (s->derived[i].field == f)
			return derive(&s->derived[i], ev, out);
	return given_by_nature(ev, f, view, out);
}
