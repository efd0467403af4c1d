/* kinds: one function per kind of case (falco-language.md §8). */
#ifndef VITRINE_CONFORMANCE_KINDS_H
#define VITRINE_CONFORMANCE_KINDS_H

#include "tests/conformance/case.h"

case_fn kind_wildcard, kind_duration_ms, kind_sanitize_metric_name, kind_priority;    /* kind_helpers.c */
case_fn kind_load;                      /* kind_load.c */
case_fn kind_match, kind_alert;         /* kind_match.c */
case_fn kind_select, kind_pluginreq;    /* kind_rules.c */
case_fn kind_parse, kind_compile, kind_evtset;                                        /* kind_condition.c */
case_fn kind_eval;                                                                    /* kind_eval.c */
case_fn kind_format;                                                                  /* kind_format.c */

#endif
