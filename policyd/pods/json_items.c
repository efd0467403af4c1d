#include "policyd/pods/json_items.h"

#include <string.h>

enum { KEPT_BYTES = 256 << 10 };        /* of an item's room for the next: the usual pod has 10 KiB */

void json_items_init(struct json_items *j, enum json_items_shape shape, size_t max_item_bytes)
{
	*j = (struct json_items){ .shape = shape };
	buf_init(&j->item, max_item_bytes);
}

void json_items_release(struct json_items *j)
{
	buf_release(&j->item);
}

/* Whether the value that opens now is one to hand out. depth: that of its inside. */
static bool is_wanted(const struct json_items *j, char opening)
{
	if (j->shape == JSON_ITEMS_SEQUENCE)
		return j->depth == 1;
	if (opening != '{')
		return false;
	return (j->depth == 3 && strcmp(j->key, "items") == 0) || (j->depth == 2 && strcmp(j->key, "metadata") == 0);
}

static enum status open_value(struct json_items *j, char opening)
{
	if (j->depth == 0 && (opening != '{' || j->done))
		return ST_MALFORMED;
	if (j->depth == JSON_ITEMS_MAX_DEPTH)
		return ST_LIMIT;
	j->depth++;
	if (!j->take_depth && is_wanted(j, opening)) {
		j->take_depth = j->depth;
		buf_clear(&j->item);
	}
	return ST_OK;
}

static enum status hand_out(struct json_items *j)
{
	enum status st = ST_OK;

	j->take_depth = 0;
	if (j->item.failed)
		j->too_long++;
	else
		st = j->visit(j->ctx, j->shape == JSON_ITEMS_LIST ? j->key : "", (const char *)j->item.data, j->item.len);
	if (j->item.cap > KEPT_BYTES)
		buf_release(&j->item);
	return st;
}

static enum status close_value(struct json_items *j)
{
	enum status st = ST_OK;

	if (j->depth == 0)
		return ST_MALFORMED;
	if (j->take_depth == j->depth)
		st = hand_out(j);
	j->depth--;
	if (j->depth == 0 && j->shape == JSON_ITEMS_LIST)
		j->done = true;
	return st;
}

static void end_string(struct json_items *j)
{
	j->in_string = false;
	j->string[j->string_len < sizeof j->string ? j->string_len : 0] = '\0';
}

/* A byte outside strings. */
static enum status structure(struct json_items *j, char c)
{
	switch (c) {
	case '"':
		if (j->depth == 0)
			return ST_MALFORMED;
		j->in_string = true;
		j->string_len = 0;
		return ST_OK;
	case ':':
		if (j->depth == 1)
			memcpy(j->key, j->string, sizeof j->key);
		return ST_OK;
	case '{':
	case '[':
		return open_value(j, c);
	case '}':
	case ']':
		return close_value(j);
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return ST_OK;
	default:
		return j->depth == 0 ? ST_MALFORMED : ST_OK;
	}
}

static void in_string(struct json_items *j, char c)
{
	if (j->escaped) {
		j->escaped = false;
	} else if (c == '\\') {
		j->escaped = true;
	} else if (c == '"') {
		end_string(j);
		return;
	}
	if (j->depth == 1 && j->string_len < sizeof j->string)
		j->string[j->string_len++] = c;
}

/* Bytes from `from` to `to` belong to the item. */
static void take(struct json_items *j, const char *from, const char *to)
{
	if (!j->item.failed)
		buf_append(&j->item, from, (size_t)(to - from));
}

enum status json_items_feed(struct json_items *j, const char *ptr, size_t len)
{
	const char *from = ptr;                /* of what is taken and not yet in the buffer */

	for (const char *at = ptr; at < ptr + len && j->status == ST_OK; at++) {
		bool closes = !j->in_string && (*at == '}' || *at == ']') && j->take_depth && j->take_depth == j->depth;
		bool taking = j->take_depth != 0;

		if (closes)
			take(j, from, at + 1);
		if (j->in_string)
			in_string(j, *at);
		else
			j->status = structure(j, *at);
		if (!taking && j->take_depth)
			from = at;
	}
	if (j->status == ST_OK && j->take_depth)
		take(j, from, ptr + len);
	return j->status;
}

enum status json_items_finish(const struct json_items *j)
{
	if (j->status != ST_OK)
		return j->status;
	return j->depth || j->in_string || (j->shape == JSON_ITEMS_LIST && !j->done) ? ST_TRUNCATED : ST_OK;
}
