/* field_container: container.*. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_CONTAINER_H
#define VITRINE_FIELDS_FIELD_CONTAINER_H

#include "policyd/fields/getter.h"

enum container_text { CONTAINER_FULL_ID, CONTAINER_NAME, CONTAINER_IMAGE, CONTAINER_TYPE, CONTAINER_GUID };
enum image_part { IMAGE_REPOSITORY, IMAGE_TAG, IMAGE_DIGEST };
enum container_time { CONTAINER_START, CONTAINER_AGE };

field_getter get_container_id, get_container_text, get_container_image_part, get_container_time, get_container_ip;

/* clang-format off */
#define FIELD_CONTAINER_TABLE(X) \
	X("container.id", VT_STRING, NONE, FIELD_SUGGESTED, get_container_id, 0, "First 12 characters of the container's id, host outside containers; of the silo's GUID while the runtime's id is not known. Missing when the process is not known.") \
	X("container.full_id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_FULL_ID, "The runtime's whole id, else the silo's GUID.") \
	X("container.guid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_GUID, "GUID of the server silo.") \
	X("container.name", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_NAME, "Name in the pod, where a snapshot or the Kubernetes API told it; host outside containers.") \
	X("container.type", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_TYPE, "windows for process isolation, hyperv for a utility VM (whose processes this kernel does not see), hostprocess for a container without a silo of its own; host outside containers.") \
	X("container.image", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_text, CONTAINER_IMAGE, "Image, as the runtime names it, else as the pod does.") \
	X("container.image.repository", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_container_image_part, IMAGE_REPOSITORY, "Image without tag and digest.") \
	X("container.image.tag", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_container_image_part, IMAGE_TAG, "Tag of the image.") \
	X("container.image.digest", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_image_part, IMAGE_DIGEST, "Digest of the image, sha256:..., of its name or as the pod tells it.") \
	X("container.start_ts", VT_ABSTIME, NONE, FIELD_MAY_BE_MISSING, get_container_time, CONTAINER_START, "Start in nanoseconds since 1970, if it was seen, or the runtime or the pod tells it.") \
	X("container.duration", VT_RELTIME, NONE, FIELD_MAY_BE_MISSING, get_container_time, CONTAINER_AGE, "Age in nanoseconds, if the start is known.") \
	X("container.image.id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Id of the image. No source yet.") \
	X("container.ip", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_container_ip, 0, "Address of the container: the one of its pod.") \
	X("container.privileged", VT_BOOL, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Linux only: always missing.") \
	X("container.mounts", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Mounts. No source yet.") \
	X("container.label", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING | FIELD_DOTTED_ARG, get_nothing, 0, "One label. No source yet.") \
	X("container.labels", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "All labels. No source yet.")
/* clang-format on */

#endif
