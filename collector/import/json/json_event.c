#include "collector/import/json/json_event.h"

#include "collector/import/json/json_shapes.h"

enum status json_object_parse(struct view text, struct json_object **out)
{
	json_error_t why;
	json_t *o = json_loadb((const char *)text.ptr, text.len, JSON_ALLOW_NUL, &why);

	*out = NULL;
	if (!o)
		return json_error_code(&why) == json_error_out_of_memory ? ST_NOMEM : ST_MALFORMED;
	if (!json_is_object(o)) {
		json_decref(o);
		return ST_MALFORMED;
	}
	*out = (struct json_object *)o;
	return ST_OK;
}

void json_object_free(struct json_object *o)
{
	json_decref((json_t *)o);
}

enum status json_event_read(const struct json_object *object, struct named_record *n)
{
	const json_t *o = (const json_t *)object;

	named_record_begin(n);
	for (size_t i = 0; i < json_shape_count; i++) {
		if (!json_shapes[i].fits(o))
			continue;
		json_shapes[i].read(o, n);
		return ST_OK;
	}
	return ST_UNSUPPORTED;
}

size_t json_event_shape_count(void)
{
	return json_shape_count;
}

const char *json_event_shape_name(size_t i)
{
	return json_shapes[i].name;
}
