/* The queue, the store and the outputs, for policyctl and for Prometheus. */
#include "policyd/daemon/report.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/daemon/daemon_parts.h"
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

static void each(struct buf *out, const struct outputs_stats *s, const char *name, size_t offset)
{
	buf_printf(out, "# TYPE %s counter\n", name);
	for (size_t i = 0; i < s->output_count; i++) {
		uint64_t value;

		memcpy(&value, (const char *)&s->outputs[i] + offset, sizeof value);
		buf_printf(out, "%s{output=\"%s\"} %" PRIu64 "\n", name, s->outputs[i].name, value);
	}
}

void report_outputs_metrics(const struct daemon *d, struct buf *out)
{
	struct outputs_stats *s = calloc(1, sizeof *s);

	if (!s)
		return;
	outputs_get_stats(d->outputs, s);
	buf_printf(out, "# HELP falcosecurity_falco_outputs_queue_num_drops_total Alerts dropped before the store.\n"
		"# TYPE falcosecurity_falco_outputs_queue_num_drops_total counter\n"
		"falcosecurity_falco_outputs_queue_num_drops_total %" PRIu64 "\n", sum(s->queue.dropped));
	buf_printf(out, "# TYPE vitrine_store_alerts_total counter\nvitrine_store_alerts_total %" PRIu64 "\n"
		"# TYPE vitrine_store_failures_total counter\nvitrine_store_failures_total %" PRIu64 "\n"
		"# TYPE vitrine_store_bytes gauge\nvitrine_store_bytes %" PRIu64 "\n", s->stored, s->store_failures, s->store_bytes);
	each(out, s, "vitrine_output_delivered_total", offsetof(struct output_stats, delivered));
	each(out, s, "vitrine_output_rejected_total", offsetof(struct output_stats, rejected));
	each(out, s, "vitrine_output_failures_total", offsetof(struct output_stats, failures));
	buf_append_str(out, "# TYPE vitrine_output_pending gauge\n");
	for (size_t i = 0; i < s->output_count; i++)
		buf_printf(out, "vitrine_output_pending{output=\"%s\"} %" PRIu64 "\n", s->outputs[i].name, s->outputs[i].pending);
	buf_append_str(out, "# TYPE vitrine_output_healthy gauge\n");
	for (size_t i = 0; i < s->output_count; i++)
		buf_printf(out, "vitrine_output_healthy{output=\"%s\"} %d\n", s->outputs[i].name,
			s->outputs[i].health == OUTPUT_IDLE || s->outputs[i].health == OUTPUT_OK);
	free(s);
}
