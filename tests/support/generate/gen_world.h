/* gen_world: a machine that never was: processes, their files, keys and connections, and the records that a kernel
 * would have written of what they do. Deterministic: the same calls give the same bytes. Not thread-safe. */
#ifndef VITRINE_TEST_GEN_WORLD_H
#define VITRINE_TEST_GEN_WORLD_H

#include "proto/stream.h"
#include "tests/support/generate/gen_payload.h"
#include "tests/support/generate/gen_shapes.h"
#include "tests/support/sequence.h"

enum { WORLD_MAX_PROCS = 512, WORLD_PATH_BYTES = 300, WORLD_CMDLINE_BYTES = 2048, WORLD_MAX_CPUS = 64 };

/* Where records go. */
struct gen_output {
	enum status (*hello)(void *ctx, const struct stream_hello *h);
	enum status (*record)(void *ctx, const struct record *r);
	enum status (*snapshot)(void *ctx, const struct stream_snapshot *s);
	void *ctx;
};

struct gen_user {
	uint8_t sid[SID_MAX_BYTES];
	size_t sid_len;
	uint32_t integrity;      /* last part of S-1-16-x: 8192 medium, 12288 high, 16384 system */
};

struct gen_proc {
	bool live, busy;         /* busy: gen_activity may act in its name */
	uint32_t pid, tid, session;
	uint32_t parent_pid;
	uint64_t seq, parent_seq, create_100ns, object;
	const struct gen_user *user;
	struct guid container;   /* zero: host */
	char path[WORLD_PATH_BYTES];       /* NT path */
	char cmdline[WORLD_CMDLINE_BYTES];
};

struct gen_machine {
	const char *name, *id, *os_name;
	uint32_t build;
	uint64_t boot_100ns, start_100ns;
	uint32_t cpus;
	const struct stream_device_path *device_paths;
	size_t device_path_count;
};

struct gen_spec {                /* of a process to start */
	const char *path, *cmdline;
	const struct gen_user *user;
	uint32_t session, pid;   /* pid 0: chosen */
	bool busy;
	struct guid container;
};

struct gen_world;

/* out is copied. NULL: out of memory, or a build whose events decode does not know. */
struct gen_world *gen_world_create(const struct gen_machine *m, const struct gen_output *out);
void gen_world_destroy(struct gen_world *w);
enum status gen_world_status(const struct gen_world *w);       /* first failure of an output; sticks */
uint64_t gen_world_now(const struct gen_world *w);
uint64_t gen_world_record_count(const struct gen_world *w);
struct sequence *gen_world_sequence(struct gen_world *w);
void gen_world_advance(struct gen_world *w, uint64_t units_100ns);

/* HELLO, then rundown of what was told by gen_world_running. */
void gen_world_hello(struct gen_world *w);
void gen_world_rundown(struct gen_world *w);
/* A process that was there before; no record until gen_world_rundown. NULL: no room. */
struct gen_proc *gen_world_running(struct gen_world *w, struct gen_proc *parent, const struct gen_spec *spec);
void gen_world_rundown_file(struct gen_world *w, const char *path);
void gen_world_rundown_key(struct gen_world *w, const char *path);
/* Live processes and the containers given, as a SNAPSHOT frame. */
void gen_world_snapshot(struct gen_world *w, const struct stream_container *containers, size_t count);

struct gen_proc *gen_world_start(struct gen_world *w, struct gen_proc *parent, const struct gen_spec *spec);
void gen_world_exit(struct gen_world *w, struct gen_proc *p, uint32_t code);
void gen_world_thread(struct gen_world *w, struct gen_proc *p);
void gen_world_thread_end(struct gen_world *w, struct gen_proc *p);
void gen_world_module(struct gen_world *w, struct gen_proc *p, const char *path);
void gen_world_silo(struct gen_world *w, struct gen_proc *by, const struct guid *silo, uint32_t job);
struct gen_proc *gen_world_busy_proc(struct gen_world *w);     /* a live one, by chance; NULL: none */

/* One record by p's main thread; values in *v. p NULL: by the system process. */
void gen_world_emit(struct gen_world *w, enum gen_shape shape, const struct gen_proc *p, struct payload *v);
/* A new kernel address. */
uint64_t gen_world_address(struct gen_world *w);

#endif
