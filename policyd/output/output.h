/* output: alerts from evaluation to where people read them. evaluation → alert_queue (memory, bounded) → store thread
 * (SQLite) → one thread for each output. Evaluation never waits for disk or network: outputs_push copies and returns.
 * What the store has accepted reaches each output whose filter it passes at least once, in order, with the same uid when
 * twice; what is dropped on the way is counted by place and priority.
 * The configuration is copied, and may be replaced while alerts go on: outputs_prepare, outputs_change. */
#ifndef VITRINE_OUTPUT_H
#define VITRINE_OUTPUT_H

#include "policyd/output/alert_queue.h"
#include "policyd/output/output_filter.h"
#include "proto/base/status.h"

enum {
	OUTPUT_MAX_COUNT = 32,                 /* outputs of one daemon; each is a thread */
	OUTPUT_MAX_PATCHES = 256,              /* alerts that wait to be completed; the loop makes as many a second at most */
	OUTPUT_MAX_NAME_BYTES = 64,            /* of an output; people type it, tables show it */
	OUTPUT_MAX_HEADERS = 32,               /* of one HTTP output */
	OUTPUT_MAX_SECRET_BYTES = 16 * 1024,   /* of a token file; a service account's token is 1 to 2 KiB */
};

enum output_kind {
	OUTPUT_STDOUT,
	OUTPUT_FILE,
	OUTPUT_HTTP,          /* Falco's http_output: one document a request */
	OUTPUT_OTLP,          /* OTLP/HTTP logs, protobuf */
	OUTPUT_SYSLOG,        /* RFC 5424 over TCP or TLS (RFC 5425) */
	OUTPUT_KIND_COUNT
};

struct output_pair {
	const char *name, *value;
};

/* TLS 1.2 at least. Paths NULL: none. */
struct output_tls {
	const char *ca_file;           /* in addition to the system's store */
	const char *cert_file, *key_file;
	bool insecure;                 /* certificate of the peer is not checked */
};

/* A secret that is never in the configuration itself. Both NULL: none. A file is reread when it changes. */
struct output_secret {
	const char *file, *env;
};

struct output_http_config {
	const char *url;               /* OUTPUT_OTLP: whole, with /v1/logs */
	const char *user_agent;        /* NULL: "falcosecurity/falco" for Falco's document, else our own name */
	const struct output_pair *headers;
	size_t header_count;
	struct output_secret token;    /* sent as `Authorization: Bearer TOKEN` */
	const char *proxy;             /* NULL: as the environment says; "": none */
	const char *no_proxy;          /* NULL: as the environment says */
	const char *proxy_user;        /* password: proxy_password */
	struct output_secret proxy_password;
	bool compress;                 /* gzip */
	uint32_t timeout_ms;           /* of one request; 0: 30 s */
};

enum syslog_format { SYSLOG_JSON, SYSLOG_TEXT, SYSLOG_CEF };

struct output_syslog_config {
	const char *host;
	uint16_t port;                 /* 0: 6514 with TLS, else 601 */
	bool tls;
	enum syslog_format format;
	uint8_t facility;              /* 0..23; 16 is local0 */
	const char *sd_id;             /* NULL: "falco@32473" */
	uint32_t timeout_ms;           /* of a connect or a write; 0: 30 s */
};

struct output_file_config {
	const char *path;
	uint64_t max_bytes;            /* then it is rotated; 0: never */
	uint32_t keep;                 /* rotated files kept: path.1 is the newest */
};

struct output_config {
	const char *name;              /* unique; the name of its delivery state in the store */
	enum output_kind kind;
	struct output_filter filter;
	bool json;                     /* stdout and file: Falco's JSON instead of text */
	struct output_tls tls;         /* http, otlp, syslog */
	struct output_http_config http;
	struct output_syslog_config syslog;
	struct output_file_config file;
	uint64_t max_pending_bytes;    /* 0: 256 MiB; then the oldest of the least severe go */
	int64_t max_pending_age_s;     /* 0: no limit */
};

struct outputs_config {
	size_t queue_count;            /* 0: 65536 alerts */
	size_t queue_bytes;            /* 0: 64 MiB */
	const char *store_path;        /* NULL: in memory, lost at the end */
	uint64_t store_max_bytes;      /* 0: 1 GiB, history and pending together */
	int64_t store_max_age_s;       /* of history; 0: 30 days */
	const struct output_config *outputs;
	size_t output_count;
	const struct output_pair *resource;    /* OTLP resource attributes: "host.name", "k8s.cluster.name", ... */
	size_t resource_count;
};

struct outputs;
struct store;

/* Opens the store and starts the threads. *out NULL unless ST_OK. A damaged store is repaired or set aside; one
 * that cannot be made at all (disk full, folder not there, a newer version's) is replaced by one in memory; the log and
 * stats.store_error say so. An output that cannot be reached is no error here. */
enum status outputs_start(const struct outputs_config *c, struct outputs **out, struct diag *why);
/* Never blocks; the evaluation thread. False: dropped and counted. */
bool outputs_push(struct outputs *o, const struct alert_record *r);
/* Stores what is queued, gives outputs grace_ms to deliver, ends the threads. False: one hung, and was left behind with
 * the memory it uses; the process should end. NULL is fine. */
bool outputs_stop(struct outputs *o, uint32_t grace_ms);

/* Another configuration: outputs are compared by name, those that stay as they are go on undisturbed, one that changes
 * goes on with what it had pending, and what one that is gone had pending is given up and told in the log. Limits of the
 * store change too; its path and the queue stay.
 * outputs_prepare makes all that can fail, and may take its time: a worker's thread. *out NULL unless ST_OK: the
 * configuration cannot work, nothing has changed. */
struct outputs_change;
enum status outputs_prepare(const struct outputs_config *c, struct outputs_change **out, struct diag *why);
void outputs_change_destroy(struct outputs_change *c);    /* one that is not wanted any more; NULL is fine */
/* Takes the change and returns; the store's thread makes it. The thread that also calls outputs_stop. */
void outputs_change(struct outputs *o, struct outputs_change *taken);

/* For store_query. */
struct store *outputs_store(struct outputs *o);

enum output_health {
	OUTPUT_IDLE,          /* nothing was sent yet */
	OUTPUT_OK,
	OUTPUT_RETRYING,      /* the last attempt failed; alerts are kept and sent again */
	OUTPUT_FAILED,        /* the last alerts were refused for good */
};
const char *output_health_name(enum output_health h);
const char *output_kind_name(enum output_kind k);

struct output_stats {
	char name[OUTPUT_MAX_NAME_BYTES + 1];
	enum output_kind kind;
	enum output_health health;
	uint64_t delivered;                    /* since the start of the program, as all below */
	uint64_t rejected;                     /* refused for good by the other side (4xx, OTLP partial success) */
	uint64_t evicted[PRIORITY_COUNT];      /* given up: over the cap of size or age */
	uint64_t attempts, failures;           /* of sending; a failure is tried again */
	uint64_t pending, pending_bytes;       /* now */
	int64_t retry_in_ms;                   /* 0: not waiting */
	char last_error[256];                  /* "" when the last attempt went well; no secrets */
};

struct output_patch_stats {
	uint64_t completed;                    /* alerts of the store that got what was missing */
	uint64_t missed;                       /* their alert is not in the store: dropped, or too old */
	uint64_t dropped;                      /* too many at once */
};

struct outputs_stats {
	struct alert_queue_stats queue;
	struct output_patch_stats patches;
	uint64_t stored, store_failures;       /* alerts written; transactions that failed and are tried again */
	uint64_t history_count, store_bytes;
	char store_error[256];                 /* "" when all is well */
	size_t output_count;
	struct output_stats outputs[OUTPUT_MAX_COUNT];
};
/* Completes an alert that was pushed before, in the store, and so for outputs that have not delivered it yet. By the thread
 * that pushes. False: too many wait; counted. */
struct alert_patch;
bool outputs_patch(struct outputs *o, struct alert_patch *taken);
/* Any thread. */
void outputs_get_stats(struct outputs *o, struct outputs_stats *out);

#endif
