#include "proto/host/registry.h"

enum status registry_open_protected(const char *path, struct registry_key **out, struct diag *why)
{
	*out = NULL;
	return diag_set(why, ST_NOT_FOUND, "%s: this system has no registry", path);
}

void registry_close(struct registry_key *key)
{
	(void)key;
}

void registry_text(const struct registry_key *key, const char *name, char *out, size_t out_bytes)
{
	(void)key;
	(void)name;
	(void)out;
	(void)out_bytes;
}

void registry_number(const struct registry_key *key, const char *name, const uint32_t bounds[2], uint32_t *out)
{
	(void)key;
	(void)name;
	(void)bounds;
	(void)out;
}
