#include "policyd/config/config_key.h"

#include <stddef.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

/* clang-format off */
#define SELECT(side) \
	{ #side ".rule", offsetof(struct config_rule_entry, side.rule), NULL, \
	  "rules whose name fits; `*` stands for any text", NULL, NULL, 0, 0, CONFIG_TEXT, 0 }, \
	{ #side ".tag", offsetof(struct config_rule_entry, side.tag), NULL, \
	  "rules with this tag", NULL, NULL, 0, 0, CONFIG_TEXT, 0 }

static const struct config_key rule_entry_keys[] = { SELECT(enable), SELECT(disable) };
static const struct config_items rule_entry = {
	rule_entry_keys, COUNT(rule_entry_keys), sizeof(struct config_rule_entry), NULL };

#define APPEND(member) offsetof(struct config_append, member)
static const struct config_key append_keys[] = {
	{ .path = "match.rule", .offset = APPEND(match.rule), .type = CONFIG_TEXT, .doc = "only this rule" },
	{ .path = "match.source", .offset = APPEND(match.source), .type = CONFIG_TEXT, .doc = "only rules of this source" },
	{ .path = "match.tags", .offset = APPEND(match.tags), .type = CONFIG_TEXTS, .doc = "only rules with all of these tags" },
	{ .path = "extra_output", .offset = APPEND(extra_output), .type = CONFIG_TEXT,
	  .doc = "text appended to the output; may have fields" },
	{ .path = "extra_fields", .offset = APPEND(extra_fields), .type = CONFIG_PAIRS,
	  .doc = "fields for `output_fields`: a field's name, or `key: text with %fields`" },
	{ .path = "suggested_output", .offset = APPEND(suggested_output), .type = CONFIG_BOOL, .preset = "false",
	  .doc = "add the fields that are useful in most alerts" },
};
static const struct config_items append_entry = { append_keys, COUNT(append_keys), sizeof(struct config_append), NULL };

#define INPUT(member) offsetof(struct config_input, member)
static const struct config_key input_keys[] = {
	{ .path = "listen", .offset = INPUT(listen), .type = CONFIG_TEXT,
	  .doc = "unix socket that policyd makes; each connection is one stream" },
	{ .path = "connect", .offset = INPUT(connect), .type = CONFIG_TEXT,
	  .doc = "unix socket that policyd reads from; it connects again when the other side goes away" },
	{ .path = "stdin", .offset = INPUT(standard_input), .type = CONFIG_BOOL, .preset = "false",
	  .doc = "standard input; policyd ends when it is at its end and there is no other input" },
};
static const struct config_items input_entry = {
	input_keys, COUNT(input_keys), sizeof(struct config_input), "listen|connect|stdin" };

#define AT(member) .offset = offsetof(struct config, member)
#define LIVE .flags = CONFIG_LIVE
static const struct config_key keys[] = {
	{ "config_files", offsetof(struct config, config_files), NULL,
	  "further configuration files, or folders of them, on top of this one: lists are appended, all else is overridden",
	  NULL, NULL, 0, 0, CONFIG_TEXTS, CONFIG_LIVE },
	{ .path = "watch_config_files", AT(watch_config_files), .type = CONFIG_BOOL, .preset = "true", LIVE,
	  .doc = "reload when rules or configuration change on disk" },
	{ .path = "reload_quiet", AT(reload_quiet_ms), .type = CONFIG_DURATION, .preset = "100ms", .min = 10, .max = 60000, LIVE,
	  .doc = "files must have been left alone for this long before a reload" },
	{ .path = "rules_files", AT(rules_files), .type = CONFIG_TEXTS, .preset = "[/etc/vitrine/rules.d]", LIVE,
	  .doc = "rules files, and folders of them (.yaml and .yml, by name), each on top of those before" },
	{ .path = "rules", AT(rules), .type = CONFIG_ITEMS, .items = &rule_entry, LIVE,
	  .doc = "which rules run, in order: `enable` or `disable`, by `rule` or `tag`" },
	{ .path = "rule_matching", AT(rule_matching), .type = CONFIG_CHOICE, .choices = "all|first", .preset = "all",
	  .doc = "whether every rule that matches an event alerts, or the first one only" },
	{ .path = "priority", AT(priority), .type = CONFIG_PRIORITY, .preset = "debug", LIVE,
	  .doc = "less severe rules do not run" },
	{ .path = "append_output", AT(append_output), .type = CONFIG_ITEMS, .items = &append_entry, LIVE,
	  .doc = "text and fields added to the output of rules" },
	{ .path = "static_fields", AT(static_fields), .type = CONFIG_PAIRS, LIVE,
	  .doc = "fields with a fixed text, added to every alert" },
	{ .path = "json_output", AT(json_output), .type = CONFIG_BOOL, .preset = "false", LIVE,
	  .doc = "alerts on standard output and in files as JSON instead of text" },
	{ .path = "json_include_output_property", AT(json_include_output_property), .type = CONFIG_BOOL, .preset = "true", LIVE,
	  .doc = "`output` in JSON: the text with time and priority" },
	{ .path = "json_include_message_property", AT(json_include_message_property), .type = CONFIG_BOOL, .preset = "false", LIVE,
	  .doc = "`message` in JSON: the text alone" },
	{ .path = "json_include_output_fields_property", AT(json_include_output_fields_property), .type = CONFIG_BOOL,
	  .preset = "true", LIVE, .doc = "`output_fields` in JSON; falcosidekick refuses alerts without" },
	{ .path = "json_include_tags_property", AT(json_include_tags_property), .type = CONFIG_BOOL, .preset = "true", LIVE,
	  .doc = "`tags` in JSON" },
	{ .path = "time_format_iso_8601", AT(time_format_iso_8601), .type = CONFIG_BOOL, .preset = "false", LIVE,
	  .doc = "times in alerts with the date" },
	{ .path = "buffer_format_base64", AT(buffer_format_base64), .type = CONFIG_BOOL, .preset = "false", LIVE,
	  .doc = "bytes in alerts as base64" },
	{ .path = "inputs", AT(inputs), .type = CONFIG_ITEMS, .items = &input_entry,
	  .preset = "[{listen: /run/vitrine/events.sock}]", .doc = "where event streams come from" },
	{ .path = "control.path", AT(control.path), .type = CONFIG_TEXT, .preset = "/run/vitrine/control.sock",
	  .doc = "socket that policyctl talks to; only the user policyd runs as, and root, may; empty: none" },
	{ .path = "control.max_clients", AT(control.max_clients), .type = CONFIG_INT, .preset = "16", .min = 1, .max = 256,
	  .doc = "policyctl connections at once" },
	{ .path = "outputs_queue.capacity", AT(outputs_queue.capacity), .type = CONFIG_INT, .preset = "65536", .min = 16,
	  .max = 1 << 24, .doc = "alerts that may wait between evaluation and the store; the least severe are dropped first" },
	{ .path = "stdout_output.enabled", AT(stdout_output.enabled), .type = CONFIG_BOOL, .preset = "true",
	  .doc = "alerts on standard output" },
	{ .path = "webserver.enabled", AT(webserver.enabled), .type = CONFIG_BOOL, .preset = "false",
	  .doc = "answer `/healthz`, `/readyz`, `/versions` and `/metrics` over HTTP" },
	{ .path = "webserver.listen_address", AT(webserver.listen_address), .type = CONFIG_TEXT, .preset = "127.0.0.1",
	  .doc = "address to listen on; Falco's default is every address" },
	{ .path = "webserver.listen_port", AT(webserver.listen_port), .type = CONFIG_INT, .preset = "8765", .min = 0, .max = 65535,
	  .doc = "port; 0 takes a free one and the log says which" },
	{ .path = "webserver.k8s_healthz_endpoint", AT(webserver.k8s_healthz_endpoint), .type = CONFIG_TEXT,
	  .preset = "/healthz", .doc = "path of the liveness answer" },
	{ .path = "webserver.prometheus_metrics_enabled", AT(webserver.prometheus_metrics_enabled), .type = CONFIG_BOOL,
	  .preset = "true", .doc = "answer `/metrics`" },
	{ .path = "metrics.enabled", AT(metrics.enabled), .type = CONFIG_BOOL, .preset = "false", LIVE,
	  .doc = "an internal alert with counters, every interval" },
	{ .path = "metrics.interval", AT(metrics.interval_ms), .type = CONFIG_DURATION, .preset = "1h", .min = 100,
	  .max = INT64_C(366) * 86400000, LIVE, .doc = "time between two of them" },
	{ .path = "metrics.output_rule", AT(metrics.output_rule), .type = CONFIG_BOOL, .preset = "true", LIVE,
	  .doc = "send them to the outputs" },
	{ .path = "metrics.rules_counters_enabled", AT(metrics.rules_counters_enabled), .type = CONFIG_BOOL, .preset = "true",
	  LIVE, .doc = "matches by rule" },
	{ .path = "metrics.resource_utilization_enabled", AT(metrics.resource_utilization_enabled), .type = CONFIG_BOOL,
	  .preset = "true", LIVE, .doc = "processor time and memory" },
	{ .path = "metrics.state_counters_enabled", AT(metrics.state_counters_enabled), .type = CONFIG_BOOL, .preset = "true",
	  LIVE, .doc = "what the tables of processes, files and keys hold" },
	{ .path = "log_level", AT(log_level), .type = CONFIG_CHOICE, .choices = "debug|info|warning|error", .preset = "info", LIVE,
	  .doc = "least severe line of the log" },
	{ .path = "log_format", AT(log_format), .type = CONFIG_CHOICE, .choices = "text|json", .preset = "text", LIVE,
	  .doc = "lines of the log as text or as JSON" },
	{ .path = "log_stderr", AT(log_stderr), .type = CONFIG_BOOL, .preset = "true", LIVE,
	  .doc = "write the log to standard error" },
	{ .path = "overload.shed", AT(overload.mode), .type = CONFIG_CHOICE, .choices = "live|never|always", .preset = "live", LIVE,
	  .doc = "give up the least useful event types when evaluation falls behind: on live streams only, never, or on all" },
	{ .path = "overload.lag", AT(overload.lag_ms), .type = CONFIG_DURATION, .preset = "2s", .min = 10, .max = 3600000, LIVE,
	  .doc = "how far events may be behind the clock before a step of shedding" },
	{ .path = "overload.recover", AT(overload.recover_ms), .type = CONFIG_DURATION, .preset = "10s", .min = 10, .max = 3600000,
	  LIVE, .doc = "how long all must be well before a step is taken back" },
	{ .path = "state.max_processes", AT(state.max_processes), .type = CONFIG_INT, .preset = "65536", .min = 16, .max = 1 << 20,
	  .doc = "processes known at once, for each stream" },
	{ .path = "state.max_names", AT(state.max_names), .type = CONFIG_INT, .preset = "65536", .min = 16, .max = 1 << 20,
	  .doc = "names of files, and of registry keys, for each stream" },
	{ .path = "state.max_threads", AT(state.max_threads), .type = CONFIG_INT, .preset = "65536", .min = 16, .max = 1 << 20,
	  .doc = "threads known at once, for each stream" },
};
/* clang-format on */

const struct config_items *config_keys(void)
{
	static const struct config_items all = { keys, COUNT(keys), sizeof(struct config), NULL };

	return &all;
}
