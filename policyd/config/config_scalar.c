/* One scalar as what its key wants. */
#include "policyd/config/config_loader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/ruleset/duration.h"
#include "proto/host/places.h"

enum { MAX_TEXT_BYTES = 64 << 10, MAX_VARIABLE_BYTES = 256 };

/* Length of "${NAME}" at p, 0 when there is none. */
static size_t variable_at(const char *p)
{
	size_t n = 2;

	if (p[0] != '$' || p[1] != '{')
		return 0;
	while (p[n] == '_' || (p[n] >= '0' && p[n] <= '9') || (p[n] >= 'A' && p[n] <= 'Z') || (p[n] >= 'a' && p[n] <= 'z'))
		n++;
	return n > 2 && p[n] == '}' ? n + 1 : 0;
}

static void append_variable(struct config_loader *l, const struct yaml_node *scalar, const char *p, struct buf *out)
{
	size_t len = variable_at(p) - 3;
	char name[MAX_VARIABLE_BYTES];
	const char *value = NULL;

	if (len >= sizeof name) {
		config_complain(l, true, scalar, "name of an environment variable longer than %d characters",
			MAX_VARIABLE_BYTES - 1);
		return;
	}
	memcpy(name, p + 2, len);
	name[len] = '\0';
	if (l->options->env)
		value = l->options->env(l->options->env_ctx, name);
	if (!value)
		config_complain(l, false, scalar, "environment variable %s is not set; read as empty", name);
	else
		buf_append_str(out, value);
}

static void expand(struct config_loader *l, const struct yaml_node *scalar, struct buf *out)
{
	for (const char *p = scalar->text; *p;) {
		size_t n = p[0] == '$' ? variable_at(p + 1) : 0;

		if (n) {
			buf_append(out, p + 1, n);    /* $${VAR}: as it stands, without one $ */
			p += n + 1;
		} else if ((n = variable_at(p)) != 0) {
			append_variable(l, scalar, p, out);
			p += n;
		} else {
			buf_append_char(out, *p++);
		}
	}
}

const char *config_scalar_text(struct config_loader *l, const struct yaml_node *scalar)
{
	char room[PLACE_BYTES];
	const char *text;
	struct buf out;

	if (strlen(scalar->text) != scalar->count) {
		config_complain(l, true, scalar, "a NUL byte within a text");
		return NULL;
	}
	if (!strchr(scalar->text, '$')) {
		text = place_expand(scalar->text, room);
		text = arena_strndup(l->arena, text, strlen(text));
	} else {
		buf_init(&out, MAX_TEXT_BYTES);
		expand(l, scalar, &out);
		if (out.failed)
			config_complain(l, true, scalar, "longer than %d bytes with its variables", MAX_TEXT_BYTES);
		text = arena_strdup(l->arena, buf_cstr(&out));
		buf_release(&out);
	}
	if (!text)
		l->st = ST_NOMEM;
	return text;
}

int config_choice_find(const char *choices, const char *text)
{
	size_t len = strlen(text);

	for (int place = 0; choices; place++) {
		size_t n = strcspn(choices, "|");

		if (n == len && memcmp(choices, text, n) == 0)
			return place;
		choices = choices[n] ? choices + n + 1 : NULL;
	}
	return -1;
}

static bool read_bool(struct config_loader *l, bool *to, const char *text, const struct yaml_node *at)
{
	if (config_choice_find("true|True|TRUE|yes|on", text) >= 0)
		*to = true;
	else if (config_choice_find("false|False|FALSE|no|off", text) >= 0)
		*to = false;
	else
		config_complain(l, true, at, "'%.64s' is neither true nor false", text);
	return true;
}

static bool read_number(const char *text, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

static bool read_int(struct config_loader *l, const struct config_key *key, int64_t *to, const char *text,
	const struct yaml_node *at)
{
	bool duration = key->type == CONFIG_DURATION;
	int64_t n = 0;

	if (!read_number(text, &n)) {
		uint64_t ms = duration ? duration_ms_parse(text) : 0;

		if (ms == 0 || ms > INT64_MAX) {
			config_complain(l, true, at, "'%.64s' is no %s", text,
				duration ? "duration such as 500ms or 1h30m" : "whole number");
			return false;
		}
		n = (int64_t)ms;
	}
	if (n < key->min || n > key->max) {
		config_complain(l, true, at, "%s must be from %" PRId64 " to %" PRId64 "%s", key->path, key->min, key->max,
			duration ? " milliseconds" : "");
		return false;
	}
	*to = n;
	return true;
}

static bool read_choice(struct config_loader *l, const struct config_key *key, int *to, const char *text,
	const struct yaml_node *at)
{
	int place = config_choice_find(key->choices, text);

	if (place < 0)
		config_complain(l, true, at, "'%.64s' is none of %s", text, key->choices);
	else
		*to = place;
	return place >= 0;
}

bool config_scalar_value(struct config_loader *l, const struct config_key *key, void *to, const struct yaml_node *scalar)
{
	const char *text = config_scalar_text(l, scalar);

	if (!text)
		return false;
	switch (key->type) {
	case CONFIG_BOOL:
		return read_bool(l, to, text, scalar);
	case CONFIG_INT:
	case CONFIG_DURATION:
		return read_int(l, key, to, text, scalar);
	case CONFIG_CHOICE:
		return read_choice(l, key, to, text, scalar);
	case CONFIG_PRIORITY:
		if (priority_parse(text, strlen(text), to))
			return true;
		config_complain(l, true, scalar, "'%.64s' is no priority", text);
		return false;
	case CONFIG_TEXT:
		*(const char **)to = text;
		return true;
	default:
		return false;
	}
}
