#include "policyd/state/script.h"

#include <stdlib.h>

#include "policyd/state/record_copy.h"

struct pending {
	const void *where;                     /* NULL: free */
	char id[SCRIPT_MAX_ID_BYTES];
	size_t id_len;
	struct event ev;                       /* of the first part that came */
	struct record_copy *rec;
	uint32_t total, have;
	size_t text_bytes, held_bytes;
	uint64_t last_100ns;
	char **text;                           /* by number - 1; NULL: missing */
	size_t *len;
};

struct scripts {
	struct pending slots[SCRIPT_MAX_PENDING];
	size_t count, held_bytes;
	struct pending *complete;
	char *joined;                          /* text of the script handed out */
	struct record_copy *handed_out;
	struct event ev;
};

struct scripts *scripts_create(void)
{
	return calloc(1, sizeof(struct scripts));
}

static void drop_handed_out(struct scripts *s)
{
	free(s->joined);
	record_copy_destroy(s->handed_out);
	s->joined = NULL;
	s->handed_out = NULL;
}

static void release(struct scripts *s, struct pending *p)
{
	for (uint32_t i = 0; p->text && i < p->total; i++)
		free(p->text[i]);
	free(p->text);
	free(p->len);
	record_copy_destroy(p->rec);
	s->held_bytes -= p->held_bytes;
	s->count--;
	*p = (struct pending){ .where = NULL };
}

void scripts_clear(struct scripts *s)
{
	for (size_t i = 0; i < SCRIPT_MAX_PENDING; i++) {
		if (s->slots[i].where)
			release(s, &s->slots[i]);
	}
	s->complete = NULL;
	drop_handed_out(s);
}

void scripts_destroy(struct scripts *s)
{
	if (!s)
		return;
	scripts_clear(s);
	free(s);
}

bool scripts_is_empty(const struct scripts *s)
{
	return s->count == 0;
}

static struct pending *find(struct scripts *s, const void *where, struct text_view id)
{
	for (size_t i = 0; i < SCRIPT_MAX_PENDING && s->count; i++) {
		struct pending *p = &s->slots[i];

		if (p->where == where && p->id_len == id.len && memcmp(p->id, id.ptr, id.len) == 0)
			return p;
	}
	return NULL;
}

static struct pending *begin(struct scripts *s, const void *where, const struct event *ev, const struct script_part *part)
{
	struct pending *p = NULL;
	size_t table = part->total * (sizeof(char *) + sizeof(size_t));

	for (size_t i = 0; i < SCRIPT_MAX_PENDING && !p; i++)
		p = s->slots[i].where ? NULL : &s->slots[i];
	if (!p || s->held_bytes + table + record_copy_bytes(ev->rec) > SCRIPT_MAX_HELD_BYTES)
		return NULL;
	p->where = where;
	p->total = part->total;
	p->text = calloc(part->total, sizeof *p->text);
	p->len = calloc(part->total, sizeof *p->len);
	p->rec = record_copy_create(ev->rec);
	p->held_bytes = table + record_copy_bytes(ev->rec);
	s->held_bytes += p->held_bytes;
	s->count++;
	if (!p->text || !p->len || !p->rec) {
		release(s, p);
		return NULL;
	}
	memcpy(p->id, part->id.ptr, part->id.len);
	p->id_len = part->id.len;
	p->ev = *ev;
	p->ev.rec = record_copy_view(p->rec);
	return p;
}

static bool store(struct scripts *s, struct pending *p, const struct script_part *part)
{
	uint32_t at = part->number - 1;
	char *copy;

	if (part->total != p->total || p->text_bytes + part->text.len > SCRIPT_MAX_BYTES ||
		s->held_bytes + part->text.len > SCRIPT_MAX_HELD_BYTES)
		return false;
	if (p->text[at])
		return true;           /* logged twice */
	copy = malloc(part->text.len ? part->text.len : 1);
	if (!copy)
		return false;
	if (part->text.len)
		memcpy(copy, part->text.ptr, part->text.len);
	p->text[at] = copy;
	p->len[at] = part->text.len;
	p->text_bytes += part->text.len;
	p->held_bytes += part->text.len;
	s->held_bytes += part->text.len;
	p->have++;
	return true;
}

enum script_result scripts_add(struct scripts *s, const void *where, const struct event *ev, const struct script_part *p,
	uint64_t now_100ns)
{
	struct pending *entry;
	bool made = false;

	drop_handed_out(s);
	if (!p->id.len || p->id.len > SCRIPT_MAX_ID_BYTES || p->total < 2 || p->total > SCRIPT_MAX_PARTS || p->number < 1 ||
		p->number > p->total)
		return SCRIPT_ALONE;
	entry = find(s, where, p->id);
	if (!entry) {
		entry = begin(s, where, ev, p);
		made = true;
	}
	if (!entry)
		return SCRIPT_ALONE;
	if (!store(s, entry, p)) {
		if (made)
			release(s, entry);
		return SCRIPT_ALONE;
	}
	entry->last_100ns = now_100ns;
	if (entry->have < entry->total)
		return SCRIPT_HELD;
	s->complete = entry;
	return SCRIPT_COMPLETE;
}

/* Parts in their order; where one is missing, a line says so. NULL: out of memory, then the event has its own part. */
static char *join_text(const struct pending *p, size_t *len)
{
	static const char missing[] = "\n# part missing\n";
	size_t room = p->text_bytes + (p->total - p->have) * (sizeof missing - 1), at = 0;
	char *text = malloc(room ? room : 1);

	for (uint32_t i = 0; text && i < p->total; i++) {
		const char *part = p->text[i] ? p->text[i] : missing;
		size_t n = p->text[i] ? p->len[i] : sizeof missing - 1;

		memcpy(text + at, part, n);
		at += n;
	}
	*len = text ? at : 0;
	return text;
}

static struct event *hand_out(struct scripts *s, struct pending *p)
{
	size_t len;

	drop_handed_out(s);
	s->joined = join_text(p, &len);
	s->handed_out = p->rec;
	p->rec = NULL;
	s->ev = p->ev;
	s->ev.script = (struct text_view){ .ptr = s->joined ? s->joined : "", .len = len };
	s->ev.partial = p->have < p->total;
	release(s, p);
	return &s->ev;
}

struct event *scripts_take(struct scripts *s)
{
	struct pending *p = s->complete;

	s->complete = NULL;
	return p ? hand_out(s, p) : NULL;
}

static uint64_t apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

struct event *scripts_take_overdue(struct scripts *s, uint64_t now_100ns)
{
	struct pending *oldest = NULL;

	for (size_t i = 0; i < SCRIPT_MAX_PENDING && s->count; i++) {
		struct pending *p = &s->slots[i];

		if (p->where && (!oldest || apart(p->last_100ns, now_100ns) > apart(oldest->last_100ns, now_100ns)))
			oldest = p;
	}
	/* Held "after now": the clock was set back, waiting longer would have no end. */
	if (!oldest || (now_100ns != UINT64_MAX && apart(oldest->last_100ns, now_100ns) <= SCRIPT_TIMEOUT_100NS))
		return NULL;
	return hand_out(s, oldest);
}
