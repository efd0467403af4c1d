/* version: "x.y.z" versions of the engine and of plugins, and what a rules file may require of them
 * (falco-language.md §2.9). */
#ifndef VITRINE_RULESET_VERSION_H
#define VITRINE_RULESET_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/base/buf.h"

/* The Falco engine whose rules language this is. */
#define RULESET_ENGINE_VERSION "0.63.0"

struct version {
	uint32_t major, minor, patch;
};

bool version_parse(const char *text, size_t len, struct version *out);    /* exactly x.y.z; false leaves *out untouched */
/* Same major number, and have is not older. */
bool version_satisfies(const struct version *have, const struct version *required);

struct plugin_version {
	const char *name;
	const char *version;       /* x.y.z */
};

/* One requirement: alternatives in order, the entry itself first. */
struct plugin_requirement {
	const struct plugin_version *alternatives;
	size_t count;
};

/* The first alternative whose plugin is loaded decides. False: why has Falco's words. */
bool plugin_requirements_met(const struct plugin_requirement *required, size_t required_count,
	const struct plugin_version *loaded, size_t loaded_count, struct buf *why);

#endif
