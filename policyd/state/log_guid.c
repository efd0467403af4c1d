/* Processes that log records name by GUID (Sysmon). A forwarder may have put the logging process's id in place of the
 * event's own (NXLog), so a GUID may come without a pid, now or until another record tells the two together. */
#include "policyd/state/host.h"
#include "proto/base/bytes.h"

/* Where a GUID is kept, and 32 more bits of it: two that share all 96 by chance do not exist. */
struct place {
	struct lru_key key;
	uint32_t check;
};

static bool place_of(const struct host_state *h, struct text_view guid, struct place *out)
{
	struct guid g;
	uint64_t a, b;

	if (!guid.len || !guid_parse(guid.ptr, guid.len, &g) || guid_is_zero(&g))
		return false;
	a = load_u64le(g.b);
	b = load_u64le(g.b + 8);
	out->key = host_key(h, (a ^ (b << 29 | b >> 35)) * UINT64_C(0x9E3779B97F4A7C15));
	out->check = (uint32_t)((b ^ a >> 17) * UINT64_C(0xD6E8FEB86659FD93) >> 32);
	return true;
}

static bool find(const struct host_state *h, const struct place *at, uint32_t *pid)
{
	union lru_value v;

	if (!lru_map_get(h->guids, at->key, &v) || v.number >> 32 != at->check)
		return false;
	*pid = (uint32_t)v.number;
	return true;
}

static void store(const struct host_state *h, const struct place *at, uint32_t pid)
{
	union lru_value v = { .number = (uint64_t)at->check << 32 | pid }, old;

	lru_map_put(h->guids, at->key, v, &old);
}

uint32_t host_pid_of_guid(const struct host_state *h, struct text_view guid)
{
	struct place at;
	uint32_t pid;

	if (!place_of(h, guid, &at))
		return UINT32_MAX;
	if (!find(h, &at, &pid)) {
		pid = PROC_STAND_IN | ((uint32_t)at.key.id & ~(uint32_t)2);        /* never UINT32_MAX */
		store(h, &at, pid);
	}
	return pid;
}

void host_learn_guid(const struct host_state *h, struct text_view guid, uint32_t pid, uint64_t now_100ns)
{
	struct place at;
	uint32_t before = pid;
	struct proc *p;

	if (!place_of(h, guid, &at) || (find(h, &at, &before) && before == pid))
		return;
	store(h, &at, pid);
	p = proc_is_stand_in(before) && !proc_is_stand_in(pid) ? host_find_proc(h, before, now_100ns) : NULL;
	if (!p)
		return;
	if (host_find_proc(h, pid, now_100ns))
		proc_table_exit(h->procs, p, now_100ns);
	else
		proc_table_set_pid(h->procs, p, pid);
}
