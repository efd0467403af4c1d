/* reload: new rules and settings while events go on. A background thread reads the configuration and the rules and prepares
 * all that evaluation needs; the loop then swaps one pointer between two events. A bad file changes nothing. */
#ifndef VITRINE_DAEMON_RELOAD_H
#define VITRINE_DAEMON_RELOAD_H

#include <uv.h>

#include "policyd/config/config.h"
#include "policyd/judge/judge.h"
#include "policyd/output/output.h"
#include "proto/host/background.h"

enum {
	RELOAD_MAX_SELECTION = 1024,    /* enable and disable of policyctl that hold until the next start */
	RELOAD_MAX_NAMED = 100,         /* rules named in one answer; more are counted only */
};

struct reload_source {
	struct config_options config;
	const char *const *rules_paths;         /* -r of the command line; none: as the configuration says */
	size_t rules_path_count;
};

/* What the last reload did. Texts live until the next one ends. */
struct reload_result {
	enum status status;
	uint64_t number;                        /* of the reload, from 1: the start */
	int64_t time_ns;                        /* when it ended, since 1970 */
	uint64_t took_ms;
	size_t rules, added, removed, changed, errors, warnings;
	const char *report;                     /* messages for a person, "" when there are none */
	const char *changes;                    /* "+ new rule\n- old rule\n~ changed rule\n" */
	const char *restart_needed;             /* keys whose change waits for a restart, "" */
};

struct reload;
typedef void reload_done(void *ctx, const struct reload_result *result);

/* The configuration and rules of the start, when this returns. On ST_OK *config and *rules are the caller's. The
 * report is printed by the caller in every case. */
enum status reload_first(const struct reload_source *source, struct config **config, struct judge_rules **rules,
	struct config_report *report);

struct reload_owner {
	struct background *background;          /* of the loop */
	struct judge *judge;
	struct outputs *outputs;                /* NULL: none to change */
	struct config **config;                 /* replaced when a reload succeeds; the first one stays the caller's */
	reload_done *done;
	void *ctx;
};

struct reload *reload_create(const struct reload_source *source, const struct reload_owner *owner);    /* NULL: memory */
void reload_destroy(struct reload *r);      /* after the loop has ended */

/* Starts one, or another one after the one that runs. The number of the reload that will answer, as its result has it;
 * every request until a load starts shares one. 0: out of memory. */
uint64_t reload_request(struct reload *r);
/* Rules switched at run time, beyond the configuration, and a reload to apply it. 0: too many. */
uint64_t reload_select(struct reload *r, bool enable, const char *rule, const char *tag);
const struct reload_result *reload_last(const struct reload *r);
uint64_t reload_failures(const struct reload *r);

#endif
