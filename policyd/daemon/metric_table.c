#include "policyd/daemon/metric_table.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	const char *name, *type, *labels, *doc;
} metrics[METRIC_COUNT] = {
#define GAUGE "gauge"
#define COUNTER "counter"
#define X(id, name, type, labels, doc) [METRIC_##id] = { name, type, labels, doc },
	METRIC_TABLE(X)
#undef X
};

void metric_head(struct buf *out, enum metric m)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", metrics[m].name, metrics[m].doc, metrics[m].name, metrics[m].type);
}

void metric_one(struct buf *out, enum metric m, uint64_t value)
{
	metric_head(out, m);
	buf_printf(out, "%s %" PRIu64 "\n", metrics[m].name, value);
}

void metric_seconds(struct buf *out, enum metric m, uint64_t us)
{
	metric_head(out, m);
	buf_printf(out, "%s %" PRIu64 ".%06" PRIu64 "\n", metrics[m].name, us / 1000000, us % 1000000);
}

void metric_begin(struct buf *out, enum metric m)
{
	buf_printf(out, "%s{", metrics[m].name);
}

/* Source: Prometheus, exposition formats, "Text format": backslash, quote and line feed are escaped. */
void metric_label(struct buf *out, const char *label, const char *value)
{
	if (out->len && out->data[out->len - 1] != '{')
		buf_append_char(out, ',');
	buf_printf(out, "%s=\"", label);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			buf_append_char(out, '\\');
		if (*value == '\n')
			buf_append_str(out, "\\n");
		else
			buf_append_char(out, *value);
	}
	buf_append_char(out, '"');
}

void metric_end(struct buf *out, uint64_t number)
{
	buf_printf(out, "} %" PRIu64 "\n", number);
}

void metric_labelled(struct buf *out, enum metric m, const char *label, const char *value, uint64_t number)
{
	metric_begin(out, m);
	metric_label(out, label, value);
	metric_end(out, number);
}

static const char page_head[] =
	"# Metrics\n\n"
	"`policyctl metrics` prints them; with `webserver.enabled` Prometheus reads them from `/metrics` of the web server, on\n"
	"127.0.0.1:8765 as preset. This page is made from the table that the answer is made from.\n\n"
	"A figure that Falco has, too, has Falco's name, so that dashboards and alerts made for Falco show it; all others begin\n"
	"with `vitrine_`. `promtool check metrics` finds nothing to say about those; of Falco's it says that a time is better told in\n"
	"seconds and that a gauge should not end with `_total`: they are Falco's. Counters begin at 0 with each start of policyd; those of an output go on when a reload changes it.\n\n"
	"| metric | type | labels | what it tells |\n|---|---|---|---|\n";

static const char page_tail[] =
	"\n## What Falco has and this does not\n\n"
	"| Falco's metric | why not, or what instead |\n|---|---|\n"
	"| `falcosecurity_falco_sha256_rules_files_info`, `..._sha256_config_files_info` | `policyctl reload` and the log say what changed |\n"
	"| `falcosecurity_scap_n_drops_buffer_total` and its kind | its buffers belong to Falco's driver; `vitrine_records_lost_total` has the"
	" reasons there are here |\n"
	"| `falcosecurity_scap_n_threads_total`, `..._n_fds_total` and their kind | their tables hold other things; `vitrine_state` has those here |\n"
	"| `falcosecurity_falco_memory_vsz_bytes`, `..._memory_pss_bytes`, `falcosecurity_falco_host_*` but those above | exporters for machines tell"
	" them of every program |\n"
	"| `falcosecurity_plugins_*` | there are no plugins |\n";

bool metric_write_markdown(struct buf *out)
{
	buf_append_str(out, page_head);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		buf_printf(out, "| `%s` | %s | %s | %s |\n", metrics[i].name, metrics[i].type, metrics[i].labels, metrics[i].doc);
	return buf_append_str(out, page_tail) && !out->failed;
}
