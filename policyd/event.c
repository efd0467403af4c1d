#include "policyd/event.h"

static const char *const names[EVENT_KIND_COUNT] = {
	[EVENT_NONE] = "",
#define X(name, category) [EVENT_##name] = #name,
	EVENT_KIND_TABLE(X)
#undef X
};

static const char *const categories[EVENT_KIND_COUNT] = {
	[EVENT_NONE] = "",
#define X(name, category) [EVENT_##name] = #category,
	EVENT_KIND_TABLE(X)
#undef X
};

const char *event_kind_name(enum event_kind kind)
{
	return (size_t)kind < EVENT_KIND_COUNT ? names[kind] : "";
}

const char *event_kind_category(enum event_kind kind)
{
	return (size_t)kind < EVENT_KIND_COUNT ? categories[kind] : "";
}

enum event_kind event_kind_by_name(const char *name, size_t len)
{
	for (size_t i = 1; i < EVENT_KIND_COUNT; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return (enum event_kind)i;
	}
	return EVENT_NONE;
}
