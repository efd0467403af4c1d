/* field_k8s: what Kubernetes says of the pod an event's process runs in: k8s.* and the same as k8smeta.*, the names of
 * Falco's metadata plugin. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_K8S_H
#define VITRINE_FIELDS_FIELD_K8S_H

#include "policyd/fields/getter.h"
#include "policyd/pods/pod.h"

/* The pod of the event's container, and its container there; NULL: not known, or none. */
const struct pod *getter_pod(const struct event_view *view, const struct pod_container **which);

enum k8s_place { K8S_CLUSTER, K8S_NODE };
enum k8s_pod_text { K8S_POD_NAME, K8S_POD_UID, K8S_POD_IP, K8S_NS_NAME };
enum k8s_sandbox { K8S_SANDBOX_SHORT, K8S_SANDBOX_FULL };
enum k8s_pairs { K8S_POD_LABELS, K8S_POD_ANNOTATIONS, K8S_NS_LABELS };

field_getter get_k8s_place, get_k8s_pod_text, get_k8s_sandbox, get_k8s_owner, get_k8s_pair, get_k8s_pairs, get_k8s_ns_uid;
field_getter get_incomplete;

/* clang-format off */
#define FIELD_INCOMPLETE_TABLE(X) \
	X("evt.incomplete", VT_BOOL, NONE, 0, get_incomplete, 0, "True when the event's container should have a pod that the Kubernetes API has not told yet: fields of the pod are missing. Alerts say so, and the store completes them.")

#define K8S_ROWS(X, P) \
	X(P "cluster.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_place, K8S_CLUSTER, "Cluster, as the configuration names it; of every event.") \
	X(P "node.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_place, K8S_NODE, "Node, as the configuration names it, of every event; else the one of the pod.") \
	X(P "ns.name", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_k8s_pod_text, K8S_NS_NAME, "Namespace of the pod.") \
	X(P "ns.uid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_ns_uid, 0, "UID of the namespace.") \
	X(P "ns.label", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING | FIELD_DOTTED_ARG, get_k8s_pair, K8S_NS_LABELS, "One label of the namespace.") \
	X(P "ns.labels", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_pairs, K8S_NS_LABELS, "All labels of the namespace: key:value, key:value.") \
	X(P "pod.name", VT_STRING, NONE, FIELD_SUGGESTED | FIELD_MAY_BE_MISSING, get_k8s_pod_text, K8S_POD_NAME, "Pod.") \
	X(P "pod.uid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_pod_text, K8S_POD_UID, "UID of the pod.") \
	X(P "pod.id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_sandbox, K8S_SANDBOX_SHORT, "First 12 characters of the pod's sandbox id, where the runtime's annotations tell it.") \
	X(P "pod.sandbox_id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_sandbox, K8S_SANDBOX_SHORT, "The same.") \
	X(P "pod.full_sandbox_id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_sandbox, K8S_SANDBOX_FULL, "The sandbox id, whole.") \
	X(P "pod.ip", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_pod_text, K8S_POD_IP, "Address of the pod.") \
	X(P "pod.label", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING | FIELD_DOTTED_ARG, get_k8s_pair, K8S_POD_LABELS, "One label of the pod.") \
	X(P "pod.labels", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_pairs, K8S_POD_LABELS, "All labels of the pod: key:value, key:value.") \
	X(P "pod.annotation", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING | FIELD_DOTTED_ARG, get_k8s_pair, K8S_POD_ANNOTATIONS, "One annotation of the pod, up to 4 KiB of it.") \
	X(P "pod.cni.json", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Network of the pod as JSON: the API does not tell it; always missing.") \
	X(P "deployment.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_owner, POD_OWNER_deployment, "Deployment behind the pod's replica set, by the pod's template hash.") \
	X(P "rs.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_owner, POD_OWNER_replica_set, "Replica set that owns the pod.") \
	X(P "rc.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_owner, POD_OWNER_replication_controller, "Replication controller that owns the pod.") \
	X(P "statefulset.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_owner, POD_OWNER_stateful_set, "Stateful set that owns the pod.") \
	X(P "daemonset.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_owner, POD_OWNER_daemon_set, "Daemon set that owns the pod.") \
	X(P "job.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_owner, POD_OWNER_job, "Job that owns the pod.") \
	X(P "cronjob.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_k8s_owner, POD_OWNER_cron_job, "Cron job behind the pod's job, by the time in the job's name.") \
	X(P "svc.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "Service: not followed; always missing.")

#define FIELD_K8S_TABLE(X) K8S_ROWS(X, "k8s.") K8S_ROWS(X, "k8smeta.")
/* clang-format on */

#endif
