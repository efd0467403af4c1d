#include "policyd/state/state.h"

#include <stdlib.h>

#include "policyd/state/host.h"
#include "proto/base/text.h"

enum { MIN_PROCS = 64 };       /* one event adds three at most */

/* Records of one moment come within a second of each other, so later than that is out of order. One so far back is of
 * another recording; many in a row show that the record which set the clock was wrong, and that waiting for it to come true
 * would hold events for minutes. */
#define CLOCK_LATE_100NS UINT64_C(20000000)
#define CLOCK_BACK_100NS UINT64_C(6000000000)
enum { CLOCK_LATE_RUN = 64 };
#define EXPIRE_STEP_100NS UINT64_C(1000000)

static void set_defaults(struct state_limits *l)
{
	if (!l->max_procs)
		l->max_procs = STATE_MAX_PROCS;
	if (l->max_procs < MIN_PROCS)
		l->max_procs = MIN_PROCS;
	if (!l->max_names)
		l->max_names = STATE_MAX_NAMES;
	if (!l->max_threads)
		l->max_threads = STATE_MAX_THREADS;
	if (!l->proc_text_bytes)
		l->proc_text_bytes = STATE_PROC_TEXT_BYTES;
	if (!l->name_text_bytes)
		l->name_text_bytes = STATE_NAME_TEXT_BYTES;
}

static bool make_tables(struct state *st)
{
	const struct state_limits *l = &st->limits;

	st->procs = proc_table_create(l->max_procs, st->proc_text, l->hash_seed);
	st->files = name_table_create(l->max_names, st->name_text, l->hash_seed);
	st->keys = name_table_create(l->max_names, st->name_text, l->hash_seed);
	st->threads = lru_map_create(l->max_threads, l->hash_seed);
	st->users = user_names_create(STATE_MAX_USERS, st->proc_text);
	st->guids = lru_map_create(l->max_procs, l->hash_seed);
	return st->procs && st->files && st->keys && st->threads && st->users && st->guids;
}

static void clear_tables(struct state *st)
{
	union lru_value old;

	proc_table_clear(st->procs);
	name_table_clear(st->files);
	name_table_clear(st->keys);
	while (lru_map_pop_oldest(st->threads, &old) || lru_map_pop_oldest(st->guids, &old))
		continue;
	user_names_clear(st->users);
}

struct state *state_create(const struct state_limits *limits)
{
	struct state *st = calloc(1, sizeof *st);

	if (!st)
		return NULL;
	if (limits)
		st->limits = *limits;
	set_defaults(&st->limits);
	st->proc_text = text_pool_create(st->limits.proc_text_bytes, st->limits.hash_seed);
	st->name_text = text_pool_create(st->limits.name_text_bytes, st->limits.hash_seed);
	st->scratch = arena_create(STATE_SCRATCH_BYTES);
	st->join = join_create();
	st->scripts = scripts_create();
	if (st->proc_text && st->name_text && st->scratch && st->join && st->scripts && make_tables(st))
		st->hosts[0] = host_create(st, 0, (struct text_view){ .ptr = "", .len = 0 });
	if (!st->hosts[0]) {
		state_destroy(st);
		return NULL;
	}
	st->host_count = 1;
	return st;
}

void state_destroy(struct state *st)
{
	if (!st)
		return;
	proc_table_destroy(st->procs);         /* before the containers they count in */
	for (size_t i = 0; i < st->host_count; i++)
		host_destroy(st->hosts[i]);
	name_table_destroy(st->files);
	name_table_destroy(st->keys);
	lru_map_destroy(st->threads);
	lru_map_destroy(st->guids);
	user_names_destroy(st->users);
	join_destroy(st->join);
	scripts_destroy(st->scripts);
	arena_destroy(st->scratch);
	text_pool_destroy(st->proc_text);
	text_pool_destroy(st->name_text);
	free(st);
}

static bool same_boot(const struct state *st, const struct stream_hello *hello)
{
	return text_equal_fold(st->machine_id, st->machine_id_len, hello->machine_id.ptr, hello->machine_id.len) &&
	       text_equal_fold(st->hosts[0]->name, st->hosts[0]->name_len, hello->host_name.ptr, hello->host_name.len) &&
	       st->boot_time_100ns == hello->boot_time_100ns && hello->boot_time_100ns;
}

static void copy_name(char *out, size_t *out_len, struct text_view name)
{
	*out_len = name.len < HOST_NAME_BYTES ? name.len : HOST_NAME_BYTES;
	if (*out_len)
		memcpy(out, name.ptr, *out_len);
}

void state_apply_hello(struct state *st, const struct stream_hello *hello)
{
	struct host_state *h = st->hosts[0];

	if (!same_boot(st, hello)) {
		scripts_clear(st->scripts);
		join_forget_procs(st->join);
		clear_tables(st);
		while (st->host_count > 1)
			host_destroy(st->hosts[--st->host_count]);
		host_clear(h);
		st->now_100ns = 0;
	}
	state_note_loss(st);        /* what happened since the stream before is not known */
	copy_name(h->name, &h->name_len, hello->host_name);
	copy_name(st->machine_id, &st->machine_id_len, hello->machine_id);
	st->boot_time_100ns = hello->boot_time_100ns;
	for (size_t i = 0; i < hello->device_path_count; i++)
		device_map_add(h->devices, hello->device_paths[i].device, hello->device_paths[i].drive);
}

static bool is_late(const struct state *st, uint64_t now_100ns)
{
	return now_100ns < st->now_100ns && st->now_100ns - now_100ns > CLOCK_LATE_100NS;
}

static void set_clock(struct state *st, uint64_t now_100ns, bool back)
{
	if (now_100ns > st->now_100ns || back)
		st->now_100ns = now_100ns;
	if (back) {
		st->count.steps_back++;
		st->late_run = 0;
	}
	if (!back && now_100ns < st->expired_100ns + EXPIRE_STEP_100NS)
		return;
	st->expired_100ns = now_100ns;
	proc_table_expire(st->procs, now_100ns);
}

/* now UINT64_MAX: all of them. */
static void emit_overdue(struct state *st, uint64_t now_100ns, state_emit *emit, void *ctx)
{
	struct event *ev;

	while ((ev = join_take_overdue(st->join, now_100ns)) != NULL) {
		apply_overdue(st, ev);
		emit(ctx, ev);
		join_recycle(st->join);
	}
	while ((ev = scripts_take_overdue(st->scripts, now_100ns)) != NULL) {
		apply_overdue_script(st, ev);
		emit(ctx, ev);
	}
}

void state_note_loss(struct state *st)
{
	st->lost_100ns = st->now_100ns ? st->now_100ns : 1;
}

void state_advance(struct state *st, uint64_t now_100ns, state_emit *emit, void *ctx)
{
	bool late = is_late(st, now_100ns);

	st->late_run = late ? st->late_run + 1 : 0;
	st->count.late += late;
	set_clock(st, now_100ns, late && (st->late_run >= CLOCK_LATE_RUN || st->now_100ns - now_100ns > CLOCK_BACK_100NS));
	if (!join_is_empty(st->join) || !scripts_is_empty(st->scripts))
		emit_overdue(st, st->now_100ns, emit, ctx);
}

void state_heartbeat(struct state *st, uint64_t now_100ns, state_emit *emit, void *ctx)
{
	if (!now_100ns)
		return;
	set_clock(st, now_100ns, is_late(st, now_100ns));
	emit_overdue(st, st->now_100ns, emit, ctx);
}

void state_flush(struct state *st, state_emit *emit, void *ctx)
{
	emit_overdue(st, UINT64_MAX, emit, ctx);
}

static void add_table_stats(const struct state *st, struct state_stats *out)
{
	struct proc_table_stats procs;
	struct name_stats files, keys;

	proc_table_get_stats(st->procs, &procs);
	name_table_get_stats(st->files, &files);
	name_table_get_stats(st->keys, &keys);
	out->procs = procs.count;
	out->procs_peak = procs.peak;
	out->proc_evictions = procs.evictions;
	out->proc_refused = procs.refused;
	out->proc_texts_dropped = procs.texts_dropped;
	out->files = files.entries;
	out->file_hits = files.hits;
	out->file_misses = files.misses;
	out->file_evictions = files.evictions;
	out->keys = keys.entries;
	out->key_hits = keys.hits;
	out->key_misses = keys.misses;
	out->key_evictions = keys.evictions;
	out->names_refused = files.refused + keys.refused;
	out->threads = lru_map_count(st->threads);
}

void state_get_stats(const struct state *st, struct state_stats *out)
{
	memset(out, 0, sizeof *out);
	add_table_stats(st, out);
	for (size_t i = 0; i < st->host_count; i++) {
		out->containers += container_table_count(st->hosts[i]->containers);
		out->container_evictions += container_table_evictions(st->hosts[i]->containers);
	}
	out->proc_starts = st->count.starts;
	out->proc_exits = st->count.exits;
	out->proc_rundown = st->count.rundown;
	out->starts_joined = st->count.joined;
	out->starts_partial = st->count.partial;
	out->starts_single = st->count.single;
	out->hold_refused = st->count.hold_refused;
	out->told_twice = st->count.told_twice;
	out->containers_corrected = st->count.containers_corrected;
	out->hcs_refused = st->count.hcs_refused;
	out->forged = st->count.forged;
	out->scripts_joined = st->count.scripts_joined;
	out->scripts_partial = st->count.scripts_partial;
	out->thread_evictions = st->count.thread_evictions;
	out->hosts = st->host_count;
	out->hosts_refused = st->count.hosts_refused;
	out->text_bytes = text_pool_held_bytes(st->proc_text) + text_pool_held_bytes(st->name_text);
	out->clock_steps_back = st->count.steps_back;
	out->records_late = st->count.late;
}
