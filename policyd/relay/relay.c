#include "policyd/relay/relay.h"

#include <stdlib.h>

#include "policyd/relay/relay_parts.h"
#include "proto/base/log.h"

/* ---- the certificate ---- */

static bool file_time(struct relay *r, struct timespec *out)
{
	uv_fs_t request;
	bool good = uv_fs_stat(&r->loop, &request, r->options->cert_file, NULL) == 0;

	*out = (struct timespec){ 0 };
	if (good)
		*out = (struct timespec){ .tv_sec = (time_t)request.statbuf.st_mtim.tv_sec, .tv_nsec = request.statbuf.st_mtim.tv_nsec };
	uv_fs_req_cleanup(&request);
	return good;
}

static void on_look_at_cert(uv_timer_t *timer)
{
	struct relay *r = timer->data;
	struct tls_side *fresh;
	struct diag why = DIAG_INIT;
	struct timespec now;

	if (!file_time(r, &now) || (now.tv_sec == r->cert_time.tv_sec && now.tv_nsec == r->cert_time.tv_nsec))
		return;
	if (tls_side_server(r->options->cert_file, r->options->key_file, &fresh, &why) != ST_OK) {
		/* The key may come a moment later: it is tried again. */
		r->cert_failures++;
		log_line(LOG_LEVEL_WARNING, "relay: the changed certificate is not used: %s", why.text);
		return;
	}
	api_server_set_side(r->api, fresh);
	tls_side_destroy(r->side);
	r->side = fresh;
	r->cert_time = now;
	log_line(LOG_LEVEL_INFO, "relay: the changed certificate is used from now on");
}

/* ---- life ---- */

static void stop(struct relay *r)
{
	if (r->stopping)
		return;
	r->stopping = true;
	relay_feed_close(r);
	api_server_close(r->api);
	web_close(r->web);
	http_loop_close(r->http);
	for (size_t i = 0; i < r->signal_count; i++)
		uv_close((uv_handle_t *)&r->signals[i], NULL);
	if (r->timer_open)
		uv_close((uv_handle_t *)&r->cert_timer, NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
	log_line(LOG_LEVEL_INFO, "relay: signal %d: ending", number);
	stop(handle->data);
}

static void watch_signals(struct relay *r)
{
	static const int numbers[RELAY_SIGNALS] = { SIGTERM, SIGINT };

	for (size_t i = 0; i < RELAY_SIGNALS; i++) {
		uv_signal_t *handle = &r->signals[r->signal_count];

		if (uv_signal_init(&r->loop, handle) != 0)
			continue;
		handle->data = r;
		r->signal_count++;
		uv_signal_start(handle, on_signal, numbers[i]);
	}
}

static enum status make_tables(struct relay *r)
{
	struct node_auth_config auth = { .expect = { r->options->audience, r->options->agent }, .ask = relay_ask,
		.node_of_pod = relay_node_of_pod, .ctx = r };
	uint64_t seed = uv_hrtime();

	uv_random(NULL, NULL, &seed, sizeof seed, 0, NULL);
	auth.hash_seed = seed;
	r->pods = pod_index_create(seed);
	r->namespaces = ns_table_create(seed);
	r->auth = node_auth_create(&auth);
	return r->pods && r->namespaces && r->auth ? ST_OK : ST_NOMEM;
}

static enum status open_servers(struct relay *r, struct diag *why)
{
	const struct relay_options *o = r->options;
	struct api_server_config api = { .loop = &r->loop, .address = o->address, .port = o->port, .pods = r->pods,
		.namespaces = r->namespaces, .auth = r->auth };
	struct web_options web = { .loop = &r->loop, .address = o->web_address, .port = o->web_port, .pages = relay_pages, .ctx = r };
	enum status st = api_server_open(&api, r->side, &r->api, why);

	if (st == ST_OK && o->web_address)
		st = web_open(&web, &r->web, why);
	return st;
}

static enum status start(struct relay *r, struct diag *why)
{
	const struct relay_options *o = r->options;
	enum status st = make_tables(r);

	if (st == ST_OK)
		st = http_loop_create(&r->loop, o->user_agent, &r->http);
	if (st != ST_OK)
		return diag_set(why, st, "out of memory");
	st = kube_server_create(&o->server, &r->server, why);
	if (st == ST_OK)
		st = tls_side_server(o->cert_file, o->key_file, &r->side, why);
	if (st != ST_OK)
		return st;
	file_time(r, &r->cert_time);
	st = open_servers(r, why);
	if (st == ST_OK)
		st = relay_feed_open(r, why);
	if (st != ST_OK)
		return st;
	uv_timer_init(&r->loop, &r->cert_timer);
	r->timer_open = true;
	r->cert_timer.data = r;
	uv_timer_start(&r->cert_timer, on_look_at_cert, RELAY_CERT_LOOK_MS, RELAY_CERT_LOOK_MS);
	watch_signals(r);
	log_line(LOG_LEVEL_INFO, "relay: asking %s", kube_server_url(r->server));
	return ST_OK;
}

static void release(struct relay *r)
{
	relay_feed_release(r);
	api_server_release(r->api);
	web_release(r->web);
	http_loop_release(r->http);
	kube_server_destroy(r->server);
	node_auth_destroy(r->auth);
	pod_index_destroy(r->pods);
	ns_table_destroy(r->namespaces);
	tls_side_destroy(r->side);
}

int relay_run(const struct relay_options *o)
{
	struct relay *r = calloc(1, sizeof *r);
	struct diag why = DIAG_INIT;
	enum status st;

	if (!r || uv_loop_init(&r->loop) != 0) {
		free(r);
		log_line(LOG_LEVEL_ERROR, "relay: out of memory");
		return 1;
	}
	r->options = o;
	r->started_ns = uv_hrtime();
	st = start(r, &why);
	if (st != ST_OK) {
		log_line(LOG_LEVEL_ERROR, "relay: %s", why.text);
		stop(r);
	}
	uv_run(&r->loop, UV_RUN_DEFAULT);
	uv_loop_close(&r->loop);
	release(r);
	free(r);
	return st == ST_OK ? 0 : 1;
}
