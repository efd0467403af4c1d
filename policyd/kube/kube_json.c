#include "policyd/kube/kube_json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static enum status load(const char *json, size_t len, json_t **out)
{
	*out = NULL;
	if (len > KUBE_MAX_OBJECT_BYTES)
		return ST_LIMIT;
	*out = json_loadb(json, len, JSON_ALLOW_NUL, NULL);
	if (json_is_object(*out))
		return ST_OK;
	json_decref(*out);
	*out = NULL;
	return ST_MALFORMED;
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* Part of a token is none. */
static void copy_whole(char *out, size_t bytes, const char *text)
{
	snprintf(out, bytes, "%s", strlen(text) < bytes ? text : "");
}

static enum kube_change change_by_name(const char *name)
{
	static const char *const names[] = { "", "ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR" };

	for (size_t i = KUBE_ADDED; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(names[i], name) == 0)
			return (enum kube_change)i;
	}
	return KUBE_CHANGE_UNKNOWN;
}

/* ---- where "object" lies in a line that is known to be JSON ---- */

struct scan {
	const char *at, *end;
};

static char peek(const struct scan *s)
{
	return s->at < s->end ? *s->at : '\0';
}

static void skip_blanks(struct scan *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at))
		s->at++;
}

/* Past the closing quote; at: on the opening one. */
static void skip_string(struct scan *s)
{
	for (s->at++; s->at < s->end && *s->at != '"'; s->at++)
		s->at += *s->at == '\\';
	if (s->at < s->end)
		s->at++;
}

static void skip_value(struct scan *s)
{
	int depth = 0;

	do {
		char c = peek(s);

		if (c == '"') {
			skip_string(s);
			continue;
		}
		if (!depth && (c == ',' || c == '}'))
			return;
		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		s->at++;
	} while (s->at < s->end && (depth || !strchr(",}", peek(s))));
}

/* The last of that name wins, as in jansson. */
static struct text_view find_object(const char *json, size_t len)
{
	static const char name[] = "\"object\"";
	struct scan s = { json, json + len };
	struct text_view found = { .ptr = "", .len = 0 };

	skip_blanks(&s);
	for (s.at++; s.at < s.end; s.at++) {
		const char *key, *value;
		size_t key_len;

		skip_blanks(&s);
		if (peek(&s) != '"')
			break;
		key = s.at;
		skip_string(&s);
		key_len = (size_t)(s.at - key);
		skip_blanks(&s);
		s.at++;                    /* the colon */
		skip_blanks(&s);
		value = s.at;
		skip_value(&s);
		if (key_len == sizeof name - 1 && memcmp(key, name, key_len) == 0 && *value == '{')
			found = (struct text_view){ .ptr = value, .len = (size_t)(s.at - value) };
	}
	while (found.len && found.ptr[found.len - 1] != '}')
		found.len--;
	return found;
}

/* ---- documents ---- */

enum status kube_event_read(const char *json, size_t len, struct kube_event *out)
{
	json_t *line, *object;
	enum status st = load(json, len, &line);

	*out = (struct kube_event){ .change = KUBE_CHANGE_UNKNOWN };
	object = json_object_get(line, "object");
	if (st == ST_OK && (!json_is_object(object) || !text_at(line, "type")[0]))
		st = ST_MALFORMED;
	if (st == ST_OK) {
		out->change = change_by_name(text_at(line, "type"));
		copy_whole(out->version, sizeof out->version, text_at(json_object_get(object, "metadata"), "resourceVersion"));
		out->object = find_object(json, len);
		st = out->object.len ? ST_OK : ST_MALFORMED;    /* a key written with escapes: no server does */
	}
	json_decref(line);
	return st;
}

enum status kube_list_meta_read(const char *json, size_t len, struct kube_list_meta *out)
{
	json_t *meta;
	enum status st = load(json, len, &meta);

	*out = (struct kube_list_meta){ .version = "" };
	copy_whole(out->version, sizeof out->version, text_at(meta, "resourceVersion"));
	copy_whole(out->more, sizeof out->more, text_at(meta, "continue"));
	json_decref(meta);
	return st;
}

enum status kube_status_read(const char *json, size_t len, struct kube_status *out)
{
	json_t *object;
	enum status st = load(json, len, &object);

	*out = (struct kube_status){ .code = (int)json_integer_value(json_object_get(object, "code")) };
	snprintf(out->reason, sizeof out->reason, "%s", text_at(object, "reason"));
	snprintf(out->message, sizeof out->message, "%s", text_at(object, "message"));
	json_decref(object);
	return st;
}
