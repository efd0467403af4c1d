#include <stdlib.h>
#include <string.h>

#include "policyd/relay/relay_parts.h"
#include "proto/base/log.h"

enum { REVIEW_MS = 10 * 1000 };                /* a question about a token: then its owner is asked to come again */

static const char review_path[] = "/apis/authentication.k8s.io/v1/tokenreviews";

/* ---- pods ---- */

static void put_pod(struct relay *r, const char *json, size_t len)
{
	struct slim *pod;

	if (slim_pod(json, len, &pod) == ST_OK)
		pod_index_put(r->pods, pod);
	else
		r->refused_objects++;
}

static void pods_begin(void *ctx)
{
	pod_index_list_begin(((struct relay *)ctx)->pods);
}

static void pods_item(void *ctx, const char *json, size_t len)
{
	put_pod(ctx, json, len);
}

static void pods_end(void *ctx, const char *version)
{
	struct relay *r = ctx;
	struct pod_index_stats stats;

	pod_index_list_end(r->pods, version);
	pod_index_get_stats(r->pods, &stats);
	log_line(LOG_LEVEL_INFO, "relay: %zu pods on %zu nodes listed", stats.pods, stats.nodes);
}

static void pods_change(void *ctx, enum kube_change change, struct text_view object, const char *version)
{
	struct relay *r = ctx;
	struct slim *pod;

	(void)version;
	if (change != KUBE_DELETED)
		put_pod(r, object.ptr, object.len);
	else if (slim_pod(object.ptr, object.len, &pod) == ST_OK)
		pod_index_remove(r->pods, pod);
	else
		r->refused_objects++;
}

static void pods_bookmark(void *ctx, const char *version)
{
	pod_index_bookmark(((struct relay *)ctx)->pods, version);
}

/* ---- namespaces ---- */

static void namespaces_begin(void *ctx)
{
	ns_table_list_begin(((struct relay *)ctx)->namespaces);
}

static void namespaces_item(void *ctx, const char *json, size_t len)
{
	struct relay *r = ctx;
	struct slim *ns;

	if (slim_namespace(json, len, &ns) == ST_OK)
		ns_table_put(r->namespaces, ns);
	else
		r->refused_objects++;
}

static void namespaces_end(void *ctx, const char *version)
{
	struct relay *r = ctx;

	(void)version;
	ns_table_list_end(r->namespaces);
	r->namespaces_whole = true;
}

static void namespaces_change(void *ctx, enum kube_change change, struct text_view object, const char *version)
{
	struct relay *r = ctx;
	struct slim *ns;

	(void)version;
	if (slim_namespace(object.ptr, object.len, &ns) != ST_OK) {
		r->refused_objects++;
	} else if (change == KUBE_DELETED) {
		ns_table_remove(r->namespaces, ns->name);
		slim_unref(ns);
	} else {
		ns_table_put(r->namespaces, ns);
	}
}

static void on_current(void *ctx, bool is)
{
	(void)ctx;
	log_line(is ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "relay: %s", is ? "changes come as they happen" : "changes do not come now");
}

/* ---- whose token ---- */

struct relay_review {
	struct relay *relay;
	struct relay_review *next, **at;
	struct auth_question *question;
	struct http_call *call;
	struct buf answer;
};

static void free_review(struct relay_review *v)
{
	*v->at = v->next;
	if (v->next)
		v->next->at = v->at;
	if (v->answer.data)
		memset(v->answer.data, 0, v->answer.len);      /* it repeats the token */
	buf_release(&v->answer);
	free(v);
}

static bool on_review_piece(void *ctx, int status, const char *ptr, size_t len)
{
	struct relay_review *v = ctx;

	(void)status;
	return buf_append(&v->answer, ptr, len);
}

static void on_reviewed(void *ctx, const struct http_loop_end *end)
{
	struct relay_review *v = ctx;
	struct auth_answer said = { v->answer.failed || end->error[0] ? 0 : end->status, (const char *)v->answer.data, v->answer.len };
	struct relay *r = v->relay;

	if (end->status != 200 && end->status != 201)
		log_line(LOG_LEVEL_WARNING, "relay: the API server answers no question about tokens: %d %s", end->status, end->error);
	node_auth_answer(r->auth, v->question, &said, uv_now(&r->loop));
	free_review(v);
}

static bool begin_review(struct relay_review *v, const char *body, size_t len)
{
	struct http_loop_request request = { .piece = on_review_piece, .done = on_reviewed, .ctx = v };
	struct diag why = DIAG_INIT;

	if (kube_server_request(v->relay->server, review_path, &request, &why) != ST_OK) {
		log_line(LOG_LEVEL_WARNING, "relay: %s", why.text);
		return false;
	}
	request.method = "POST";
	request.body = body;
	request.body_len = len;
	request.content_type = request.accept = "application/json";
	request.total_ms = REVIEW_MS;
	return http_loop_begin(v->relay->http, &request, &v->call) == ST_OK;
}

bool relay_ask(void *relay, const char *body, size_t len, struct auth_question *q)
{
	struct relay *r = relay;
	struct relay_review *v = calloc(1, sizeof *v);

	if (!v)
		return false;
	*v = (struct relay_review){ .relay = r, .next = r->reviews, .at = &r->reviews, .question = q };
	if (v->next)
		v->next->at = &v->next;
	r->reviews = v;
	buf_init(&v->answer, REVIEW_MAX_ANSWER_BYTES);
	if (begin_review(v, body, len))
		return true;
	free_review(v);
	return false;
}

const char *relay_node_of_pod(void *relay, const char *pod_uid)
{
	const struct slim *pod = pod_index_find(((struct relay *)relay)->pods, pod_uid);

	return pod ? pod->node : NULL;
}

/* ---- all of it ---- */

enum status relay_feed_open(struct relay *r, struct diag *why)
{
	struct kube_watch_config pods = { .loop = &r->loop, .http = r->http, .server = r->server, .path = "/api/v1/pods",
		.sink = { .begin = pods_begin, .item = pods_item, .end = pods_end, .change = pods_change, .bookmark = pods_bookmark,
			.current = on_current, .ctx = r } };
	struct kube_watch_config namespaces = { .loop = &r->loop, .http = r->http, .server = r->server, .path = "/api/v1/namespaces",
		.sink = { .begin = namespaces_begin, .item = namespaces_item, .end = namespaces_end, .change = namespaces_change, .ctx = r } };
	enum status st = kube_watch_open(&pods, &r->pod_watch);

	if (st == ST_OK)
		st = kube_watch_open(&namespaces, &r->ns_watch);
	return st == ST_OK ? st : diag_set(why, st, "out of memory");
}

void relay_feed_close(struct relay *r)
{
	kube_watch_close(r->pod_watch);
	kube_watch_close(r->ns_watch);
}

void relay_feed_release(struct relay *r)
{
	while (r->reviews)
		free_review(r->reviews);
	kube_watch_release(r->pod_watch);
	kube_watch_release(r->ns_watch);
}
