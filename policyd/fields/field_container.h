/* field_container: container.*, k8s.* and, under the names of Falco's metadata plugin, k8smeta.*. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_CONTAINER_H
#define VITRINE_FIELDS_FIELD_CONTAINER_H

#include "policyd/fields/getter.h"

enum container_text { CONTAINER_FULL_ID, CONTAINER_NAME, CONTAINER_IMAGE, CONTAINER_TYPE, CONTAINER_GUID };
enum image_part { IMAGE_REPOSITORY, IMAGE_TAG, IMAGE_DIGEST };
enum container_time { CONTAINER_START, CONTAINER_AGE };

field_getter get_container_id, get_container_text, get_container_image_part, get_container_time;

/* clang-format off */
#define FIELD_CONTAINER_TABLE(X) \
	X("container.id", VT_STRING, NONE, FIELD_SUGGESTED, get_container_id, 0, "First 12 characters of the container's id, host outside containers; of the silo's GUID while the runtime's id is not known. Missing when the process is not known.") \
	X("container.full_id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_FULL_ID, "The runtime's whole id, else the silo's GUID.") \
	X("container.guid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_GUID, "GUID of the server silo.") \
	X("container.name", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_NAME, "Name, where a snapshot told it; host outside containers.") \
	X("container.type", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_TYPE, "windows for process isolation, hyperv for a utility VM (whose processes this kernel does not see), hostprocess for a container without a silo of its own; host outside containers.") \
	X("container.image", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_IMAGE, "Image, as the runtime names it.") \
	X("container.image.repository", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_container_image_part, IMAGE_REPOSITORY, "Image without tag and digest.") \
	X("container.image.tag", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_container_image_part, IMAGE_TAG, "Tag of the image.") \
	X("container.image.digest", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_image_part, IMAGE_DIGEST, "Digest of the image, sha256:...") \
	X("container.start_ts", VT_ABSTIME, NONE, FIELD_MAY_BE_MISSING, get_container_time, CONTAINER_START, "Start in nanoseconds since 1970, if it was seen.") \
	X("container.duration", VT_RELTIME, NONE, FIELD_MAY_BE_MISSING, get_container_time, CONTAINER_AGE, "Age in nanoseconds, if the start was seen.") \
	X("container.image.id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Id of the image. No source yet.") \
	X("container.ip", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Address of the container. No source yet.") \
	X("container.privileged", VT_BOOL, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Linux only: always missing.") \
	X("container.mounts", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Mounts. No source yet.") \
	X("container.label", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING | FIELD_DOTTED_ARG, get_nothing, 0, "One label. No source yet.") \
	X("container.labels", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "All labels. No source yet.")

#define FIELD_K8S_TABLE(X) \
	X("k8s.pod.name", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_nothing, 0, "Pod. No source yet.") \
	X("k8s.pod.id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "First 12 characters of the pod's sandbox id. No source yet.") \
	X("k8s.pod.uid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "UID of the pod. No source yet.") \
	X("k8s.pod.sandbox_id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Sandbox id, 12 characters. No source yet.") \
	X("k8s.pod.full_sandbox_id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Sandbox id, whole. No source yet.") \
	X("k8s.pod.ip", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Address of the pod. No source yet.") \
	X("k8s.pod.label", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING | FIELD_DOTTED_ARG, get_nothing, 0, "One label of the pod. No source yet.") \
	X("k8s.pod.labels", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "All labels of the pod. No source yet.") \
	X("k8s.pod.cni.json", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Network of the pod as JSON. No source yet.") \
	X("k8s.ns.name", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_nothing, 0, "Namespace. No source yet.") \
	X("k8s.node.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Node. No source yet.") \
	X("k8s.deployment.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Deployment that owns the pod. No source yet.") \
	X("k8s.rs.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Replica set that owns the pod. No source yet.") \
	X("k8s.rc.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Replication controller. No source yet.") \
	X("k8s.svc.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Service. No source yet.") \
	X("k8smeta.pod.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "The same as k8s.pod.name.") \
	X("k8smeta.pod.uid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "The same as k8s.pod.uid.") \
	X("k8smeta.pod.ip", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "The same as k8s.pod.ip.") \
	X("k8smeta.pod.label", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING, get_nothing, 0, "The same as k8s.pod.label.") \
	X("k8smeta.ns.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "The same as k8s.ns.name.") \
	X("k8smeta.ns.uid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "UID of the namespace. No source yet.") \
	X("k8smeta.ns.label", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING, get_nothing, 0, "One label of the namespace. No source yet.") \
	X("k8smeta.deployment.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "The same as k8s.deployment.name.") \
	X("k8smeta.rs.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "The same as k8s.rs.name.") \
	X("k8smeta.rc.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "The same as k8s.rc.name.") \
	X("k8smeta.svc.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "The same as k8s.svc.name.")
/* clang-format on */

#endif
