#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/output/syslog_encode.h"
#include "policyd/output/tls.h"

enum {
	SYSLOG_MAX_MESSAGE = 8 << 20,          /* one alert; its fields are bounded one by one */
	SYSLOG_MAX_BATCH_BYTES = 16 << 20,
	SYSLOG_BATCH = 64,                     /* with no acknowledgement, what a broken connection may double or lose */
	PORT_TLS = 6514,                       /* RFC 5425 §4.1 */
	PORT_PLAIN = 601,                      /* RFC 3195, IANA: syslog-conn */
};

/* Syslog has no acknowledgement: an alert counts as delivered when the system took its bytes. A connection that the peer
 * has closed is noticed before each batch, so that only what was on the way at that moment can be lost. */
struct syslog_sink {
	struct output_syslog_config config;
	struct tls_peer peer;
	struct tls_stream *stream;             /* NULL: not connected */
	struct buf frames, scratch;
};

static void destroy(void *sink)
{
	struct syslog_sink *s = sink;

	if (!s)
		return;
	tls_close(s->stream);
	buf_release(&s->frames);
	buf_release(&s->scratch);
	free(s);
}

static bool is_sd_name(const char *id)
{
	/* RFC 5424 §6: SD-NAME, 1 to 32 printable characters but '=', ']', '"' and blanks. */
	size_t len = strlen(id);

	for (size_t i = 0; i < len; i++)
		if (id[i] <= 0x20 || id[i] >= 0x7f || strchr("=]\"", id[i]))
			return false;
	return len >= 1 && len <= 32;
}

static enum status create(const struct output_config *c, const struct sink_env *env, void **out, struct diag *why)
{
	struct syslog_sink *s;

	if (!c->syslog.host || !c->syslog.host[0])
		return diag_set(why, ST_MALFORMED, "output %s: no host", c->name);
	if (c->syslog.facility > 23)
		return diag_set(why, ST_MALFORMED, "output %s: no such facility", c->name);
	if (c->syslog.sd_id && !is_sd_name(c->syslog.sd_id))
		return diag_set(why, ST_MALFORMED, "output %s: not a name of structured data", c->name);
	s = calloc(1, sizeof *s);
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->config = c->syslog;
	s->peer = (struct tls_peer){ .host = c->syslog.host, .port = c->syslog.port, .env = env,
		.timeout_ms = c->syslog.timeout_ms, .tls = c->syslog.tls ? &c->tls : NULL };
	if (!s->peer.port)
		s->peer.port = c->syslog.tls ? PORT_TLS : PORT_PLAIN;
	buf_init(&s->frames, SYSLOG_MAX_BATCH_BYTES);
	buf_init(&s->scratch, SYSLOG_MAX_MESSAGE);
	*out = s;
	return ST_OK;
}

static bool connect_peer(struct syslog_sink *s, struct sink_result *r)
{
	struct diag why = DIAG_INIT;

	if (s->stream && tls_is_closed(s->stream)) {
		tls_close(s->stream);
		s->stream = NULL;
	}
	if (s->stream || tls_connect(&s->peer, &s->stream, &why) == ST_OK)
		return true;
	snprintf(r->error, sizeof r->error, "%.250s", why.text);
	return false;
}

static void send_alerts(void *sink, const struct alert_batch *b, struct sink_result *r)
{
	struct syslog_sink *s = sink;

	if (!connect_peer(s, r))
		return;
	buf_clear(&s->frames);
	for (size_t i = 0; i < alert_batch_count(b); i++) {
		if (syslog_append_frame(&s->frames, &s->scratch, &s->config, alert_batch_at(b, i))) {
			r->marks[i] = SINK_DELIVERED;
			continue;
		}
		r->marks[i] = SINK_REJECTED;
		snprintf(r->error, sizeof r->error, "an alert is too long");
	}
	if (tls_write(s->stream, s->frames.data, s->frames.len) && !tls_is_closed(s->stream))
		return;
	sink_mark_all(r, b, SINK_OPEN);
	snprintf(r->error, sizeof r->error, "the connection to %.200s broke", s->peer.host);
	tls_close(s->stream);
	s->stream = NULL;
}

const struct sink_type sink_syslog = { .name = "syslog", .create = create, .send = send_alerts, .destroy = destroy,
	.max_batch = SYSLOG_BATCH };
