#include "policyd/report/incident_texts.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 4096, MAX_TEXTS = 1 << 22 };

static const char cut_mark[] = "...[cut]";

uint64_t incident_hash(const void *ptr, size_t len, uint64_t seed)
{
	const unsigned char *p = ptr;
	uint64_t h = seed ^ UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

bool incident_texts_init(struct incident_texts *t, size_t max_bytes)
{
	*t = (struct incident_texts){ .slot_count = FIRST_SLOTS, .cap = FIRST_SLOTS / 2, .count = 1 };
	t->arena = arena_create(max_bytes);
	t->texts = calloc(t->cap, sizeof *t->texts);
	t->slots = calloc(t->slot_count, sizeof *t->slots);
	if (t->texts)
		t->texts[0].ptr = "";
	return t->arena && t->texts && t->slots;
}

void incident_texts_release(struct incident_texts *t)
{
	arena_destroy(t->arena);
	free(t->texts);
	free(t->slots);
	*t = (struct incident_texts){ .count = 0 };
}

static uint32_t *slot_of(const struct incident_texts *t, struct text_view text)
{
	size_t at = (size_t)incident_hash(text.ptr, text.len, 0) & (t->slot_count - 1);

	for (; t->slots[at]; at = (at + 1) & (t->slot_count - 1)) {
		struct text_view there = t->texts[t->slots[at] - 1];

		if (there.len == text.len && memcmp(there.ptr, text.ptr, text.len) == 0)
			break;
	}
	return &t->slots[at];
}

/* Twice the room. */
static bool grow(struct incident_texts *t)
{
	struct text_view *texts = realloc(t->texts, t->cap * 2 * sizeof *texts);
	uint32_t *slots;

	if (!texts)
		return false;
	t->texts = texts;
	slots = calloc(t->slot_count * 2, sizeof *slots);
	if (!slots)
		return false;
	free(t->slots);
	t->slots = slots;
	t->slot_count *= 2;
	t->cap *= 2;
	for (uint32_t i = 1; i < t->count; i++)
		*slot_of(t, t->texts[i]) = i + 1;
	return true;
}

static uint32_t keep(struct incident_texts *t, struct text_view text)
{
	uint32_t *slot = slot_of(t, text);
	char *copy;

	if (*slot)
		return *slot - 1;
	if (t->count >= MAX_TEXTS || (t->count == t->cap && !grow(t))) {
		t->refused++;
		return 0;
	}
	copy = arena_strndup(t->arena, text.ptr, text.len);
	if (!copy) {
		t->refused++;
		return 0;
	}
	t->texts[t->count] = (struct text_view){ copy, text.len };
	*slot_of(t, text) = (uint32_t)t->count + 1;
	return (uint32_t)t->count++;
}

uint32_t incident_texts_add(struct incident_texts *t, struct text_view text, size_t max_chars)
{
	char *cut;
	size_t len = max_chars;
	uint32_t number;

	if (!text.len)
		return 0;
	if (text.len <= max_chars)
		return keep(t, text);
	while (len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
		len--;
	cut = malloc(len + sizeof cut_mark);
	if (!cut) {
		t->refused++;
		return 0;
	}
	memcpy(cut, text.ptr, len);
	memcpy(cut + len, cut_mark, sizeof cut_mark);
	number = keep(t, (struct text_view){ cut, len + sizeof cut_mark - 1 });
	free(cut);
	return number;
}
