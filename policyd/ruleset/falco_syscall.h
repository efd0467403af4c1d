/* falco_syscall: the names of Falco's source "syscall": its fields with their types, and its event types. Rules of that
 * source are checked against it, so that Falco's own files load and their slips show; none of its fields ever has a
 * value here. Source: falco-language.md §6 (libs 48dfd53cd); event types: the system calls of Linux 6.1 on x86, both
 * widths, and the events libscap adds. */
#ifndef VITRINE_RULESET_FALCO_SYSCALL_H
#define VITRINE_RULESET_FALCO_SYSCALL_H

#include "policyd/engine/field.h"

const struct vocabulary *falco_syscall_vocabulary(void);

enum { FALCO_SYSCALL_EVENTS = 509 };
extern const char *const falco_syscall_events[FALCO_SYSCALL_EVENTS];    /* falco_syscall_events.c, sorted */

#endif
