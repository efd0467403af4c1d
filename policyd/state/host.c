#include "policyd/state/host.h"

#include <stdlib.h>

#include "proto/base/text.h"

enum { SYSTEM_PID = 4 };       /* on every Windows since XP */

static void add_system(struct host_state *h)
{
	struct proc *p = host_add_proc(h, SYSTEM_PID, 0, 0);

	if (!p)
		return;
	p->flags |= PROC_CONTAINER_KNOWN;
	proc_table_set_text(h->procs, &p->name, (struct text_view){ .ptr = "System", .len = 6 });
}

struct host_state *host_create(struct state *st, uint32_t space, struct text_view name)
{
	struct host_state *h = calloc(1, sizeof *h);

	if (!h)
		return NULL;
	h->name_len = name.len < sizeof h->name ? name.len : sizeof h->name;
	if (h->name_len)
		memcpy(h->name, name.ptr, h->name_len);
	h->space = space;
	h->procs = st->procs;
	h->files = st->files;
	h->keys = st->keys;
	h->threads = st->threads;
	h->guids = st->guids;
	h->users = st->users;
	h->containers = container_table_create(STATE_MAX_CONTAINERS, &st->container_count, st->proc_text);
	h->devices = device_map_create();
	if (h->containers && h->devices) {
		add_system(h);
		return h;
	}
	host_destroy(h);
	return NULL;
}

void host_destroy(struct host_state *h)
{
	if (!h)
		return;
	container_table_destroy(h->containers);
	device_map_destroy(h->devices);
	free(h);
}

void host_clear(struct host_state *h)
{
	container_table_clear(h->containers);
	device_map_clear(h->devices);
	memset(h->recent_creates, 0, sizeof h->recent_creates);
	memset(h->facts, 0, sizeof h->facts);
	memset(h->run_without_twin, 0, sizeof h->run_without_twin);
	memset(h->seen, 0, sizeof h->seen);
	h->sees_starts = h->sees_exits = false;
	add_system(h);
}

static struct host_state *find_host(const struct state *st, struct text_view name)
{
	for (size_t i = 0; i < st->host_count; i++) {
		if (text_equal_fold(st->hosts[i]->name, st->hosts[i]->name_len, name.ptr, name.len))
			return st->hosts[i];
	}
	return NULL;
}

struct host_state *state_host(struct state *st, const struct record *rec)
{
	struct host_state *h = rec->host.len ? find_host(st, rec->host) : st->hosts[0];

	if (h)
		return h;
	if (st->host_count >= STATE_MAX_HOSTS) {
		st->count.hosts_refused++;
		return st->hosts[STATE_MAX_HOSTS - 1];
	}
	h = host_create(st, (uint32_t)st->host_count, rec->host);
	if (!h) {
		st->count.hosts_refused++;
		return st->hosts[st->host_count - 1];
	}
	st->hosts[st->host_count++] = h;
	return h;
}

struct text_view state_host_name(const struct state *st, const struct record *rec)
{
	if (rec && rec->host.len)
		return rec->host;
	return (struct text_view){ .ptr = st->hosts[0]->name, .len = st->hosts[0]->name_len };
}

const struct proc *state_find_proc(const struct state *st, const struct record *rec, uint32_t pid)
{
	const struct host_state *h = rec->host.len ? find_host(st, rec->host) : st->hosts[0];

	return h ? host_find_proc(h, pid, rec->time_100ns) : NULL;
}

bool state_has_containers(const struct state *st, const struct record *rec)
{
	const struct host_state *h = rec->host.len ? find_host(st, rec->host) : st->hosts[0];

	return h && container_table_count(h->containers) > 0;
}

const struct container *state_find_container(const struct state *st, const struct guid *silo, struct text_view full_id)
{
	const struct container_table *t = st->hosts[0]->containers;

	return guid_is_zero(silo) ? container_table_find_by_id(t, full_id) : container_table_find(t, silo);
}
