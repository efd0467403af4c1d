#include "policyd/daemon/alert_query.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/daemon/daemon_parts.h"
#include "policyd/output/store.h"
#include "policyd/ruleset/duration.h"
#include "proto/base/json_out.h"
#include "proto/host/os_file.h"

enum { ANSWER_BYTES = CONTROL_QUEUE_BYTES / 2, MAX_TEXT_BYTES = 1024 };

struct alert_query {
	struct daemon *daemon;
	uint64_t client, id;
	struct store_query query;
	char rule[MAX_TEXT_BYTES], pod[MAX_TEXT_BYTES], text[MAX_TEXT_BYTES];
	struct buf answer;
	struct json_out json;
	bool cut;
	enum status st;
	struct diag why;
};

/* JSON documents are objects: the uid goes in as their first member. */
static bool on_row(void *ctx, const struct alert_record *r)
{
	struct alert_query *q = ctx;

	if (q->answer.len + r->json_len + 1024 > ANSWER_BYTES) {
		q->cut = true;
		return false;
	}
	json_open(&q->json, NULL, '{');
	json_text(&q->json, "uid", r->uid);
	json_key(&q->json, "alert");
	buf_append(&q->answer, r->json, r->json_len);
	json_close(&q->json, '}');
	return true;
}

static void work(void *ctx)
{
	struct alert_query *q = ctx;

	json_open(&q->json, NULL, '{');
	json_open(&q->json, "alerts", '[');
	q->st = store_query(outputs_store(q->daemon->outputs), &q->query, on_row, q, &q->why);
	json_close(&q->json, ']');
	json_bool(&q->json, "cut", q->cut);
	json_close(&q->json, '}');
}

static void after_work(void *ctx)
{
	struct alert_query *q = ctx;
	struct control_client *c = control_find_client(q->daemon->control, q->client);
	struct control_request r = { .id = q->id };

	if (c && q->st != ST_OK)
		control_reply_failed(c, q->id, q->why.text);
	else if (c && q->answer.failed)
		control_reply_failed(c, q->id, "out of memory");
	else if (c)
		control_reply(c, &r, (struct view){ q->answer.data, q->answer.len });
	buf_release(&q->answer);
	free(q);
}

/* NULL: not given. */
static const char *copy_text(char to[MAX_TEXT_BYTES], const char *from)
{
	snprintf(to, MAX_TEXT_BYTES, "%s", from);
	return from[0] ? to : NULL;
}

/* NULL: fine; else what is wrong. */
static const char *read_request(struct alert_query *q, const struct control_request *r)
{
	uint64_t since = r->since[0] ? duration_ms_parse(r->since) : 0;

	if (strlen(r->rule) >= MAX_TEXT_BYTES || strlen(r->pod) >= MAX_TEXT_BYTES || strlen(r->text) >= MAX_TEXT_BYTES)
		return "a text is too long";
	if (r->since[0] && (since == 0 || since > INT64_MAX / 1000000))
		return "since wants a duration such as 1h30m";
	q->query = (struct store_query){ .min_priority = PRIORITY_DEBUG, .rule = copy_text(q->rule, r->rule),
		.pod = copy_text(q->pod, r->pod), .text = copy_text(q->text, r->text),
		.limit = r->limit == 0 ? ALERT_QUERY_ROWS : r->limit < ALERT_QUERY_MAX_ROWS ? r->limit : ALERT_QUERY_MAX_ROWS };
	if (since)
		q->query.since_ns = os_wall_ns() - (int64_t)since * 1000000;
	if (r->priority[0] && !priority_parse(r->priority, strlen(r->priority), &q->query.min_priority))
		return "this is no priority";
	return NULL;
}

void alert_query_start(struct daemon *d, struct control_client *c, const struct control_request *r)
{
	struct alert_query *q = calloc(1, sizeof *q);
	const char *wrong = q ? read_request(q, r) : "out of memory";

	if (wrong) {
		control_reply_failed(c, r->id, wrong);
		free(q);
		return;
	}
	q->daemon = d;
	q->client = control_client_number(c);
	q->id = r->id;
	q->why = (struct diag)DIAG_INIT;
	buf_init(&q->answer, ANSWER_BYTES);
	q->json = json_out_to(&q->answer);
	if (!background_run(d->queries, work, after_work, q)) {
		control_reply_failed(c, r->id, "too many queries wait");
		free(q);
	}
}
