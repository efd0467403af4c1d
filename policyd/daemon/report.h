/* report: what a running daemon tells of itself, as JSON for policyctl and as Prometheus text. Loop thread only. */
#ifndef VITRINE_DAEMON_REPORT_H
#define VITRINE_DAEMON_REPORT_H

#include "proto/base/buf.h"

struct daemon;

enum { REPORT_MAX_BYTES = 16 << 20 };

void report_status(const struct daemon *d, struct buf *out);
void report_ledger(const struct daemon *d, struct buf *out);
void report_top(const struct daemon *d, struct buf *out);
/* Rules whose name fits the wildcard and that have the tag; "": all. */
void report_rules(const struct daemon *d, const char *rule, const char *tag, struct buf *out);
bool report_has_rule(const struct daemon *d, const char *rule, const char *tag);    /* whether there is one that fits */
void report_reload(const struct daemon *d, struct buf *out);
/* The queue, the store, and what waits for each output. */
void report_outputs(const struct daemon *d, struct buf *out);
void report_outputs_metrics(const struct daemon *d, struct buf *out);    /* part of report_metrics */
/* What is known of Kubernetes: parts of report_status and report_metrics; nothing when it is not asked. */
struct json_out;
void report_cluster(const struct daemon *d, struct json_out *j);
void report_cluster_metrics(const struct daemon *d, struct buf *out);
/* Falco's metric names where Falco has the figure, ours beside them. */
void report_metrics(const struct daemon *d, struct buf *out);

#endif
