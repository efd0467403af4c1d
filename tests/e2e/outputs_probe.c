/* outputs_probe: pushes numbered alerts into one output from outside, and prints what became of them as JSON. Driven by
 * outputs.py and outage.py.
 * usage: outputs_probe KEY=VALUE...    keys: the table below; kind, count and store are needed by most */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "policyd/output/output.h"
#include "proto/host/interrupt.h"

enum { MAX_ARGUMENTS = 64 };

struct arguments {
	const char *const *texts;
	int count;
};

static const char *text_of(const struct arguments *a, const char *key, const char *otherwise)
{
	size_t len = strlen(key);

	for (int i = 0; i < a->count; i++)
		if (strncmp(a->texts[i], key, len) == 0 && a->texts[i][len] == '=')
			return a->texts[i] + len + 1;
	return otherwise;
}

static uint32_t number_of(const struct arguments *a, const char *key, uint32_t otherwise)
{
	const char *text = text_of(a, key, NULL);

	return text ? (uint32_t)strtoul(text, NULL, 10) : otherwise;
}

static enum output_kind kind_of(const char *name)
{
	unsigned k = 0;

	while (k < OUTPUT_KIND_COUNT && strcmp(output_kind_name((enum output_kind)k), name) != 0)
		k++;
	return (enum output_kind)k;
}

static struct output_config config_of(const struct arguments *a)
{
	const char *format = text_of(a, "format", "json");
	struct output_config c = { .name = "probe", .kind = kind_of(text_of(a, "kind", "")), .filter = OUTPUT_FILTER_ALL };

	c.tls = (struct output_tls){ .ca_file = text_of(a, "ca", NULL), .cert_file = text_of(a, "cert", NULL),
		.key_file = text_of(a, "key", NULL), .insecure = number_of(a, "insecure", 0) };
	c.http = (struct output_http_config){ .url = text_of(a, "url", NULL), .proxy = text_of(a, "proxy", number_of(a, "proxy_env", 0) ? NULL : ""),
		.no_proxy = text_of(a, "no_proxy", NULL), .proxy_user = text_of(a, "proxy_user", NULL),
		.compress = number_of(a, "gzip", 0), .timeout_ms = number_of(a, "timeout_ms", 5000) };
	c.http.token.file = text_of(a, "token_file", NULL);
	c.http.token.env = text_of(a, "token_env", NULL);
	c.http.proxy_password.file = text_of(a, "proxy_password_file", NULL);
	c.syslog = (struct output_syslog_config){ .host = text_of(a, "host", NULL), .port = (uint16_t)number_of(a, "port", 0),
		.tls = number_of(a, "tls", 0), .facility = 16, .timeout_ms = 5000 };
	c.syslog.format = strcmp(format, "cef") == 0 ? SYSLOG_CEF : strcmp(format, "text") == 0 ? SYSLOG_TEXT : SYSLOG_JSON;
	c.file.path = text_of(a, "path", NULL);
	return c;
}

static void push(struct outputs *o, uint32_t number)
{
	static const char *const tags[] = { "Container", "T1059" };
	static const char form[] =
		"{\"hostname\":\"node-1\",\"output\":\"03:04:05.678901234: %s Shell (n=%u \xc3\xa4)\",\"output_fields\":{"
		"\"evt.time\":1767323045678901234,\"k8s.pod.name\":\"web-1\",\"n\":%u,\"proc.aname[2]\":\"svchost.exe\","
		"\"proc.cmdline\":\"cmd.exe /c \\\"who=ami\\\" | x\",\"proc.is_x\":true,\"proc.name\":\"cmd.exe\",\"proc.pid\":4711},"
		"\"priority\":\"%s\",\"rule\":\"Shell \\\"in\\\" [Container]\",\"source\":\"windows\",\"tags\":[\"Container\",\"T1059\"],"
		"\"time\":\"2026-01-02T03:04:05.678901234Z\"}";
	enum priority p = (enum priority)(number % PRIORITY_COUNT);
	char json[1024], text[128];
	int json_len = snprintf(json, sizeof json, form, priority_name(p), number, number, priority_name(p));
	int text_len = snprintf(text, sizeof text, "03:04:05.678901234: %s Shell (n=%u \xc3\xa4)", priority_name(p), number);
	const struct alert_record r = { .time_ns = INT64_C(1767323045678901234), .priority = p, .source = "windows",
		.rule = "Shell \"in\" [Container]", .hostname = "node-1", .tags = tags, .tag_count = 2, .text = text,
		.text_len = (size_t)text_len, .json = json, .json_len = (size_t)json_len };

	outputs_push(o, &r);
}

static void sleep_ms(uint32_t ms)
{
	uv_sleep(ms);
}

static void push_all(struct outputs *o, const struct arguments *a)
{
	uint32_t count = number_of(a, "count", 1), first = number_of(a, "first", 0), rate = number_of(a, "rate", 0);

	for (uint32_t i = 0; i < count && !interrupt_seen(); i++) {
		push(o, first + i);
		if (rate && i % (rate / 100 + 1) == rate / 100)
			sleep_ms(10);
	}
}

static void print_stats(const struct outputs_stats *s)
{
	const struct output_stats *p = &s->outputs[0];
	uint64_t dropped = 0, evicted = 0;

	for (unsigned i = 0; i < PRIORITY_COUNT; i++) {
		dropped += s->queue.dropped[i];
		evicted += p->evicted[i];
	}
	printf("{\"pushed\":%" PRIu64 ",\"dropped\":%" PRIu64 ",\"stored\":%" PRIu64 ",\"store_failures\":%" PRIu64
	       ",\"delivered\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"evicted\":%" PRIu64 ",\"failures\":%" PRIu64
	       ",\"pending\":%" PRIu64 ",\"health\":\"%s\",\"error\":\"%s\"}\n",
		s->queue.pushed, dropped, s->stored, s->store_failures, p->delivered, p->rejected, evicted, p->failures,
		p->pending, output_health_name(p->health), p->last_error);
	fflush(stdout);
}

/* Until nothing is pending, `failures` attempts have failed, or wait_ms are over. */
static void wait_delivered(struct outputs *o, const struct arguments *a, struct outputs_stats *s)
{
	uint64_t end = uv_hrtime() + (uint64_t)number_of(a, "wait_ms", 20000) * 1000000;
	uint32_t failures = number_of(a, "failures", UINT32_MAX);

	do {
		outputs_get_stats(o, s);
		if (s->queue.count == 0 && s->queue.taken == s->stored && s->outputs[0].pending == 0)
			return;
		sleep_ms(5);
	} while (uv_hrtime() < end && s->outputs[0].failures < failures && !interrupt_seen());
}

int main(int argc, char **argv)
{
	const struct arguments a = { (const char *const *)argv + 1, argc - 1 };
	const struct output_config output = config_of(&a);
	const struct outputs_config c = { .store_path = text_of(&a, "store", NULL), .outputs = &output, .output_count = 1,
		.queue_count = number_of(&a, "queue", 0) };
	struct diag why = DIAG_INIT;
	struct outputs_stats s;
	struct outputs *o;

	interrupt_install();
	if (outputs_start(&c, &o, &why) != ST_OK) {
		fprintf(stderr, "outputs_probe: %s\n", why.text);
		return 2;
	}
	push_all(o, &a);
	wait_delivered(o, &a, &s);
	outputs_get_stats(o, &s);
	print_stats(&s);
	return outputs_stop(o, number_of(&a, "grace_ms", 0)) ? 0 : 1;
}
