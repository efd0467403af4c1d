#include "policyd/kube/kube_client.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/pods/pod_read.h"

enum { STATS_MS = 250 };

enum news_kind { NEWS_LIST_BEGIN, NEWS_LIST_END, NEWS_POD, NEWS_GONE, NEWS_NAMESPACE, NEWS_NO_NAMESPACE, NEWS_CURRENT, NEWS_STALE };

/* One change, from the thread to the loop. */
struct news {
	enum news_kind kind;
	struct pod *pod;                       /* NEWS_POD, NEWS_GONE */
	struct pod_namespace *ns;              /* NEWS_NAMESPACE */
	char name[POD_MAX_NAME_BYTES + 1];     /* NEWS_NO_NAMESPACE */
};

struct kube_client {
	/* The caller's side. */
	uv_async_t arrived;
	struct pods *pods;
	void (*changed)(void *ctx);
	void *ctx;
	bool listed;                           /* one list was whole */
	bool closed;
	uv_thread_t thread;
	bool thread_started;

	/* Between the two; under the lock. */
	uv_mutex_t lock;
	uv_cond_t room;
	struct news *queue;                    /* a ring of KUBE_CLIENT_QUEUE */
	size_t first, count;
	struct kube_client_stats stats;
	atomic_bool stopping;

	/* The thread's. */
	uv_loop_t loop;
	uv_async_t stop;
	uv_timer_t stats_timer;
	struct kube_server *server;
	struct http_loop *http;
	struct kube_watch *watch;
	struct kube_names *names;
	uint64_t pods_refused;
	char selector[POD_MAX_NAME_BYTES + 32];
};

/* ---- thread: what the API tells ---- */

static void drop(struct news *n)
{
	pod_destroy(n->pod);
	pod_namespace_destroy(n->ns);
}

/* Under the lock. */
static void copy_stats(struct kube_client *c)
{
	kube_watch_get_stats(c->watch, &c->stats.watch);
	kube_names_get_stats(c->names, &c->stats.names);
	c->stats.pods_refused = c->pods_refused;
}

static void pass_on(struct kube_client *c, const struct news *n)
{
	struct news dropped = *n;
	bool told = false;

	uv_mutex_lock(&c->lock);
	if (c->count == KUBE_CLIENT_QUEUE)
		c->stats.queue_full++;
	while (c->count == KUBE_CLIENT_QUEUE && !c->stopping)
		uv_cond_wait(&c->room, &c->lock);
	copy_stats(c);
	if (!c->stopping) {
		c->queue[(c->first + c->count++) % KUBE_CLIENT_QUEUE] = *n;
		uv_async_send(&c->arrived);
		told = true;
	}
	uv_mutex_unlock(&c->lock);
	if (!told)
		drop(&dropped);
}

static void on_begin(void *ctx)
{
	pass_on(ctx, &(struct news){ .kind = NEWS_LIST_BEGIN });
}

static void on_end(void *ctx, const char *version)
{
	(void)version;
	pass_on(ctx, &(struct news){ .kind = NEWS_LIST_END });
}

static void tell_pod(struct kube_client *c, const char *json, size_t len, enum news_kind kind)
{
	struct news n = { .kind = kind };

	if (pod_read(json, len, &n.pod) != ST_OK) {
		c->pods_refused++;
		return;
	}
	if (kind == NEWS_POD)
		kube_names_want(c->names, n.pod->ns);
	pass_on(c, &n);
}

static void on_item(void *ctx, const char *json, size_t len)
{
	tell_pod(ctx, json, len, NEWS_POD);
}

static void on_change(void *ctx, enum kube_change change, struct text_view object, const char *version)
{
	(void)version;
	tell_pod(ctx, object.ptr, object.len, change == KUBE_DELETED ? NEWS_GONE : NEWS_POD);
}

static void on_current(void *ctx, bool is)
{
	pass_on(ctx, &(struct news){ .kind = is ? NEWS_CURRENT : NEWS_STALE });
}

static void on_namespace(void *ctx, struct pod_namespace *taken)
{
	pass_on(ctx, &(struct news){ .kind = NEWS_NAMESPACE, .ns = taken });
}

static void on_no_namespace(void *ctx, const char *name)
{
	struct news n = { .kind = NEWS_NO_NAMESPACE };

	snprintf(n.name, sizeof n.name, "%s", name);
	pass_on(ctx, &n);
}

/* ---- thread: life ---- */

static void on_stats_timer(uv_timer_t *timer)
{
	struct kube_client *c = timer->data;

	uv_mutex_lock(&c->lock);
	copy_stats(c);
	uv_mutex_unlock(&c->lock);
}

static void on_stop(uv_async_t *handle)
{
	struct kube_client *c = handle->data;

	if (!c->stopping || uv_is_closing((uv_handle_t *)handle))
		return;
	kube_watch_close(c->watch);
	kube_names_close(c->names);
	http_loop_close(c->http);
	uv_close((uv_handle_t *)&c->stats_timer, NULL);
	uv_close((uv_handle_t *)&c->stop, NULL);
}

static void run(void *ctx)
{
	struct kube_client *c = ctx;

	uv_run(&c->loop, UV_RUN_DEFAULT);
}

static enum status open_thread_parts(struct kube_client *c, const struct kube_client_config *config)
{
	struct kube_names_config names = { .loop = &c->loop, .server = c->server, .found = on_namespace, .gone = on_no_namespace,
		.ctx = c };
	struct kube_watch_config watch = { .loop = &c->loop, .server = c->server, .path = "/api/v1/pods", .selector = c->selector,
		.page_objects = config->page_objects, .watch_s = config->watch_s, .idle_ms = config->idle_ms,
		.sink = { .begin = on_begin, .item = on_item, .end = on_end, .change = on_change, .current = on_current, .ctx = c } };
	enum status st = http_loop_create(&c->loop, config->user_agent, &c->http);

	if (st != ST_OK)
		return st;
	names.http = watch.http = c->http;
	c->names = kube_names_open(&names);
	return c->names ? kube_watch_open(&watch, &c->watch) : ST_NOMEM;
}

/* ---- the caller's loop ---- */

/* As it was last: with containers that only the last change tells. */
static void apply_gone(struct kube_client *c, struct pod *taken, uint64_t now_ms)
{
	char uid[POD_MAX_NAME_BYTES + 1];

	snprintf(uid, sizeof uid, "%s", taken->uid);
	pods_put(c->pods, taken);
	pods_remove(c->pods, uid, now_ms);
}

static void apply(struct kube_client *c, struct news *n, uint64_t now_ms)
{
	switch (n->kind) {
	case NEWS_LIST_BEGIN:
		pods_list_begin(c->pods);
		break;
	case NEWS_LIST_END:
		pods_list_end(c->pods, now_ms);
		c->listed = true;
		break;
	case NEWS_POD:
		pods_put(c->pods, n->pod);
		break;
	case NEWS_GONE:
		apply_gone(c, n->pod, now_ms);
		break;
	case NEWS_NAMESPACE:
		pods_put_namespace(c->pods, n->ns);
		break;
	case NEWS_NO_NAMESPACE:
		pods_remove_namespace(c->pods, n->name);
		break;
	case NEWS_CURRENT:
		pods_set_source(c->pods, PODS_CURRENT);
		break;
	case NEWS_STALE:
		pods_set_source(c->pods, c->listed ? PODS_STALE : PODS_WAITING);
		break;
	}
}

static bool take(struct kube_client *c, struct news *out)
{
	bool got;

	uv_mutex_lock(&c->lock);
	got = c->count > 0;
	if (got) {
		*out = c->queue[c->first];
		c->first = (c->first + 1) % KUBE_CLIENT_QUEUE;
		c->count--;
		uv_cond_signal(&c->room);
	}
	uv_mutex_unlock(&c->lock);
	return got;
}

static void on_arrived(uv_async_t *handle)
{
	struct kube_client *c = handle->data;
	uint64_t now_ms = uv_now(handle->loop);
	struct news n;
	size_t done = 0;

	while (done < KUBE_CLIENT_STEP && take(c, &n)) {
		apply(c, &n, now_ms);
		done++;
	}
	if (done == KUBE_CLIENT_STEP)
		uv_async_send(&c->arrived);
	if (done && c->changed)
		c->changed(c->ctx);
}

/* ---- life ---- */

static void release_parts(struct kube_client *c)
{
	struct news n;

	kube_watch_release(c->watch);
	kube_names_release(c->names);
	http_loop_release(c->http);
	kube_server_destroy(c->server);
	while (c->queue && take(c, &n))
		drop(&n);
	free(c->queue);
	uv_cond_destroy(&c->room);
	uv_mutex_destroy(&c->lock);
	free(c);
}

static bool init_parts(struct kube_client *c)
{
	if (uv_mutex_init(&c->lock) != 0)
		return false;
	if (uv_cond_init(&c->room) != 0) {
		uv_mutex_destroy(&c->lock);
		return false;
	}
	if (uv_loop_init(&c->loop) != 0) {
		uv_cond_destroy(&c->room);
		uv_mutex_destroy(&c->lock);
		return false;
	}
	uv_async_init(&c->loop, &c->stop, on_stop);
	uv_timer_init(&c->loop, &c->stats_timer);
	c->stop.data = c->stats_timer.data = c;
	return true;
}

static void abandon(struct kube_client *c)
{
	c->stopping = true;
	on_stop(&c->stop);
	uv_run(&c->loop, UV_RUN_DEFAULT);
	uv_loop_close(&c->loop);
	release_parts(c);
}

enum status kube_client_open(const struct kube_client_config *config, struct kube_client **out, struct diag *why)
{
	struct kube_client *c = calloc(1, sizeof *c);
	enum status st;

	*out = NULL;
	if (!c || !init_parts(c)) {
		free(c);
		return diag_set(why, ST_NOMEM, "out of memory");
	}
	c->pods = config->pods;
	c->changed = config->changed;
	c->ctx = config->ctx;
	snprintf(c->selector, sizeof c->selector, "spec.nodeName=%.*s", POD_MAX_NAME_BYTES, config->node);
	c->queue = calloc(KUBE_CLIENT_QUEUE, sizeof *c->queue);
	st = c->queue ? kube_server_create(&config->server, &c->server, why) : ST_NOMEM;
	if (st == ST_OK)
		st = open_thread_parts(c, config);
	if (st != ST_OK) {
		abandon(c);
		return st == ST_NOMEM ? diag_set(why, st, "out of memory") : st;
	}
	uv_async_init(config->loop, &c->arrived, on_arrived);
	c->arrived.data = c;
	uv_timer_start(&c->stats_timer, on_stats_timer, STATS_MS, STATS_MS);
	c->thread_started = uv_thread_create(&c->thread, run, c) == 0;
	*out = c;
	return c->thread_started ? ST_OK : diag_set(why, ST_SYSTEM, "no thread for the Kubernetes API");
}

void kube_client_close(struct kube_client *c)
{
	if (!c || c->closed)
		return;
	c->closed = true;
	uv_mutex_lock(&c->lock);
	c->stopping = true;
	uv_cond_broadcast(&c->room);
	uv_mutex_unlock(&c->lock);
	uv_async_send(&c->stop);
	uv_close((uv_handle_t *)&c->arrived, NULL);
}

void kube_client_release(struct kube_client *c)
{
	if (!c)
		return;
	if (c->thread_started)
		uv_thread_join(&c->thread);
	else
		uv_run(&c->loop, UV_RUN_DEFAULT);
	uv_loop_close(&c->loop);
	release_parts(c);
}

const char *kube_client_url(const struct kube_client *c)
{
	return kube_server_url(c->server);
}

void kube_client_get_stats(struct kube_client *c, struct kube_client_stats *out)
{
	uv_mutex_lock(&c->lock);
	*out = c->stats;
	uv_mutex_unlock(&c->lock);
}
