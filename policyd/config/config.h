/* config: what policyd.yaml says, validated whole, as one const structure. Key names are Falco's where Falco has the
 * setting; config_keys.c is the table of all keys, from which the loader, docs/configuration.md and the JSON Schema are
 * made. A configuration is immutable once loaded: a reload loads another. Any thread may read it. */
#ifndef VITRINE_CONFIG_H
#define VITRINE_CONFIG_H

#include "policyd/ruleset/priority.h"
#include "proto/base/arena.h"
#include "proto/base/buf.h"
#include "proto/base/status.h"

enum {
	CONFIG_MAX_FILE_BYTES = 1 << 20,       /* hand-written; a cluster's longest are some KiB */
	CONFIG_MAX_FILES = 64,                 /* config_files, folders expanded */
	CONFIG_MAX_ITEMS = 1024,               /* of one list */
	CONFIG_MAX_MESSAGES = 200,             /* more are counted only */
	CONFIG_ARENA_BYTES = 16 << 20,
};

struct config_texts {
	const char *const *texts;
	size_t count;
};

struct config_pair {
	const char *name, *value;              /* value NULL: the name stood alone */
};
struct config_pairs {
	const struct config_pair *pairs;
	size_t count;
};

struct config_select {                         /* one side of an entry of `rules` */
	const char *rule, *tag;                /* NULL: not given */
};
struct config_rule_entry {
	struct config_select enable, disable;
};
struct config_rules {
	const struct config_rule_entry *items;
	size_t count;
};

struct config_append {                         /* one entry of `append_output` */
	struct {
		const char *rule, *source;
		struct config_texts tags;
	} match;
	const char *extra_output;
	struct config_pairs extra_fields;
	bool suggested_output;
};
struct config_appends {
	const struct config_append *items;
	size_t count;
};

struct config_input {                          /* exactly one of the first three */
	const char *listen, *connect;          /* path of a unix socket, name of a pipe */
	const char *requests;                  /* of a collector that is connected to; NULL: asks it for nothing */
	bool standard_input;
	bool check_server, service;
};
struct config_inputs {
	const struct config_input *items;
	size_t count;
};

enum config_output_kind {                      /* the order of enum output_kind */
	CONFIG_OUTPUT_STDOUT, CONFIG_OUTPUT_FILE, CONFIG_OUTPUT_HTTP, CONFIG_OUTPUT_OTLP, CONFIG_OUTPUT_SYSLOG
};

struct config_output {                         /* one entry of `outputs`; texts NULL: not given */
	const char *name;
	int kind;                              /* enum config_output_kind */
	enum priority priority;
	struct config_texts tags, rules;
	bool json;
	int64_t max_pending_mb, max_pending_age_ms, timeout_ms;
	const char *filename;
	int64_t max_size_mb, keep;
	const char *url, *user_agent, *token_file, *token_env;
	struct config_pairs headers;
	bool compress;
	struct {
		const char *url, *none, *user, *password_file, *password_env;
	} proxy;
	struct {
		bool enabled, insecure;
		const char *ca_file, *cert_file, *key_file;
	} tls;
	const char *host;
	int64_t port, facility;
	int format;                            /* json, text, cef */
};
struct config_outputs {
	const struct config_output *items;
	size_t count;
};

enum config_rule_matching { CONFIG_MATCH_ALL, CONFIG_MATCH_FIRST };
enum config_log_format { CONFIG_LOG_TEXT, CONFIG_LOG_JSON };
enum config_shed { CONFIG_SHED_LIVE, CONFIG_SHED_NEVER, CONFIG_SHED_ALWAYS };

struct config {
	struct arena *arena;                   /* holds all of it */

	struct config_texts config_files, rules_files;
	bool watch_config_files;
	struct config_rules rules;
	int rule_matching;                     /* enum config_rule_matching */
	enum priority priority;
	struct config_appends append_output;
	struct config_pairs static_fields;

	bool json_output, time_format_iso_8601, buffer_format_base64;
	bool json_include_message_property, json_include_output_property;
	bool json_include_output_fields_property, json_include_tags_property;

	struct config_inputs inputs;
	struct {
		const char *path;              /* "": no control pipe */
		int64_t max_clients;
	} control;
	struct {
		int64_t capacity;
	} outputs_queue;
	struct {
		bool enabled;
	} stdout_output;
	struct {
		bool enabled;
		const char *filename;
		int64_t max_size_mb, keep;
	} file_output;
	struct {
		bool enabled, insecure, compress_uploads;
		const char *url, *user_agent, *ca_cert, *client_cert, *client_key;
	} http_output;
	struct config_outputs outputs;
	struct config_pairs resource;
	struct {
		const char *path;              /* "": in memory */
		int64_t max_size_mb, max_age_ms;
	} store;
	int64_t output_grace_ms;
	struct {
		bool enabled;
		const char *listen_address;
		int64_t listen_port;
		const char *k8s_healthz_endpoint;
		bool prometheus_metrics_enabled;
	} webserver;
	struct {
		bool rules_counters_enabled, resource_utilization_enabled, state_counters_enabled;
	} metrics;
	int log_level;                         /* enum log_level */
	int log_format;                        /* enum config_log_format */
	bool log_stderr;
	struct {
		int mode;                      /* enum config_shed */
		int64_t lag_ms, recover_ms;
	} overload;
	struct {
		int64_t max_processes, max_names, max_threads;
	} state;
	int64_t reload_quiet_ms;
	struct {
		bool enabled, insecure;
		const char *cluster_name, *node_name, *server, *server_name, *ca_file, *token_file, *kubeconfig, *context;
		int64_t page_size, watch_timeout_ms, idle_timeout_ms;
	} kubernetes;
};

/* Value of an environment variable, NULL: not set. */
typedef const char *config_env(void *ctx, const char *name);

struct config_options {
	const char *path;                      /* NULL: none, all defaults */
	const char *const *overrides;          /* "a.b=value", value as YAML; later ones win */
	size_t override_count;
	config_env *env;                       /* NULL: no variable is set */
	void *env_ctx;
};

/* What was wrong, ready to print: "policyd.yaml:3:1: warning: unknown key 'prioriti'; did you mean 'priority'?", the
 * line, and a caret. */
struct config_report {
	struct buf text;
	size_t errors, warnings;
};
void config_report_init(struct config_report *r);
void config_report_release(struct config_report *r);

/* ST_MALFORMED: the report says why, nothing is loaded. ST_SYSTEM: a file cannot be read; ST_NOMEM, ST_LIMIT. The
 * report is written in every case. *out is NULL unless ST_OK. */
enum status config_load(const struct config_options *o, struct config **out, struct config_report *report);
void config_destroy(struct config *c);         /* NULL is fine */

/* Appends the names of the keys that differ and that only a restart applies, separated by ", ". */
void config_restart_needed(const struct config *running, const struct config *wanted, struct buf *out);

/* docs/configuration.md and docs/schema/policyd.schema.json. False: out is full. */
bool config_write_markdown(struct buf *out);
bool config_write_schema(struct buf *out);

#endif
