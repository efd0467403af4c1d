#include "policyd/state/join.h"

#include <stdlib.h>

struct held {
	struct held *next;
	struct event ev;
	struct record rec;
	uint64_t since_100ns;
	uint32_t proc_generation;
	uint8_t *bytes; /* copies of what rec's views point to */
	size_t capacity;
};

struct join {
	struct held *oldest, **end; /* queue, in order of holding */
	struct held *taken;	    /* handed out, until join_recycle */
	struct held *free;
	size_t count, held_bytes;
};

struct join *join_create(void)
{
	struct join *j = calloc(1, sizeof *j);

	if (j)
		j->end = &j->oldest;
	return j;
}

static void free_list(struct held *h)
{
	while (h) {
		struct held *next = h->next;

		free(h->bytes);
		free(h);
		h = next;
	}
}

void join_destroy(struct join *j)
{
	if (!j)
		return;
	free_list(j->oldest);
	free_list(j->taken);
	free_list(j->free);
	free(j);
}

bool join_is_empty(const struct join *j)
{
	return !j->oldest;
}

static struct held *get_slot(struct join *j)
{
	struct held *h = j->free;

	if (h) {
		j->free = h->next;
		return h;
	}
	if (j->count >= JOIN_MAX_HELD)
		return NULL;
	h = calloc(1, sizeof *h);
	if (h)
		j->count++;
	return h;
}

/* Free slots keep their memory for the next start, but never so much that large records of the past leave no room for
 * those to come. */
static void put_slot(struct join *j, struct held *h)
{
	if (j->held_bytes > JOIN_MAX_BYTES / 2) {
		j->held_bytes -= h->capacity;
		free(h->bytes);
		h->bytes = NULL;
		h->capacity = 0;
	}
	h->next = j->free;
	j->free = h;
}

static bool reserve(struct join *j, struct held *h, size_t bytes)
{
	uint8_t *grown;

	if (bytes <= h->capacity)
		return true;
	if (bytes > JOIN_MAX_RECORD_BYTES || bytes - h->capacity > JOIN_MAX_BYTES - j->held_bytes)
		return false;
	grown = realloc(h->bytes, bytes);
	if (!grown)
		return false;
	j->held_bytes += bytes - h->capacity;
	h->bytes = grown;
	h->capacity = bytes;
	return true;
}

static void copy_view(uint8_t **at, const uint8_t **ptr, size_t len)
{
	if (len)
		memcpy(*at, *ptr, len);
	*ptr = *at;
	*at += len;
}

static void copy_text(uint8_t **at, struct text_view *t)
{
	if (t->len)
		memcpy(*at, t->ptr, t->len);
	t->ptr = (const char *)*at;
	*at += t->len;
}

static bool copy_record(struct join *j, struct held *h, const struct record *rec)
{
	uint8_t *at;

	if (!reserve(j, h,
		    rec->payload.len + rec->sid.len + rec->schema.len + rec->provider_name.len + rec->channel.len +
			    rec->host.len + 1))
		return false;
	h->rec = *rec;
	at = h->bytes;
	copy_view(&at, &h->rec.payload.ptr, rec->payload.len);
	copy_view(&at, &h->rec.sid.ptr, rec->sid.len);
	copy_view(&at, &h->rec.schema.ptr, rec->schema.len);
	copy_text(&at, &h->rec.provider_name);
	copy_text(&at, &h->rec.channel);
	copy_text(&at, &h->rec.host);
	return true;
}

static void release_free_memory(struct join *j)
{
	for (struct held *h = j->free; h; h = h->next) {
		j->held_bytes -= h->capacity;
		free(h->bytes);
		h->bytes = NULL;
		h->capacity = 0;
	}
}

bool join_hold(struct join *j, const struct event *ev, uint64_t now_100ns)
{
	struct held *h;

	if (ev->rec->kind != RECORD_ETW || !ev->proc)
		return false;
	h = get_slot(j);
	if (!h)
		return false;
	if (!copy_record(j, h, ev->rec)) {
		release_free_memory(j);
		if (!copy_record(j, h, ev->rec)) {
			put_slot(j, h);
			return false;
		}
	}
	h->ev = *ev;
	h->ev.rec = &h->rec;
	/* Texts of the state part may be reused long before; the event gets them again when it is taken out. */
	h->ev.path = h->ev.target_path = h->ev.key_path = (struct text_view){ .ptr = "", .len = 0 };
	h->ev.container = NULL;
	h->ev.target = NULL;
	h->proc_generation = ev->proc->generation;
	h->since_100ns = now_100ns;
	h->next = NULL;
	*j->end = h;
	j->end = &h->next;
	return true;
}

static struct event *take(struct join *j, struct held **at)
{
	struct held *h = *at;

	*at = h->next;
	if (j->end == &h->next)
		j->end = at;
	h->next = j->taken;
	j->taken = h;
	if (h->ev.proc && h->ev.proc->generation != h->proc_generation)
		h->ev.proc = NULL;
	return &h->ev;
}

struct event *join_take_twin(struct join *j, const struct proc *p, enum event_kind kind)
{
	for (struct held **at = &j->oldest; *at; at = &(*at)->next) {
		if ((*at)->ev.proc == p && (*at)->ev.kind == kind && p->generation == (*at)->proc_generation)
			return take(j, at);
	}
	return NULL;
}

struct event *join_take_overdue(struct join *j, uint64_t now_100ns)
{
	const struct held *h = j->oldest;

	/* Held "after now": the clock was set back, waiting longer would have no end. */
	if (!h || (now_100ns != UINT64_MAX && now_100ns >= h->since_100ns &&
			  now_100ns - h->since_100ns <= JOIN_TIMEOUT_100NS))
		return NULL;
	return take(j, &j->oldest);
}

void join_forget_procs(struct join *j)
{
	for (struct held *h = j->oldest; h; h = h->next)
		h->ev.proc = NULL;
}

void join_recycle(struct join *j)
{
	while (j->taken) {
		struct held *h = j->taken;

		j->taken = h->next;
		put_slot(j, h);
	}
}
