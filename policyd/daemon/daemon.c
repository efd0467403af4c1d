#include "policyd/daemon/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/daemon/daemon_parts.h"
#include "policyd/judge/rule_times.h"
#include "proto/host/os_file.h"

enum { TOP_FORGET_MS = 10000 };    /* figures that cost something are kept for so long after policyctl top has left */

static void configure_log(struct daemon *d)
{
	d->log.level = d->config->log_level;
	d->log.json = d->config->log_format == CONFIG_LOG_JSON;
	d->log.enabled = d->config->log_stderr;
}

static void watch_files(struct daemon *d)
{
	const struct config *c = d->config;
	const struct reload_source *source = &d->options->source;
	const char *paths[WATCH_MAX_FOLDERS];
	const char *const *rules = source->rules_path_count ? source->rules_paths : c->rules_files.texts;
	size_t rules_count = source->rules_path_count ? source->rules_path_count : c->rules_files.count, n = 0;

	if (source->config.path)
		paths[n++] = source->config.path;
	for (size_t i = 0; i < c->config_files.count && n < WATCH_MAX_FOLDERS; i++)
		paths[n++] = c->config_files.texts[i];
	for (size_t i = 0; i < rules_count && n < WATCH_MAX_FOLDERS; i++)
		paths[n++] = rules[i];
	watch_set(d->watch, paths, c->watch_config_files ? n : 0, (unsigned)c->reload_quiet_ms);
}

static void on_files_changed(void *ctx)
{
	struct daemon *d = ctx;

	log_line(LOG_LEVEL_INFO, "rules or configuration changed on disk: reloading");
	reload_request(d->reload);
}

static void on_reloaded(void *ctx, const struct reload_result *r)
{
	struct daemon *d = ctx;

	if (r->status == ST_OK) {
		log_line(LOG_LEVEL_INFO, "reload %llu: %zu rules run; %zu added, %zu removed, %zu changed; %llu ms",
			(unsigned long long)r->number, r->rules, r->added, r->removed, r->changed, (unsigned long long)r->took_ms);
		log_output_text(LOG_LEVEL_DEBUG, r->changes);
		if (r->restart_needed[0])
			log_line(LOG_LEVEL_WARNING, "a restart is needed for: %s", r->restart_needed);
		configure_log(d);
		alert_stage_configure(&d->alerts, d->config);
		collector_links_rules_changed(d->collectors);
	} else {
		log_line(LOG_LEVEL_ERROR, "reload %llu failed, the rules before stay: %s", (unsigned long long)r->number,
			status_text(r->status));
	}
	log_output_text(r->status == ST_OK ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR, r->report);
	if (d->stopping)
		return;
	watch_files(d);
	if (d->control)
		requests_reloaded(d);
}

static void on_inputs_ended(void *ctx)
{
	daemon_stop(ctx);
}

static void on_asked_to_end(void *ctx)
{
	daemon_stop(ctx);
}

static void on_asked_to_reload(void *ctx)
{
	reload_request(((struct daemon *)ctx)->reload);
}

/* Once a second, for containers that a snapshot has named; and at once, when pods have changed. */
static void complete_alerts(void *ctx)
{
	struct daemon *d = ctx;

	if (d->completion)
		completion_look(d->completion, &d->streams, uv_now(&d->loop));
}

static void on_tick(uv_timer_t *timer)
{
	struct daemon *d = timer->data;
	uint64_t now = uv_now(&d->loop);

	cluster_tick(&d->cluster, now);
	complete_alerts(d);
	shed_tick(&d->shed, &d->streams, d->config, now);
	collector_links_tick(d->collectors);
	if (d->busiest.on && now - d->top_asked_ms > TOP_FORGET_MS)
		busiest_stop(&d->busiest);
	if (d->alerts.tap && control_subscribers(d->control) == 0)
		d->alerts.tap = NULL;
}

static void open_tick(struct daemon *d)
{
	uv_timer_init(&d->loop, &d->tick);
	d->tick.data = d;
	d->has_tick = true;
	uv_timer_start(&d->tick, on_tick, SHED_TICK_MS, SHED_TICK_MS);
}

static enum status open_control(struct daemon *d, struct diag *why)
{
	struct control_options o = { .loop = &d->loop, .path = d->config->control.path, .ctx = d,
		.max_clients = (size_t)d->config->control.max_clients };
	size_t hello_bytes = strlen(d->options->version) + 64;

	if (!o.path[0])
		return ST_OK;
	d->hello = malloc(hello_bytes);
	if (!d->hello)
		return diag_set(why, ST_NOMEM, "out of memory");
	snprintf(d->hello, hello_bytes, "{\"version\":\"%s\",\"pid\":%d}", d->options->version, (int)uv_os_getpid());
	o.hello = d->hello;
	o.rows = requests_table(&o.row_count);
	return control_server_open(&o, &d->control, why);
}

static enum status open_web(struct daemon *d, struct diag *why)
{
	struct web_options o = { .loop = &d->loop, .address = d->config->webserver.listen_address,
		.port = (int)d->config->webserver.listen_port, .pages = d->pages, .ctx = d };

	if (!d->config->webserver.enabled)
		return ST_OK;
	web_pages_fill(d->config, d->pages);
	return web_open(&o, &d->web, why);
}

void daemon_stop(struct daemon *d)
{
	if (d->stopping)
		return;
	d->stopping = true;
	if (d->options->host.ending)
		d->options->host.ending(d->options->host.ctx);
	inputs_close(d->inputs);
	collector_links_close(d->collectors);
	stream_set_close(&d->streams);
	watch_close(d->watch);
	cluster_close(&d->cluster);
	control_server_close(d->control);
	web_close(d->web);
	background_close(d->loader);
	background_close(d->queries);
	if (d->has_tick)
		uv_close((uv_handle_t *)&d->tick, NULL);
	asked_close(&d->asked);
}

static enum status load_first(struct daemon *d, struct judge_rules **rules)
{
	struct config_report report;
	enum status st;

	config_report_init(&report);
	st = reload_first(&d->options->source, &d->first, rules, &report);
	d->config = d->first;
	if (report.text.len)
		fputs(buf_cstr(&report.text), d->log.to);
	if (st != ST_OK)
		fprintf(d->log.to, "policyd: cannot start: %s\n", status_text(st));
	config_report_release(&report);
	return st;
}

static enum status open_outputs(struct daemon *d, struct diag *why)
{
	struct output_plan plan;
	enum status st = output_plan_make(&plan, d->config, why);

	if (st == ST_OK)
		st = outputs_start(&plan.config, &d->outputs, why);
	output_plan_release(&plan);
	return st;
}

static bool open_cluster(struct daemon *d)
{
	const struct config_options *c = &d->options->source.config;
	struct cluster_options o = { .loop = &d->loop, .config = d->config, .env = c->env, .env_ctx = c->env_ctx,
		.changed = complete_alerts, .ctx = d };

	return cluster_open(&d->cluster, &o);
}

static enum status open_parts(struct daemon *d, struct judge_rules *rules, struct diag *why)
{
	struct inputs_options inputs = { .streams = &d->streams, .config = d->config, .ended = on_inputs_ended, .ctx = d };
	struct reload_owner owner = { .config = &d->config, .done = on_reloaded, .ctx = d };
	enum status st;

	st = open_outputs(d, why);
	if (st != ST_OK || !alert_stage_init(&d->alerts, d->config, d->outputs)) {
		judge_rules_destroy(rules);
		return st != ST_OK ? st : ST_NOMEM;
	}
	d->judge = judge_create(rules, d->config->rule_matching == CONFIG_MATCH_FIRST, alert_stage_sink, &d->alerts);
	if (!d->judge) {
		judge_rules_destroy(rules);
		return ST_NOMEM;
	}
	if (d->options->rule_stats && !judge_enable_rule_stats(d->judge, os_monotonic_ns))
		return ST_NOMEM;
	d->loader = background_create(&d->loop);
	d->queries = background_create(&d->loop);
	if (!d->loader || !d->queries)
		return diag_set(why, ST_SYSTEM, "no thread could be started");
	owner.background = d->loader;
	owner.judge = d->judge;
	owner.outputs = d->outputs;
	if (!open_cluster(d))
		return ST_NOMEM;
	stream_set_init(&d->streams, &d->loop, d->judge, d->config);
	d->streams.pods = d->cluster.pods;
	if (d->cluster.pods) {
		d->completion = completion_create(d->outputs);
		if (!d->completion)
			return ST_NOMEM;
		alert_stage_complete(&d->alerts, d->completion);
	}
	d->streams.busiest = &d->busiest;
	d->reload = reload_create(&d->options->source, &owner);
	d->watch = watch_create(&d->loop, on_files_changed, d);
	if (!d->reload || !d->watch)
		return ST_NOMEM;
	d->collectors = collector_links_open(&(struct collector_links_options){ d->first, &d->streams, d->judge });
	if (!d->collectors)
		return ST_NOMEM;
	d->asked = (struct asked){ .end = on_asked_to_end, .reload = on_asked_to_reload, .ctx = d };
	asked_open(&d->asked, &d->loop);
	open_tick(d);
	watch_files(d);
	st = open_control(d, why);
	if (st == ST_OK)
		st = open_web(d, why);
	return st == ST_OK ? inputs_open(&inputs, &d->inputs, why) : st;
}

static void write_closing(struct daemon *d)
{
	struct buf out;

	buf_init(&out, 4 << 20);
	judge_write_stats(d->judge, &out);
	if (d->options->rule_stats)
		rule_times_write(d->judge, &out);
	for (size_t i = 0; i < d->streams.count; i++) {
		buf_printf(&out, "Stream %s:\n", d->streams.streams[i]->name);
		ledger_write_text(pipeline_ledger(d->streams.streams[i]->pipeline), &out);
	}
	log_output_text(LOG_LEVEL_INFO, buf_cstr(&out));
	buf_release(&out);
}

static void release_parts(struct daemon *d)
{
	inputs_release(d->inputs);
	collector_links_release(d->collectors);
	control_server_release(d->control);
	web_release(d->web);
	free(d->hello);
	watch_release(d->watch);
	background_release(d->loader);
	background_release(d->queries);
	reload_destroy(d->reload);
	stream_set_release(&d->streams);
	cluster_release(&d->cluster);
	judge_destroy(d->judge);
	alert_stage_release(&d->alerts);
	completion_destroy(d->completion);
	if (d->config != d->first)
		config_destroy(d->config);
	config_destroy(d->first);
}

static uint32_t grace_ms(const struct daemon *d)
{
	uint32_t wanted = (uint32_t)d->config->output_grace_ms, most = d->options->host.max_grace_ms;

	return most && wanted > most ? most : wanted;
}

static int run(struct daemon *d, struct judge_rules *rules)
{
	const struct daemon_host *host = &d->options->host;
	struct diag why = DIAG_INIT;
	char text[1024];
	enum status st = open_parts(d, rules, &why);

	if (st == ST_OK) {
		log_line(LOG_LEVEL_INFO, "policyd %s: %zu rules run", d->options->version,
			judge_rules_runs(judge_current(d->judge))->rule_count);
	} else {
		diag_format(&why, text, sizeof text);
		log_line(LOG_LEVEL_ERROR, "cannot start: %s", why.text[0] ? text : status_text(st));
		daemon_stop(d);
	}
	if (st == ST_OK && host->running)
		host->running(host->ctx, asked_stop, &d->asked);
	uv_run(&d->loop, UV_RUN_DEFAULT);
	if (d->outputs && !outputs_stop(d->outputs, grace_ms(d)))
		log_line(LOG_LEVEL_WARNING, "an output did not end in time");
	if (d->judge)
		write_closing(d);
	return st == ST_OK ? 0 : 1;
}

int daemon_run(const struct daemon_options *options)
{
	struct daemon *d = calloc(1, sizeof *d);
	struct judge_rules *rules = NULL;
	int status = 1;

	if (!d || uv_loop_init(&d->loop) != 0) {
		fputs("policyd: out of memory\n", stderr);
		free(d);
		return 1;
	}
	d->options = options;
	d->log.to = options->host.log ? options->host.log : stderr;
	d->started_ns = os_wall_ns();
	if (load_first(d, &rules) == ST_OK) {
		configure_log(d);
		log_install(log_output_sink, &d->log);
		status = run(d, rules);
		log_install(NULL, NULL);
	}
	release_parts(d);
	uv_loop_close(&d->loop);
	free(d);
	return status;
}
