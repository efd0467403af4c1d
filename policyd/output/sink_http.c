#include <stdio.h>
#include <stdlib.h>

#include "policyd/output/gzip.h"
#include "policyd/output/http.h"

enum { HTTP_BATCH = 64, HTTP_MAX_DOCUMENT = 8 << 20 };

/* Falco's http_output: one document a request, with the alert's uid as `uuid`, the name falcosidekick has for it
 * (ecosystem.md §3.1). */
struct http_sink {
	struct http_client *client;
	bool gzip;
	struct buf plain;                      /* of one alert */
	struct buf bodies[HTTP_BATCH];
};

static void destroy(void *sink)
{
	struct http_sink *s = sink;

	if (!s)
		return;
	for (size_t i = 0; i < HTTP_BATCH; i++)
		buf_release(&s->bodies[i]);
	buf_release(&s->plain);
	http_client_destroy(s->client);
	free(s);
}

static enum status create(const struct output_config *c, const struct sink_env *env, void **out, struct diag *why)
{
	const struct http_client_config config = { .output = c, .env = env, .user_agent = "falcosecurity/falco",
		.content_type = "application/json", .gzip = c->http.compress };
	struct http_sink *s = calloc(1, sizeof *s);
	enum status st;

	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	for (size_t i = 0; i < HTTP_BATCH; i++)
		buf_init(&s->bodies[i], HTTP_MAX_DOCUMENT);
	buf_init(&s->plain, HTTP_MAX_DOCUMENT);
	s->gzip = c->http.compress;
	st = http_client_create(&config, &s->client, why);
	if (st == ST_OK)
		*out = s;
	else
		destroy(s);
	return st;
}

static bool append_document(struct buf *out, const struct alert_record *r)
{
	if (r->json_len < 2 || r->json[r->json_len - 1] != '}')
		return false;
	buf_append(out, r->json, r->json_len - 1);
	buf_printf(out, "%s\"uuid\":\"%s\"}", r->json_len > 2 ? "," : "", r->uid);
	return !out->failed;
}

static bool make_body(struct http_sink *s, struct buf *out, const struct alert_record *r)
{
	buf_clear(out);
	if (!s->gzip)
		return append_document(out, r);
	buf_clear(&s->plain);
	return append_document(&s->plain, r) && gzip_append(out, s->plain.data, s->plain.len);
}

static void send_alerts(void *sink, const struct alert_batch *b, struct sink_result *r)
{
	struct http_sink *s = sink;
	struct http_request requests[HTTP_BATCH];
	struct http_answer answers[HTTP_BATCH];
	size_t at[HTTP_BATCH], count = 0;

	for (size_t i = 0; i < alert_batch_count(b); i++) {
		if (!make_body(s, &s->bodies[i], alert_batch_at(b, i))) {
			r->marks[i] = SINK_REJECTED;
			snprintf(r->error, sizeof r->error, "an alert is too long, or no document");
			continue;
		}
		requests[count] = (struct http_request){ .body = s->bodies[i].data, .len = s->bodies[i].len };
		answers[count] = (struct http_answer){ .status = 0 };
		at[count++] = i;
	}
	http_post_all(s->client, requests, answers, count);
	for (size_t i = 0; i < count; i++)
		http_mark(r, at[i], &answers[i]);
}

const struct sink_type sink_http = { .name = "http", .create = create, .send = send_alerts, .destroy = destroy,
	.max_batch = HTTP_BATCH };
