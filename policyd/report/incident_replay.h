/* incident_replay: gathers an incident from what a replay sees: as a judge_sink each alert with its process and those above
 * it; as part of a pipeline_visit the processes that these start, their ends, and the gaps. One thread. */
#ifndef VITRINE_INCIDENT_REPLAY_H
#define VITRINE_INCIDENT_REPLAY_H

#include "policyd/alert/alert.h"
#include "policyd/event.h"
#include "policyd/report/incident.h"
#include "policyd/state/state.h"

struct incident_replay;

/* incident: borrowed. NULL: out of memory. */
struct incident_replay *incident_replay_create(struct incident *incident);
void incident_replay_destroy(struct incident_replay *g);          /* NULL is fine */

/* a->event->ctx is a struct fields_ctx. */
void incident_replay_alert(struct incident_replay *g, const struct alert *a);
/* Each event, after the rules have seen it. */
void incident_replay_event(struct incident_replay *g, const struct state *st, const struct event *ev);

#endif
