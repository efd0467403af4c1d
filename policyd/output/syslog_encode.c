#include "policyd/output/syslog_encode.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "policyd/output/alert_fields.h"
#include "proto/base/clock.h"

/* RFC 5424 §6.2.3: at most six digits of a second. */
static void append_time(struct buf *out, int64_t time_ns)
{
	struct calendar c;

	calendar_from_unix_ns(time_ns > 0 ? time_ns : 0, &c);
	buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%06" PRIu32 "Z", c.year, c.month, c.day, c.hour, c.minute, c.second,
		c.nanosecond / 1000);
}

/* Printable ASCII without blanks; "-" when there is nothing. */
static void append_host(struct buf *out, const char *host)
{
	size_t len = 0;

	for (; host[len] && len < SYSLOG_MAX_HOST_BYTES; len++)
		buf_append_char(out, host[len] > 0x20 && host[len] < 0x7f ? host[len] : '_');
	if (!len)
		buf_append_char(out, '-');
}

/* RFC 5424 §6.3.3: '"', '\' and ']' are escaped. Control characters would pass, but break receivers' lines. */
static void append_param(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	for (const char *p = value; *p; p++) {
		if (*p == '"' || *p == '\\' || *p == ']')
			buf_append_char(out, '\\');
		buf_append_char(out, (unsigned char)*p < 0x20 ? ' ' : *p);
	}
	buf_append_char(out, '"');
}

/* Falco's priorities are syslog's severities, in the same order. */
void syslog_append(struct buf *out, const struct output_syslog_config *c, const struct alert_record *r)
{
	buf_printf(out, "<%u>1 ", c->facility * 8u + (unsigned)r->priority);
	append_time(out, r->time_ns);
	buf_append_char(out, ' ');
	append_host(out, r->hostname);
	buf_printf(out, " policyd - FALCO [%s", c->sd_id ? c->sd_id : SYSLOG_DEFAULT_SD_ID);
	append_param(out, "rule", r->rule);
	append_param(out, "priority", priority_name(r->priority));
	append_param(out, "source", r->source);
	append_param(out, "uid", r->uid);
	buf_append_str(out, "] ");
	if (c->format == SYSLOG_CEF)
		cef_append(out, r);
	else if (c->format == SYSLOG_TEXT)
		buf_append(out, r->text, r->text_len);
	else
		buf_append(out, r->json, r->json_len);
}

/* ---- CEF ---- */

/* In the header '\' and '|' are escaped; line ends have no form there. */
static void append_cef_header(struct buf *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\\' || *p == '|')
			buf_append_char(out, '\\');
		buf_append_char(out, (unsigned char)*p < 0x20 ? ' ' : *p);
	}
	buf_append_char(out, '|');
}

/* In values '\' and '=' are escaped, and line ends written as \n and \r. */
static void append_cef_value(struct buf *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\n' || *p == '\r') {
			buf_append_str(out, *p == '\n' ? "\\n" : "\\r");
			continue;
		}
		if (*p == '\\' || *p == '=')
			buf_append_char(out, '\\');
		buf_append_char(out, (unsigned char)*p < 0x20 ? ' ' : *p);
	}
}

static void append_cef_pair(struct buf *out, const char *key, const char *text)
{
	buf_printf(out, " %s=", key);
	append_cef_value(out, text);
}

/* Keys of ArcSight's dictionary for the fields that have one. */
static void append_cef_field(void *ctx, const struct alert_field *f)
{
	static const struct {
		const char *falco, *cef;
	} keys[] = {
		{ "proc.pid", "spid" }, { "proc.name", "sproc" }, { "user.name", "suser" }, { "fd.sip", "dst" },
		{ "fd.sport", "dpt" }, { "fd.cip", "src" }, { "fd.cport", "spt" }, { "file.path", "filePath" },
	};
	char number[24];

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (strcmp(keys[i].falco, f->name) != 0)
			continue;
		snprintf(number, sizeof number, "%" PRId64, f->number);
		if (f->type == ALERT_VALUE_TEXT || f->type == ALERT_VALUE_INT)
			append_cef_pair(ctx, keys[i].cef, f->type == ALERT_VALUE_TEXT ? f->text : number);
	}
}

void cef_append(struct buf *out, const struct alert_record *r)
{
	static const unsigned severities[PRIORITY_COUNT] = { 10, 9, 8, 7, 6, 4, 3, 0 };
	struct alert_fields *fields = alert_fields_parse(r->json, r->json_len);

	buf_append_str(out, "CEF:0|Vitrine|policyd|1|");
	append_cef_header(out, r->rule);
	append_cef_header(out, r->rule);
	buf_printf(out, "%u|rt=%" PRId64, severities[r->priority], r->time_ns / 1000000);
	append_cef_pair(out, "dvchost", r->hostname);
	append_cef_pair(out, "externalId", r->uid);
	append_cef_pair(out, "cs1Label", "source");
	append_cef_pair(out, "cs1", r->source);
	if (fields)
		alert_fields_each(fields, append_cef_field, out);
	append_cef_pair(out, "msg", alert_message(r->text, priority_name(r->priority)));
	alert_fields_destroy(fields);
}

bool syslog_append_frame(struct buf *out, struct buf *scratch, const struct output_syslog_config *c,
	const struct alert_record *r)
{
	size_t before = out->len;

	buf_clear(scratch);
	syslog_append(scratch, c, r);
	buf_printf(out, "%zu ", scratch->len);
	buf_append(out, scratch->data, scratch->len);
	if (!scratch->failed && !out->failed)
		return true;
	out->len = before;
	out->failed = false;
	return false;
}
