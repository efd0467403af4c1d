#include <stddef.h>
#include <string.h>

#include "policyd/relay/api_conn.h"
#include "policyd/relay/api_text.h"
#include "proto/base/json_out.h"

static const char pods_path[] = "/api/v1/pods", namespaces_path[] = "/api/v1/namespaces/";

/* ---- whole answers ---- */

static void send_whole(struct api_conn *c, int code, const char *body, size_t len)
{
	struct buf head;

	buf_init(&head, 512);
	buf_printf(&head, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s%sConnection: %s\r\n\r\n", code,
		api_text_of(code), len, code == 503 ? "Retry-After: 1\r\n" : "", code == 401 ? "WWW-Authenticate: Bearer\r\n" : "",
		c->keep_alive ? "keep-alive" : "close");
	if (head.failed)
		api_conn_drop(c);
	else if (api_conn_send(c, head.data, head.len) && !c->head_only)
		api_conn_send(c, body, len);
	buf_release(&head);
	api_conn_done(c);
}

static void send_error(struct api_conn *c, int code, const char *reason, const char *message)
{
	struct api_server_stats *stats = &c->server->stats;
	struct buf *text = &c->server->text;

	stats->unauthorized += code == 401;
	stats->forbidden += code == 403;
	stats->gone += code == 410;
	stats->not_ready += code == 503;
	buf_clear(text);
	api_text_status(text, code, reason, message);
	send_whole(c, code, (const char *)text->data, text->len);
}

static void append_item(void *ctx, const struct slim *pod)
{
	struct json_out *j = ctx;

	json_key(j, NULL);
	buf_append(j->to, pod->json, pod->json_len);
}

static void send_list(struct api_conn *c, const char *node)
{
	struct buf *text = &c->server->text;
	struct json_out j = json_out_to(text);

	buf_clear(text);
	json_open(&j, NULL, '{');
	json_text(&j, "kind", "PodList");
	json_text(&j, "apiVersion", "v1");
	json_open(&j, "metadata", '{');
	json_text(&j, "resourceVersion", pod_index_version(c->server->config.pods));
	json_close(&j, '}');
	json_open(&j, "items", '[');
	pod_index_each(c->server->config.pods, node, append_item, &j);
	json_close(&j, ']');
	json_close(&j, '}');
	if (text->failed)
		send_error(c, 503, "InternalError", "the list is too long");
	else
		send_whole(c, 200, (const char *)text->data, text->len);
}

/* ---- watches ---- */

/* One chunk: {"type":"ADDED","object":{...}} and a line feed. */
static bool send_event(struct api_conn *c, const char *type, const char *object, size_t len)
{
	struct buf *text = &c->server->text;

	buf_clear(text);
	buf_printf(text, "%zx\r\n{\"type\":\"%s\",\"object\":", strlen(type) + len + sizeof "{\"type\":\"\",\"object\":}\n" - 1, type);
	buf_append(text, object, len);
	buf_append_str(text, "}\n\r\n");
	if (text->failed) {
		api_conn_drop(c);
		return false;
	}
	return api_conn_send(c, text->data, text->len);
}

static void on_change(struct index_follower *f, enum index_change change, const struct slim *pod)
{
	static const char *const types[] = { [INDEX_ADDED] = "ADDED", [INDEX_MODIFIED] = "MODIFIED", [INDEX_DELETED] = "DELETED" };
	struct api_conn *c = (struct api_conn *)(void *)((char *)f - offsetof(struct api_conn, follower));

	/* Who does not read is not waited for: it comes back with the version it has, or lists anew. */
	if (uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp) + tls_link_pending(c->link) > API_MAX_QUEUED_BYTES) {
		c->server->stats.slow++;
		api_conn_drop(c);
		return;
	}
	c->server->stats.events++;
	if (send_event(c, types[change], pod->json, pod->json_len))
		api_conn_flush(c);
}

static bool begin_stream(struct api_conn *c)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

	c->state = CONN_WATCHING;
	c->server->stats.watches++;
	return api_conn_send(c, head, sizeof head - 1);
}

static void send_added(void *ctx, const struct slim *pod)
{
	struct api_conn *c = ctx;

	if (c->state == CONN_WATCHING)
		send_event(c, "ADDED", pod->json, pod->json_len);
}

/* Without a version, or with "0": all there is first, as if it had just been added. */
static enum status watch_all(struct api_conn *c, const char *node)
{
	enum status st = pod_index_follow_now(c->server->config.pods, node, &c->follower);

	if (st == ST_OK && begin_stream(c))
		pod_index_each(c->server->config.pods, node, send_added, c);
	return st;
}

static enum status watch_from(struct api_conn *c, const char *node, const char *version)
{
	enum status st;

	if (!pod_index_knows(c->server->config.pods, version))
		return ST_NOT_FOUND;
	if (!begin_stream(c))
		return ST_OK;
	st = pod_index_follow(c->server->config.pods, node, version, &c->follower);
	if (st != ST_OK)
		api_conn_drop(c);                  /* its head is sent: breaking off says it */
	return ST_OK;
}

static void send_watch(struct api_conn *c, const struct api_request *r, const char *node)
{
	uint64_t now_ms = uv_now(c->server->config.loop);
	bool all = !r->version[0] || strcmp(r->version, "0") == 0;
	enum status st;

	c->follower.changed = on_change;
	c->bookmarks = r->bookmarks;
	c->watch_ends_ms = now_ms + (uint64_t)r->timeout_s * 1000;
	c->bookmark_ms = now_ms + API_BOOKMARK_MS;
	st = all ? watch_all(c, node) : watch_from(c, node, r->version);
	if (st == ST_NOT_FOUND)
		send_error(c, 410, "Expired", "the resourceVersion is too old, or of another server");
	else if (st != ST_OK)
		send_error(c, 503, "ServiceUnavailable", "there are too many nodes");
	api_conn_flush(c);
}

static void send_bookmark(struct api_conn *c)
{
	struct buf object;

	buf_init(&object, 512);
	buf_printf(&object, "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"%s\",\"creationTimestamp\":null}}",
		pod_index_version(c->server->config.pods));
	if (send_event(c, "BOOKMARK", (const char *)object.data, object.len))
		api_conn_flush(c);
	buf_release(&object);
}

void api_answer_tick(struct api_conn *c, uint64_t now_ms)
{
	if (now_ms >= c->watch_ends_ms) {
		if (api_conn_send(c, "0\r\n\r\n", 5))
			api_conn_done(c);
	} else if (now_ms >= c->bookmark_ms) {
		c->bookmark_ms = now_ms + API_BOOKMARK_MS;
		if (c->bookmarks)
			send_bookmark(c);
	}
}

/* ---- who asks for what ---- */

static void send_namespace(struct api_conn *c, const char *node, const char *name)
{
	const struct slim *ns = ns_table_find(c->server->config.namespaces, name);

	/* Whether a namespace of others is there is not told either. */
	if (!pod_index_has_namespace(c->server->config.pods, node, name))
		send_error(c, 403, "Forbidden", "the node has no pod in this namespace");
	else if (!ns)
		send_error(c, 404, "NotFound", "there is no such namespace");
	else
		send_whole(c, 200, ns->json, ns->json_len);
}

static void send_pods(struct api_conn *c, const struct api_request *r, const char *node)
{
	const char *wanted = api_request_node(r);

	if (!wanted || strcmp(wanted, node) != 0)
		send_error(c, 403, "Forbidden", "a node is told of its own pods only: fieldSelector=spec.nodeName=NODE");
	else if (!pod_index_is_whole(c->server->config.pods))
		send_error(c, 503, "ServiceUnavailable", "the pods are not known yet");
	else if (r->watch)
		send_watch(c, r, node);
	else if (r->more[0])
		send_error(c, 410, "Expired", "lists are not split here");
	else
		send_list(c, node);
}

static void route(struct api_conn *c, const struct api_request *r, const char *node)
{
	const char *page = api_text_discovery(r->path);

	if (page)
		send_whole(c, 200, page, strlen(page));
	else if (strcmp(r->path, pods_path) == 0)
		send_pods(c, r, node);
	else if (strncmp(r->path, namespaces_path, sizeof namespaces_path - 1) == 0)
		send_namespace(c, node, r->path + sizeof namespaces_path - 1);
	else
		send_error(c, 404, "NotFound", "the relay has pods and namespaces only");
}

/* The head stays where it is until it is known who asks; then it is read once more and taken away. */
static void on_known(struct auth_wait *w, enum auth_verdict verdict, const char *node)
{
	struct api_conn *c = (struct api_conn *)(void *)((char *)w - offsetof(struct api_conn, wait));
	struct api_request r;

	if (api_request_read((const char *)c->head.data, c->head.len, &r) != ST_OK) {
		api_conn_drop(c);
		return;
	}
	r.token = NULL;                            /* it goes now */
	memmove(c->head.data, c->head.data + r.head_bytes, c->head.len - r.head_bytes);
	c->head.len -= r.head_bytes;
	if (!c->head.len)
		buf_release(&c->head);             /* of thousands who only listen */
	if (verdict == AUTH_GOOD)
		route(c, &r, node);
	else if (verdict == AUTH_REFUSED)
		send_error(c, 401, "Unauthorized", "the token is not good for this relay");
	else
		send_error(c, 503, "ServiceUnavailable", "whose token it is cannot be told now");
}

void api_answer_begin(struct api_conn *c)
{
	struct api_request r;
	enum status st = api_request_read((const char *)c->head.data, c->head.len, &r);

	if (st == ST_TRUNCATED)
		return;
	c->server->stats.requests++;
	c->keep_alive = r.keep_alive && st == ST_OK;
	c->head_only = r.head;
	if (st != ST_OK) {
		c->server->stats.malformed++;
		buf_clear(&c->head);
		send_error(c, 400, "BadRequest", "this is no request that is answered here");
	} else if (r.other_method) {
		c->keep_alive = false;
		buf_clear(&c->head);
		send_error(c, 405, "MethodNotAllowed", "nothing can be changed here");
	} else {
		c->state = CONN_ASKING;
		c->wait.done = on_known;
		if (r.token)
			node_auth_check(c->server->config.auth, r.token, r.token_len, uv_now(c->server->config.loop), &c->wait);
		else
			on_known(&c->wait, AUTH_REFUSED, "");
	}
}
