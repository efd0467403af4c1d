#include "policyd/daemon/web_pages.h"

#include "policyd/daemon/daemon_parts.h"
#include "policyd/daemon/report.h"
#include "proto/base/json_out.h"

static int on_healthz(void *ctx, struct buf *body, const char **type)
{
	(void)ctx;
	*type = "application/json";
	buf_append_str(body, "{\"status\": \"ok\"}");
	return 200;
}

/* Ready: rules run, and at least one stream is there or can come. */
static int on_readyz(void *ctx, struct buf *body, const char **type)
{
	const struct daemon *d = ctx;
	bool ready = !d->stopping && d->inputs && reload_last(d->reload)->rules > 0;

	*type = "application/json";
	buf_append_str(body, ready ? "{\"status\": \"ok\"}" : "{\"status\": \"not ready\"}");
	return ready ? 200 : 503;
}

static int on_versions(void *ctx, struct buf *body, const char **type)
{
	const struct daemon *d = ctx;
	struct json_out j = json_out_to(body);

	*type = "application/json";
	json_open(&j, NULL, '{');
	json_text(&j, "vitrine_version", d->options->version);
	json_text(&j, "libuv_version", uv_version_string());
	json_close(&j, '}');
	return 200;
}

static int on_metrics(void *ctx, struct buf *body, const char **type)
{
	*type = "text/plain; version=0.0.4; charset=utf-8";
	report_metrics(ctx, body);
	return body->failed ? 503 : 200;
}

void web_pages_fill(const struct config *c, struct web_page pages[WEB_PAGES + 1])
{
	size_t n = 0;

	pages[n++] = (struct web_page){ c->webserver.k8s_healthz_endpoint, on_healthz };
	pages[n++] = (struct web_page){ "/readyz", on_readyz };
	pages[n++] = (struct web_page){ "/versions", on_versions };
	if (c->webserver.prometheus_metrics_enabled)
		pages[n++] = (struct web_page){ "/metrics", on_metrics };
	pages[n] = (struct web_page){ NULL, NULL };
}
