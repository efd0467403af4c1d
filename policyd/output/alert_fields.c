#include "policyd/output/alert_fields.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct alert_fields {
	json_t *document;
	json_t *fields;                        /* borrowed of it; NULL: none */
};

struct alert_fields *alert_fields_parse(const char *json, size_t len)
{
	struct alert_fields *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->document = json_loadb(json, len, JSON_ALLOW_NUL, NULL);
	if (!f->document)      /* addresses above 2^63 are no integers of jansson's */
		f->document = json_loadb(json, len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
	if (!json_is_object(f->document)) {
		alert_fields_destroy(f);
		return NULL;
	}
	f->fields = json_object_get(f->document, "output_fields");
	return f;
}

void alert_fields_destroy(struct alert_fields *f)
{
	if (f)
		json_decref(f->document);
	free(f);
}

size_t alert_fields_count(const struct alert_fields *f)
{
	return json_object_size(f->fields);
}

/* False: null, or an object, which no field of Falco's gives. */
static bool fill(const json_t *value, struct alert_field *out)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		out->type = ALERT_VALUE_TEXT;
		out->text = json_string_value(value);
		return true;
	case JSON_INTEGER:
		out->type = ALERT_VALUE_INT;
		out->number = json_integer_value(value);
		return true;
	case JSON_REAL:
		out->type = ALERT_VALUE_REAL;
		out->real = json_real_value(value);
		return true;
	case JSON_TRUE:
	case JSON_FALSE:
		out->type = ALERT_VALUE_BOOL;
		out->number = json_is_true(value);
		return true;
	case JSON_ARRAY:
		out->type = ALERT_VALUE_LIST;
		out->list = value;
		out->item_count = json_array_size(value);
		return true;
	default:
		return false;
	}
}

void alert_fields_each(const struct alert_fields *f, alert_field_visit *visit, void *ctx)
{
	for (void *at = json_object_iter(f->fields); at; at = json_object_iter_next(f->fields, at)) {
		struct alert_field field = { .name = json_object_iter_key(at), .text = "" };

		if (fill(json_object_iter_value(at), &field))
			visit(ctx, &field);
	}
}

const char *alert_fields_item(const struct alert_field *field, size_t i)
{
	const char *text = json_string_value(json_array_get(field->list, i));

	return text ? text : "";
}

struct alert_field alert_fields_tags(const struct alert_fields *f)
{
	struct alert_field tags = { .name = "tags", .type = ALERT_VALUE_LIST, .text = "" };
	const json_t *list = json_object_get(f->document, "tags");

	if (json_is_array(list))
		fill(list, &tags);
	return tags;
}

const char *alert_message(const char *text, const char *priority)
{
	size_t len = strlen(priority);

	for (const char *at = strstr(text, ": "); at; at = strstr(at + 1, ": "))
		if (strncmp(at + 2, priority, len) == 0 && at[2 + len] == ' ')
			return at + 3 + len;
	return text;
}
