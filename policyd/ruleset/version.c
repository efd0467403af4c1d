#include "policyd/ruleset/version.h"

#include <string.h>

static bool read_part(const char **p, const char *end, uint32_t *out)
{
	const char *start = *p;
	uint32_t n = 0;

	for (; *p < end && **p >= '0' && **p <= '9'; (*p)++) {
		uint32_t digit = (uint32_t)(**p - '0');

		if (n > (UINT32_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return *p != start;
}

static bool read_dot(const char **p, const char *end)
{
	return *p < end && *(*p)++ == '.';
}

bool version_parse(const char *text, size_t len, struct version *out)
{
	const char *p = text, *end = text + len;
	struct version v;

	if (!read_part(&p, end, &v.major) || !read_dot(&p, end) || !read_part(&p, end, &v.minor) ||
		!read_dot(&p, end) || !read_part(&p, end, &v.patch) || p != end)
		return false;
	*out = v;
	return true;
}

bool version_satisfies(const struct version *have, const struct version *required)
{
	if (have->major != required->major)
		return false;
	if (have->minor != required->minor)
		return have->minor > required->minor;
	return have->patch >= required->patch;
}

static const struct plugin_version *find_loaded(const struct plugin_version *loaded, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(loaded[i].name, name) == 0)
			return &loaded[i];
	return NULL;
}

static void explain_missing(const struct plugin_requirement *r, struct buf *why)
{
	buf_append_str(why, "Plugin requirement not satisfied, must load one of: ");
	for (size_t i = 0; i < r->count; i++)
		buf_printf(why, "%s%s (>= %s)", i ? ", " : "", r->alternatives[i].name, r->alternatives[i].version);
}

static bool requirement_met(const struct plugin_requirement *r, const struct plugin_version *loaded, size_t count,
	struct buf *why)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct plugin_version *want = &r->alternatives[i];
		const struct plugin_version *have = find_loaded(loaded, count, want->name);
		struct version required, version;

		if (!have)
			continue;
		if (version_parse(want->version, strlen(want->version), &required) &&
			version_parse(have->version, strlen(have->version), &version) &&
			version_satisfies(&version, &required))
			return true;
		buf_printf(why, "Plugin '%s' version '%s' is not compatible with required plugin version '%s'", have->name,
			have->version, want->version);
		return false;
	}
	explain_missing(r, why);
	return false;
}

bool plugin_requirements_met(const struct plugin_requirement *required, size_t required_count,
	const struct plugin_version *loaded, size_t loaded_count, struct buf *why)
{
	for (size_t i = 0; i < required_count; i++)
		if (!requirement_met(&required[i], loaded, loaded_count, why))
			return false;
	return true;
}
