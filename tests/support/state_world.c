#include "tests/support/state_world.h"

#include <stdio.h>
#include <stdlib.h>

struct world *world_create(const struct state_limits *limits)
{
	struct world *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->decoder = decoder_create();
	w->state = state_create(limits);
	w->now_100ns = WORLD_START_100NS;
	w->pid = w->tid = UINT32_MAX;
	if (w->decoder && w->state)
		return w;
	world_destroy(w);
	return NULL;
}

void world_destroy(struct world *w)
{
	if (!w)
		return;
	state_destroy(w->state);
	decoder_destroy(w->decoder);
	free(w);
}

static void on_emit(void *ctx, struct event *ev)
{
	struct world *w = ctx;
	struct world_emitted *e;
	uint64_t pid = 0;

	if (w->emitted_count == WORLD_MAX_EMITTED)
		return;
	e = &w->emitted[w->emitted_count++];
	event_get_u64(ev, SLOT_PID, &pid);
	*e = (struct world_emitted){ .kind = ev->kind, .pid = (uint32_t)pid, .partial = ev->partial };
}

void world_wait_ms(struct world *w, uint64_t ms)
{
	w->now_100ns += ms * WORLD_MS_100NS;
	state_advance(w->state, w->now_100ns, on_emit, w);
}

void world_heartbeat(struct world *w)
{
	state_heartbeat(w->state, w->now_100ns, on_emit, w);
}

void world_flush(struct world *w)
{
	state_flush(w->state, on_emit, w);
}

static enum state_verdict apply(struct world *w)
{
	enum status st;

	w->record.rec.time_100ns = w->now_100ns;
	if (w->host)
		w->record.rec.host = (struct text_view){ .ptr = w->host, .len = strlen(w->host) };
	state_advance(w->state, w->now_100ns, on_emit, w);
	st = decode_record(w->decoder, &w->record.rec, &w->ev);
	if (st != ST_OK) {
		fprintf(stderr, "record %u does not decode: %s\n", (unsigned)w->record.rec.id, status_text(st));
		abort();
	}
	w->verdict = state_apply_event(w->state, &w->ev);
	return w->verdict;
}

enum state_verdict world_apply(struct world *w, const struct provider *p, uint16_t id, uint8_t version,
	const struct kernel_value *values)
{
	if (!kernel_record_make(&w->record, p, id, version, values)) {
		fprintf(stderr, "no record %u version %u of %s\n", (unsigned)id, (unsigned)version, p->name);
		abort();
	}
	w->record.rec.pid = w->pid;
	w->record.rec.tid = w->tid;
	if (w->start_key) {
		w->record.rec.start_key = w->start_key;
		w->record.rec.flags |= RECORD_HAS_START_KEY;
	}
	if (!guid_is_zero(&w->container)) {
		w->record.rec.container = w->container;
		w->record.rec.flags |= RECORD_HAS_CONTAINER;
	}
	return apply(w);
}

enum state_verdict world_apply_named(struct world *w, const char *provider, uint16_t id,
	const struct named_value *values, size_t value_count)
{
	w->record.rec = (struct record){ .kind = RECORD_NAMED, .id = id, .pid = w->pid, .tid = w->tid,
		.pointer_bytes = 8, .provider_name = { .ptr = provider, .len = strlen(provider) }, .values = values,
		.value_count = value_count, .sid = w->writer_sid };
	return apply(w);
}

enum state_verdict world_manifest_start(struct world *w, const struct world_program *p)
{
	return WORLD(w, provider_kernel_process, 1, 3, { "ProcessID", p->pid, NULL }, { "ParentProcessID", p->ppid, NULL },
		{ "CreateTime", p->create_100ns ? p->create_100ns : w->now_100ns, NULL }, { "SessionID", 1, NULL },
		{ "ProcessTokenElevationType", 2, NULL }, { "ProcessTokenIsElevated", 1, NULL },
		{ "MandatoryLabel", 0, "S-1-16-12288" }, { "ImageName", 0, p->image });
}

static enum state_verdict classic(struct world *w, uint16_t opcode, const struct world_program *p)
{
	const char *name = strrchr(p->image, '\\');

	return WORLD(w, provider_classic_process, opcode, 4, { "ProcessId", p->pid, NULL }, { "ParentId", p->ppid, NULL },
		{ "SessionId", 1, NULL }, { "UserSID", 0, p->sid }, { "ImageFileName", 0, name ? name + 1 : p->image },
		{ "CommandLine", 0, p->cmdline });
}

enum state_verdict world_classic_start(struct world *w, const struct world_program *p)
{
	return classic(w, 1, p);
}

enum state_verdict world_classic_rundown(struct world *w, const struct world_program *p)
{
	return classic(w, 3, p);
}

void world_start(struct world *w, const struct world_program *p)
{
	world_manifest_start(w, p);
	world_classic_start(w, p);
}

enum state_verdict world_exit(struct world *w, uint32_t pid, uint64_t create_100ns)
{
	return WORLD(w, provider_kernel_process, 2, 2, { "ProcessID", pid, NULL }, { "CreateTime", create_100ns, NULL },
		{ "ExitTime", w->now_100ns, NULL }, { "ExitCode", 3, NULL });
}

const struct proc *world_proc(const struct world *w, uint32_t pid)
{
	struct record now = { .time_100ns = w->now_100ns };

	return state_find_proc(w->state, &now, pid);
}

const char *world_name(const struct proc *p)
{
	return p && p->name ? p->name->text : "";
}

struct state_stats world_stats(const struct world *w)
{
	struct state_stats stats;

	state_get_stats(w->state, &stats);
	return stats;
}
