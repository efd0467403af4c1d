#include "policyd/hcs/hcs_document.h"

#include <jansson.h>
#include <stdlib.h>

#include "proto/base/clock.h"
#include "proto/base/text.h"

const char *hcs_kind_name(enum hcs_kind kind)
{
	static const char *const names[] = { "", "windows", "hyperv", "vm" };

	return (unsigned)kind < sizeof names / sizeof names[0] ? names[kind] : "";
}

static struct text_view text_at(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	size_t len = json_string_length(value);

	if (!json_is_string(value) || len > HCS_MAX_TEXT_BYTES)
		return (struct text_view){ .ptr = "", .len = 0 };
	return (struct text_view){ .ptr = json_string_value(value), .len = len };
}

static bool text_is(struct text_view t, const char *word)
{
	return text_equal_fold(t.ptr, t.len, word, strlen(word));
}

static uint64_t time_at(const json_t *object, const char *key)
{
	struct text_view t = text_at(object, key);
	uint64_t time_100ns;

	return filetime_from_text(t.ptr, t.len, &time_100ns) ? time_100ns : 0;
}

/* A VM's RuntimeOsType says nothing of where a container runs; a container with a host system or a partition of its own
 * runs in that. */
static enum hcs_kind kind_of(const json_t *o)
{
	struct text_view type = text_at(o, "SystemType");

	if (text_is(type, "VirtualMachine") || json_object_get(o, "VirtualMachine"))
		return HCS_VM;
	if (!text_is(type, "Container"))
		return HCS_OTHER;
	if (text_at(o, "HostingSystemId").len || text_at(o, "RuntimeImagePath").len || json_is_true(json_object_get(o, "HvPartition")))
		return HCS_HYPERV;
	return HCS_PROCESS_ISOLATED;
}

static void read_annotations(const json_t *o, struct hcs_system *s)
{
	const json_t *a = json_object_get(o, "annotations");

	if (!a)
		a = json_object_get(o, "Annotations");
	s->sandbox = text_is(text_at(a, "io.kubernetes.cri.container-type"), "sandbox");
	s->sandbox_id = text_at(a, "io.kubernetes.cri.sandbox-id");
	s->pod_name = text_at(a, "io.kubernetes.cri.sandbox-name");
	s->pod_namespace = text_at(a, "io.kubernetes.cri.sandbox-namespace");
	s->pod_uid = text_at(a, "io.kubernetes.cri.sandbox-uid");
	s->image = text_at(a, "io.kubernetes.cri.image-name");
	s->name = text_at(a, "io.kubernetes.cri.container-name");
}

static void read_silo(const json_t *o, struct guid *out)
{
	struct text_view t = text_at(o, "SiloGuid");

	if (!t.len)
		t = text_at(o, "SiloGUID");
	if (!guid_parse(t.ptr, t.len, out))
		memset(out, 0, sizeof *out);
}

static void read_process(const json_t *row, struct hcs_system *s, struct hcs_process *out)
{
	json_int_t pid = json_integer_value(json_object_get(row, "ProcessId"));

	if (pid <= 0 || pid > UINT32_MAX)
		return;
	if (s->process_count == HCS_MAX_PROCESSES) {
		s->processes_cut++;
		return;
	}
	out[s->process_count].pid = (uint32_t)pid;
	out[s->process_count++].create_100ns = time_at(row, "CreateTimestamp");
}

static void tell(const json_t *o, struct hcs_process *room, hcs_visit *visit, void *ctx)
{
	const json_t *list = json_object_get(o, "ProcessList");
	struct hcs_system s = { .kind = kind_of(o), .processes = room };
	struct text_view name = text_at(o, "Name");

	s.id = text_at(o, "Id");
	if (!s.id.len)
		s.id = name;                       /* documents of the first schema name it so */
	s.owner = text_at(o, "Owner");
	s.stopped = text_is(text_at(o, "State"), "Stopped") || json_is_true(json_object_get(o, "Stopped"));
	s.start_100ns = time_at(json_object_get(o, "Statistics"), "ContainerStartTime");
	read_silo(o, &s.silo);
	read_annotations(o, &s);
	if (!s.name.len && (name.len != s.id.len || memcmp(name.ptr, s.id.ptr, name.len) != 0))
		s.name = name;
	for (size_t i = 0; i < json_array_size(list); i++)
		read_process(json_array_get(list, i), &s, room);
	visit(ctx, &s);
}

static enum status tell_all(const json_t *document, struct hcs_process *room, hcs_visit *visit, void *ctx)
{
	size_t count = json_array_size(document);

	if (json_is_object(document)) {
		tell(document, room, visit, ctx);
		return ST_OK;
	}
	for (size_t i = 0; i < count && i < HCS_MAX_SYSTEMS; i++) {
		if (!json_is_object(json_array_get(document, i)))
			return ST_MALFORMED;
		tell(json_array_get(document, i), room, visit, ctx);
	}
	return count > HCS_MAX_SYSTEMS ? ST_LIMIT : ST_OK;
}

enum status hcs_document_each(struct text_view json, hcs_visit *visit, void *ctx)
{
	enum status st = ST_MALFORMED;
	struct hcs_process *room;
	json_t *document;

	if (json.len > HCS_MAX_DOCUMENT_BYTES)
		return ST_LIMIT;
	room = malloc(HCS_MAX_PROCESSES * sizeof *room);
	document = json_loadb(json.ptr, json.len, JSON_ALLOW_NUL, NULL);
	if (!room)
		st = ST_NOMEM;
	else if (document)
		st = tell_all(document, room, visit, ctx);
	json_decref(document);
	free(room);
	return st;
}
