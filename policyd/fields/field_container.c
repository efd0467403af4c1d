#include "policyd/fields/field_container.h"

#include "policyd/state/state.h"
#include "proto/base/clock.h"

/* Whether the event is known to be of the host: its process is known to be in no container, or the machine has none. */
static bool on_host(const struct event_view *view)
{
	const struct fields_ctx *ctx = getter_ctx(view);
	const struct event *ev = ctx->ev;

	if (ev->container || !ev->proc)
		return false;
	return (ev->proc->flags & PROC_CONTAINER_KNOWN) || !ctx->state || !state_has_containers(ctx->state, ev->rec);
}

enum field_result get_container_id(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);

	(void)f;
	(void)arg;
	if (ev->container)
		return give_str(out, ev->container->id);
	return on_host(view) ? give_str(out, "host") : FIELD_MISSING;
}

static struct text_view container_text(const struct container *c, enum container_text which)
{
	switch (which) {
	case CONTAINER_FULL_ID:
		return pooled_view(c->full_id);
	case CONTAINER_NAME:
		return pooled_view(c->name);
	case CONTAINER_IMAGE:
		return pooled_view(c->image);
	default:
		/* A silo is process isolation; what has none is one of the other kinds. */
		if (!c->type && guid_is_zero(&c->guid))
			return (struct text_view){ .ptr = "", .len = 0 };
		return c->type ? pooled_view(c->type) : (struct text_view){ .ptr = "windows", .len = 7 };
	}
}

enum field_result get_container_text(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	char guid[GUID_TEXT_BYTES];

	(void)arg;
	if (!ev->container) {
		if (f->user == CONTAINER_IMAGE || f->user == CONTAINER_GUID)
			return FIELD_MISSING;
		return on_host(view) ? give_str(out, "host") : FIELD_MISSING;
	}
	if (f->user == CONTAINER_GUID && guid_is_zero(&ev->container->guid))
		return FIELD_MISSING;
	if (f->user != CONTAINER_GUID)
		return give_text(out, container_text(ev->container, (enum container_text)f->user));
	guid_format(&ev->container->guid, guid);
	return give_copy(view, out, guid, GUID_TEXT_BYTES - 1);
}

/* registry:5000/path/name:tag@sha256:... */
enum field_result get_container_image_part(const struct field *f, const struct field_arg *arg,
	const struct event_view *view, struct value *out)
{
	const struct container *c = getter_event(view)->container;
	struct text_view image, tag = { .ptr = "", .len = 0 };
	const char *at;
	size_t n;

	(void)arg;
	if (!c || !c->image)
		return FIELD_MISSING;
	image = pooled_view(c->image);
	at = memchr(image.ptr, '@', image.len);
	if (f->user == IMAGE_DIGEST)
		return at ? give_text(out, (struct text_view){ at + 1, image.len - (size_t)(at + 1 - image.ptr) }) :
			    FIELD_MISSING;
	if (at)
		image.len = (size_t)(at - image.ptr);
	/* A colon before the last slash belongs to the registry's port. */
	for (n = image.len; n && image.ptr[n - 1] != ':' && image.ptr[n - 1] != '/';)
		n--;
	if (n && image.ptr[n - 1] == ':') {
		tag = (struct text_view){ .ptr = image.ptr + n, .len = image.len - n };
		image.len = n - 1;
	}
	return give_text(out, f->user == IMAGE_TAG ? tag : image);
}

enum field_result get_container_time(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	uint64_t start = ev->container ? ev->container->start_100ns : 0, now = ev->rec->time_100ns;

	(void)arg;
	if (!start)
		return FIELD_MISSING;
	if (f->user == CONTAINER_START)
		return give_u64(out, (uint64_t)filetime_to_unix_ns(start));
	return give_u64(out, now > start ? (now - start) * 100 : 0);
}
