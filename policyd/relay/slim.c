#include "policyd/relay/slim.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/json_out.h"

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static const char *name_at(const json_t *object, const char *key)
{
	const char *text = text_at(object, key);

	return strlen(text) <= SLIM_MAX_NAME_BYTES ? text : "";
}

static void copy_text(struct json_out *j, const json_t *from, const char *key)
{
	const char *text = text_at(from, key);

	if (text[0])
		json_text(j, key, text);
}

static void copy_pairs(struct json_out *j, json_t *meta, const char *key, size_t max_bytes)
{
	json_t *pairs = json_object_get(meta, key), *value;
	const char *name;
	size_t n = 0;

	if (!json_object_size(pairs))
		return;
	json_open(j, key, '{');
	json_object_foreach(pairs, name, value) {
		const char *text = json_string_value(value);

		if (text && strlen(text) <= max_bytes && strcmp(name, "kubectl.kubernetes.io/last-applied-configuration") != 0 &&
			n++ < SLIM_MAX_PAIRS)
			json_text(j, name, text);
	}
	json_close(j, '}');
}

static void copy_controller(struct json_out *j, const json_t *meta)
{
	static const char *const texts[] = { "apiVersion", "kind", "name", "uid" };
	const json_t *list = json_object_get(meta, "ownerReferences");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *owner = json_array_get(list, i);

		if (!json_is_true(json_object_get(owner, "controller")))
			continue;
		json_open(j, "ownerReferences", '[');
		json_open(j, NULL, '{');
		for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
			copy_text(j, owner, texts[t]);
		json_bool(j, "controller", true);
		json_close(j, '}');
		json_close(j, ']');
		return;
	}
}

static void copy_meta(struct json_out *j, json_t *meta)
{
	static const char *const texts[] = { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" };

	json_open(j, "metadata", '{');
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		copy_text(j, meta, texts[i]);
	copy_pairs(j, meta, "labels", SLIM_MAX_NAME_BYTES);
	copy_pairs(j, meta, "annotations", SLIM_MAX_ANNOTATION_BYTES);
	copy_controller(j, meta);
	json_close(j, '}');
}

static void copy_host_process(struct json_out *j, const json_t *holder)
{
	const json_t *options = json_object_get(json_object_get(holder, "securityContext"), "windowsOptions");

	if (!json_is_true(json_object_get(options, "hostProcess")))
		return;
	json_open(j, "securityContext", '{');
	json_open(j, "windowsOptions", '{');
	json_bool(j, "hostProcess", true);
	json_close(j, '}');
	json_close(j, '}');
}

static void copy_container_specs(struct json_out *j, const json_t *spec, const char *key)
{
	const json_t *list = json_object_get(spec, key);
	size_t count = json_array_size(list);

	if (!count)
		return;
	json_open(j, key, '[');
	for (size_t i = 0; i < count && i < SLIM_MAX_CONTAINERS; i++) {
		const json_t *c = json_array_get(list, i);

		json_open(j, NULL, '{');
		copy_text(j, c, "name");
		copy_text(j, c, "image");
		copy_host_process(j, c);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void copy_spec(struct json_out *j, const json_t *spec)
{
	json_open(j, "spec", '{');
	copy_text(j, spec, "nodeName");
	copy_host_process(j, spec);
	copy_container_specs(j, spec, "containers");
	copy_container_specs(j, spec, "initContainers");
	copy_container_specs(j, spec, "ephemeralContainers");
	json_close(j, '}');
}

static void copy_state(struct json_out *j, const json_t *status, const char *state, const char *which)
{
	const json_t *at = json_object_get(json_object_get(status, state), which);

	if (!json_is_object(at))
		return;
	json_open(j, state, '{');
	json_open(j, which, '{');
	copy_text(j, at, "containerID");
	copy_text(j, at, "startedAt");
	json_close(j, '}');
	json_close(j, '}');
}

static void copy_container_statuses(struct json_out *j, const json_t *status, const char *key)
{
	static const char *const texts[] = { "name", "image", "imageID", "containerID" };
	const json_t *list = json_object_get(status, key);
	size_t count = json_array_size(list);

	if (!count)
		return;
	json_open(j, key, '[');
	for (size_t i = 0; i < count && i < SLIM_MAX_CONTAINERS; i++) {
		const json_t *c = json_array_get(list, i);

		json_open(j, NULL, '{');
		for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
			copy_text(j, c, texts[t]);
		copy_state(j, c, "state", "running");
		copy_state(j, c, "lastState", "terminated");
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void copy_status(struct json_out *j, const json_t *status)
{
	json_open(j, "status", '{');
	copy_text(j, status, "phase");
	copy_text(j, status, "podIP");
	copy_container_statuses(j, status, "containerStatuses");
	copy_container_statuses(j, status, "initContainerStatuses");
	copy_container_statuses(j, status, "ephemeralContainerStatuses");
	json_close(j, '}');
}

/* ---- one block ---- */

static const char *put(char **to, const char *text, size_t len)
{
	char *at = *to;

	memcpy(at, text, len);
	at[len] = '\0';
	*to += len + 1;
	return at;
}

static enum status pack(const json_t *object, const struct buf *text, struct slim **out)
{
	const json_t *meta = json_object_get(object, "metadata");
	const char *uid = name_at(meta, "uid"), *name = name_at(meta, "name"), *ns = name_at(meta, "namespace");
	const char *node = name_at(json_object_get(object, "spec"), "nodeName"), *version = text_at(meta, "resourceVersion");
	struct slim *s;
	char *to;

	if (text->failed || strlen(version) > SLIM_MAX_VERSION_BYTES)
		return ST_LIMIT;
	if (!uid[0] || !name[0] || !version[0])
		return ST_MALFORMED;
	s = malloc(sizeof *s + strlen(uid) + strlen(name) + strlen(ns) + strlen(node) + strlen(version) + text->len + 6);
	if (!s)
		return ST_NOMEM;
	to = (char *)(s + 1);
	*s = (struct slim){ .refs = 1, .json_len = (uint32_t)text->len };
	s->uid = put(&to, uid, strlen(uid));
	s->name = put(&to, name, strlen(name));
	s->ns = put(&to, ns, strlen(ns));
	s->node = put(&to, node, strlen(node));
	s->version = put(&to, version, strlen(version));
	s->json = put(&to, (const char *)text->data, text->len);
	*out = s;
	return ST_OK;
}

static enum status cut(const char *json, size_t len, const char *kind, struct slim **out)
{
	json_t *object = len <= SLIM_MAX_OBJECT_BYTES ? json_loadb(json, len, JSON_ALLOW_NUL, NULL) : NULL;
	const char *said = text_at(object, "kind");
	enum status st = len > SLIM_MAX_OBJECT_BYTES ? ST_LIMIT : ST_MALFORMED;
	struct json_out j;
	struct buf text;

	*out = NULL;
	buf_init(&text, SLIM_MAX_BYTES);
	/* The items of a list have no kind. */
	if (!json_is_object(object) || (said[0] && strcmp(said, kind) != 0))
		goto done;
	j = json_out_to(&text);
	json_open(&j, NULL, '{');
	json_text(&j, "kind", kind);
	json_text(&j, "apiVersion", "v1");
	copy_meta(&j, json_object_get(object, "metadata"));
	if (strcmp(kind, "Pod") == 0) {
		copy_spec(&j, json_object_get(object, "spec"));
		copy_status(&j, json_object_get(object, "status"));
	}
	json_close(&j, '}');
	st = pack(object, &text, out);
done:
	buf_release(&text);
	json_decref(object);
	return st;
}

enum status slim_pod(const char *json, size_t len, struct slim **out)
{
	return cut(json, len, "Pod", out);
}

enum status slim_namespace(const char *json, size_t len, struct slim **out)
{
	return cut(json, len, "Namespace", out);
}

struct slim *slim_ref(struct slim *s)
{
	s->refs++;
	return s;
}

void slim_unref(struct slim *s)
{
	if (s && --s->refs == 0)
		free(s);
}
