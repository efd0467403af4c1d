#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "policyd/relay/certificate.h"
#include "policyd/relay/relay.h"
#include "proto/base/json_out.h"
#include "proto/base/log.h"

enum { MAX_SECRET_BYTES = 1 << 20, CALL_MS = 30 * 1000 };    /* Kubernetes' own bound of a Secret */

struct maker {
	const struct relay_secret_options *options;
	uv_loop_t loop;
	struct http_loop *http;
	struct kube_server *server;
	struct http_call *call;
	struct buf answer, body;
	bool writing, replacing, good;
};

static void finish(struct maker *m, bool good)
{
	m->good = good;
	http_loop_close(m->http);
}

static bool on_piece(void *ctx, int status, const char *ptr, size_t len)
{
	(void)status;
	return buf_append(&((struct maker *)ctx)->answer, ptr, len);
}

static void on_done(void *ctx, const struct http_loop_end *end);

static void ask(struct maker *m, const char *method, const char *path)
{
	struct http_loop_request request = { .piece = on_piece, .done = on_done, .ctx = m };
	struct diag why = DIAG_INIT;
	enum status st = kube_server_request(m->server, path, &request, &why);

	request.method = method;
	request.accept = "application/json";
	request.total_ms = CALL_MS;
	if (m->body.len) {
		request.content_type = "application/json";
		request.body = m->body.data;
		request.body_len = m->body.len;
	}
	buf_clear(&m->answer);
	if (st == ST_OK)
		st = http_loop_begin(m->http, &request, &m->call);
	if (st == ST_OK)
		return;
	log_line(LOG_LEVEL_ERROR, "relay: %s", why.text[0] ? why.text : status_text(st));
	finish(m, false);
}

static bool write_secret(struct maker *m)
{
	const struct relay_secret_options *o = m->options;
	struct json_out j = json_out_to(&m->body);
	struct certificate c;
	bool good = certificate_make(o->host, CERTIFICATE_DAYS, &c) == ST_OK;

	buf_clear(&m->body);
	if (good) {
		json_open(&j, NULL, '{');
		json_text(&j, "apiVersion", "v1");
		json_text(&j, "kind", "Secret");
		json_text(&j, "type", "kubernetes.io/tls");
		json_open(&j, "metadata", '{');
		json_text(&j, "name", o->name);
		json_text(&j, "namespace", o->ns);
		json_close(&j, '}');
		json_open(&j, "stringData", '{');
		json_text(&j, "ca.crt", buf_cstr(&c.ca));
		json_text(&j, "tls.crt", buf_cstr(&c.cert));
		json_text(&j, "tls.key", buf_cstr(&c.key));
		json_close(&j, '}');
		json_close(&j, '}');
	}
	certificate_release(&c);
	return good && !m->body.failed;
}

/* The certificate of a Secret as the API gives it. */
static bool serves(const struct maker *m)
{
	json_t *secret = json_loadb((const char *)m->answer.data, m->answer.len, 0, NULL);
	const char *text = json_string_value(json_object_get(json_object_get(secret, "data"), "tls.crt"));
	bool good = text && certificate_serves(text, strlen(text), m->options->host, CERTIFICATE_RENEW_DAYS);

	json_decref(secret);
	return good;
}

static void write_it(struct maker *m, bool replace)
{
	char path[512];

	m->writing = true;
	m->replacing = replace;
	snprintf(path, sizeof path, "/api/v1/namespaces/%s/secrets%s%s", m->options->ns, replace ? "/" : "", replace ? m->options->name : "");
	if (!write_secret(m)) {
		log_line(LOG_LEVEL_ERROR, "relay: no certificate can be made for %s", m->options->host);
		finish(m, false);
		return;
	}
	ask(m, replace ? "PUT" : "POST", path);
}

static void on_read(struct maker *m, const struct http_loop_end *end)
{
	if (end->status == 200 && !end->error[0] && serves(m)) {
		log_line(LOG_LEVEL_INFO, "relay: the certificate in secret %s is good for long enough", m->options->name);
		finish(m, true);
	} else if ((end->status == 200 && !end->error[0]) || end->status == 404) {
		write_it(m, end->status == 200);
	} else {
		log_line(LOG_LEVEL_ERROR, "relay: secret %s cannot be read: %d %s", m->options->name, end->status, end->error);
		finish(m, false);
	}
}

static void on_done(void *ctx, const struct http_loop_end *end)
{
	struct maker *m = ctx;
	bool written = end->status == 200 || end->status == 201;

	if (!m->writing) {
		on_read(m, end);
		return;
	}
	if (written)
		log_line(LOG_LEVEL_INFO, "relay: a certificate for %s is in secret %s", m->options->host, m->options->name);
	else
		log_line(LOG_LEVEL_ERROR, "relay: secret %s cannot be written: %d %s", m->options->name, end->status, end->error);
	finish(m, written);
}

static void wipe(struct buf *b)
{
	if (b->data)
		memset(b->data, 0, b->cap);
	buf_release(b);
}

static void run(struct maker *m)
{
	char path[512];

	snprintf(path, sizeof path, "/api/v1/namespaces/%s/secrets/%s", m->options->ns, m->options->name);
	ask(m, NULL, path);
	uv_run(&m->loop, UV_RUN_DEFAULT);
	http_loop_release(m->http);
}

int relay_make_secret(const struct relay_secret_options *o)
{
	struct maker m = { .options = o };
	struct diag why = DIAG_INIT;
	enum status st;

	if (uv_loop_init(&m.loop) != 0)
		return 1;
	buf_init(&m.answer, MAX_SECRET_BYTES);
	buf_init(&m.body, MAX_SECRET_BYTES);
	st = kube_server_create(&o->server, &m.server, &why);
	if (st == ST_OK)
		st = http_loop_create(&m.loop, o->user_agent, &m.http);
	if (st == ST_OK)
		run(&m);
	else
		log_line(LOG_LEVEL_ERROR, "relay: %s", why.text[0] ? why.text : status_text(st));
	kube_server_destroy(m.server);
	wipe(&m.answer);
	wipe(&m.body);
	uv_loop_close(&m.loop);
	return m.good ? 0 : 1;
}
