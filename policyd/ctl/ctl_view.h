/* ctl_view: policyd's JSON answers as a person reads them. The only part of policyctl that knows JSON. */
#ifndef VITRINE_CTL_VIEW_H
#define VITRINE_CTL_VIEW_H

#include "proto/base/buf.h"
#include "proto/base/bytes.h"

/* Each appends text; false: the answer is not what was asked for. */
bool ctl_view_status(struct view json, struct buf *out);
bool ctl_view_rules(struct view json, struct buf *out);
bool ctl_view_ledger(struct view json, struct buf *out);
/* ok: whether the reload succeeded. */
bool ctl_view_reload(struct view json, struct buf *out, bool *ok);
/* An alert as one line of text. */
bool ctl_view_alert(struct view json, struct buf *out);
/* Answers to ALERTS and SPOOL. */
bool ctl_view_alerts(struct view json, struct buf *out);
bool ctl_view_spool(struct view json, struct buf *out);
/* before: the answer a moment ago; empty at first. Rates are per second; at most `lines` rows of each table. */
bool ctl_view_top(struct view before, struct view now, size_t lines, struct buf *out);

#endif
