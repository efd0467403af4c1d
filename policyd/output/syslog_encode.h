/* syslog_encode: one alert as an RFC 5424 message, and as CEF. Any thread. */
#ifndef VITRINE_OUTPUT_SYSLOG_ENCODE_H
#define VITRINE_OUTPUT_SYSLOG_ENCODE_H

#include "policyd/output/output.h"
#include "proto/base/buf.h"

enum {
	SYSLOG_MAX_HOST_BYTES = 255,           /* RFC 5424 §6: HOSTNAME */
	SYSLOG_DEFAULT_FACILITY = 16,          /* local0 */
};
#define SYSLOG_DEFAULT_SD_ID "falco@32473"     /* 32473 is IANA's number for examples; configurable */

/* Appends "<PRI>1 TIME HOST policyd - FALCO [SD] BODY": the body is Falco's document, its line, or CEF. */
void syslog_append(struct buf *out, const struct output_syslog_config *c, const struct alert_record *r);
/* "CEF:0|Vitrine|policyd|1|RULE|RULE|SEVERITY|...": severities as falcosidekick gives them (ecosystem.md §3.4). */
void cef_append(struct buf *out, const struct alert_record *r);
/* RFC 5425 §4.3, and RFC 6587 §3.4.1 without TLS: "LENGTH MESSAGE". False: out is full. */
bool syslog_append_frame(struct buf *out, struct buf *scratch, const struct output_syslog_config *c,
	const struct alert_record *r);

#endif
