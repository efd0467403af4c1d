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

#endif
