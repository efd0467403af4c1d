/* json_out: a JSON document into a buf, commas and escapes included. The buf's `failed` tells when it did not fit. */
#ifndef VITRINE_BASE_JSON_OUT_H
#define VITRINE_BASE_JSON_OUT_H

#include "proto/base/buf.h"

struct json_out {
	struct buf *to;
	bool comma;                /* a value was written at this level */
};

static inline struct json_out json_out_to(struct buf *to)
{
	return (struct json_out){ .to = to, .comma = false };
}

/* key NULL: an element of an array, or the document itself. bracket: '{' or '['. */
void json_open(struct json_out *j, const char *key, char bracket);
void json_close(struct json_out *j, char bracket);
void json_text(struct json_out *j, const char *key, const char *text);    /* NULL becomes null */
void json_number(struct json_out *j, const char *key, int64_t n);
void json_count(struct json_out *j, const char *key, uint64_t n);
void json_bool(struct json_out *j, const char *key, bool b);
void json_time(struct json_out *j, const char *key, int64_t unix_ns);     /* "2026-01-02T03:04:05.678Z" */
/* The key, after which the caller appends one value of its own to j->to. */
void json_key(struct json_out *j, const char *key);

#endif
