/* state_world: a decoder and a state, fed with made-up records, for tests that tell a story event by event. */
#ifndef VITRINE_TESTS_STATE_WORLD_H
#define VITRINE_TESTS_STATE_WORLD_H

#include "policyd/decode/decode.h"
#include "policyd/decode/providers.h"
#include "policyd/state/container.h"
#include "policyd/state/proc.h"
#include "policyd/state/state.h"
#include "tests/support/kernel_record.h"

enum { WORLD_MAX_EMITTED = 512 };

#define WORLD_START_100NS UINT64_C(133800000000000000)      /* 2024-12-30 02:40 UTC */
#define WORLD_MS_100NS UINT64_C(10000)

struct world_emitted {
	enum event_kind kind;
	uint32_t pid;
	bool partial;
};

struct world {
	struct decoder *decoder;
	struct state *state;
	uint64_t now_100ns;             /* of the next record */
	uint32_t pid, tid;              /* of the next record's header */
	struct view writer_sid;         /* of named records; empty: no such item */
	uint64_t start_key;             /* 0: no such item */
	struct guid container;          /* zero: no such item */
	const char *host;               /* NULL: HELLO's */
	struct kernel_record record;
	struct event ev;                /* the last one applied */
	enum state_verdict verdict;
	struct world_emitted emitted[WORLD_MAX_EMITTED];
	size_t emitted_count;
};

struct world *world_create(const struct state_limits *limits);      /* NULL: out of memory */
void world_destroy(struct world *w);
void world_wait_ms(struct world *w, uint64_t ms);                    /* later, with state_advance */

void world_heartbeat(struct world *w);
void world_flush(struct world *w);

/* Advances to the record's time, decodes and applies. A record that does not decode ends the test program. */
enum state_verdict world_apply(struct world *w, const struct provider *p, uint16_t id, uint8_t version,
	const struct kernel_value *values);
enum state_verdict world_apply_named(struct world *w, const char *provider, uint16_t id, const struct named_value *values,
	size_t value_count);

/* WORLD(w, provider_kernel_process, 1, 3, { "ProcessID", 100, NULL }, ...) */
#define WORLD(w, provider, id, version, ...)                                                                           \
	world_apply(w, &(provider), id, version, (const struct kernel_value[]){ __VA_ARGS__, { NULL, 0, NULL } })

/* A program's start as the two kernel sources tell it. image: NT path. */
struct world_program {
	uint32_t pid, ppid;
	const char *image, *cmdline, *sid;
	uint64_t create_100ns;          /* 0: now */
};
enum state_verdict world_manifest_start(struct world *w, const struct world_program *p);
enum state_verdict world_classic_start(struct world *w, const struct world_program *p);
/* Both, manifest first; the event is in w->ev. */
void world_start(struct world *w, const struct world_program *p);
enum state_verdict world_classic_rundown(struct world *w, const struct world_program *p);
enum state_verdict world_exit(struct world *w, uint32_t pid, uint64_t create_100ns);    /* Kernel-Process 2 */

const struct proc *world_proc(const struct world *w, uint32_t pid);
const char *world_name(const struct proc *p);       /* "" without one */
struct state_stats world_stats(const struct world *w);

#endif
