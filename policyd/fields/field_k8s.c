#include "policyd/fields/field_k8s.h"

#include <stdio.h>

#include "policyd/fields/field_container.h"
#include "policyd/pods/pods.h"

/* The pod's status names a container seconds after it runs; what the API has not named after that is no pod's. */
enum { POD_EXPECTED_100NS = 60 * 10000000 };

static const struct container *container_of(const struct event_view *view)
{
	return getter_event(view)->container;
}

/* By the container's id; the sandbox, which no pod lists, by what the runtime says of it. */
const struct pod *getter_pod(const struct event_view *view, const struct pod_container **which)
{
	const struct pods *pods = getter_ctx(view)->pods;
	const struct container *c = container_of(view);
	const struct pod *pod;

	*which = NULL;
	if (!pods || !c)
		return NULL;
	pod = pods_by_container(pods, c->full_id->text, c->full_id->len, which);
	if (!pod && c->pod_uid)
		pod = pods_by_uid(pods, c->pod_uid->text, c->pod_uid->len);
	return pod;
}

static enum field_result give_c_text(struct value *out, const char *text)
{
	return give_text(out, (struct text_view){ .ptr = text, .len = strlen(text) });
}

static enum field_result give_pooled(struct value *out, const struct pooled *text)
{
	return text ? give_text(out, pooled_view(text)) : FIELD_MISSING;
}

enum field_result get_k8s_place(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct pods *pods = getter_ctx(view)->pods;
	const struct pod_container *which;
	const struct pod *pod;

	(void)arg;
	if (!pods)
		return FIELD_MISSING;
	if (f->user == K8S_CLUSTER)
		return give_c_text(out, pods_cluster(pods));
	pod = pods_node(pods)[0] ? NULL : getter_pod(view, &which);
	return give_c_text(out, pod ? pod->node : pods_node(pods));
}

enum field_result get_k8s_pod_text(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct pod_container *which;
	const struct pod *pod = getter_pod(view, &which);
	const struct container *c = container_of(view);

	(void)arg;
	if (pod) {
		const char *const texts[] = { pod->name, pod->uid, pod->ip, pod->ns };

		return give_c_text(out, texts[f->user]);
	}
	if (!c)
		return FIELD_MISSING;
	return give_pooled(out, (const struct pooled *const[]){ c->pod_name, c->pod_uid, NULL, c->pod_namespace }[f->user]);
}

enum field_result get_k8s_sandbox(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct container *c = container_of(view);
	struct text_view id;

	(void)arg;
	if (!c || (!c->sandbox_id && !(c->flags & CONTAINER_SANDBOX)))
		return FIELD_MISSING;
	id = pooled_view(c->sandbox_id ? c->sandbox_id : c->full_id);
	if (f->user == K8S_SANDBOX_SHORT && id.len > CONTAINER_SHORT_ID_CHARS)
		id.len = CONTAINER_SHORT_ID_CHARS;
	return give_text(out, id);
}

enum field_result get_k8s_owner(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct pod_container *which;
	const struct pod *pod = getter_pod(view, &which);

	(void)arg;
	return pod ? give_c_text(out, pod->owners[f->user]) : FIELD_MISSING;
}

static const struct pod_namespace *namespace_of(const struct event_view *view)
{
	const struct pods *pods = getter_ctx(view)->pods;
	const struct container *c = container_of(view);
	const struct pod_container *which;
	const struct pod *pod = getter_pod(view, &which);

	if (pod)
		return pods_namespace(pods, pod->ns);
	return pods && c && c->pod_namespace ? pods_namespace(pods, c->pod_namespace->text) : NULL;
}

enum field_result get_k8s_ns_uid(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct pod_namespace *ns = namespace_of(view);

	(void)f;
	(void)arg;
	return ns ? give_c_text(out, ns->uid) : FIELD_MISSING;
}

static const struct pod_pairs *pairs_of(const struct event_view *view, enum k8s_pairs which_pairs)
{
	const struct pod_container *which;
	const struct pod_namespace *ns;
	const struct pod *pod;

	if (which_pairs == K8S_NS_LABELS) {
		ns = namespace_of(view);
		return ns ? &ns->labels : NULL;
	}
	pod = getter_pod(view, &which);
	if (!pod)
		return NULL;
	return which_pairs == K8S_POD_LABELS ? &pod->labels : &pod->annotations;
}

/* A label may be there with nothing as its value: that is a value. */
enum field_result get_k8s_pair(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct pod_pairs *pairs = pairs_of(view, (enum k8s_pairs)f->user);
	const char *value = pairs ? pod_pairs_find(pairs, arg->key, arg->key_len) : NULL;

	return value ? give_str(out, value) : FIELD_MISSING;
}

enum field_result get_k8s_pairs(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct pod_pairs *pairs = pairs_of(view, (enum k8s_pairs)f->user);
	size_t bytes = 0, n = 0;
	char *text;

	(void)arg;
	for (size_t i = 0; pairs && i < pairs->count; i++)
		bytes += strlen(pairs->pairs[i].key) + strlen(pairs->pairs[i].value) + 3;
	text = bytes ? arena_alloc(view->scratch, bytes) : NULL;
	if (!text)
		return FIELD_MISSING;
	for (size_t i = 0; i < pairs->count; i++)
		n += (size_t)snprintf(text + n, bytes - n, "%s%s:%s", i ? ", " : "", pairs->pairs[i].key, pairs->pairs[i].value);
	return give_text(out, (struct text_view){ .ptr = text, .len = n });
}

enum field_result get_incomplete(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	return give_bool(out, fields_incomplete(view));
}

bool fields_has_pod(const struct event_view *view)
{
	const struct pod_container *which;

	return getter_pod(view, &which) != NULL;
}

bool fields_incomplete(const struct event_view *view)
{
	const struct pods *pods = getter_ctx(view)->pods;
	const struct event *ev = getter_event(view);
	const struct container *c = ev->container;
	const struct pod_container *which;
	uint64_t now = ev->rec->time_100ns;

	if (!pods || !c || pods_source(pods) == PODS_FIXED || getter_pod(view, &which))
		return false;
	return pods_source(pods) != PODS_CURRENT || now < c->first_seen_100ns || now - c->first_seen_100ns < POD_EXPECTED_100NS;
}

size_t fields_place(const struct event_view *view, struct field_text out[FIELDS_PLACE_MAX])
{
	static const struct {
		const char *name;
		field_getter *get;
		uintptr_t user;
	} rows[FIELDS_PLACE_MAX] = {
		{ "k8s.cluster.name", get_k8s_place, K8S_CLUSTER },
		{ "k8s.node.name", get_k8s_place, K8S_NODE },
		{ "k8s.ns.name", get_k8s_pod_text, K8S_NS_NAME },
		{ "k8s.pod.name", get_k8s_pod_text, K8S_POD_NAME },
		{ "k8s.pod.uid", get_k8s_pod_text, K8S_POD_UID },
		{ "k8s.deployment.name", get_k8s_owner, POD_OWNER_deployment },
		{ "k8s.statefulset.name", get_k8s_owner, POD_OWNER_stateful_set },
		{ "k8s.daemonset.name", get_k8s_owner, POD_OWNER_daemon_set },
		{ "k8s.job.name", get_k8s_owner, POD_OWNER_job },
		{ "k8s.cronjob.name", get_k8s_owner, POD_OWNER_cron_job },
		{ "container.name", get_container_text, CONTAINER_NAME },
		{ "container.image", get_container_text, CONTAINER_IMAGE },
	};
	const struct field_arg none = { .present = false };
	size_t n = 0;

	for (size_t i = 0; getter_ctx(view)->pods && i < FIELDS_PLACE_MAX; i++) {
		const struct field f = { .user = rows[i].user };
		struct value v;

		if (rows[i].get(&f, &none, view, &v) != FIELD_OK)
			continue;
		out[n++] = (struct field_text){ rows[i].name, { v.str.ptr, v.str.len } };
	}
	return n;
}
