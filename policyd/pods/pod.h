/* pod: one Kubernetes pod, or namespace, as far as rules and alerts ask for it. Immutable; one piece of memory each, made
 * by pod_read.h. Texts are NUL-terminated UTF-8 without NUL inside, "" where the object says nothing. */
#ifndef VITRINE_PODS_POD_H
#define VITRINE_PODS_POD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	POD_MAX_NAME_BYTES = 253,              /* of an object; Kubernetes: a DNS subdomain */
	POD_MAX_LABELS = 128,                  /* real pods have a dozen */
	POD_MAX_ANNOTATIONS = 128,
	POD_MAX_VALUE_BYTES = 4096,            /* of an annotation; kubectl's copy of the object is no fact about it */
	POD_MAX_CONTAINERS = 256,              /* ids: of each container the one that runs, and the one before it */
};

struct pod_pair {
	const char *key, *value;
};

struct pod_pairs {
	const struct pod_pair *pairs;          /* sorted by key */
	size_t count;
};

struct pod_container {
	const char *id;                        /* the runtime's, whole; never "" */
	const char *name, *image;
	const char *digest;                    /* sha256:..., of the image */
	int64_t start_ns;                      /* since 1970; 0: not told */
};

/* X(member, kind): who made the pod, by kind of object. */
#define POD_OWNER_TABLE(X)                                                                                             \
	X(replica_set, "ReplicaSet")                                                                                   \
	X(replication_controller, "ReplicationController")                                                             \
	X(stateful_set, "StatefulSet")                                                                                 \
	X(daemon_set, "DaemonSet")                                                                                     \
	X(job, "Job")                                                                                                  \
	X(deployment, "Deployment")                                                                                    \
	X(cron_job, "CronJob")

enum pod_owner {
#define X(member, kind) POD_OWNER_##member,
	POD_OWNER_TABLE(X)
#undef X
	POD_OWNER_COUNT
};

struct pod {
	const char *uid, *name, *ns, *ip, *node;
	const char *owners[POD_OWNER_COUNT];   /* names */
	struct pod_pairs labels, annotations;
	const struct pod_container *containers;
	size_t container_count;
	int64_t created_ns;                    /* since 1970; 0: not told */
	uint32_t left_out;                     /* labels, annotations and containers beyond the bounds above */
	bool host_process;                     /* its containers run on the host itself */
};

struct pod_namespace {
	const char *name, *uid;
	struct pod_pairs labels;
	uint32_t left_out;
};

void pod_destroy(struct pod *p);                           /* NULL is fine */
void pod_namespace_destroy(struct pod_namespace *n);       /* NULL is fine */

/* NULL: no such key. */
const char *pod_pairs_find(const struct pod_pairs *pairs, const char *key, size_t len);

/* The objects behind the one that a pod names as its controller, by rules that need no further question to the API:
 * a Deployment names its ReplicaSet DEPLOYMENT-HASH and gives the pod the label pod-template-hash=HASH; a CronJob names its
 * Job CRONJOB-TIME, in minutes (before Kubernetes 1.21: seconds) since 1970, and the pod follows. Length of the name
 * within the owner's; 0: it has no such owner. Sources: kubernetes pkg/controller/deployment/sync.go, util.go;
 * pkg/controller/cronjob/utils.go getJobName. */
size_t pod_owner_deployment(const char *replica_set, const char *template_hash);
size_t pod_owner_cron_job(const char *job, int64_t created_ns);

#endif
