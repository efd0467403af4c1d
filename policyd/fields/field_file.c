#include "policyd/fields/field_file.h"

#include "proto/base/clock.h"

bool is_file_event(const struct event *ev)
{
	return ev->kind >= EVENT_file_create && ev->kind <= EVENT_file_setinfo;
}

bool is_pipe_event(const struct event *ev)
{
	return ev->kind == EVENT_pipe_created || ev->kind == EVENT_pipe_connected;
}

struct text_view file_object_name(const struct event_view *view)
{
	const struct event *ev = getter_event(view);
	struct text_view name = { .ptr = "", .len = 0 };

	if (is_file_event(ev))
		return ev->path;
	if (is_pipe_event(ev))
		getter_text(view, SLOT_PIPE_NAME, &name);
	return name;
}

enum field_result get_fs_path(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);

	(void)arg;
	if (!is_file_event(ev) || (f->user != FS_NAME && ev->kind != EVENT_file_rename))
		return FIELD_MISSING;
	return give_text(out, f->user == FS_TARGET ? ev->target_path : ev->path);
}

enum field_result get_fs_raw(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	return is_file_event(getter_event(view)) ? get_slot_text(f, arg, view, out) : FIELD_MISSING;
}

enum field_result get_fd_path(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view path = file_object_name(view);

	(void)arg;
	return give_text(out, f->user == FD_DIRECTORY ? text_directory(path) : text_last_part(path));
}

enum field_result get_fd_raw_name(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view raw;

	(void)f;
	(void)arg;
	if (is_file_event(getter_event(view)) && getter_text(view, SLOT_FILE_PATH, &raw))
		return give_text(out, raw);
	return give_text(out, file_object_name(view));
}

enum field_result get_file_time(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	uint64_t time;

	(void)arg;
	return getter_u64(view, (enum slot)f->user, &time) && time ? give_u64(out, (uint64_t)filetime_to_unix_ns(time)) :
								     FIELD_MISSING;
}

enum field_result get_file_hash(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)arg;
	return is_file_event(getter_event(view)) ? give_hash(view, (enum hash_name)f->user, out) : FIELD_MISSING;
}
