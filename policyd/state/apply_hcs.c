/* What the container runtime tells: rows of a snapshot with the container service's documents, and HostProcess containers,
 * which the kernel does not tell apart. */
#include "policyd/hcs/hcs_document.h"
#include "policyd/state/host.h"
#include "proto/base/text.h"

enum { RUNTIME_ID_CHARS = 64 };        /* containerd's and Docker's: 32 bytes in hexadecimal */

static const char host_process[] = "hostprocess";

struct listing {
	struct state *st;
	struct host_state *h;
	const struct stream_container *row;
	bool told;         /* the document named the row's container */
};

static struct text_view first_of(struct text_view one, struct text_view other)
{
	return one.len ? one : other;
}

static struct container *entry_of(const struct listing *l, const struct guid *silo, struct text_view id)
{
	struct container *c = container_table_find(l->h->containers, silo);

	if (!c && guid_is_zero(silo))
		return host_container_by_id(l->st, l->h, id);
	return c ? c : host_container(l->st, l->h, silo);
}

/* Process ids of a container on this kernel are the host's; those of a utility VM are its own. */
static void place_processes(const struct listing *l, struct container *c, const struct hcs_system *s)
{
	if (s->kind != HCS_PROCESS_ISOLATED)
		return;
	for (size_t i = 0; i < s->process_count; i++) {
		const struct hcs_process *row = &s->processes[i];
		struct proc *p = host_find_proc(l->h, row->pid, l->st->now_100ns);
		uint64_t born = p && (p->flags & PROC_CREATE_EXACT) ? p->create_100ns : 0;
		uint64_t apart = born > row->create_100ns ? born - row->create_100ns : row->create_100ns - born;

		/* HCS and the kernel round a creation time differently; another owner of the pid is farther away. */
		if (p && (!born || !row->create_100ns || apart <= PROC_TIME_SLACK_100NS))
			apply_correct_container(l->st, p, c);
	}
}

static void apply_system(void *ctx, const struct hcs_system *s)
{
	struct listing *l = ctx;
	const struct stream_container *row = l->row;
	const char *kind = hcs_kind_name(s->kind);
	struct container_names names = { .id = first_of(row->id, s->id), .name = first_of(row->name, s->name),
		.image = first_of(row->image, s->image), .type = first_of(row->type, (struct text_view){ kind, strlen(kind) }),
		.pod_name = s->pod_name, .pod_namespace = s->pod_namespace, .pod_uid = s->pod_uid, .sandbox_id = s->sandbox_id };
	struct container *c;

	/* A list of systems: its own names for each, but for the one of the row. */
	if (row->id.len && s->id.len && !text_equal_fold(row->id.ptr, row->id.len, s->id.ptr, s->id.len))
		return;
	if (s->kind == HCS_VM ||
		(!guid_is_zero(&row->silo) && !guid_is_zero(&s->silo) && !guid_equal(&row->silo, &s->silo)))
		return;
	c = entry_of(l, guid_is_zero(&row->silo) ? &s->silo : &row->silo, names.id);
	if (!c)
		return;
	l->told = true;
	container_bridge(l->h->containers, c, &names);
	if (s->sandbox)
		c->flags |= CONTAINER_SANDBOX;
	if (!c->start_100ns)
		c->start_100ns = s->start_100ns;
	place_processes(l, c, s);
}

void apply_listed_container(struct state *st, struct host_state *h, const struct stream_container *row)
{
	const struct container_names names = { .id = row->id, .name = row->name, .image = row->image, .type = row->type };
	struct listing l = { .st = st, .h = h, .row = row };
	struct container *c;

	if (row->hcs_json.len && hcs_document_each(row->hcs_json, apply_system, &l) != ST_OK)
		st->count.hcs_refused++;
	if (l.told)
		return;
	c = entry_of(&l, &row->silo, row->id);
	if (c)
		container_bridge(h->containers, c, &names);
}

/* ---- HostProcess containers ---- */

static bool is_runtime_id(struct text_view t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = text_fold(t.ptr[i]);

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return t.len == RUNTIME_ID_CHARS;
}

/* C:\hpc\ID\... and, before bind mounts, C:\C\ID\...: the root of the container's files. Source: hcsshim
 * internal/jobcontainers. */
static bool id_in_path(struct text_view path, struct text_view *id)
{
	static const char *const roots[] = { ":\\hpc\\", ":\\C\\" };

	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
		size_t start = 1 + strlen(roots[i]);

		if (path.len < start + RUNTIME_ID_CHARS + 1 ||
			!text_equal_fold(path.ptr + 1, start - 1, roots[i], start - 1) || path.ptr[start + RUNTIME_ID_CHARS] != '\\')
			continue;
		*id = (struct text_view){ .ptr = path.ptr + start, .len = RUNTIME_ID_CHARS };
		return is_runtime_id(*id);
	}
	return false;
}

static bool is_named(const struct proc *p, const char *name)
{
	struct text_view t = pooled_view(p->name);

	return text_equal_fold(t.ptr, t.len, name, strlen(name));
}

/* The shim of a pod has the sandbox's id behind -id. It starts the processes of HostProcess containers itself, where HCS
 * starts all others; and containerd, to publish events. Source: hcsshim cmd/containerd-shim-runhcs-v1. */
static bool id_of_shim(const struct proc *p, struct text_view *id)
{
	const struct proc *shim = proc_parent(p);
	struct text_view line;
	const char *at;

	if (!shim || !shim->cmdline || !is_named(shim, "containerd-shim-runhcs-v1.exe") || is_named(p, "containerd.exe") ||
		is_named(p, "containerd-shim-runhcs-v1.exe"))
		return false;
	line = pooled_view(shim->cmdline);
	at = strstr(line.ptr, " -id ");
	if (!at || (size_t)(line.ptr + line.len - at) < 5 + RUNTIME_ID_CHARS)
		return false;
	*id = (struct text_view){ .ptr = at + 5, .len = RUNTIME_ID_CHARS };
	return is_runtime_id(*id);
}

struct container *apply_host_process(const struct state *st, struct host_state *h, const struct proc *p)
{
	struct container_names names = { .type = { host_process, sizeof host_process - 1 } };
	struct text_view id;
	struct container *c;

	if (!id_in_path(pooled_view(p->path), &id)) {
		if (!id_of_shim(p, &id))
			return NULL;
		names.sandbox_id = id;
	}
	c = host_container_by_id(st, h, id);
	if (c)
		container_bridge(h->containers, c, &names);
	return c;
}
