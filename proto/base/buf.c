#include "proto/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max_bytes)
{
	*b = (struct buf){ .max_bytes = max_bytes };
}

void buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ .max_bytes = b->max_bytes };
}

uint8_t *buf_reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;
	uint8_t *grown;

	if (b->failed || n > b->max_bytes - b->len) {
		b->failed = true;
		return NULL;
	}
	if (b->data && n <= b->cap - b->len)
		return b->data + b->len;
	while (cap < b->len + n)
		cap = cap > b->max_bytes / 2 ? b->max_bytes : cap * 2;
	grown = realloc(b->data, cap);
	if (!grown) {
		b->failed = true;
		return NULL;
	}
	b->data = grown;
	b->cap = cap;
	return b->data + b->len;
}

bool buf_append(struct buf *b, const void *ptr, size_t n)
{
	uint8_t *room = buf_reserve(b, n);

	if (!room)
		return false;
	if (n)
		memcpy(room, ptr, n);
	b->len += n;
	return true;
}

bool buf_append_str(struct buf *b, const char *text)
{
	return buf_append(b, text, strlen(text));
}

bool buf_append_char(struct buf *b, char c)
{
	return buf_append(b, &c, 1);
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;
	uint8_t *room;
	int need;

	va_start(args, fmt);
	va_copy(again, args);
	need = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	room = need < 0 ? NULL : buf_reserve(b, (size_t)need + 1);
	if (room) {
		vsnprintf((char *)room, (size_t)need + 1, fmt, again);
		b->len += (size_t)need;
	}
	va_end(again);
	return room != NULL;
}

const char *buf_cstr(struct buf *b)
{
	uint8_t *room = buf_reserve(b, 1);

	if (!room)
		return "";
	*room = 0;
	return (const char *)b->data;
}
