#include "policyd/fields/field_container.h"

#include "policyd/fields/field_k8s.h"
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

static struct text_view c_text(const char *text)
{
	return (struct text_view){ .ptr = text, .len = strlen(text) };
}

/* The runtime's own word first, then the pod's. */
static struct text_view name_of(const struct event_view *view)
{
	const struct container *c = getter_event(view)->container;
	const struct pod_container *which;

	if (c->name)
		return pooled_view(c->name);
	getter_pod(view, &which);
	return c_text(which ? which->name : "");
}

static struct text_view image_of(const struct event_view *view)
{
	const struct container *c = getter_event(view)->container;
	const struct pod_container *which;

	if (c->image)
		return pooled_view(c->image);
	getter_pod(view, &which);
	return c_text(which ? which->image : "");
}

/* A silo is process isolation; what has none is one of the other kinds. */
static struct text_view type_of(const struct container *c)
{
	if (c->type)
		return pooled_view(c->type);
	return c_text(guid_is_zero(&c->guid) ? "" : "windows");
}

static struct text_view container_text(const struct event_view *view, enum container_text which)
{
	const struct container *c = getter_event(view)->container;

	switch (which) {
	case CONTAINER_FULL_ID:
		return pooled_view(c->full_id);
	case CONTAINER_NAME:
		return name_of(view);
	case CONTAINER_IMAGE:
		return image_of(view);
	default:
		return type_of(c);
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
	if (f->user != CONTAINER_GUID)
		return give_text(out, container_text(view, (enum container_text)f->user));
	if (guid_is_zero(&ev->container->guid))
		return FIELD_MISSING;
	guid_format(&ev->container->guid, guid);
	return give_copy(view, out, guid, GUID_TEXT_BYTES - 1);
}

static enum field_result give_digest(const struct event_view *view, const char *at, size_t left, struct value *out)
{
	const struct pod_container *which;

	if (at)
		return give_text(out, (struct text_view){ at + 1, left - 1 });
	getter_pod(view, &which);
	return which ? give_text(out, c_text(which->digest)) : FIELD_MISSING;
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
	if (!c)
		return FIELD_MISSING;
	image = image_of(view);
	at = memchr(image.ptr, '@', image.len);
	if (f->user == IMAGE_DIGEST)
		return give_digest(view, at, at ? image.len - (size_t)(at - image.ptr) : 0, out);
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

static uint64_t start_of(const struct event_view *view)
{
	const struct container *c = getter_event(view)->container;
	const struct pod_container *which;

	if (c && !c->start_100ns)
		getter_pod(view, &which);
	else
		which = NULL;
	if (which && which->start_ns > 0)
		return filetime_from_unix_ns(which->start_ns);
	return c ? c->start_100ns : 0;
}

enum field_result get_container_time(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	uint64_t start = start_of(view), now = getter_event(view)->rec->time_100ns;

	(void)arg;
	if (!start)
		return FIELD_MISSING;
	if (f->user == CONTAINER_START)
		return give_u64(out, (uint64_t)filetime_to_unix_ns(start));
	return give_u64(out, now > start ? (now - start) * 100 : 0);
}

enum field_result get_container_ip(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct pod_container *which;
	const struct pod *pod = getter_pod(view, &which);

	(void)f;
	(void)arg;
	return pod ? give_text(out, c_text(pod->ip)) : FIELD_MISSING;
}
