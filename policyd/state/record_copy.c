#include "policyd/state/record_copy.h"

#include <stdlib.h>

struct record_copy {
	struct record rec;
	struct named_value values[];           /* then the bytes */
};

static size_t content_bytes(const struct record *r)
{
	size_t n = r->sid.len + r->schema.len + r->payload.len + r->provider_name.len + r->channel.len + r->host.len;

	for (size_t i = 0; i < r->value_count; i++)
		n += r->values[i].name.len + r->values[i].value.len;
	return n;
}

size_t record_copy_bytes(const struct record *r)
{
	return sizeof(struct record_copy) + r->value_count * sizeof(struct named_value) + content_bytes(r);
}

static const char *put(char **at, const void *from, size_t len)
{
	char *to = *at;

	if (len)
		memcpy(to, from, len);
	*at += len;
	return to;
}

static void put_view(char **at, struct view *v)
{
	v->ptr = (const uint8_t *)put(at, v->ptr, v->len);
}

static void put_text(char **at, struct text_view *t)
{
	t->ptr = put(at, t->ptr, t->len);
}

struct record_copy *record_copy_create(const struct record *r)
{
	struct record_copy *c = malloc(record_copy_bytes(r));
	char *at;

	if (!c)
		return NULL;
	c->rec = *r;
	at = (char *)(c->values + r->value_count);
	put_view(&at, &c->rec.sid);
	put_view(&at, &c->rec.schema);
	put_view(&at, &c->rec.payload);
	put_text(&at, &c->rec.provider_name);
	put_text(&at, &c->rec.channel);
	put_text(&at, &c->rec.host);
	for (size_t i = 0; i < r->value_count; i++) {
		c->values[i] = r->values[i];
		put_text(&at, &c->values[i].name);
		put_text(&at, &c->values[i].value);
	}
	c->rec.values = c->values;
	return c;
}

void record_copy_destroy(struct record_copy *c)
{
	free(c);
}

const struct record *record_copy_view(const struct record_copy *c)
{
	return &c->rec;
}
