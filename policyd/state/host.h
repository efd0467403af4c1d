/* host: the tables of one machine, and the parts of struct state. Inner header of the state layer. */
#ifndef VITRINE_STATE_HOST_H
#define VITRINE_STATE_HOST_H

#include "policyd/decode/decode.h"
#include "policyd/state/container.h"
#include "policyd/state/device_map.h"
#include "policyd/state/join.h"
#include "policyd/state/lru_map.h"
#include "policyd/state/name_table.h"
#include "policyd/state/proc_table.h"
#include "policyd/state/proc_tree.h"
#include "policyd/state/script.h"
#include "policyd/state/state.h"
#include "policyd/state/user_names.h"

enum {
	HOST_NAME_BYTES = 256,
	HOST_RECENT_CREATES = 256,     /* creates between an open and the "new file" event that follows it */
	JOIN_LEARN_RUN = 64,           /* starts in a row without a twin: the stream has one source */
	HOST_RECENT_FACTS = 1024,      /* threads and images of the last moment; a busy machine loads 500 images in 200 ms */
};

/* Where a process event came from. Only the two kernel sources report the same fact twice within milliseconds. */
enum source { SOURCE_CLASSIC, SOURCE_MANIFEST, SOURCE_OTHER };

/* A thread start or image load that a kernel source told. */
struct recent_fact {
	uint64_t id, time_100ns;                /* tid, or load address; 0: none */
	uint32_t pid;
	uint8_t kind, source;
};

struct host_state {
	char name[HOST_NAME_BYTES];
	size_t name_len;
	uint32_t space;                         /* in the keys of the tables that it shares with the other machines: */
	struct proc_table *procs;
	struct name_table *files, *keys;
	struct lru_map *threads;                /* tid -> pid */
	struct lru_map *guids;                  /* log_guid.c */
	struct user_names *users;
	struct container_table *containers;     /* its own */
	struct device_map *devices;
	uint64_t recent_creates[HOST_RECENT_CREATES];   /* file objects whose create was reported already */
	struct recent_fact facts[HOST_RECENT_FACTS];
	uint32_t run_without_twin[2];           /* by enum source; reset by a twin or by the other source */
	bool seen[2];                           /* starts or exits of that source were in the stream */
	bool sees_starts;                       /* so an unknown process is an old one, not a new one */
	bool sees_exits;                        /* of the kernel's sources: so who has not ended, lives */
};

struct state {
	struct state_limits limits;
	struct text_pool *proc_text, *name_text;
	/* Of all machines, so that one bound holds for all of them. */
	struct proc_table *procs;
	struct name_table *files, *keys;
	struct lru_map *threads, *guids;
	struct user_names *users;
	uint32_t container_count;
	struct arena *scratch;                  /* reset at each call that fills an event */
	struct join *join;
	struct scripts *scripts;
	struct host_state *hosts[STATE_MAX_HOSTS];    /* [0]: HELLO's machine */
	size_t host_count;
	uint64_t lost_100ns;                    /* when the stream told of a loss last; 0: never */
	uint64_t now_100ns, expired_100ns;      /* the stream's clock; when exited processes were last looked at */
	uint32_t late_run;                      /* records in a row that were late by it */
	struct event second;                    /* the twin that came last, of the event just returned */
	char machine_id[HOST_NAME_BYTES];
	size_t machine_id_len;
	uint64_t boot_time_100ns;
	struct {
		uint64_t starts, exits, rundown, joined, partial, single, hold_refused, hosts_refused, steps_back,
			thread_evictions, scripts_joined, scripts_partial, told_twice, containers_corrected, hcs_refused, forged, late;
	} count;
};

/* space: its index. NULL: out of memory. What it has in the shared tables is the state's to clear, before the host. */
struct host_state *host_create(struct state *st, uint32_t space, struct text_view name);
void host_destroy(struct host_state *h);
void host_clear(struct host_state *h);           /* forgets everything but the name */

static inline struct lru_key host_key(const struct host_state *h, uint64_t id)
{
	return (struct lru_key){ .id = id, .space = h->space };
}

static inline struct proc *host_find_proc(const struct host_state *h, uint32_t pid, uint64_t at_100ns)
{
	return proc_table_find(h->procs, h->space, pid, at_100ns);
}

static inline struct proc *host_next_of_pid(const struct host_state *h, uint32_t pid, const struct proc *after)
{
	return proc_table_next_of_pid(h->procs, h->space, pid, after);
}

static inline struct proc *host_add_proc(const struct host_state *h, uint32_t pid, uint64_t create_100ns, uint64_t now_100ns)
{
	return proc_table_add(h->procs, h->space, pid, create_100ns, now_100ns);
}

/* The machine of a record; made when new. NULL: out of memory. */
struct host_state *state_host(struct state *st, const struct record *rec);

/* apply_<family>.c: one event each; the verdict is that of state_apply_event. */
typedef enum state_verdict apply_fn(struct state *st, struct host_state *h, struct event *ev);

apply_fn apply_process_start, apply_process_exit, apply_process_rundown;
apply_fn apply_thread_start, apply_thread_end, apply_thread_rundown;
apply_fn apply_image_load, apply_image_rundown;
apply_fn apply_file_open, apply_file_rename, apply_file_other, apply_file_name;
apply_fn apply_registry_open, apply_registry_other, apply_registry_name;
apply_fn apply_silo, apply_job, apply_script_block;
apply_fn apply_actor;        /* any other event: who did it, to whom */

/* The entry of a silo, made when new. NULL: zero GUID, or no room. */
struct container *host_container(const struct state *st, struct host_state *h, const struct guid *silo);
struct container *host_container_by_id(const struct state *st, struct host_state *h, struct text_view id);
/* Where a process is, by a source that knows; counts when it was thought to be in another container. */
void apply_correct_container(struct state *st, struct proc *p, struct container *c);
/* The HostProcess container that a process outside every silo runs in: its executable lies in one's folder, or the shim
 * of a pod started it. NULL: none. */
struct container *apply_host_process(const struct state *st, struct host_state *h, const struct proc *p);
/* A container as the collector lists it: its row, and HCS' own document. */
void apply_listed_container(struct state *st, struct host_state *h, const struct stream_container *row);

/* start_entry.c. The process whose start ev tells; made when new. One that would take the place of a living process, whose
 * end should have been seen, is PROC_DOUBTED: it is of this event alone. NULL: out of memory. */
struct proc *apply_start_entry(struct state *st, struct host_state *h, struct event *ev, uint32_t pid, uint64_t create_100ns);
/* The kernel shows that a doubted start was true: whoever had the pid before has ended. */
void apply_confirm(struct host_state *h, struct proc *p);
/* The process that a header with a start key, which the kernel stamps, is of: p, unless the key is another one's. NULL: not
 * known. */
struct proc *apply_owner_by_key(struct host_state *h, struct proc *p, const struct record *rec);
/* A start is written by the creator. One by the new process itself was written in user mode. */
bool apply_starts_itself(const struct event *ev, uint32_t pid);
/* p's place may be taken because of ev; p may be ended because of ev (a process ends in its own context). */
bool apply_may_replace(const struct state *st, const struct host_state *h, const struct proc *p, const struct event *ev);
bool apply_may_end(const struct proc *p, const struct event *ev);
/* Nothing of the record is believed but its header: it becomes an etw_tamper event of the header's process. */
enum state_verdict apply_forged(struct state *st, struct host_state *h, struct event *ev, enum event_doubt doubt);
void apply_note_teller(struct proc *p, const struct event *ev);       /* of logs, not of the kernel's two sources */
uint32_t apply_source_flag(enum source source);                      /* enum proc_flags; 0: neither of the two */
/* The logon of the process itself, not of who asked for it. */
bool apply_own_logon_id(const struct state *st, const struct event *ev, uint64_t *out);

/* The one record of a fact, or the second of two: apply_join.c. twin: p had the other source's record already. */
enum state_verdict apply_hold(struct state *st, struct host_state *h, struct event *ev, bool twin);
/* A held event goes on alone. */
void apply_overdue(struct state *st, struct event *ev);
/* A script goes on with some of its parts missing. */
void apply_overdue_script(struct state *st, struct event *ev);
/* Classic Thread and Image, and Kernel-Process, tell the same start of thread id, or load of the image at id: true for the
 * second of the two. Nothing is held for it: rules saw the first. */
bool apply_is_told_twice(struct state *st, struct host_state *h, const struct event *ev, uint32_t pid, uint64_t id);
void host_note_source(struct host_state *h, enum source source);

/* An entry for a process that rundown (ev) or a snapshot (ev NULL) lists. NULL: older than what is known, or not believed, or
 * no memory. */
struct proc *apply_listed_proc(struct state *st, struct host_state *h, const struct event *ev, uint32_t pid,
	uint64_t create_100ns);

/* log_guid.c. The pid of the process that a log calls so; a stand-in until a record tells it. UINT32_MAX: no GUID. */
uint32_t host_pid_of_guid(const struct host_state *h, struct text_view guid);
void host_learn_guid(const struct host_state *h, struct text_view guid, uint32_t pid, uint64_t now_100ns);

enum source event_source(const struct event *ev);
/* The process that the event is of: by pid, or by GUID in a log record. */
bool event_subject_pid(const struct state *st, const struct host_state *h, const struct event *ev, uint32_t *out);
/* The process that acts: of the payload where it says so, else of the record's header. UINT32_MAX: not known. */
uint32_t event_actor_pid(const struct state *st, const struct host_state *h, const struct event *ev);
/* Fills ev->proc and ev->container, and what the record's header tells of its process. */
void apply_set_actor(struct state *st, struct host_state *h, struct event *ev, struct proc *p);
/* What a record says of a process: fills what is missing; a log record's own texts win over what is known, so that the
 * event shows them as it has them. */
void apply_fill_proc(struct state *st, struct host_state *h, struct proc *p, const struct event *ev);
void apply_learn_text(struct host_state *h, const struct event *ev, const struct pooled **known, struct text_view text);
void apply_learn_path(struct state *st, struct host_state *h, const struct event *ev, struct proc *p, struct text_view path);
/* Path as rules see it, and its last component. */
void apply_set_path(struct state *st, struct host_state *h, struct proc *p, struct text_view path);
/* The acting process of a log record, made from what the record says of it when not known. */
struct proc *apply_logged_actor(struct state *st, struct host_state *h, const struct event *ev, uint32_t pid);
void apply_logged_parent(struct state *st, struct host_state *h, struct proc *child, const struct event *ev);
struct proc *apply_logged_target(struct state *st, struct host_state *h, const struct event *ev, uint32_t pid);

bool event_get_u32(const struct event *ev, enum slot slot, uint32_t *out);
/* Empty view when the event has none. */
struct text_view state_text(const struct state *st, const struct event *ev, enum slot slot);
struct text_view path_last_part(struct text_view path);

#endif
