/* slim: objects of the Kubernetes API cut down to what agents ask of them, as one immutable, counted piece of memory each.
 * What is kept is what policyd/pods reads, in the API's own shape, so that an agent sees the same through the relay as
 * from the API server. Counts are not atomic: one thread. */
#ifndef VITRINE_RELAY_SLIM_H
#define VITRINE_RELAY_SLIM_H

#include <stddef.h>
#include <stdint.h>

#include "proto/base/status.h"

enum {
	SLIM_MAX_OBJECT_BYTES = 4 << 20,       /* etcd takes objects of 1.5 MiB; JSON may write a byte as six */
	SLIM_MAX_BYTES = 64 << 10,             /* of what is kept; an ordinary pod has 1 KiB */
	SLIM_MAX_NAME_BYTES = 253,             /* Kubernetes: a DNS subdomain */
	SLIM_MAX_VERSION_BYTES = 63,           /* resourceVersion: digits of 64 bits today */
	SLIM_MAX_PAIRS = 128,                  /* labels, and annotations, of one object */
	SLIM_MAX_ANNOTATION_BYTES = 1024,      /* of one value: 150,000 pods have to fit; kubectl's copy of the object never */
	SLIM_MAX_CONTAINERS = 256,
};

/* Texts are NUL-terminated; "" where the object says nothing. */
struct slim {
	uint32_t refs;
	uint32_t json_len;
	const char *uid, *name, *ns, *node, *version;
	const char *json;                      /* the object, on one line */
};

/* *out is NULL unless ST_OK. ST_MALFORMED: no JSON, another kind, or without name, uid or version; ST_LIMIT: a bound above;
 * ST_NOMEM. */
enum status slim_pod(const char *json, size_t len, struct slim **out);
enum status slim_namespace(const char *json, size_t len, struct slim **out);

struct slim *slim_ref(struct slim *s);
void slim_unref(struct slim *s);           /* NULL is fine */

#endif
