/* state: what no single event says: processes with their parents, names of file and registry objects, drive letters,
 * containers. One per stream; single-threaded. Knows nothing of rules. apply*.c are the only writers of its tables.
 *
 * Time is the stream's own (record times), so a recording gives the same result at any speed. The caller's loop:
 *
 *     state_advance(st, record.time_100ns, emit, ctx);        held events whose twin is overdue
 *     decode_record(decoder, &record, &event);
 *     switch (state_apply_event(st, &event)) ...
 *
 * The ledger: STATE_EVALUATE counts as evaluated, STATE_ONLY as state-only, STATE_HELD as joined. An event that
 * state_advance or state_flush hands out was counted as joined before: it moves from joined to evaluated. An event that
 * comes back from state_apply_event with `twin` set is the evaluated one of two records, the other stays joined.
 *
 * Every text and pointer put into an event lives until the next call on the same state. */
#ifndef VITRINE_STATE_STATE_H
#define VITRINE_STATE_STATE_H

#include "policyd/event.h"
#include "proto/base/status.h"
#include "proto/stream.h"

struct state;
struct proc;

/* Whether process starts and exits of classic Process and Kernel-Process are one event (etw.md §1.4). */
enum state_join {
	STATE_JOIN_AUTO, /* hold for the twin until 64 in a row had none */
	STATE_JOIN_NEVER,
	STATE_JOIN_ALWAYS,
};

/* All of them are for all machines of the stream together: a stream cannot make state hold more than about 90 MiB. */
enum {
	STATE_MAX_PROCS = 65536, /* live and exited together; far more than a Windows node runs */
	STATE_MAX_NAMES = 65536, /* file objects, and as many registry keys; a busy server has 30,000 open */
	STATE_MAX_THREADS = 65536,
	STATE_MAX_CONTAINERS = 1024,	  /* a node runs at most 250 pods */
	STATE_MAX_HOSTS = 64,		  /* machines in one recording; the largest real one has 8 */
	STATE_MAX_USERS = 4096,		  /* SIDs whose name an event told */
	STATE_PROC_TEXT_BYTES = 12 << 20, /* command lines, paths, SIDs; shared texts are stored once */
	STATE_NAME_TEXT_BYTES = 12 << 20, /* file and key paths */
	STATE_SCRATCH_BYTES = 1 << 20,	  /* conversions of one event */
	STATE_MAX_ANCESTORS = 64,	  /* longest parent chain that is followed */
};

/* Zero in a member means the default above. */
struct state_limits {
	uint32_t max_procs, max_names, max_threads;
	size_t proc_text_bytes, name_text_bytes;
	enum state_join join;
	uint64_t hash_seed; /* random in a daemon, so that no peer can choose colliding names */
};

/* NULL: out of memory. limits NULL: all defaults. Memory grows with use, up to the limits. */
struct state *state_create(const struct state_limits *limits);
void state_destroy(struct state *st);

/* A HELLO of another machine or boot forgets everything learned from the one before; call state_flush first. */
void state_apply_hello(struct state *st, const struct stream_hello *hello);
void state_apply_snapshot(struct state *st, const struct stream_snapshot *snapshot);

enum state_verdict {
	STATE_EVALUATE, /* rules see it now; `twin` set: joined with a record that was held */
	STATE_ONLY,	/* it only told us something (rundown, names, closes) */
	STATE_HELD,	/* copied; comes back joined with its twin, or from state_advance */
};

/* Fills the state part of ev and updates the tables; may change ev->kind (driver_load, remote_thread, ...). */
enum state_verdict state_apply_event(struct state *st, struct event *ev);

typedef void state_emit(void *ctx, struct event *ev); /* ev dies on return */

/* Records of the stream were lost: what is not seen may have happened. */
void state_note_loss(struct state *st);

/* A record of that time comes: moves the stream's clock and emits events held longer than 200 ms (join.h). Cheap when there
 * are none. A clock that a wrong record moved ahead is set back after 64 later records, or by the next heartbeat. */
void state_advance(struct state *st, uint64_t now_100ns, state_emit *emit, void *ctx);
/* The same by the collector's own clock, which is always believed. now 0: it told none. */
void state_heartbeat(struct state *st, uint64_t now_100ns, state_emit *emit, void *ctx);
/* Emits every held event: the stream ended. */
void state_flush(struct state *st, state_emit *emit, void *ctx);

/* The machine an event is about: the record's own, or HELLO's. Lives as long as the state. */
struct text_view state_host_name(const struct state *st, const struct record *rec);

/* The other process with this pid at that time, for fields that name one by pid alone. NULL: not known. */
const struct proc *state_find_proc(const struct state *st, const struct record *rec, uint32_t pid);

/* A container of HELLO's machine by its silo, or by its whole id where it has none. NULL: not known any more. */
struct container;
const struct container *state_find_container(const struct state *st, const struct guid *silo, struct text_view full_id);

/* Whether a container was seen on the record's machine: then a process that nothing is told of may be in one. */
bool state_has_containers(const struct state *st, const struct record *rec);

/* X(name, doc): counters for --stats and metrics; all of them over all hosts. */
#define STATE_STATS_TABLE(X)                                                                                           \
	X(procs, "processes known now, exited ones included")                                                          \
	X(procs_peak, "most at once")                                                                                  \
	X(proc_starts, "processes seen starting")                                                                      \
	X(proc_exits, "processes seen ending")                                                                         \
	X(proc_rundown, "processes known from rundown and snapshots")                                                  \
	X(proc_evictions, "processes forgotten because the table was full")                                            \
	X(proc_refused, "processes or texts not stored for lack of memory")                                            \
	X(proc_texts_dropped, "command lines of processes given up because the memory for texts was full")            \
	X(starts_joined, "starts and exits joined from two sources")                                                   \
	X(starts_partial, "starts and exits whose other source did not come in time")                                  \
	X(starts_single, "starts and exits not held, because the stream has one source")                               \
	X(hold_refused, "starts and exits not held, because the pool was full")                                        \
	X(told_twice, "threads and images that both sources told, evaluated once")                                     \
	X(scripts_joined, "scripts put together from all their parts")                                                 \
	X(scripts_partial, "scripts, or parts of one, evaluated with parts missing")                                   \
	X(files, "file objects with a name")                                                                           \
	X(file_hits, "file look-ups answered")                                                                         \
	X(file_misses, "file look-ups without an answer")                                                              \
	X(file_evictions, "file names forgotten because the table was full")                                           \
	X(keys, "registry keys with a path")                                                                           \
	X(key_hits, "key look-ups answered")                                                                           \
	X(key_misses, "key look-ups without an answer")                                                                \
	X(key_evictions, "key paths forgotten because the table was full")                                             \
	X(names_refused, "file and key names not stored: too long, or no room for the text")                           \
	X(threads, "threads with a known process")                                                                     \
	X(thread_evictions, "threads forgotten because the table was full")                                            \
	X(containers, "containers known")                                                                              \
	X(container_evictions, "containers forgotten or refused because the table was full")                           \
	X(containers_corrected, "processes found to be in another container than their parent")                        \
	X(hcs_refused, "documents of the container service that could not be read")                                    \
	X(forged, "starts and exits of processes that the kernel's own stamp, or what it told before, contradicts")    \
	X(hosts, "machines in the stream")                                                                             \
	X(hosts_refused, "events of machines beyond the limit, kept under the last one")                               \
	X(text_bytes, "memory held for texts")                                                                         \
	X(records_late, "records more than 2 s behind those before them: not in order of time")                       \
	X(clock_steps_back, "times the stream's clock was set back")

struct state_stats {
#define X(name, doc) uint64_t name;
	STATE_STATS_TABLE(X)
#undef X
};

void state_get_stats(const struct state *st, struct state_stats *out);

#endif
