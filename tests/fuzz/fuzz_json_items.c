/* links: policyd_pods */
/* Any bytes as a list and as a watch, fed whole and in two parts: the items are the same, and lie within the input. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/pods/json_items.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_ITEM_BYTES = 1024 };

struct seen {
	uint64_t hash;
	size_t count, bytes;
};

static enum status visit(void *ctx, const char *key, const char *json, size_t len)
{
	struct seen *s = ctx;

	if (len < 2 || len > MAX_ITEM_BYTES || json[0] != '{' || strlen(key) >= JSON_ITEMS_KEY_BYTES)
		abort();
	for (size_t i = 0; i < len; i++)
		s->hash = s->hash * 31 + (uint8_t)json[i];
	s->count++;
	s->bytes += len;
	return ST_OK;
}

static enum status scan(enum json_items_shape shape, const uint8_t *data, const size_t parts[2], struct seen *s)
{
	struct json_items j;
	enum status st;

	*s = (struct seen){ 0 };
	json_items_init(&j, shape, MAX_ITEM_BYTES);
	j.visit = visit;
	j.ctx = s;
	st = json_items_feed(&j, (const char *)data, parts[0]);
	if (st == ST_OK)
		st = json_items_feed(&j, (const char *)data + parts[0], parts[1]);
	if (st == ST_OK)
		st = json_items_finish(&j);
	json_items_release(&j);
	return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole, split;
	size_t cut = size ? (size_t)data[0] % size : 0;

	for (int shape = JSON_ITEMS_LIST; shape <= JSON_ITEMS_SEQUENCE; shape++) {
		enum status a = scan((enum json_items_shape)shape, data, (const size_t[]){ size, 0 }, &whole);
		enum status b = scan((enum json_items_shape)shape, data, (const size_t[]){ cut, size - cut }, &split);

		if (a != b || memcmp(&whole, &split, sizeof whole) != 0 || whole.bytes > size)
			abort();
	}
	return 0;
}
