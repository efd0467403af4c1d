/* The queue, the store and the outputs, for policyctl and for Prometheus. */
#include "policyd/daemon/report.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/daemon/daemon_parts.h"
#include "policyd/daemon/metric_table.h"
#include "proto/base/json_out.h"

static uint64_t sum(const uint64_t by_priority[PRIORITY_COUNT])
{
	uint64_t n = 0;

	for (int p = 0; p < PRIORITY_COUNT; p++)
		n += by_priority[p];
	return n;
}

static void write_by_priority(struct json_out *j, const char *key, const uint64_t by_priority[PRIORITY_COUNT])
{
	json_open(j, key, '{');
	for (int p = 0; p < PRIORITY_COUNT; p++) {
		if (by_priority[p])
			json_count(j, priority_name((enum priority)p), by_priority[p]);
	}
	json_close(j, '}');
}

static void write_output(struct json_out *j, const struct output_stats *o)
{
	json_open(j, NULL, '{');
	json_text(j, "name", o->name);
	json_text(j, "kind", output_kind_name(o->kind));
	json_text(j, "health", output_health_name(o->health));
	json_count(j, "pending", o->pending);
	json_count(j, "pending_bytes", o->pending_bytes);
	json_count(j, "delivered", o->delivered);
	json_count(j, "rejected", o->rejected);
	write_by_priority(j, "evicted", o->evicted);
	json_count(j, "attempts", o->attempts);
	json_count(j, "failures", o->failures);
	json_number(j, "retry_in_ms", o->retry_in_ms);
	json_text(j, "last_error", o->last_error);
	json_close(j, '}');
}

void report_outputs(const struct daemon *d, struct buf *out)
{
	struct outputs_stats *s = calloc(1, sizeof *s);
	struct json_out j = json_out_to(out);

	json_open(&j, NULL, '{');
	if (s) {
		outputs_get_stats(d->outputs, s);
		json_open(&j, "queue", '{');
		json_count(&j, "waiting", s->queue.count);
		json_count(&j, "pushed", s->queue.pushed);
		write_by_priority(&j, "dropped", s->queue.dropped);
		json_close(&j, '}');
		json_open(&j, "store", '{');
		json_count(&j, "stored", s->stored);
		json_count(&j, "failures", s->store_failures);
		json_count(&j, "alerts", s->history_count);
		json_count(&j, "bytes", s->store_bytes);
		json_text(&j, "error", s->store_error);
		json_close(&j, '}');
		json_open(&j, "outputs", '[');
		for (size_t i = 0; i < s->output_count; i++)
			write_output(&j, &s->outputs[i]);
		json_close(&j, ']');
	}
	json_close(&j, '}');
	free(s);
}

static void each(struct buf *out, const struct outputs_stats *s, enum metric m, size_t offset)
{
	metric_head(out, m);
	for (size_t i = 0; i < s->output_count; i++) {
		uint64_t value;

		memcpy(&value, (const char *)&s->outputs[i] + offset, sizeof value);
		metric_labelled(out, m, "output", s->outputs[i].name, value);
	}
}

static void write_metrics(const struct outputs_stats *s, struct buf *out)
{
	metric_one(out, METRIC_QUEUE_DROPS, sum(s->queue.dropped));
	metric_head(out, METRIC_QUEUE_DROPPED);
	for (int p = 0; p < PRIORITY_COUNT; p++)
		metric_labelled(out, METRIC_QUEUE_DROPPED, "priority", priority_name((enum priority)p), s->queue.dropped[p]);
	metric_one(out, METRIC_QUEUE, s->queue.count);
	metric_one(out, METRIC_STORED, s->stored);
	metric_one(out, METRIC_STORE_FAILURES, s->store_failures);
	metric_one(out, METRIC_STORE_OK, s->store_error[0] == '\0');
	metric_one(out, METRIC_STORE_BYTES, s->store_bytes);
	each(out, s, METRIC_DELIVERED, offsetof(struct output_stats, delivered));
	each(out, s, METRIC_REJECTED, offsetof(struct output_stats, rejected));
	metric_head(out, METRIC_EVICTED);
	for (size_t i = 0; i < s->output_count; i++)
		metric_labelled(out, METRIC_EVICTED, "output", s->outputs[i].name, sum(s->outputs[i].evicted));
	each(out, s, METRIC_FAILURES, offsetof(struct output_stats, failures));
	each(out, s, METRIC_PENDING, offsetof(struct output_stats, pending));
	metric_head(out, METRIC_HEALTHY);
	for (size_t i = 0; i < s->output_count; i++)
		metric_labelled(out, METRIC_HEALTHY, "output", s->outputs[i].name,
			s->outputs[i].health == OUTPUT_IDLE || s->outputs[i].health == OUTPUT_OK);
}

void report_outputs_metrics(const struct daemon *d, struct buf *out)
{
	struct outputs_stats *s = calloc(1, sizeof *s);

	if (!s)
		return;
	outputs_get_stats(d->outputs, s);
	write_metrics(s, out);
	free(s);
}
