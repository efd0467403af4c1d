#include "policyd/daemon/output_plan.h"

#include <stdlib.h>

static const struct output_pair *put_pairs(struct output_plan *p, const struct config_pairs *from)
{
	struct output_pair *first = p->pairs + p->pair_count;

	for (size_t i = 0; i < from->count; i++)
		first[i] = (struct output_pair){ from->pairs[i].name, from->pairs[i].value ? from->pairs[i].value : "" };
	p->pair_count += from->count;
	return first;
}

static struct output_config *next_output(struct output_plan *p, const char *name, enum output_kind kind)
{
	struct output_config *o = &p->outputs[p->config.output_count++];

	*o = (struct output_config){ .name = name, .kind = kind, .filter = OUTPUT_FILTER_ALL };
	return o;
}

static void add_falco_sections(struct output_plan *p, const struct config *c)
{
	struct output_config *o;

	if (c->stdout_output.enabled)
		next_output(p, "stdout", OUTPUT_STDOUT)->json = c->json_output;
	if (c->file_output.enabled) {
		o = next_output(p, "file", OUTPUT_FILE);
		o->json = c->json_output;
		o->file = (struct output_file_config){ .path = c->file_output.filename,
			.max_bytes = (uint64_t)c->file_output.max_size_mb << 20, .keep = (uint32_t)c->file_output.keep };
	}
	if (c->http_output.enabled) {
		o = next_output(p, "http", OUTPUT_HTTP);
		o->http = (struct output_http_config){ .url = c->http_output.url, .user_agent = c->http_output.user_agent,
			.compress = c->http_output.compress_uploads };
		o->tls = (struct output_tls){ .ca_file = c->http_output.ca_cert, .cert_file = c->http_output.client_cert,
			.key_file = c->http_output.client_key, .insecure = c->http_output.insecure };
	}
}

static void add_output(struct output_plan *p, const struct config_output *from)
{
	static const enum syslog_format formats[] = { SYSLOG_JSON, SYSLOG_TEXT, SYSLOG_CEF };
	struct output_config *o = next_output(p, from->name, (enum output_kind)from->kind);

	o->filter = (struct output_filter){ .min_priority = from->priority, .tags = from->tags.texts,
		.tag_count = from->tags.count, .rules = from->rules.texts, .rule_count = from->rules.count };
	o->json = from->json;
	o->max_pending_bytes = (uint64_t)from->max_pending_mb << 20;
	o->max_pending_age_s = from->max_pending_age_ms / 1000;
	o->tls = (struct output_tls){ .ca_file = from->tls.ca_file, .cert_file = from->tls.cert_file,
		.key_file = from->tls.key_file, .insecure = from->tls.insecure };
	o->file = (struct output_file_config){ .path = from->filename, .max_bytes = (uint64_t)from->max_size_mb << 20,
		.keep = (uint32_t)from->keep };
	o->http = (struct output_http_config){ .url = from->url, .user_agent = from->user_agent,
		.headers = put_pairs(p, &from->headers), .header_count = from->headers.count,
		.token = { from->token_file, from->token_env }, .proxy = from->proxy.url, .no_proxy = from->proxy.none,
		.proxy_user = from->proxy.user, .proxy_password = { from->proxy.password_file, from->proxy.password_env },
		.compress = from->compress, .timeout_ms = (uint32_t)from->timeout_ms };
	o->syslog = (struct output_syslog_config){ .host = from->host, .port = (uint16_t)from->port, .tls = from->tls.enabled,
		.format = formats[from->format], .facility = (uint8_t)from->facility, .timeout_ms = (uint32_t)from->timeout_ms };
}

enum status output_plan_make(struct output_plan *p, const struct config *c, struct diag *why)
{
	enum { FALCO_SECTIONS = 3 };
	size_t pairs = c->resource.count;

	*p = (struct output_plan){ .pair_count = 0 };
	if (c->outputs.count > OUTPUT_MAX_COUNT - FALCO_SECTIONS)
		return diag_set(why, ST_LIMIT, "outputs: more than %d", OUTPUT_MAX_COUNT - FALCO_SECTIONS);
	for (size_t i = 0; i < c->outputs.count; i++)
		pairs += c->outputs.items[i].headers.count;
	p->pairs = calloc(pairs + 1, sizeof *p->pairs);
	if (!p->pairs)
		return diag_set(why, ST_NOMEM, "out of memory");
	p->config = (struct outputs_config){ .queue_count = (size_t)c->outputs_queue.capacity,
		.store_path = c->store.path[0] ? c->store.path : NULL, .store_max_bytes = (uint64_t)c->store.max_size_mb << 20,
		.store_max_age_s = c->store.max_age_ms / 1000, .outputs = p->outputs, .resource_count = c->resource.count };
	p->config.resource = put_pairs(p, &c->resource);
	add_falco_sections(p, c);
	for (size_t i = 0; i < c->outputs.count; i++)
		add_output(p, &c->outputs.items[i]);
	return ST_OK;
}

void output_plan_release(struct output_plan *p)
{
	free(p->pairs);
	p->pairs = NULL;
}
