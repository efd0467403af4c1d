/* pod_read: objects of the Kubernetes API, as JSON, into pods and namespaces. Any thread. */
#ifndef VITRINE_PODS_POD_READ_H
#define VITRINE_PODS_POD_READ_H

#include "policyd/pods/pod.h"
#include "proto/base/status.h"

/* etcd takes objects of 1.5 MiB; a watch wraps one, and JSON may write a byte as six. */
enum { POD_MAX_OBJECT_BYTES = 4 << 20 };

/* *out is NULL unless ST_OK. ST_MALFORMED: no JSON, no object of that kind, or without name and uid; ST_LIMIT: longer than
 * POD_MAX_OBJECT_BYTES; ST_NOMEM. */
enum status pod_read(const char *json, size_t len, struct pod **out);
enum status pod_namespace_read(const char *json, size_t len, struct pod_namespace **out);

/* What a watch sends for each change; `object` is one of the above, or of metadata alone. */
enum pod_change {
	POD_CHANGE_UNKNOWN,                    /* a type not known yet */
	POD_ADDED,
	POD_MODIFIED,
	POD_DELETED,
	POD_BOOKMARK,                          /* only a version */
	POD_ERROR,                             /* code says why */
};

struct pod_event {
	enum pod_change change;
	struct pod *pod;                       /* ADDED, MODIFIED, DELETED; the caller's */
	char version[64];                      /* resourceVersion of the object; "": none */
	int code;                              /* ERROR: HTTP status, 410 for a version too old */
	char message[256];                     /* ERROR */
};

/* A line of a watch on pods. An event whose object is no pod is ST_MALFORMED; *out is usable in any case. */
enum status pod_event_read(const char *json, size_t len, struct pod_event *out);

/* The `metadata` of a list: where its watch begins, and whether it goes on. "": not told, or too long to be one. */
struct pod_list_meta {
	char version[64];
	char more[1024];                       /* token for `continue`; a few hundred bytes of base64 */
};
enum status pod_list_meta_read(const char *json, size_t len, struct pod_list_meta *out);

/* A Status object, as an error answer carries one. */
struct pod_status {
	int code;                              /* 0: not told */
	char reason[64], message[256];
};
enum status pod_status_read(const char *json, size_t len, struct pod_status *out);

#endif
