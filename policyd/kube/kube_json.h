/* kube_json: what the Kubernetes API wraps objects in: lists, lines of a watch, errors. The objects themselves are handed
 * on as they came. Any thread. */
#ifndef VITRINE_KUBE_JSON_H
#define VITRINE_KUBE_JSON_H

#include "proto/base/status.h"
#include "proto/record.h"

enum {
	/* etcd takes objects of 1.5 MiB; a watch wraps one, and JSON may write a byte as six. */
	KUBE_MAX_OBJECT_BYTES = 4 << 20,
	KUBE_VERSION_BYTES = 64,               /* resourceVersion: digits of 64 bits today, opaque by contract */
	KUBE_CONTINUE_BYTES = 1024,            /* a few hundred bytes of base64 */
};

enum kube_change {
	KUBE_CHANGE_UNKNOWN,                   /* a type not known yet */
	KUBE_ADDED,
	KUBE_MODIFIED,
	KUBE_DELETED,
	KUBE_BOOKMARK,                         /* only a version */
	KUBE_ERROR,                            /* the object is a status: kube_status_read */
};

struct kube_event {
	enum kube_change change;
	struct text_view object;               /* its JSON, within the line */
	char version[KUBE_VERSION_BYTES];      /* of the object; "": none */
};

/* One line of a watch. ST_MALFORMED: no JSON object, or without type or object. */
enum status kube_event_read(const char *json, size_t len, struct kube_event *out);

/* The `metadata` of a list: where its watch begins, and whether it goes on. "": not told, or too long to be one. */
struct kube_list_meta {
	char version[KUBE_VERSION_BYTES];
	char more[KUBE_CONTINUE_BYTES];
};
enum status kube_list_meta_read(const char *json, size_t len, struct kube_list_meta *out);

/* A Status object, as an error carries one. */
struct kube_status {
	int code;                              /* 0: not told */
	char reason[64], message[256];
};
enum status kube_status_read(const char *json, size_t len, struct kube_status *out);

#endif
