#include "tests/bench/bench_upstream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/buf.h"

enum { PAGE = 500, MAX_REQUEST = 64 << 10, MAX_ANSWER = 64 << 20, NAMESPACES = 200, FILLER = 6000 };

struct visitor {
	uv_tcp_t tcp;
	struct upstream *up;
	struct visitor *next;
	bool watching, closing;
	size_t len;
	char request[MAX_REQUEST + 1];
};

struct upstream {
	uv_loop_t *loop;
	uv_tcp_t listener;
	struct visitor *visitors, *watcher;
	unsigned nodes, pods;
	uint64_t version;
	int port;
	char filler[FILLER + 1];               /* what of a pod nobody needs */
};

struct write {
	uv_write_t write;
	char *bytes;
};

static void on_written(uv_write_t *write, int err)
{
	struct write *w = (struct write *)(void *)write;

	(void)err;
	free(w->bytes);
	free(w);
}

/* Takes the buffer's memory. */
static void send_buf(struct visitor *v, struct buf *b)
{
	struct write *w = calloc(1, sizeof *w);
	uv_buf_t out = uv_buf_init((char *)b->data, (unsigned)b->len);

	if (!w || b->failed)
		abort();
	w->bytes = (char *)b->data;
	if (uv_write(&w->write, (uv_stream_t *)&v->tcp, &out, 1, on_written) != 0)
		on_written(&w->write, 0);
}

/* Six kilobytes of metadata that is dropped, as managedFields, and what is kept of an ordinary pod. */
static void append_pod(const struct upstream *u, struct buf *b, unsigned i, uint64_t sent_ns)
{
	unsigned hash = i * 2654435761u;

	buf_printf(b, "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"shop-frontend-%08x-%05u\",\"generateName\":\"shop-frontend-%08x-\","
		"\"namespace\":\"team-%u\",\"uid\":\"%08x-0000-4000-8000-%012u\",\"resourceVersion\":\"%" PRIu64 "\",", hash, i % 100000, hash,
		i % NAMESPACES, hash, i, u->version);
	buf_printf(b, "\"creationTimestamp\":\"2026-01-02T03:04:05Z\",\"labels\":{\"app.kubernetes.io/name\":\"shop-frontend\","
		"\"app.kubernetes.io/instance\":\"shop-%u\",\"app.kubernetes.io/part-of\":\"shop\",\"pod-template-hash\":\"%08x\",\"team\":\"team-%u\"},"
		"\"annotations\":{\"prometheus.io/scrape\":\"true\",\"prometheus.io/port\":\"9090\",\"bench\":\"%" PRIu64 "\"},", i % 300, hash,
		i % NAMESPACES, sent_ns);
	buf_printf(b, "\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"shop-frontend-%08x\","
		"\"uid\":\"%08x-0000-4000-8000-000000000000\",\"controller\":true,\"blockOwnerDeletion\":true}],\"managedFields\":[{\"f\":\"%s\"}]},", hash,
		hash, u->filler);
	buf_printf(b, "\"spec\":{\"nodeName\":\"node-%u\",\"containers\":[{\"name\":\"web\",\"image\":\"registry.example.com/shop/frontend:1.2.3\"},"
		"{\"name\":\"proxy\",\"image\":\"registry.example.com/mesh/proxy:4.5.6\"}]},", i % u->nodes);
	buf_printf(b, "\"status\":{\"phase\":\"Running\",\"podIP\":\"10.%u.%u.%u\",\"containerStatuses\":[", i >> 16 & 255, i >> 8 & 255, i & 255);
	for (int c = 0; c < 2; c++)
		buf_printf(b, "%s{\"name\":\"%s\",\"image\":\"registry.example.com/shop/frontend:1.2.3\",\"imageID\":\"registry.example.com/shop/frontend@sha256:"
			"%064x\",\"containerID\":\"containerd://%064x\",\"ready\":true,\"restartCount\":0,\"state\":{\"running\":{\"startedAt\":"
			"\"2026-01-02T03:04:06Z\"}}}", c ? "," : "", c ? "proxy" : "web", hash, i * 2 + (unsigned)c);
	buf_append_str(b, "]}}");
}

static void send_json(struct visitor *v, const char *status, struct buf *body)
{
	struct buf all;

	buf_init(&all, MAX_ANSWER);
	buf_printf(&all, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", status, body->len);
	buf_append(&all, body->data, body->len);
	buf_release(body);
	send_buf(v, &all);
}

static void send_pods(struct visitor *v, const char *path)
{
	const char *at = strstr(path, "continue=");
	struct upstream *u = v->up;
	unsigned from = at ? (unsigned)strtoul(at + 9, NULL, 10) : 0, end = from + PAGE < u->pods ? from + PAGE : u->pods;
	struct buf b;

	buf_init(&b, MAX_ANSWER);
	buf_printf(&b, "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"%" PRIu64 "\"", u->version);
	if (end < u->pods)
		buf_printf(&b, ",\"continue\":\"%u\"", end);
	buf_append_str(&b, "},\"items\":[");
	for (unsigned i = from; i < end; i++) {
		if (i > from)
			buf_append_char(&b, ',');
		append_pod(u, &b, i, 0);
	}
	buf_append_str(&b, "]}");
	send_json(v, "200 OK", &b);
}

static void send_namespaces(struct visitor *v)
{
	struct buf b;

	buf_init(&b, MAX_ANSWER);
	buf_append_str(&b, "{\"kind\":\"NamespaceList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[");
	for (unsigned i = 0; i < NAMESPACES; i++)
		buf_printf(&b, "%s{\"metadata\":{\"name\":\"team-%u\",\"uid\":\"n-%u\",\"resourceVersion\":\"1\"}}", i ? "," : "", i, i);
	buf_append_str(&b, "]}");
	send_json(v, "200 OK", &b);
}

static void send_review(struct visitor *v)
{
	const char *token = strstr(v->request, "\"token\":\"");
	int len = token ? (int)strcspn(token + 9, "\"") : 0;
	struct buf b;

	buf_init(&b, MAX_ANSWER);
	buf_printf(&b, "{\"status\":{\"authenticated\":true,\"audiences\":[\"vitrine-relay\"],\"user\":{\"username\":\"system:serviceaccount:vt:agent\","
		"\"extra\":{\"authentication.kubernetes.io/node-name\":[\"%.*s\"]}}}}", len, token ? token + 9 : "");
	send_json(v, "201 Created", &b);
}

static void begin_watch(struct visitor *v, bool pods)
{
	struct buf b;

	buf_init(&b, 256);
	buf_append_str(&b, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
	send_buf(v, &b);
	v->watching = true;
	if (pods)
		v->up->watcher = v;
}

static void answer(struct visitor *v)
{
	const char *path = strchr(v->request, ' ');
	bool pods = path && strncmp(path + 1, "/api/v1/pods", 12) == 0;

	if (!path)
		return;
	if (strncmp(v->request, "POST", 4) == 0)
		send_review(v);
	else if (strstr(path, "watch=1") || strstr(path, "watch=true"))
		begin_watch(v, pods);
	else if (pods)
		send_pods(v, path);
	else
		send_namespaces(v);
}

/* Length of the whole request at the front; 0: not there yet. */
static size_t whole(const struct visitor *v)
{
	const char *end = strstr(v->request, "\r\n\r\n"), *length = strstr(v->request, "Content-Length: ");
	size_t head = end ? (size_t)(end - v->request) + 4 : 0, body = length && length < end ? strtoul(length + 16, NULL, 10) : 0;

	return head && v->len >= head + body ? head + body : 0;
}

static void on_closed(uv_handle_t *handle)
{
	struct visitor *v = handle->data, **at = &v->up->visitors;

	while (*at != v)
		at = &(*at)->next;
	*at = v->next;
	if (v->up->watcher == v)
		v->up->watcher = NULL;
	free(v);
}

static void close_visitor(struct visitor *v)
{
	if (!v->closing)
		uv_close((uv_handle_t *)&v->tcp, on_closed);
	v->closing = true;
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct visitor *v = handle->data;

	(void)suggested;
	*out = uv_buf_init(v->request + v->len, (unsigned)(MAX_REQUEST - v->len));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct visitor *v = stream->data;
	size_t bytes;

	(void)room;
	if (n < 0) {
		close_visitor(v);
		return;
	}
	v->len += (size_t)n;
	v->request[v->len] = '\0';
	while (!v->watching && (bytes = whole(v)) > 0) {
		answer(v);
		memmove(v->request, v->request + bytes, v->len - bytes + 1);
		v->len -= bytes;
	}
}

static void on_connection(uv_stream_t *listener, int err)
{
	struct upstream *u = listener->data;
	struct visitor *v = err ? NULL : calloc(1, sizeof *v);

	if (!v)
		return;
	uv_tcp_init(u->loop, &v->tcp);
	v->tcp.data = v;
	v->up = u;
	v->next = u->visitors;
	u->visitors = v;
	uv_tcp_nodelay(&v->tcp, 1);
	if (uv_accept(listener, (uv_stream_t *)&v->tcp) != 0 || uv_read_start((uv_stream_t *)&v->tcp, on_room, on_read) != 0)
		close_visitor(v);
}

struct upstream *upstream_open(uv_loop_t *loop, unsigned nodes, unsigned pods)
{
	struct upstream *u = calloc(1, sizeof *u);
	struct sockaddr_in at;
	int len = sizeof at;

	if (!u)
		return NULL;
	*u = (struct upstream){ .loop = loop, .nodes = nodes, .pods = pods, .version = 1000 };
	memset(u->filler, 'f', FILLER);
	uv_tcp_init(loop, &u->listener);
	u->listener.data = u;
	uv_ip4_addr("127.0.0.1", 0, &at);
	if (uv_tcp_bind(&u->listener, (const struct sockaddr *)&at, 0) != 0 || uv_listen((uv_stream_t *)&u->listener, 128, on_connection) != 0) {
		free(u);
		return NULL;
	}
	uv_tcp_getsockname(&u->listener, (struct sockaddr *)&at, &len);
	u->port = ntohs(at.sin_port);
	return u;
}

void upstream_close(struct upstream *u)
{
	for (struct visitor *v = u->visitors; v; v = v->next)
		close_visitor(v);
	uv_close((uv_handle_t *)&u->listener, NULL);
}

void upstream_release(struct upstream *u)
{
	free(u);
}

int upstream_port(const struct upstream *u)
{
	return u->port;
}

int upstream_is_watched(const struct upstream *u)
{
	return u->watcher != NULL;
}

void upstream_change(struct upstream *u, unsigned pod)
{
	struct buf object, chunk;

	if (!u->watcher)
		return;
	u->version++;
	buf_init(&object, MAX_ANSWER);
	buf_init(&chunk, MAX_ANSWER);
	buf_append_str(&object, "{\"type\":\"MODIFIED\",\"object\":");
	append_pod(u, &object, pod, uv_hrtime());
	buf_append_str(&object, "}\n");
	buf_printf(&chunk, "%zx\r\n", object.len);
	buf_append(&chunk, object.data, object.len);
	buf_append_str(&chunk, "\r\n");
	buf_release(&object);
	send_buf(u->watcher, &chunk);
}
