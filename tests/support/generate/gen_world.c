#include "tests/support/generate/gen_world.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/base/limits.h"

enum { FIRST_PID = 4000, PID_WRAP = 60000, SYSTEM_PID = 4, UNITS_PER_MS = 10000, CALLBACK_UNITS = 300 };

/* Start keys are unique per boot: boot number in the top 16 bits, process sequence number below. */
#define BOOT_NUMBER (UINT64_C(7) << 48)
#define FIRST_OBJECT UINT64_C(0xffffc00d20000000)
#define FIRST_IMAGE_BASE UINT64_C(0x00007ff600000000)

struct gen_world {
	struct gen_machine machine;
	struct gen_output out;
	struct gen_event events[SHAPE_COUNT];
	struct gen_proc procs[WORLD_MAX_PROCS];
	uint32_t live[WORLD_MAX_PROCS];          /* indices of live processes */
	uint32_t live_count;
	uint32_t next_pid, next_tid;
	uint64_t now, next_object, next_seq, records;
	struct sequence chance;
	enum status status;
	uint8_t payload[LIMIT_PAYLOAD_BYTES];
};

struct gen_world *gen_world_create(const struct gen_machine *m, const struct gen_output *out)
{
	struct gen_world *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->machine = *m;
	w->out = *out;
	w->now = m->start_100ns;
	w->next_pid = FIRST_PID;
	w->next_tid = FIRST_PID + 2;
	w->next_seq = 1;
	w->next_object = FIRST_OBJECT;
	w->chance.state = UINT64_C(0x9e3779b97f4a7c15);
	if (gen_shapes_resolve(m->build, w->events))
		return w;
	free(w);
	return NULL;
}

void gen_world_destroy(struct gen_world *w)
{
	free(w);
}

enum status gen_world_status(const struct gen_world *w)
{
	return w->status;
}

uint64_t gen_world_now(const struct gen_world *w)
{
	return w->now;
}

uint64_t gen_world_record_count(const struct gen_world *w)
{
	return w->records;
}

struct sequence *gen_world_sequence(struct gen_world *w)
{
	return &w->chance;
}

void gen_world_advance(struct gen_world *w, uint64_t units_100ns)
{
	w->now += units_100ns;
}

uint64_t gen_world_address(struct gen_world *w)
{
	w->next_object += 0x50 + 0x10 * sequence_below(&w->chance, 8);
	return w->next_object;
}

struct gen_proc *gen_world_busy_proc(struct gen_world *w)
{
	uint32_t first = w->live_count ? sequence_below(&w->chance, w->live_count) : 0;

	for (uint32_t i = 0; i < w->live_count; i++) {
		struct gen_proc *p = &w->procs[w->live[(first + i) % w->live_count]];

		if (p->busy)
			return p;
	}
	return NULL;
}

void gen_world_hello(struct gen_world *w)
{
	const struct gen_machine *m = &w->machine;
	const struct stream_hello h = { .host_name = { m->name, strlen(m->name) }, .machine_id = { m->id, strlen(m->id) },
		.os_name = { m->os_name, strlen(m->os_name) }, .os_build = m->build, .boot_time_100ns = m->boot_100ns,
		.clock = CLOCK_QPC, .source = SOURCE_GENERATED, .pointer_bytes = 8, .device_paths = m->device_paths,
		.device_path_count = m->device_path_count };

	if (w->status == ST_OK)
		w->status = w->out.hello(w->out.ctx, &h);
}

static bool is_rundown(enum gen_shape shape)
{
	return shape == SHAPE_OLD_PROCESS_RUNDOWN || shape == SHAPE_OLD_THREAD_RUNDOWN || shape == SHAPE_OLD_IMAGE_RUNDOWN ||
		shape == SHAPE_OLD_FILE_RUNDOWN;
}

static void set_actor(struct record *r, enum gen_shape shape, const struct gen_proc *p, unsigned items)
{
	r->pid = p ? p->pid : SYSTEM_PID;
	r->tid = p ? p->tid : SYSTEM_PID + 88;
	if (is_rundown(shape))
		r->pid = r->tid = UINT32_MAX;    /* such records have no thread in their header */
	if (items & GEN_START_KEY) {
		r->flags |= RECORD_HAS_START_KEY;
		r->start_key = BOOT_NUMBER | (p ? p->seq : 1);
	}
	if (p && items & GEN_CONTAINER && !guid_is_zero(&p->container)) {
		r->flags |= RECORD_HAS_CONTAINER;
		r->container = p->container;
	}
}

void gen_world_emit(struct gen_world *w, enum gen_shape shape, const struct gen_proc *p, struct payload *v)
{
	const struct gen_event *e = &w->events[shape];
	struct record r = { .kind = RECORD_ETW, .provider = e->provider->guid, .version = e->layout->version,
		.opcode = e->opcode, .level = e->level, .task = e->task, .keyword = e->keyword, .pointer_bytes = 8,
		.os_build = w->machine.build };

	if (w->status != ST_OK)
		return;
	w->now += 10 + sequence_below(&w->chance, 200);
	r.time_100ns = w->now;
	r.cpu = (uint16_t)sequence_below(&w->chance, w->machine.cpus);
	if (e->provider->classic)
		r.flags = RECORD_CLASSIC;
	else
		r.id = e->layout->id;
	set_actor(&r, shape, p, e->items);
	r.payload.ptr = w->payload;
	w->status = payload_encode(e->layout, v, w->payload, sizeof w->payload, &r.payload.len);
	if (w->status == ST_OK)
		w->status = w->out.record(w->out.ctx, &r);
	w->records++;
}

static bool pid_in_use(const struct gen_world *w, uint32_t pid)
{
	for (uint32_t i = 0; i < w->live_count; i++) {
		if (w->procs[w->live[i]].pid == pid)
			return true;
	}
	return false;
}

/* Even numbers of 4 that wrap around: pids come again, as on a real machine. */
static uint32_t choose_pid(struct gen_world *w)
{
	do {
		w->next_pid += 4 * (1 + sequence_below(&w->chance, 9));
		if (w->next_pid > PID_WRAP)
			w->next_pid = FIRST_PID;
	} while (pid_in_use(w, w->next_pid));
	return w->next_pid;
}

static uint32_t choose_tid(struct gen_world *w)
{
	w->next_tid += 4 * (1 + sequence_below(&w->chance, 5));
	if (w->next_tid > PID_WRAP)
		w->next_tid = FIRST_PID + 2;
	return w->next_tid;
}

static struct gen_proc *free_slot(struct gen_world *w)
{
	for (uint32_t i = 0; w->live_count < WORLD_MAX_PROCS && i < WORLD_MAX_PROCS; i++) {
		if (w->procs[i].live)
			continue;
		w->live[w->live_count++] = i;
		return &w->procs[i];
	}
	return NULL;
}

struct gen_proc *gen_world_running(struct gen_world *w, struct gen_proc *parent, const struct gen_spec *spec)
{
	struct gen_proc *p = free_slot(w);

	if (!p)
		return NULL;
	*p = (struct gen_proc){ .live = true, .session = spec->session, .user = spec->user, .container = spec->container,
		.busy = spec->busy };
	p->pid = spec->pid ? spec->pid : choose_pid(w);
	p->tid = choose_tid(w);
	p->parent_pid = parent ? parent->pid : 0;
	p->parent_seq = parent ? parent->seq : 0;
	p->seq = ++w->next_seq;
	p->object = gen_world_address(w);
	p->create_100ns = w->machine.boot_100ns + p->seq * 97 * UNITS_PER_MS;
	snprintf(p->path, sizeof p->path, "%s", spec->path);
	snprintf(p->cmdline, sizeof p->cmdline, "%s", spec->cmdline);
	return p;
}

static const char *short_name(const char *path)
{
	const char *slash = strrchr(path, '\\');

	return slash ? slash + 1 : path;
}

/* 15 characters at most, as the kernel keeps it. */
static void put_short_name(struct payload *v, const struct gen_proc *p, bool cut)
{
	const char *name = short_name(p->path);
	size_t len = strlen(name);

	payload_bytes(v, SLOT_IMAGE_NAME, name, cut && len > 14 ? 14 : len);
}

static struct payload classic_process(const struct gen_proc *p, uint32_t exit_code)
{
	struct payload v = { .count = 0, .filler = UINT64_C(0x1ae000) };

	payload_number(&v, SLOT_PROC_KEY, p->object);
	payload_number(&v, SLOT_PID, p->pid);
	payload_number(&v, SLOT_PPID, p->parent_pid);
	payload_number(&v, SLOT_SESSION_ID, p->session);
	payload_number(&v, SLOT_EXIT_CODE, exit_code);
	payload_bytes(&v, SLOT_USER_SID, p->user->sid, p->user->sid_len);
	put_short_name(&v, p, false);
	payload_text(&v, SLOT_CMDLINE, p->cmdline);
	return v;
}

static size_t integrity_sid(const struct gen_proc *p, uint8_t out[SID_MAX_BYTES])
{
	static const uint8_t label[8] = { 1, 1, 0, 0, 0, 0, 0, 16 };

	memcpy(out, label, sizeof label);
	store_u32le(out + sizeof label, p->user->integrity);
	return sizeof label + 4;
}

/* label: must live until the payload is encoded. */
static struct payload kernel_process(const struct gen_proc *p, uint8_t label[SID_MAX_BYTES])
{
	struct payload v = { .count = 0 };
	bool high = p->user->integrity >= 12288;

	payload_number(&v, SLOT_PID, p->pid);
	payload_number(&v, SLOT_PROC_SEQ, p->seq);
	payload_number(&v, SLOT_CREATE_TIME, p->create_100ns);
	payload_number(&v, SLOT_PPID, p->parent_pid);
	payload_number(&v, SLOT_PARENT_SEQ, p->parent_seq);
	payload_number(&v, SLOT_SESSION_ID, p->session);
	payload_number(&v, SLOT_ELEVATION_TYPE, p->user->integrity == 12288 ? 2 : 1);
	payload_number(&v, SLOT_ELEVATED, high);
	payload_bytes(&v, SLOT_INTEGRITY_SID, label, integrity_sid(p, label));
	payload_text(&v, SLOT_IMAGE_PATH, p->path);
	payload_number(&v, SLOT_TIME_DATE_STAMP, 0x5f000000u + (uint32_t)strlen(p->path) * 0x1234567u);
	return v;
}

static void emit_image(struct gen_world *w, enum gen_shape shape, const struct gen_proc *p, const char *path)
{
	struct payload v = { .count = 0, .filler = FIRST_IMAGE_BASE };
	size_t len = strlen(path);
	bool kernel = len > 4 && strcmp(path + len - 4, ".sys") == 0;

	payload_number(&v, SLOT_IMAGE_BASE, FIRST_IMAGE_BASE + (uint64_t)sequence_below(&w->chance, 0x100000) * 0x10000);
	payload_number(&v, SLOT_IMAGE_SIZE, 0x1000 * (8 + sequence_below(&w->chance, 500)));
	payload_number(&v, SLOT_PID, kernel ? 0 : p->pid);
	payload_number(&v, SLOT_TIME_DATE_STAMP, 0x60000000u + (uint32_t)len);
	payload_number(&v, SLOT_SIGNATURE_LEVEL, strstr(path, "\\Windows\\") ? 12 : 0);
	payload_number(&v, SLOT_SIGNATURE_TYPE, strstr(path, "\\Windows\\") ? 1 : 0);
	payload_text(&v, SLOT_MODULE_PATH, path);
	gen_world_emit(w, shape, p, &v);
}

void gen_world_module(struct gen_world *w, struct gen_proc *p, const char *path)
{
	emit_image(w, SHAPE_OLD_IMAGE_LOAD, p, path);
}

static void emit_thread(struct gen_world *w, enum gen_shape shape, const struct gen_proc *by, const struct gen_proc *p)
{
	struct payload v = { .count = 0, .filler = UINT64_C(0xffffde0d10000000) };

	payload_number(&v, SLOT_PID, p->pid);
	payload_number(&v, SLOT_TID, shape == SHAPE_OLD_THREAD_START && by == p ? choose_tid(w) : p->tid);
	payload_number(&v, SLOT_WIN32_START_ADDR, UINT64_C(0x7ffd11223340));
	gen_world_emit(w, shape, by, &v);
}

void gen_world_thread(struct gen_world *w, struct gen_proc *p)
{
	emit_thread(w, SHAPE_OLD_THREAD_START, p, p);
}

void gen_world_thread_end(struct gen_world *w, struct gen_proc *p)
{
	emit_thread(w, SHAPE_OLD_THREAD_END, p, p);
}

/* Both sources of the fact; then the first thread, logged by the creator, and the image, logged by the process. */
struct gen_proc *gen_world_start(struct gen_world *w, struct gen_proc *parent, const struct gen_spec *spec)
{
	uint8_t label[SID_MAX_BYTES];
	struct gen_proc *p = gen_world_running(w, parent, spec);
	struct payload v;

	if (!p)
		return NULL;
	p->create_100ns = w->now;
	v = kernel_process(p, label);
	gen_world_emit(w, SHAPE_PROCESS_START, parent, &v);
	v = classic_process(p, 259);    /* STILL_ACTIVE */
	gen_world_emit(w, SHAPE_OLD_PROCESS_START, parent, &v);
	emit_thread(w, SHAPE_OLD_THREAD_START, parent, p);
	emit_image(w, SHAPE_OLD_IMAGE_LOAD, p, p->path);
	return p;
}

void gen_world_exit(struct gen_world *w, struct gen_proc *p, uint32_t code)
{
	struct payload v = { .count = 0 };

	emit_thread(w, SHAPE_OLD_THREAD_END, p, p);
	payload_number(&v, SLOT_PID, p->pid);
	gen_world_emit(w, SHAPE_OLD_PROCESS_TERMINATE, p, &v);
	payload_number(&v, SLOT_PROC_SEQ, p->seq);
	payload_number(&v, SLOT_CREATE_TIME, p->create_100ns);
	payload_number(&v, SLOT_EXIT_TIME, w->now);
	payload_number(&v, SLOT_EXIT_CODE, code);
	payload_number(&v, SLOT_ELEVATION_TYPE, 1);
	put_short_name(&v, p, true);
	gen_world_emit(w, SHAPE_PROCESS_STOP, p, &v);
	v = classic_process(p, code);
	gen_world_emit(w, SHAPE_OLD_PROCESS_END, p, &v);
	p->live = false;
	for (uint32_t i = 0; i < w->live_count; i++) {
		if (&w->procs[w->live[i]] == p)
			w->live[i--] = w->live[--w->live_count];
	}
}

void gen_world_rundown(struct gen_world *w)
{
	uint8_t label[SID_MAX_BYTES];
	struct payload v;

	for (uint32_t i = 0; i < w->live_count; i++) {
		v = classic_process(&w->procs[w->live[i]], 259);
		gen_world_emit(w, SHAPE_OLD_PROCESS_RUNDOWN, NULL, &v);
	}
	for (uint32_t i = 0; i < w->live_count; i++) {
		const struct gen_proc *p = &w->procs[w->live[i]];

		emit_thread(w, SHAPE_OLD_THREAD_RUNDOWN, NULL, p);
		emit_image(w, SHAPE_OLD_IMAGE_RUNDOWN, p, p->path);
	}
	for (uint32_t i = 0; i < w->live_count; i++) {
		v = kernel_process(&w->procs[w->live[i]], label);
		gen_world_emit(w, SHAPE_PROCESS_RUNDOWN, NULL, &v);
	}
}

void gen_world_rundown_file(struct gen_world *w, const char *path)
{
	struct payload v = { .count = 0 };

	payload_number(&v, SLOT_FILE_KEY, gen_world_address(w));
	payload_text(&v, SLOT_FILE_PATH, path);
	gen_world_emit(w, SHAPE_OLD_FILE_RUNDOWN, NULL, &v);
}

void gen_world_rundown_key(struct gen_world *w, const char *path)
{
	struct payload v = { .count = 0 };

	payload_number(&v, SLOT_KEY_OBJECT, gen_world_address(w));
	payload_text(&v, SLOT_KEY_NAME, path);
	gen_world_emit(w, SHAPE_OLD_KEY_RUNDOWN, NULL, &v);
}

/* SERVERSILO_STATE 0 initialising, 1 started (ntddk.h); between the two, the callbacks of silo monitors. */
void gen_world_silo(struct gen_world *w, struct gen_proc *by, const struct guid *silo, uint32_t job)
{
	struct payload v = { .count = 0 };

	payload_bytes(&v, SLOT_CONTAINER_GUID, silo->b, sizeof silo->b);
	payload_number(&v, SLOT_JOB_ID, job);
	gen_world_emit(w, SHAPE_SILO_STATE, by, &v);
	for (int i = 0; i < 2; i++) {
		gen_world_emit(w, SHAPE_SILO_CALLBACK_START, by, &v);
		gen_world_advance(w, CALLBACK_UNITS);
		gen_world_emit(w, SHAPE_SILO_CALLBACK_STOP, by, &v);
	}
	payload_number(&v, SLOT_SILO_STATE, 1);
	gen_world_emit(w, SHAPE_SILO_STATE, by, &v);
}

void gen_world_snapshot(struct gen_world *w, const struct stream_container *containers, size_t count)
{
	struct stream_process rows[WORLD_MAX_PROCS];
	struct stream_snapshot s = { .time_100ns = w->now, .processes = rows, .process_count = w->live_count,
		.containers = containers, .container_count = count, .complete = true };

	for (uint32_t i = 0; i < w->live_count; i++) {
		const struct gen_proc *p = &w->procs[w->live[i]];

		rows[i] = (struct stream_process){ .pid = p->pid, .ppid = p->parent_pid, .session_id = p->session,
			.create_time_100ns = p->create_100ns, .start_key = BOOT_NUMBER | p->seq,
			.image_path = { p->path, strlen(p->path) }, .cmdline = { p->cmdline, strlen(p->cmdline) },
			.user_sid = { p->user->sid, p->user->sid_len }, .container = p->container };
	}
	if (w->status == ST_OK)
		w->status = w->out.snapshot(w->out.ctx, &s);
}
