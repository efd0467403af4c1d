#include "policyd/daemon/requests.h"

#include "policyd/daemon/alert_query.h"
#include "policyd/daemon/daemon_parts.h"
#include "policyd/daemon/report.h"
#include "proto/base/log.h"
#include "proto/host/os_file.h"

static void reply_text(struct control_client *c, const struct control_request *r, struct buf *text)
{
	if (text->failed)
		control_reply_failed(c, r->id, "the answer is too long");
	else
		control_reply(c, r, (struct view){ text->data, text->len });
	buf_release(text);
}

static struct buf new_text(void)
{
	struct buf out;

	buf_init(&out, REPORT_MAX_BYTES);
	return out;
}

static void on_status(void *ctx, struct control_client *c, const struct control_request *r)
{
	struct buf out = new_text();

	report_status(ctx, &out);
	reply_text(c, r, &out);
}

static void on_ledger(void *ctx, struct control_client *c, const struct control_request *r)
{
	struct buf out = new_text();

	report_ledger(ctx, &out);
	reply_text(c, r, &out);
}

static void on_metrics(void *ctx, struct control_client *c, const struct control_request *r)
{
	struct buf out = new_text();

	report_metrics(ctx, &out);
	reply_text(c, r, &out);
}

static void on_rules(void *ctx, struct control_client *c, const struct control_request *r)
{
	struct buf out = new_text();

	report_rules(ctx, r->rule, r->tag, &out);
	reply_text(c, r, &out);
}

static void on_top(void *ctx, struct control_client *c, const struct control_request *r)
{
	struct daemon *d = ctx;
	struct buf out = new_text();

	d->top_asked_ms = uv_now(&d->loop);
	if (!d->busiest.on) {
		busiest_start(&d->busiest);
		judge_enable_rule_stats(d->judge, os_monotonic_ns);
	}
	report_top(d, &out);
	reply_text(c, r, &out);
}

/* The answer comes when the reload has ended. number 0: it could not be asked for. */
static void wait_for_reload(struct daemon *d, struct control_client *c, const struct control_request *r, uint64_t number)
{
	struct requests *q = &d->requests;

	if (number == 0 || q->waiting_count == REQUESTS_MAX_WAITING) {
		control_reply_failed(c, r->id, number ? "too many clients wait for a reload" : "no reload could be started");
		return;
	}
	q->waiting[q->waiting_count].client = control_client_number(c);
	q->waiting[q->waiting_count].id = r->id;
	q->waiting[q->waiting_count].reload = number;
	q->waiting_count++;
}

static void on_reload(void *ctx, struct control_client *c, const struct control_request *r)
{
	struct daemon *d = ctx;

	log_line(LOG_LEVEL_INFO, "asked to reload by policyctl");
	wait_for_reload(d, c, r, reload_request(d->reload));
}

static void on_select_rules(void *ctx, struct control_client *c, const struct control_request *r)
{
	struct daemon *d = ctx;

	if (!r->rule[0] && !r->tag[0]) {
		control_reply_failed(c, r->id, "a rule or a tag is wanted");
		return;
	}
	if (!(r->rule[0] && report_has_rule(d, r->rule, "")) && !(r->tag[0] && report_has_rule(d, "", r->tag))) {
		control_reply_failed(c, r->id, "no rule fits; `policyctl rules` lists them");
		return;
	}
	log_line(LOG_LEVEL_INFO, "asked by policyctl to %s rules '%s' tag '%s'", r->enable ? "enable" : "disable", r->rule, r->tag);
	wait_for_reload(d, c, r, reload_select(d->reload, r->enable, r->rule[0] ? r->rule : NULL, r->tag[0] ? r->tag : NULL));
}

static void on_tap(void *ctx, const char *json, size_t len)
{
	struct daemon *d = ctx;

	control_push(d->control, json, len);
}

static void on_tail(void *ctx, struct control_client *c, const struct control_request *r)
{
	struct daemon *d = ctx;

	control_subscribe(c, r->id);
	d->alerts.tap = on_tap;
	d->alerts.tap_ctx = d;
}

static void on_alerts(void *ctx, struct control_client *c, const struct control_request *r)
{
	alert_query_start(ctx, c, r);
}

static void on_spool(void *ctx, struct control_client *c, const struct control_request *r)
{
	struct buf out = new_text();

	report_outputs(ctx, &out);
	reply_text(c, r, &out);
}

void requests_reloaded(struct daemon *d)
{
	struct requests *q = &d->requests;
	uint64_t number = reload_last(d->reload)->number;
	size_t kept = 0;

	for (size_t i = 0; i < q->waiting_count; i++) {
		struct control_request r = { .id = q->waiting[i].id };
		struct control_client *c = control_find_client(d->control, q->waiting[i].client);
		struct buf out = new_text();

		if (q->waiting[i].reload > number) {
			q->waiting[kept++] = q->waiting[i];
		} else if (c) {
			report_reload(d, &out);
			reply_text(c, &r, &out);
		}
		buf_release(&out);
	}
	q->waiting_count = kept;
}

const struct control_row *requests_table(size_t *count)
{
	static const struct control_row rows[] = {
		{ CONTROL_STATUS, CONTROL_READY, on_status },
		{ CONTROL_RELOAD, CONTROL_READY, on_reload },
		{ CONTROL_RULES, CONTROL_READY, on_rules },
		{ CONTROL_SELECT_RULES, CONTROL_READY, on_select_rules },
		{ CONTROL_ALERTS, CONTROL_READY, on_alerts },
		{ CONTROL_TAIL, CONTROL_READY, on_tail },
		{ CONTROL_TOP, CONTROL_READY, on_top },
		{ CONTROL_METRICS, CONTROL_READY, on_metrics },
		{ CONTROL_SPOOL, CONTROL_READY, on_spool },
		{ CONTROL_LEDGER, CONTROL_READY, on_ledger },
	};

	*count = sizeof rows / sizeof rows[0];
	return rows;
}
