/* Keys of the maps within lists. */
#include "policyd/config/config_key.h"

#include <stddef.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

/* clang-format off */
#define SELECT(side) \
	{ .path = #side ".rule", .offset = offsetof(struct config_rule_entry, side.rule), .type = CONFIG_TEXT, \
	  .doc = "rules whose name fits; `*` stands for any text" }, \
	{ .path = #side ".tag", .offset = offsetof(struct config_rule_entry, side.tag), .type = CONFIG_TEXT, \
	  .doc = "rules with this tag" }
static const struct config_key rule_entry_keys[] = { SELECT(enable), SELECT(disable) };
const struct config_items config_rule_items = {
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
const struct config_items config_append_items = { append_keys, COUNT(append_keys), sizeof(struct config_append), NULL };

#define INPUT(member) offsetof(struct config_input, member)
static const struct config_key input_keys[] = {
	{ .path = "listen", .offset = INPUT(listen), .type = CONFIG_TEXT,
	  .doc = "unix socket (Windows: named pipe) that policyd makes; each connection is one stream" },
	{ .path = "connect", .offset = INPUT(connect), .type = CONFIG_TEXT,
	  .doc = "unix socket (Windows: named pipe) that policyd reads from; it connects again when the other side goes away" },
	{ .path = "requests", .offset = INPUT(requests), .type = CONFIG_TEXT,
	  .doc = "connect: where the collector takes requests; it is told which events the rules need, and what has arrived" },
	{ .path = "stdin", .offset = INPUT(standard_input), .type = CONFIG_BOOL, .preset = "false",
	  .doc = "standard input; policyd ends when it is at its end and there is no other input" },
	{ .path = "check_server", .offset = INPUT(check_server), .type = CONFIG_BOOL, .preset = "true",
	  .doc = "connect: only to a server that runs as root or as policyd does; on Windows: that is the collector's service" },
	{ .path = "service", .offset = INPUT(service), .type = CONFIG_BOOL, .preset = "true",
	  .doc = "connect, on Windows, where the server is checked: false takes any pipe that SYSTEM, Administrators or policyd's own account owns: "
		 "in a HostProcess pod the collector is no service" },
};
const struct config_items config_input_items = {
	input_keys, COUNT(input_keys), sizeof(struct config_input), "listen|connect|stdin" };

#define OUTPUT(member) .offset = offsetof(struct config_output, member)
static const struct config_key output_keys[] = {
	{ .path = "name", OUTPUT(name), .type = CONFIG_TEXT,
	  .doc = "unique; what it has delivered is remembered under it" },
	{ .path = "kind", OUTPUT(kind), .type = CONFIG_CHOICE, .choices = "stdout|file|http|otlp|syslog", .preset = "otlp",
	  .doc = "what it is; `http` is Falco's document, `otlp` OTLP/HTTP logs" },
	{ .path = "priority", OUTPUT(priority), .type = CONFIG_PRIORITY, .preset = "debug", .doc = "this severe or more" },
	{ .path = "tags", OUTPUT(tags), .type = CONFIG_TEXTS, .doc = "only alerts of rules with one of these tags" },
	{ .path = "rules", OUTPUT(rules), .type = CONFIG_TEXTS, .doc = "only alerts of rules whose name fits one of these" },
	{ .path = "json", OUTPUT(json), .type = CONFIG_BOOL, .preset = "true", .doc = "stdout, file: JSON instead of text" },
	{ .path = "max_pending_mb", OUTPUT(max_pending_mb), .type = CONFIG_INT, .preset = "256", .min = 1, .max = 1 << 20,
	  .doc = "MiB that may wait for it; then the oldest of the least severe go" },
	{ .path = "max_pending_age", OUTPUT(max_pending_age_ms), .type = CONFIG_DURATION, .preset = "0", .min = 0,
	  .max = INT64_C(3660) * 86400000, .doc = "how long alerts wait for it; 0: for ever" },
	{ .path = "timeout", OUTPUT(timeout_ms), .type = CONFIG_DURATION, .preset = "30s", .min = 100, .max = 600000,
	  .doc = "http, otlp, syslog: of one request" },
	{ .path = "filename", OUTPUT(filename), .type = CONFIG_TEXT, .doc = "file: its path" },
	{ .path = "max_size_mb", OUTPUT(max_size_mb), .type = CONFIG_INT, .preset = "100", .min = 0, .max = 1 << 20,
	  .doc = "file: MiB after which it is rotated; 0: never" },
	{ .path = "keep", OUTPUT(keep), .type = CONFIG_INT, .preset = "5", .min = 0, .max = 1000, .doc = "file: rotated ones kept" },
	{ .path = "url", OUTPUT(url), .type = CONFIG_TEXT, .doc = "http, otlp: whole, with /v1/logs" },
	{ .path = "user_agent", OUTPUT(user_agent), .type = CONFIG_TEXT, .doc = "http, otlp: `User-Agent` header" },
	{ .path = "headers", OUTPUT(headers), .type = CONFIG_PAIRS, .doc = "http, otlp: further headers" },
	{ .path = "token_file", OUTPUT(token_file), .type = CONFIG_TEXT,
	  .doc = "http, otlp: file with a key, sent as `Authorization: Bearer`; read again when it changes" },
	{ .path = "token_env", OUTPUT(token_env), .type = CONFIG_TEXT, .doc = "the same from an environment variable" },
	{ .path = "compress", OUTPUT(compress), .type = CONFIG_BOOL, .preset = "true", .doc = "http, otlp: gzip" },
	{ .path = "proxy.url", OUTPUT(proxy.url), .type = CONFIG_TEXT,
	  .doc = "http, otlp: HTTP proxy; empty: none; not given: as the environment says" },
	{ .path = "proxy.none", OUTPUT(proxy.none), .type = CONFIG_TEXT, .doc = "hosts that are reached without it, as in `no_proxy`" },
	{ .path = "proxy.user", OUTPUT(proxy.user), .type = CONFIG_TEXT, .doc = "user at the proxy" },
	{ .path = "proxy.password_file", OUTPUT(proxy.password_file), .type = CONFIG_TEXT, .doc = "file with the password" },
	{ .path = "proxy.password_env", OUTPUT(proxy.password_env), .type = CONFIG_TEXT, .doc = "or the variable that has it" },
	{ .path = "tls.enabled", OUTPUT(tls.enabled), .type = CONFIG_BOOL, .preset = "true", .doc = "syslog: TLS 1.2 or later" },
	{ .path = "tls.insecure", OUTPUT(tls.insecure), .type = CONFIG_BOOL, .preset = "false",
	  .doc = "take any certificate of the other side" },
	{ .path = "tls.ca_file", OUTPUT(tls.ca_file), .type = CONFIG_TEXT, .doc = "certificates to trust, beside the system's" },
	{ .path = "tls.cert_file", OUTPUT(tls.cert_file), .type = CONFIG_TEXT, .doc = "own certificate" },
	{ .path = "tls.key_file", OUTPUT(tls.key_file), .type = CONFIG_TEXT, .doc = "its key" },
	{ .path = "host", OUTPUT(host), .type = CONFIG_TEXT, .doc = "syslog: host" },
	{ .path = "port", OUTPUT(port), .type = CONFIG_INT, .preset = "0", .min = 0, .max = 65535,
	  .doc = "syslog: port; 0: 6514 with TLS, else 601" },
	{ .path = "facility", OUTPUT(facility), .type = CONFIG_INT, .preset = "16", .min = 0, .max = 23,
	  .doc = "syslog: facility; 16 is local0" },
	{ .path = "format", OUTPUT(format), .type = CONFIG_CHOICE, .choices = "json|text|cef", .preset = "json",
	  .doc = "syslog: what a message holds" },
};
const struct config_items config_output_items = { output_keys, COUNT(output_keys), sizeof(struct config_output), NULL };
/* clang-format on */
