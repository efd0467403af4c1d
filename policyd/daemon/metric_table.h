/* metric_table: every metric of /metrics: name, type, labels, and what it tells. The page, and docs/metrics.md, are made
 * from it. Names are Falco's (falcosecurity_*; falco-language.md §5.4, falco.org/docs/concepts/metrics) where Falco has
 * a figure of that meaning, ours (vitrine_*) else. Any thread. */
#ifndef VITRINE_DAEMON_METRIC_TABLE_H
#define VITRINE_DAEMON_METRIC_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/base/buf.h"

/* clang-format off */
/* X(id, name, type, labels, doc) */
#define METRIC_TABLE(X) \
	X(VERSION, "falcosecurity_falco_version_info", GAUGE, "version", "Version of policyd; always 1.") \
	X(HOSTNAME, "falcosecurity_evt_hostname_info", GAUGE, "hostname", "Name of the machine; always 1.") \
	X(KERNEL, "falcosecurity_falco_kernel_release_info", GAUGE, "kernel_release", "Release of the machine's system; always 1.") \
	X(ENGINE_NAME, "falcosecurity_scap_engine_name_info", GAUGE, "engine_name, evt_source", "Where events come from; always 1.") \
	X(START, "falcosecurity_falco_start_timestamp_nanoseconds", GAUGE, "", "When policyd started, since 1970.") \
	X(RELOAD, "falcosecurity_falco_reload_timestamp_nanoseconds", GAUGE, "", "When rules were loaded last, or were to be.") \
	X(DURATION, "falcosecurity_falco_duration_seconds_total", COUNTER, "", "Seconds since the start.") \
	X(BOOT, "falcosecurity_falco_host_boot_timestamp_nanoseconds", GAUGE, "", "When the machine started.") \
	X(CPUS, "falcosecurity_falco_host_num_cpus_total", GAUGE, "", "Processors of the machine.") \
	X(CPU_RATIO, "falcosecurity_falco_cpu_usage_ratio", GAUGE, "", "Processor time since the start by time since the start; 1 is one processor.") \
	X(RSS, "falcosecurity_falco_memory_rss_bytes", GAUGE, "", "Resident memory of policyd.") \
	X(CPU, "vitrine_cpu_seconds_total", COUNTER, "", "Processor time of policyd, user and system.") \
	X(RELOADS, "vitrine_reloads_total", COUNTER, "", "Loads of rules and configuration, the first included.") \
	X(RELOAD_FAILURES, "vitrine_reload_failures_total", COUNTER, "", "Reloads that kept the rules before.") \
	X(RELOAD_OK, "vitrine_reload_last_ok", GAUGE, "", "1: the last reload succeeded; 0: the rules before still run.") \
	X(RULES, "vitrine_rules", GAUGE, "", "Rules that run.") \
	X(RULE_MATCHES, "falcosecurity_falco_rules_matches_total", COUNTER, "priority, rule_name, source, tag_NAME", \
	  "Alerts by rule, of rules that had one. priority is a number, 0 for Emergency to 7 for Debug; each tag is a label tag_NAME=\"true\".") \
	X(ALERTS, "vitrine_alerts_total", COUNTER, "priority", "Alerts by priority.") \
	X(ALERTS_TOO_LONG, "vitrine_alerts_too_long_total", COUNTER, "", "Alerts that could not be written down.") \
	X(EVENTS, "vitrine_events_total", COUNTER, "type", "Events tried against the rules, by type, of types that came.") \
	X(N_EVTS, "falcosecurity_scap_n_evts_total", COUNTER, "", "Records that came in; the same as vitrine_records_received_total.") \
	X(N_DROPS, "falcosecurity_scap_n_drops_total", COUNTER, "", "Records that never came; the sum of vitrine_records_lost_total.") \
	X(RECEIVED, "vitrine_records_received_total", COUNTER, "", "Records that came in.") \
	X(RECORDS, "vitrine_records_total", COUNTER, "fate", "What became of the records that came in; the sum is those that came in.") \
	X(LOST, "vitrine_records_lost_total", COUNTER, "reason", "Records that never came, by reason.") \
	X(ENGINE, "vitrine_engine_total", COUNTER, "bound", "Bounds of the rule engine that were reached.") \
	X(CORRELATION, "vitrine_correlation", GAUGE, "figure", "What throttle, threshold and sequence hold and have done.") \
	X(STREAMS, "vitrine_streams_connected", GAUGE, "", "Event streams that are connected.") \
	X(STREAMS_REFUSED, "vitrine_streams_refused_total", COUNTER, "", "Event streams refused for lack of room.") \
	X(SHED_LEVEL, "vitrine_shed_level", GAUGE, "", "Steps of overload taken now: 0 is none, 4 is all.") \
	X(SHED_STEPS, "vitrine_shed_steps_total", COUNTER, "", "Steps of overload taken since the start.") \
	X(LAG, "vitrine_lag_seconds", GAUGE, "", "How far the newest events of the slowest live stream are behind the clock.") \
	X(CONTROL_REQUESTS, "vitrine_control_requests_total", COUNTER, "", "Requests over the control pipe.") \
	X(CONTROL_REFUSED, "vitrine_control_refused_total", COUNTER, "", "Control connections refused, or closed for what they did.") \
	X(QUEUE_DROPS, "falcosecurity_falco_outputs_queue_num_drops_total", COUNTER, "", "Alerts dropped before the store, of all priorities.") \
	X(QUEUE_DROPPED, "vitrine_queue_dropped_total", COUNTER, "priority", "Alerts dropped before the store, by priority.") \
	X(QUEUE, "vitrine_queue_alerts", GAUGE, "", "Alerts that wait for the store.") \
	X(STORED, "vitrine_store_alerts_total", COUNTER, "", "Alerts written to the store.") \
	X(STORE_FAILURES, "vitrine_store_failures_total", COUNTER, "", "Writes to the store that failed, and are tried again.") \
	X(STORE_OK, "vitrine_store_ok", GAUGE, "", "1: the store is on disk and takes alerts; 0: it does not, or is in memory for want of a disk.") \
	X(STORE_BYTES, "vitrine_store_bytes", GAUGE, "", "Size of the alerts in the store.") \
	X(DELIVERED, "vitrine_output_delivered_total", COUNTER, "output", "Alerts delivered.") \
	X(REJECTED, "vitrine_output_rejected_total", COUNTER, "output", "Alerts that the other side refused for good.") \
	X(EVICTED, "vitrine_output_evicted_total", COUNTER, "output", "Alerts given up undelivered: over the cap of size or age.") \
	X(FAILURES, "vitrine_output_failures_total", COUNTER, "output", "Attempts to send that failed, and are made again.") \
	X(PENDING, "vitrine_output_pending", GAUGE, "output", "Alerts that wait to be delivered.") \
	X(HEALTHY, "vitrine_output_healthy", GAUGE, "output", "1: the last attempt went well, or there was none; 0: it failed, or was refused.") \
	X(KUBERNETES_CURRENT, "vitrine_kubernetes_current", GAUGE, "", "1: the pods of the node are known and followed; 0: the API does not answer, or has not yet. Only where Kubernetes is asked, as the next three.") \
	X(KUBERNETES_OBJECTS, "vitrine_kubernetes_objects", GAUGE, "kind", "What is known of Kubernetes; a pod that is gone is kept for a minute.") \
	X(KUBERNETES_ALERTS, "vitrine_kubernetes_alerts_total", COUNTER, "fate", "Alerts that went out before their pod was known (incomplete), and what became of them: found, given_up when none came, refused for want of room.") \
	X(KUBERNETES_TOTAL, "vitrine_kubernetes_total", COUNTER, "what", "What was asked of the Kubernetes API and what came: docs/kubernetes.md has the meanings.") \
	X(STATE, "vitrine_state", GAUGE, "figure", "What the tables of processes, names and containers hold and have done.")
/* clang-format on */

enum metric {
#define X(id, name, type, labels, doc) METRIC_##id,
	METRIC_TABLE(X)
#undef X
	METRIC_COUNT
};

/* Appends # HELP and # TYPE; samples come right behind. */
void metric_head(struct buf *out, enum metric m);
/* One without labels, head included. */
void metric_one(struct buf *out, enum metric m, uint64_t value);
/* A sample with one label; the head has been written. */
void metric_labelled(struct buf *out, enum metric m, const char *label, const char *value, uint64_t number);
/* In seconds, from microseconds; head included. */
void metric_seconds(struct buf *out, enum metric m, uint64_t us);
/* For samples with more labels: `NAME{`, then labels, then `} NUMBER`. */
void metric_begin(struct buf *out, enum metric m);
void metric_label(struct buf *out, const char *label, const char *value);    /* escaped; commas between are put */
void metric_end(struct buf *out, uint64_t number);

/* docs/metrics.md. False: out is full. */
bool metric_write_markdown(struct buf *out);

#endif
