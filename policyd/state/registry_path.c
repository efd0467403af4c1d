#include "policyd/state/registry_path.h"

#include "proto/base/text.h"

enum { SILO_GUID_CHARS = 36 };

struct prefix {
	const char *text;
	size_t len;
};

#define PREFIX(s)                                                                                                      \
	{                                                                                                              \
		s, sizeof(s) - 1                                                                                       \
	}

static bool starts_with(struct text_view t, struct prefix p)
{
	return t.len >= p.len && text_equal_fold(t.ptr, p.len, p.text, p.len);
}

/* At the end of a path component. */
static bool starts_with_part(struct text_view t, struct prefix p)
{
	return starts_with(t, p) && (t.len == p.len || t.ptr[p.len] == '\\');
}

static struct text_view cut(struct text_view t, size_t n)
{
	return (struct text_view){ .ptr = t.ptr + n, .len = t.len - n };
}

static struct text_view join(struct prefix head, struct text_view tail, struct arena *scratch)
{
	char *text = arena_alloc(scratch, head.len + tail.len + 1);

	if (!text)
		return tail;
	memcpy(text, head.text, head.len);
	if (tail.len)
		memcpy(text + head.len, tail.ptr, tail.len);
	text[head.len + tail.len] = '\0';
	return (struct text_view){ .ptr = text, .len = head.len + tail.len };
}

static struct text_view machine_path(struct text_view rest, struct arena *scratch)
{
	static const struct prefix control_set = PREFIX("\\SYSTEM\\ControlSet001");

	if (starts_with_part(rest, control_set))
		return join(
			(struct prefix)PREFIX("HKLM\\SYSTEM\\CurrentControlSet"), cut(rest, control_set.len), scratch);
	return join((struct prefix)PREFIX("HKLM"), rest, scratch);
}

/* path begins after \REGISTRY\WC\Silo */
static struct text_view silo_path(struct text_view whole, struct text_view path, struct arena *scratch)
{
	static const struct prefix machine = PREFIX("machine"), user = PREFIX("user");

	if (path.len < SILO_GUID_CHARS)
		return whole;
	path = cut(path, SILO_GUID_CHARS);
	if (starts_with_part(path, machine))
		return machine_path(cut(path, machine.len), scratch);
	if (starts_with_part(path, user))
		return join((struct prefix)PREFIX("HKU"), cut(path, user.len), scratch);
	return whole;
}

struct text_view registry_path(struct text_view path, struct arena *scratch)
{
	static const struct prefix machine = PREFIX("\\REGISTRY\\MACHINE"), user = PREFIX("\\REGISTRY\\USER"),
				   silo = PREFIX("\\REGISTRY\\WC\\Silo"), hklm = PREFIX("HKLM"),
				   hklm_control = PREFIX("HKLM\\SYSTEM\\ControlSet001");

	if (starts_with_part(path, machine))
		return machine_path(cut(path, machine.len), scratch);
	if (starts_with_part(path, user))
		return join((struct prefix)PREFIX("HKU"), cut(path, user.len), scratch);
	if (starts_with(path, silo))
		return silo_path(path, cut(path, silo.len), scratch);
	if (starts_with_part(path, hklm_control))
		return machine_path(cut(path, hklm.len), scratch);
	return path;
}

bool registry_path_is_absolute(struct text_view path)
{
	static const struct prefix roots[] = { PREFIX("\\REGISTRY\\"), PREFIX("HKLM"), PREFIX("HKU"), PREFIX("HKCU"),
		PREFIX("HKCR"), PREFIX("HKEY_"), PREFIX("HKCC") };

	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
		if (starts_with(path, roots[i]))
			return true;
	}
	return false;
}

struct text_view registry_path_join(struct text_view base, struct text_view name, struct arena *scratch)
{
	char *text;
	size_t n = base.len;

	while (n && base.ptr[n - 1] == '\\')
		n--;
	while (name.len && name.ptr[0] == '\\')
		name = cut(name, 1);
	if (!name.len)
		return (struct text_view){ .ptr = base.ptr, .len = n };
	if (!n)
		return name;
	text = arena_alloc(scratch, n + 1 + name.len + 1);
	if (!text)
		return name;
	memcpy(text, base.ptr, n);
	text[n] = '\\';
	memcpy(text + n + 1, name.ptr, name.len);
	text[n + 1 + name.len] = '\0';
	return (struct text_view){ .ptr = text, .len = n + 1 + name.len };
}
