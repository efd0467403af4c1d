/* registry: values of a key that only SYSTEM and Administrators can change: settings of what runs with rights. */
#ifndef VITRINE_HOST_REGISTRY_H
#define VITRINE_HOST_REGISTRY_H

#include <stddef.h>
#include <stdint.h>

#include "proto/base/status.h"

struct registry_key;

/* Below HKEY_LOCAL_MACHINE, 64-bit view. ST_NOT_FOUND: no such key, or no registry. ST_UNSUPPORTED: others may change it too,
 * or own it: nothing of it is to be believed. *out is NULL unless ST_OK. */
enum status registry_open_protected(const char *path, struct registry_key **out, struct diag *why);
void registry_close(struct registry_key *key);    /* NULL is fine */

/* Leave *out as it is where there is no such value of that type. A number is moved into its bounds. */
void registry_text(const struct registry_key *key, const char *name, char *out, size_t out_bytes);
void registry_number(const struct registry_key *key, const char *name, const uint32_t bounds[2], uint32_t *out);

#endif
