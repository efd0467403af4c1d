/* incident: what a responder wants to see of a replay or of a store, gathered within bounds and written as one HTML file
 * that needs no network (page/). Holds alerts, the processes they name with their ancestors, hosts and rules; what does
 * not fit is counted and told in the report. One thread. Knows no event and no state: incident_replay.h brings those. */
#ifndef VITRINE_INCIDENT_H
#define VITRINE_INCIDENT_H

#include "policyd/ingest/ledger.h"
#include "policyd/ruleset/ruleset.h"
#include "proto/base/status.h"

enum {
	INCIDENT_MAX_ALERTS = 20000,             /* by default; a browser opens them in a second */
	INCIDENT_MOST_ALERTS = 200000,           /* whatever is asked for: the page then takes a gigabyte of the browser */
	INCIDENT_ALERT_BYTES = 96 << 20,         /* of texts of alerts: 20,000 of 4 KiB, and some scripts */
	INCIDENT_MAX_PROCS = 65536,              /* as many as state knows at a time */
	INCIDENT_TEXT_BYTES = 48 << 20,          /* of texts of processes, each stored once */
	INCIDENT_TEXT_CHARS = 16 * 1024,         /* of one of them; longer ones are cut, and end in a mark */
	INCIDENT_MAX_HOSTS = 256,                /* further ones are one host "(other hosts)" */
	INCIDENT_MAX_GAPS = 1000,                /* times at which records were lost; the sums are in the ledger */
	INCIDENT_MAX_INPUTS = 256,
	INCIDENT_BUCKETS = 4096,                 /* of time, for counts of events */
};

#define INCIDENT_NONE UINT32_MAX                 /* no process, no host */

struct incident;

/* max_alerts 0: INCIDENT_MAX_ALERTS. NULL: out of memory. */
struct incident *incident_create(size_t max_alerts);
void incident_destroy(struct incident *r);         /* NULL is fine */

/* Index of the host; made when new. */
uint32_t incident_host(struct incident *r, const char *name);

/* ---- rules ---- */

/* All borrowed for the call. Texts but name may be NULL. */
struct incident_rule {
	const char *name, *source, *desc, *condition;
	enum priority priority;
	const struct name_list *tags;          /* NULL: none */
};
/* Index of the rule by name and priority; made when new. INCIDENT_NONE: out of memory. */
uint32_t incident_rule(struct incident *r, const struct incident_rule *rule);

/* ---- processes ---- */

struct incident_proc_key {
	uint32_t host, pid;
	uint64_t born;                         /* tells two users of a pid apart: any number that stays */
};

/* Borrowed for the call; empty texts and zero numbers: not known. */
struct incident_proc {
	struct incident_proc_key key;
	uint32_t parent;                       /* index, or INCIDENT_NONE */
	uint32_t ppid, session_id;
	bool has_ppid, has_session;
	bool is_context;                       /* came from a process with alerts, has none itself: gives way */
	int64_t start_ns;                      /* since 1970; 0: before the recording */
	const char *integrity;                 /* NULL: not known */
	struct text_view name, path, cmdline, cwd, user, sid, guid, container, container_name, image;
};
/* Index of the process; made when new, else what was missing is filled in. INCIDENT_NONE: full, and counted. */
uint32_t incident_put_proc(struct incident *r, const struct incident_proc *p);
uint32_t incident_find_proc(const struct incident *r, const struct incident_proc_key *key);    /* INCIDENT_NONE: not held */
/* Whether it or a process above it has an alert: what it starts belongs to the story. */
bool incident_proc_is_told(const struct incident *r, uint32_t proc);
void incident_end_proc(struct incident *r, uint32_t proc, int64_t end_ns, const uint32_t *exit_code);    /* NULL: not known */

/* ---- alerts ---- */

/* Borrowed for the call. */
struct incident_alert {
	uint32_t rule, host;
	uint32_t proc, target;                 /* INCIDENT_NONE: none */
	int64_t time_ns;
	const char *message;                   /* without time and priority */
	size_t message_len;
	const char *fields;                    /* output_fields: a JSON object known to be one */
	size_t fields_len;
};
/* Always counted. When the report is full the least severe give way, of those the ones of the rule that has most; of one
 * rule the first are kept. */
void incident_add_alert(struct incident *r, const struct incident_alert *a);
/* One that could not even be written down. */
void incident_lose_alert(struct incident *r, uint32_t rule);

/* ---- the rest ---- */

void incident_count_event(struct incident *r, int64_t time_ns);

struct incident_gap {
	int64_t time_ns;
	uint64_t events, buffers;
	struct text_view reason, session;
};
void incident_add_gap(struct incident *r, const struct incident_gap *gap);

/* One number with its name, for the facts of a summary. */
struct incident_count {
	const char *name;
	uint64_t count;
};

struct incident_summary {
	const char *kind;                      /* "replay", "store" */
	const char *version;
	int64_t made_ns;                       /* 0: not told, so that a replay gives the same bytes again */
	const char *const *inputs;
	size_t input_count;
	int64_t first_ns, last_ns;             /* 0: as the alerts say */
	uint64_t events;
	const struct incident_count *kinds;      /* events by type */
	size_t kind_count;
	uint64_t rules_loaded;
	bool interrupted, failed;              /* the inputs were not read to their end */
	const struct ledger *ledger;           /* NULL: there is none to tell of */
	const char *note;                      /* NULL: none */
};

/* Writes beside the path and renames at the end, so nobody sees half a report; "-" is standard output. ST_SYSTEM: cannot be
 * written; then nothing is left behind. */
enum status incident_write(struct incident *r, const struct incident_summary *s, const char *path, struct diag *why);

struct incident_stats {
	uint64_t alerts, alerts_kept, procs;
	uint64_t procs_refused, contexts_refused;    /* times: of alerts themselves; of processes above and below these */
};
void incident_get_stats(const struct incident *r, struct incident_stats *out);

#endif
