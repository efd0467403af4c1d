/* Alerts that are completed after they were written: from the loop to the store's thread. */
#include <stdlib.h>
#include <string.h>

#include "policyd/output/alert_patch.h"
#include "policyd/output/outputs_parts.h"

enum { PATCH_TRIES = 64 };             /* rounds of the store's thread in which the alert may still come out of the queue */

bool outputs_patch(struct outputs *o, struct alert_patch *taken)
{
	bool room;

	uv_mutex_lock(&o->signal.lock);
	room = o->patch_count < OUTPUT_MAX_PATCHES;
	if (room)
		o->patches[o->patch_count++] = (struct outputs_patch_entry){ .patch = taken };
	else
		o->patch_stats.dropped++;
	uv_mutex_unlock(&o->signal.lock);
	if (!room)
		alert_patch_destroy(taken);
	return room;
}

size_t outputs_take_patches(struct outputs *o, struct outputs_patch_entry out[OUTPUT_MAX_PATCHES])
{
	size_t count;

	uv_mutex_lock(&o->signal.lock);
	count = o->patch_count;
	memcpy(out, o->patches, count * sizeof *out);
	o->patch_count = 0;
	uv_mutex_unlock(&o->signal.lock);
	return count;
}

/* Those that are not in the store yet go back to the head of the line. */
static void put_back(struct outputs *o, const struct outputs_patch_entry *e)
{
	bool room = false;

	uv_mutex_lock(&o->signal.lock);
	if (e->tries >= PATCH_TRIES) {
		o->patch_stats.missed++;
	} else if (o->patch_count == OUTPUT_MAX_PATCHES) {
		o->patch_stats.dropped++;
	} else {
		o->patches[o->patch_count] = *e;
		o->patches[o->patch_count++].tries++;
		room = true;
	}
	uv_mutex_unlock(&o->signal.lock);
	if (!room)
		alert_patch_destroy(e->patch);
}

enum status outputs_write_patches(struct outputs *o, struct outputs_patch_entry *entries, size_t count, struct diag *why)
{
	struct alert_patch *patches[OUTPUT_MAX_PATCHES] = { NULL };
	bool found[OUTPUT_MAX_PATCHES] = { false };
	enum status st;
	size_t done = 0;

	for (size_t i = 0; i < count; i++)
		patches[i] = entries[i].patch;
	st = store_patch(o->store, patches, count, found, why);
	for (size_t i = 0; i < count; i++) {
		if (st != ST_OK || !found[i]) {
			put_back(o, &entries[i]);
			continue;
		}
		alert_patch_destroy(entries[i].patch);
		done++;
	}
	uv_mutex_lock(&o->signal.lock);
	o->patch_stats.completed += done;
	uv_mutex_unlock(&o->signal.lock);
	return st;
}

void outputs_release_patches(struct outputs *o)
{
	for (size_t i = 0; i < o->patch_count; i++)
		alert_patch_destroy(o->patches[i].patch);
	o->patch_count = 0;
}
