#include "policyd/fields/field_misc.h"

#include "policyd/fields/task_xml.h"
#include "proto/base/text.h"

static bool is_module_event(const struct event *ev)
{
	return ev->kind == EVENT_image_load || ev->kind == EVENT_driver_load;
}

enum field_result get_module_path(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);

	(void)arg;
	if (!is_module_event(ev))
		return FIELD_MISSING;
	return give_text(out, f->user == MODULE_LAST_PART ? text_last_part(ev->path) : ev->path);
}

enum field_result get_module_signed(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct field with_slot = *f;
	uint64_t type;

	with_slot.user = SLOT_SIGNED;
	if (get_slot_bool(&with_slot, arg, view, out) == FIELD_OK)
		return FIELD_OK;
	/* SE_IMAGE_SIGNATURE_TYPE: 0 none, 1 embedded, 2 and up from a catalog or cache. Source: ntddk.h. */
	return getter_u64(view, SLOT_SIGNATURE_TYPE, &type) ? give_bool(out, type != 0) : FIELD_MISSING;
}

/* SE_SIGNING_LEVEL. Source: winnt.h. */
enum field_result get_module_level(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const char *const names[] = { "UNCHECKED", "UNSIGNED", "ENTERPRISE", "DEVELOPER", "AUTHENTICODE", "CUSTOM_2",
		"STORE", "ANTIMALWARE", "MICROSOFT", "CUSTOM_4", "CUSTOM_5", "DYNAMIC_CODEGEN", "WINDOWS", "CUSTOM_7",
		"WINDOWS_TCB", "CUSTOM_6" };
	uint64_t level;

	(void)f;
	(void)arg;
	if (!getter_u64(view, SLOT_SIGNATURE_LEVEL, &level))
		return FIELD_MISSING;
	return level < sizeof names / sizeof names[0] ? give_str(out, names[level]) : give_hex(view, out, level);
}

enum field_result get_module_hash(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)arg;
	return is_module_event(getter_event(view)) ? give_hash(view, (enum hash_name)f->user, out) : FIELD_MISSING;
}

enum field_result get_target_pid(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	uint64_t pid;

	(void)f;
	(void)arg;
	if (ev->target)
		return proc_is_stand_in(ev->target->pid) ? FIELD_MISSING : give_i64(out, ev->target->pid);
	if (getter_u64(view, SLOT_TARGET_PID, &pid))
		return give_i64(out, (int64_t)pid);
	/* A thread event of the kernel names the process the thread is in; the actor is in its header. */
	if (ev->kind == EVENT_remote_thread && ev->layout && getter_u64(view, SLOT_PID, &pid))
		return give_i64(out, (int64_t)pid);
	return FIELD_MISSING;
}

/* What the record itself says of a process that the table does not know. */
static enum field_result target_from_record(const struct event_view *view, uintptr_t member, struct value *out)
{
	struct text_view text;

	if (member == offsetof(struct proc, guid))
		return getter_text(view, SLOT_TARGET_GUID, &text) ? give_text(out, text) : FIELD_MISSING;
	if (member == offsetof(struct proc, user_name))
		return getter_text(view, SLOT_TARGET_USER, &text) ? give_text(out, text) : FIELD_MISSING;
	if (!getter_text(view, SLOT_TARGET_PATH, &text))
		return FIELD_MISSING;
	if (member == offsetof(struct proc, path))
		return give_text(out, text);
	return member == offsetof(struct proc, name) ? give_text(out, text_last_part(text)) : FIELD_MISSING;
}

enum field_result get_target_text(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	const struct pooled *text;

	(void)arg;
	if (!ev->target)
		return target_from_record(view, f->user, out);
	memcpy(&text, (const char *)ev->target + f->user, sizeof text);
	return give_text(out, pooled_view(text));
}

enum field_result get_task_part(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const struct {
		const char *within, *name;
	} parts[] = { [TASK_COMMAND] = { "Exec", "Command" }, [TASK_ARGUMENTS] = { "Exec", "Arguments" },
		[TASK_PRINCIPAL] = { "Principal", "UserId" }, [TASK_PRINCIPAL_GROUP] = { "Principal", "GroupId" } };
	struct text_view xml, text;
	uintptr_t part = f->user;

	(void)arg;
	if (!getter_text(view, SLOT_TASK_XML, &xml))
		return FIELD_MISSING;
	if (task_xml_text(xml, parts[part].within, parts[part].name, view->scratch, &text))
		return give_text(out, text);
	if (part != TASK_PRINCIPAL)
		return FIELD_MISSING;
	part = TASK_PRINCIPAL_GROUP;
	return task_xml_text(xml, parts[part].within, parts[part].name, view->scratch, &text) ? give_text(out, text) :
												 FIELD_MISSING;
}

enum field_result get_script_text(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view text;

	(void)f;
	(void)arg;
	if (getter_event(view)->script.len)
		return give_text(out, getter_event(view)->script);
	return getter_text(view, SLOT_SCRIPT_TEXT, &text) ? give_text(out, text) : FIELD_MISSING;
}

/* The Service Control Manager's log has the texts, the Security log the numbers. Source: winsvc.h, SERVICE_*_START. */
enum field_result get_service_start(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const char *const names[] = { "boot start", "system start", "auto start", "demand start", "disabled" };
	struct field with_slot = *f;
	uint64_t number;

	if (getter_u64(view, SLOT_SERVICE_START, &number) && number < sizeof names / sizeof names[0])
		return give_str(out, names[number]);
	with_slot.user = SLOT_SERVICE_START;
	return get_slot_text(&with_slot, arg, view, out);
}

/* Source: winnt.h, SERVICE_KERNEL_DRIVER, SERVICE_FILE_SYSTEM_DRIVER, SERVICE_WIN32. */
enum field_result get_service_type(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct field with_slot = *f;
	uint64_t type;

	if (getter_u64(view, SLOT_SERVICE_TYPE, &type)) {
		if (type & 0x30)
			return give_str(out, "user mode service");
		if (type == 1 || type == 2)
			return give_str(out, type == 1 ? "kernel mode driver" : "file system driver");
	}
	with_slot.user = SLOT_SERVICE_TYPE;
	return get_slot_text(&with_slot, arg, view, out);
}
