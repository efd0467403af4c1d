#include "policyd/state/device_map.h"

#include <stdlib.h>

#include "proto/base/limits.h"
#include "proto/base/text.h"

enum {
	DEVICE_NAME_BYTES = 128, /* "\Device\VhdHardDisk{guid}" is 56; mount points of volumes are no devices */
	DRIVE_NAME_BYTES = 64,	 /* "C:", or the mount point of a volume without a letter */
};

struct device {
	uint8_t name_len, drive_len;
	char name[DEVICE_NAME_BYTES];
	char drive[DRIVE_NAME_BYTES];
};

struct device_map {
	struct device *devices;
	size_t count, capacity;
};

struct device_map *device_map_create(void)
{
	return calloc(1, sizeof(struct device_map));
}

void device_map_destroy(struct device_map *m)
{
	if (!m)
		return;
	free(m->devices);
	free(m);
}

void device_map_clear(struct device_map *m)
{
	m->count = 0;
}

static bool starts_with(struct text_view t, const char *prefix, size_t prefix_len)
{
	return t.len >= prefix_len && text_equal_fold(t.ptr, prefix_len, prefix, prefix_len);
}

static struct text_view cut(struct text_view t, size_t n)
{
	return (struct text_view){ .ptr = t.ptr + n, .len = t.len - n };
}

/* The whole device name, not the first part of a longer one: HarddiskVolume1 is no prefix of HarddiskVolume11. */
static bool on_device(struct text_view path, const struct device *d)
{
	return starts_with(path, d->name, d->name_len) && (path.len == d->name_len || path.ptr[d->name_len] == '\\');
}

static struct device *slot_for(struct device_map *m, struct text_view name)
{
	struct device *grown;
	size_t capacity;

	for (size_t i = 0; i < m->count; i++) {
		if (text_equal_fold(m->devices[i].name, m->devices[i].name_len, name.ptr, name.len))
			return &m->devices[i];
	}
	if (m->count >= LIMIT_DEVICE_PATHS)
		return NULL;
	if (m->count == m->capacity) {
		capacity = m->capacity ? m->capacity * 2 : 8;
		grown = realloc(m->devices, capacity * sizeof *grown);
		if (!grown)
			return NULL;
		m->devices = grown;
		m->capacity = capacity;
	}
	return &m->devices[m->count++];
}

static struct text_view trim_slash(struct text_view t)
{
	while (t.len && t.ptr[t.len - 1] == '\\')
		t.len--;
	return t;
}

void device_map_add(struct device_map *m, struct text_view device, struct text_view drive)
{
	struct device *d;

	device = trim_slash(device);
	drive = trim_slash(drive);
	if (!device.len || device.len > DEVICE_NAME_BYTES || !drive.len || drive.len > DRIVE_NAME_BYTES)
		return;
	d = slot_for(m, device);
	if (!d)
		return;
	d->name_len = (uint8_t)device.len;
	d->drive_len = (uint8_t)drive.len;
	memcpy(d->name, device.ptr, device.len);
	memcpy(d->drive, drive.ptr, drive.len);
}

void device_map_learn(struct device_map *m, struct text_view path)
{
	static const char device[] = "\\Device\\HarddiskVolume";
	static const char *const images[] = {
		"\\Windows\\System32\\smss.exe",
		"\\Windows\\System32\\csrss.exe",
		"\\Windows\\System32\\wininit.exe",
		"\\Windows\\System32\\services.exe",
		"\\Windows\\System32\\lsass.exe",
	};
	struct text_view name = path;
	size_t i = sizeof device - 1;

	if (m->count || !starts_with(path, device, i))
		return;
	while (i < path.len && path.ptr[i] >= '0' && path.ptr[i] <= '9')
		i++;
	name.len = i;
	for (size_t n = 0; n < sizeof images / sizeof images[0]; n++) {
		if (text_equal_fold(path.ptr + i, path.len - i, images[n], strlen(images[n])))
			device_map_add(m, name, (struct text_view){ .ptr = "C:", .len = 2 });
	}
}

static struct text_view join(const char *head, size_t head_len, struct text_view tail, struct arena *scratch)
{
	char *text = arena_alloc(scratch, head_len + tail.len + 1);

	if (!text)
		return tail;
	memcpy(text, head, head_len);
	memcpy(text + head_len, tail.ptr, tail.len);
	text[head_len + tail.len] = '\0';
	return (struct text_view){ .ptr = text, .len = head_len + tail.len };
}

/* Behind the first part of a path that begins with a backslash. */
static struct text_view skip_part(struct text_view path)
{
	size_t i = 1;

	while (i < path.len && path.ptr[i] != '\\')
		i++;
	return cut(path, i < path.len ? i : path.len);
}

static bool is_drive_part(struct text_view path)
{
	return path.len > 1 && path.ptr[1] == ';';
}

/* \Device\Mup\;LanmanRedirector\;Z:000000000001e240\server\share, \Device\Mup\DfsClient\;Z:..\server\share: parts that
 * begin with ';', and one before such a part, name the redirector and the session's drive, not the file. path begins
 * at the backslash after the device. Second form: net452_x86 (Windows 7). */
static struct text_view unc_path(struct text_view path, struct arena *scratch)
{
	if (is_drive_part(skip_part(path)))
		path = skip_part(path);
	while (is_drive_part(path))
		path = skip_part(path);
	return join("\\", 1, path, scratch);
}

/* What follows \??\, \GLOBAL??\, \DosDevices\ or \\?\ : "C:\x", "UNC\server\share", "Volume{guid}\x". */
static struct text_view dos_device(struct text_view path, size_t prefix, struct arena *scratch)
{
	struct text_view rest = cut(path, prefix);

	if (starts_with(rest, "UNC\\", 4))
		return unc_path(cut(rest, 3), scratch);
	return rest.len >= 2 && rest.ptr[1] == ':' ? rest : path;
}

static struct text_view from_device(const struct device_map *m, struct text_view path, struct arena *scratch)
{
	static const char mup[] = "\\Device\\Mup", lanman[] = "\\Device\\LanmanRedirector";

	for (size_t i = 0; i < m->count; i++) {
		const struct device *d = &m->devices[i];

		if (on_device(path, d))
			return join(d->drive, d->drive_len, cut(path, d->name_len), scratch);
	}
	if (starts_with(path, mup, sizeof mup - 1) && path.len > sizeof mup && path.ptr[sizeof mup - 1] == '\\')
		return unc_path(cut(path, sizeof mup - 1), scratch);
	if (starts_with(path, lanman, sizeof lanman - 1) && path.len > sizeof lanman &&
		path.ptr[sizeof lanman - 1] == '\\')
		return unc_path(cut(path, sizeof lanman - 1), scratch);
	return path;
}

struct text_view device_map_dos_path(const struct device_map *m, struct text_view path, struct arena *scratch)
{
	/* Windows has been on C: in every release since Vista; \SystemRoot is that directory's name in the kernel. */
	static const char system_root[] = "\\SystemRoot\\", windows[] = "C:\\Windows\\";
	static const struct {
		const char *text;
		size_t len;
	} dos[] = { { "\\??\\", 4 }, { "\\\\?\\", 4 }, { "\\GLOBAL??\\", 10 }, { "\\DosDevices\\", 12 } };

	if (path.len < 4 || path.ptr[0] != '\\')
		return path;
	if (starts_with(path, "\\Device\\", 8))
		return from_device(m, path, scratch);
	if (starts_with(path, system_root, sizeof system_root - 1))
		return join(windows, sizeof windows - 1, cut(path, sizeof system_root - 1), scratch);
	for (size_t i = 0; i < sizeof dos / sizeof dos[0]; i++) {
		if (starts_with(path, dos[i].text, dos[i].len))
			return dos_device(path, dos[i].len, scratch);
	}
	return path;
}
