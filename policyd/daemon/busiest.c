#include "policyd/daemon/busiest.h"

#include <stdio.h>
#include <string.h>

#include "policyd/state/proc.h"

void busiest_start(struct busiest *b)
{
	if (b->on)
		return;
	b->on = true;
	b->count = 0;
}

void busiest_stop(struct busiest *b)
{
	b->on = false;
}

static void set_name(struct busiest_row *row, const struct event *ev)
{
	const struct pooled *name = ev->proc ? ev->proc->name : NULL;

	snprintf(row->name, sizeof row->name, "%.*s", name ? (int)pooled_view(name).len : 0, name ? pooled_view(name).ptr : "");
}

static struct busiest_row *find(struct busiest *b, uint32_t pid, struct busiest_row **smallest)
{
	*smallest = &b->rows[0];
	for (size_t i = 0; i < b->count; i++) {
		if (b->rows[i].pid == pid)
			return &b->rows[i];
		if (b->rows[i].events < (*smallest)->events)
			*smallest = &b->rows[i];
	}
	return NULL;
}

void busiest_add(struct busiest *b, const struct event *ev)
{
	uint32_t pid = ev->proc ? ev->proc->pid : ev->rec->pid;
	struct busiest_row *smallest, *row;

	if (!b->on || pid == UINT32_MAX)
		return;
	row = find(b, pid, &smallest);
	if (!row) {
		uint64_t over = b->count < BUSIEST_ROWS ? 0 : smallest->events;

		row = b->count < BUSIEST_ROWS ? &b->rows[b->count++] : smallest;
		*row = (struct busiest_row){ .pid = pid, .events = over, .over = over };
	}
	if (!row->name[0])
		set_name(row, ev);
	row->events++;
}
