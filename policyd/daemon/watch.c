#include "policyd/daemon/watch.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/host/folder.h"
#include "proto/host/places.h"

enum { PATH_BYTES = 4096, LOOK_AGAIN_MS = 5000 };

struct folder_watch {
	uv_fs_event_t event;
	struct watch *all;
	char *folder;
	char *name;                /* NULL: any YAML file in it; else one entry of it */
	bool used, closing;
};

struct watch {
	uv_loop_t *loop;
	void (*changed)(void *ctx);
	void *ctx;
	uv_timer_t quiet, look_again;
	struct folder_watch *folders[WATCH_MAX_FOLDERS];
	size_t count;
	unsigned quiet_ms;
	char *missing;             /* a folder that was not there; NULL: none */
	bool closing;
};

static bool ends_with(const char *text, const char *tail)
{
	size_t n = strlen(text), t = strlen(tail);

	return n >= t && strcmp(text + n - t, tail) == 0;
}

/* "..data" is the link that Kubernetes switches when a ConfigMap or Secret changes. */
static bool matters(const struct folder_watch *f, const char *name)
{
	if (!name || strcmp(name, "..data") == 0)
		return true;
	if (f->name)
		return path_names_equal(f->name, name);
	return name[0] != '.' && (ends_with(name, ".yaml") || ends_with(name, ".yml"));
}

static void on_quiet(uv_timer_t *timer)
{
	struct watch *w = timer->data;

	w->changed(w->ctx);
}

static void on_event(uv_fs_event_t *event, const char *name, int events, int err)
{
	struct folder_watch *f = event->data;

	(void)events;
	if (f->all->closing || f->closing || (err == 0 && !matters(f, name)))
		return;
	uv_timer_start(&f->all->quiet, on_quiet, f->all->quiet_ms, 0);
}

static void on_closed(uv_handle_t *handle)
{
	struct folder_watch *f = handle->data;

	free(f->folder);
	free(f->name);
	free(f);
}

static char *copy(const char *text, size_t len)
{
	char *out = malloc(len + 1);

	if (out) {
		memcpy(out, text, len);
		out[len] = '\0';
	}
	return out;
}

static bool has_folder(const struct watch *w, const char *folder, const char *name)
{
	for (size_t i = 0; i < w->count; i++) {
		const struct folder_watch *f = w->folders[i];

		if (strcmp(f->folder, folder) == 0 && (f->name ? name && strcmp(f->name, name) == 0 : !name))
			return true;
	}
	return false;
}

static void add_folder(struct watch *w, const char *folder, const char *name)
{
	struct folder_watch *f;

	if (has_folder(w, folder, name) || w->count == WATCH_MAX_FOLDERS)
		return;
	f = calloc(1, sizeof *f);
	if (!f)
		return;
	f->all = w;
	f->folder = copy(folder, strlen(folder));
	f->name = name ? copy(name, strlen(name)) : NULL;
	uv_fs_event_init(w->loop, &f->event);
	f->event.data = f;
	if (!f->folder || (name && !f->name) || uv_fs_event_start(&f->event, on_event, folder, 0) != 0) {
		if (!w->missing)
			w->missing = copy(folder, strlen(folder));
		uv_close((uv_handle_t *)&f->event, on_closed);
		return;
	}
	w->folders[w->count++] = f;
}

static void add_path(struct watch *w, const char *path)
{
	size_t len = strlen(path), cut;
	char trimmed[PATH_BYTES], folder[PATH_BYTES];

	while (len > 1 && path_is_separator(path[len - 1]))
		len--;
	if (len >= sizeof folder || len == 0)
		return;
	snprintf(trimmed, sizeof trimmed, "%.*s", (int)len, path);
	cut = path_folder_bytes(trimmed);
	snprintf(folder, sizeof folder, "%.*s", cut ? (int)cut : 1, cut ? path : ".");
	if (cut < len)
		add_folder(w, folder, trimmed + cut);
	if (path_is_folder(path))
		add_folder(w, path, NULL);
}

static void close_folders(struct folder_watch *const *folders, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		folders[i]->closing = true;
		uv_close((uv_handle_t *)&folders[i]->event, on_closed);
	}
}

/* Something that was not there when it was looked for may be there by now. */
static void on_look_again(uv_timer_t *timer)
{
	struct watch *w = timer->data;

	if (path_is_folder(w->missing))
		w->changed(w->ctx);
	else
		uv_timer_start(timer, on_look_again, LOOK_AGAIN_MS, 0);
}

struct watch *watch_create(uv_loop_t *loop, void (*changed)(void *ctx), void *ctx)
{
	struct watch *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	*w = (struct watch){ .loop = loop, .changed = changed, .ctx = ctx };
	uv_timer_init(loop, &w->quiet);
	uv_timer_init(loop, &w->look_again);
	w->quiet.data = w;
	w->look_again.data = w;
	return w;
}

void watch_set(struct watch *w, const char *const *paths, size_t count, unsigned quiet_ms)
{
	struct folder_watch *before[WATCH_MAX_FOLDERS];
	size_t before_count = w->count;

	if (w->closing)
		return;
	/* The old ones go last: no moment without a watch. */
	memcpy(before, w->folders, sizeof before);
	w->count = 0;
	free(w->missing);
	w->missing = NULL;
	w->quiet_ms = quiet_ms;
	for (size_t i = 0; i < count; i++)
		add_path(w, paths[i]);
	close_folders(before, before_count);
	uv_timer_stop(&w->look_again);
	if (w->missing)
		uv_timer_start(&w->look_again, on_look_again, LOOK_AGAIN_MS, 0);
}

void watch_close(struct watch *w)
{
	if (!w)
		return;
	w->closing = true;
	close_folders(w->folders, w->count);
	uv_close((uv_handle_t *)&w->quiet, NULL);
	uv_close((uv_handle_t *)&w->look_again, NULL);
}

void watch_release(struct watch *w)
{
	if (w)
		free(w->missing);
	free(w);
}
