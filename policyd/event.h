/* event: the neutral decoded event, what state, fields and rules see. It borrows its record, so it lives for one
 * call; a layer that keeps something copies it. decode/ fills the first part, state/ the second. */
#ifndef VITRINE_EVENT_H
#define VITRINE_EVENT_H

#include "policyd/slot.h"
#include "proto/record.h"

/* X(name, category): the values of evt.type (design §4), in the order of the design, and evt.category of each. */
/* clang-format off */
#define EVENT_KIND_TABLE(X)                                                                                            \
	X(process_start, process) X(process_exit, process)                                                              \
	X(thread_start, thread)                                                                                         \
	X(image_load, module) X(driver_load, module)                                                                    \
	X(file_create, file) X(file_open, file) X(file_write, file) X(file_delete, file)                                \
	X(file_rename, file) X(file_setinfo, file)                                                                      \
	X(reg_create_key, registry) X(reg_open_key, registry) X(reg_set_value, registry)                                \
	X(reg_delete_key, registry) X(reg_delete_value, registry)                                                       \
	X(net_connect, net) X(net_accept, net) X(net_disconnect, net) X(net_send, net) X(net_recv, net)                 \
	X(dns_query, net)                                                                                               \
	X(script_block, script)                                                                                         \
	X(wmi_activity, wmi)                                                                                            \
	X(amsi_scan, script)                                                                                            \
	X(task_registered, task) X(task_run, task)                                                                      \
	X(service_installed, service) X(service_changed, service)                                                       \
	X(logon, user) X(logon_failed, user)                                                                            \
	X(process_access, process)                                                                                      \
	X(log_cleared, log)                                                                                             \
	X(pipe_created, pipe) X(pipe_connected, pipe)                                                                   \
	X(remote_thread, thread)                                                                                        \
	X(etw_tamper, system)                                                                                           \
	X(container_start, container) X(container_stop, container)                                                      \
	X(events_lost, system)                                                                                          \
	X(log, log)
/* clang-format on */

enum event_kind {
	EVENT_NONE = 0,            /* known layout that only state uses (rundown, names, closes): no rule sees it */
#define X(name, category) EVENT_##name,
	EVENT_KIND_TABLE(X)
#undef X
	EVENT_KIND_COUNT
};

const char *event_kind_name(enum event_kind kind);                            /* "" for EVENT_NONE */
const char *event_kind_category(enum event_kind kind);                        /* "process", "file", ...; "" for EVENT_NONE */
enum event_kind event_kind_by_name(const char *name, size_t len);             /* EVENT_NONE: no such type */

/* Why a record is not taken at its word: what the kernel stamped on it, or told before, says otherwise. */
enum event_doubt {
	DOUBT_NONE,
	DOUBT_STARTED_ITSELF,      /* process start written by the process itself */
	DOUBT_PID_IN_USE,          /* process start while the pid's owner lives */
	DOUBT_ENDED_BY_ANOTHER,    /* process exit written by another process */
};

enum { EVENT_MAX_FIELDS = 48 };                                               /* the longest layout used has 43 */

struct layout;
struct named_layout;
struct proc;
struct container;

struct event {
	enum event_kind kind;
	const struct record *rec;
	const struct layout *layout;             /* raw ETW; NULL for named and synthetic events */
	const struct named_layout *named;        /* named records with a row of their own; else NULL */
	bool given;                              /* by the fields of rules: NAMED_FIELD_MAP in decode/named.h */
	/* raw: start of field i in the payload, [field_count]: end of the last; named: index of the value of row i */
	uint32_t offset[EVENT_MAX_FIELDS + 1];

	/* Filled by state/apply; NULL or empty where the data does not say. */
	struct proc *proc;                       /* acting process; the new one for process_start */
	struct proc *target;                     /* process acted on */
	const struct container *container;       /* of proc; NULL: host or unknown, see proc */
	struct text_view path;                   /* file or module path, DOS form where the device is known */
	struct text_view target_path;            /* rename, link */
	struct text_view key_path;               /* registry key, HKLM\ form */
	struct text_view script;                 /* script block put together from its parts */
	bool partial;                            /* process_start whose twin never came, script with parts missing */
	enum event_doubt doubt;
	const struct event *twin;                /* the other source's record of the same fact (state/join); else NULL */
	uint64_t lost_before;                    /* evt.gap: records lost since the last event that reported it */
};

#endif
