/* replay_html: `policyd replay --html FILE`: gathers what the report shows while the replay runs, and writes it at its end. */
#ifndef VITRINE_CLI_REPLAY_HTML_H
#define VITRINE_CLI_REPLAY_HTML_H

#include "policyd/cli/options.h"
#include "policyd/cli/run_inputs.h"
#include "policyd/judge/judge.h"

struct replay_html;

/* False: --html or --html-alerts is not as it should be, which was told. */
bool replay_html_check(const struct options *o);

/* By --html and --html-alerts, once checked. NULL: out of memory. */
struct replay_html *replay_html_create(const struct options *o);
void replay_html_destroy(struct replay_html *h);    /* NULL is fine */

void replay_html_alert(struct replay_html *h, const struct alert *a);
void replay_html_event(struct replay_html *h, const struct state *st, const struct event *ev);

struct replay_facts {
	const struct options *options;
	const struct run_result *result;
	const struct pipeline_stats *stats;
	const struct ledger *ledger;
	const struct judge *judge;
};
/* False: told on stderr. */
bool replay_html_write(struct replay_html *h, const struct replay_facts *f);

#endif
