#include "collector/sys/containers_win.h"

#include <string.h>
#include <windows.h>

#include "proto/base/text.h"

enum {
	MAX_SYSTEMS = 512,           /* a node runs at most 250 pods, each with a sandbox and some containers: the newest go without */
	WAIT_MS = 500,               /* for one answer ... */
	ALL_WAIT_MS = 3000,          /* ... and for all: the caller has sessions to look after */
	ID_CHARS = 128,              /* of a system: 64 hexadecimal digits, or a GUID */
	MAX_DOCUMENT_BYTES = 256 << 10,    /* half a SNAPSHOT frame */
};

/* computecore.dll, Windows 10 1809 and later (learn.microsoft.com/virtualization/api/hcs). Handles are pointers. */
struct hcs {
	void *(WINAPI *create_operation)(const void *, void *);
	void(WINAPI *close_operation)(void *);
	HRESULT(WINAPI *enumerate)(const wchar_t *, void *);
	HRESULT(WINAPI *wait)(void *, DWORD, wchar_t **);
	HRESULT(WINAPI *open)(const wchar_t *, DWORD, void **);
	HRESULT(WINAPI *properties)(void *, void *, const wchar_t *);
	void(WINAPI *close)(void *);
};

static bool load(struct hcs *out)
{
	static const char *const names[] = { "HcsCreateOperation", "HcsCloseOperation", "HcsEnumerateComputeSystems",
		"HcsWaitForOperationResult", "HcsOpenComputeSystem", "HcsGetComputeSystemProperties", "HcsCloseComputeSystem" };
	HMODULE module = LoadLibraryExW(L"computecore.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
	FARPROC found[sizeof names / sizeof names[0]];

	_Static_assert(sizeof found == sizeof *out, "one function each, in this order");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		found[i] = module ? GetProcAddress(module, names[i]) : NULL;
		if (!found[i])
			return false;
	}
	memcpy(out, found, sizeof *out);
	return true;
}

/* What an operation returned, as UTF-8; empty: nothing, too long, or not in time. */
static struct text_view result(const struct hcs *h, void *operation, struct arena *a, wchar_t **wide)
{
	struct text_view t = { "", 0 };
	size_t bytes;
	char *room;

	*wide = NULL;
	if (h->wait(operation, WAIT_MS, wide) < 0 || !*wide)
		return t;
	bytes = wcslen(*wide) * sizeof(wchar_t);
	room = bytes <= MAX_DOCUMENT_BYTES ? arena_alloc(a, TEXT_UTF8_MAX(bytes)) : NULL;
	if (room)
		t = (struct text_view){ room, text_utf16_to_utf8((struct view){ (const uint8_t *)*wide, bytes }, room, TEXT_UTF8_MAX(bytes)) };
	return t;
}

static struct text_view processes_of(const struct hcs *h, const wchar_t *id, struct arena *a)
{
	struct text_view t = { "", 0 };
	void *operation, *system = NULL;
	wchar_t *wide = NULL;

	if (h->open(id, GENERIC_READ, &system) < 0)
		return t;
	operation = h->create_operation(NULL, NULL);
	if (operation && h->properties(system, operation, L"{\"PropertyTypes\":[\"ProcessList\"]}") >= 0)
		t = result(h, operation, a, &wide);
	LocalFree(wide);
	if (operation)
		h->close_operation(operation);
	h->close(system);
	return t;
}

/* The next value of "Id" in the service's list. NULL: no more. */
static const wchar_t *next_id(const wchar_t *list, wchar_t id[ID_CHARS])
{
	static const wchar_t key[] = L"\"Id\":\"";
	const wchar_t *at = wcsstr(list, key);
	size_t n;

	if (!at)
		return NULL;
	at += sizeof key / sizeof key[0] - 1;
	n = wcscspn(at, L"\"\\");
	if (n >= ID_CHARS)
		n = 0;    /* none of the service's; asked for, and not found */
	memcpy(id, at, n * sizeof id[0]);
	id[n] = 0;
	return at;
}

static void list_all(const struct hcs *h, const wchar_t *list, struct arena *a, struct stream_snapshot *out)
{
	struct stream_container *rows = arena_zalloc(a, MAX_SYSTEMS * sizeof *rows);
	uint64_t end = GetTickCount64() + ALL_WAIT_MS;
	wchar_t id[ID_CHARS];

	if (!rows)
		return;
	rows[0] = out->containers[0];
	out->containers = rows;
	while (out->container_count < MAX_SYSTEMS && GetTickCount64() < end && (list = next_id(list, id)) != NULL) {
		struct stream_container *row = &rows[out->container_count];
		char *text = arena_alloc(a, ID_CHARS * 3);

		row->hcs_json = processes_of(h, id, a);
		if (!text || !row->hcs_json.len)
			continue;
		row->id = (struct text_view){ text, text_utf16_to_utf8((struct view){ (uint8_t *)id, wcslen(id) * sizeof id[0] }, text,
			ID_CHARS * 3) };
		out->container_count++;
	}
}

void containers_list(struct arena *a, struct stream_snapshot *out)
{
	struct stream_container first = { .id = { "", 0 } };
	wchar_t *wide = NULL;
	struct hcs h = { NULL };
	void *operation = load(&h) ? h.create_operation(NULL, NULL) : NULL;

	if (operation && h.enumerate(NULL, operation) >= 0)
		first.hcs_json = result(&h, operation, a, &wide);
	if (first.hcs_json.len) {
		out->containers = &first;
		out->container_count = 1;
		list_all(&h, wide, a, out);
	}
	if (out->containers == &first)
		out->container_count = 0;
	LocalFree(wide);
	if (operation)
		h.close_operation(operation);
}
