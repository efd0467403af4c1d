#include <stdio.h>
#include <stdlib.h>

#include "policyd/output/gzip.h"
#include "policyd/output/http.h"
#include "policyd/output/otlp_encode.h"
#include "proto/base/log.h"

struct otlp_sink {
	struct http_client *client;
	const struct sink_env *env;
	const char *name;
	bool gzip;
	struct arena *scratch;
	struct buf plain, body;
};

static void destroy(void *sink)
{
	struct otlp_sink *s = sink;

	if (!s)
		return;
	http_client_destroy(s->client);
	arena_destroy(s->scratch);
	buf_release(&s->plain);
	buf_release(&s->body);
	free(s);
}

static enum status create(const struct output_config *c, const struct sink_env *env, void **out, struct diag *why)
{
	const struct http_client_config config = { .output = c, .env = env, .user_agent = "vitrine",
		.content_type = "application/x-protobuf", .gzip = c->http.compress };
	struct otlp_sink *s = calloc(1, sizeof *s);
	enum status st;

	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->env = env;
	s->name = c->name;
	s->gzip = c->http.compress;
	buf_init(&s->plain, OTLP_MAX_REQUEST_BYTES);
	buf_init(&s->body, OTLP_MAX_REQUEST_BYTES);
	s->scratch = arena_create(OTLP_ARENA_BYTES);
	st = s->scratch ? http_client_create(&config, &s->client, why) : diag_set(why, ST_NOMEM, "out of memory");
	if (st == ST_OK)
		*out = s;
	else
		destroy(s);
	return st;
}

/* A 2xx may say that some were not taken; they are never sent again (OTLP specification, "Partial Success"). */
static void read_acceptance(const struct otlp_sink *s, const struct http_answer *a, struct sink_result *r)
{
	char message[200];

	if (!a->protobuf || !otlp_read_answer(a->body.data, a->body.len, &r->rejected_more, message, sizeof message))
		return;
	if (r->rejected_more)
		snprintf(r->error, sizeof r->error, "the receiver did not take some: %s", message);
	else if (message[0])
		log_line(LOG_LEVEL_WARNING, "output %s: the receiver says: %s", s->name, message);
}

static void read_refusal(const struct http_answer *a, struct sink_result *r)
{
	char message[200];

	if (a->protobuf && otlp_read_refusal(a->body.data, a->body.len, message, sizeof message))
		snprintf(r->error, sizeof r->error, "the receiver answers %d: %s", a->status, message);
}

static bool make_body(struct otlp_sink *s, const struct alert_batch *b, struct http_request *request)
{
	struct buf *body = &s->plain;

	buf_clear(&s->plain);
	buf_clear(&s->body);
	if (!otlp_encode(b, s->env, s->scratch, &s->plain))
		return false;
	if (s->gzip) {
		if (!gzip_append(&s->body, s->plain.data, s->plain.len))
			return false;
		body = &s->body;
	}
	*request = (struct http_request){ .body = body->data, .len = body->len };
	return true;
}

static void send_alerts(void *sink, const struct alert_batch *b, struct sink_result *r)
{
	struct otlp_sink *s = sink;
	struct http_answer answer = { .status = 0 };
	struct http_request request;

	if (!make_body(s, b, &request)) {
		sink_mark_all(r, b, SINK_REJECTED);
		snprintf(r->error, sizeof r->error, "the alerts are too long for one request");
		return;
	}
	buf_init(&answer.body, HTTP_MAX_ANSWER_BYTES);
	http_post_all(s->client, &request, &answer, 1);
	for (size_t i = 0; i < alert_batch_count(b); i++)
		http_mark(r, i, &answer);
	if (http_outcome(answer.status) == HTTP_ACCEPTED)
		read_acceptance(s, &answer, r);
	else
		read_refusal(&answer, r);
	buf_release(&answer.body);
}

const struct sink_type sink_otlp = { .name = "otlp", .create = create, .send = send_alerts, .destroy = destroy,
	.max_batch = SINK_MAX_BATCH };
