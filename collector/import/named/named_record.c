#include "collector/import/named/named_record.h"

#include "collector/import/named/log_text.h"

enum status named_record_init(struct named_record *n)
{
	*n = (struct named_record){ .texts = arena_create(NAMED_TEXT_MAX_BYTES) };
	named_record_begin(n);
	return n->texts ? ST_OK : ST_NOMEM;
}

void named_record_release(struct named_record *n)
{
	arena_destroy(n->texts);
	n->texts = NULL;
}

void named_record_begin(struct named_record *n)
{
	n->rec = (struct record){ .kind = RECORD_NAMED, .pid = UINT32_MAX, .tid = UINT32_MAX };
	n->value_count = 0;
	if (n->texts)
		arena_reset(n->texts);
}

/* The longest start of t that fits max and ends between two characters. */
static struct text_view cut_to(struct named_record *n, struct text_view t, size_t max)
{
	if (t.len <= max)
		return t;
	n->cut_values++;
	while (max && ((unsigned char)t.ptr[max] & 0xc0) == 0x80)    /* inside a UTF-8 sequence */
		max--;
	t.len = max;
	return t;
}

void named_record_add(struct named_record *n, struct text_view name, struct text_view value)
{
	if (n->value_count == LIMIT_NAMED_VALUES) {
		n->cut_values++;
		return;
	}
	n->values[n->value_count++] = (struct named_value){
		.name = cut_to(n, name, LIMIT_NAME_BYTES), .value = cut_to(n, value, LIMIT_VALUE_BYTES)
	};
}

void named_record_name(struct named_record *n, struct text_view *field, struct text_view text)
{
	*field = cut_to(n, text, LIMIT_NAME_BYTES);
}

void named_record_user(struct named_record *n, struct text_view text)
{
	n->rec.sid = (struct view){ .ptr = n->sid, .len = log_text_sid(text, n->sid) };
}

char *named_record_room(struct named_record *n, size_t bytes)
{
	return arena_alloc(n->texts, bytes ? bytes : 1);
}

const struct record *named_record_finish(struct named_record *n)
{
	n->rec.values = n->values;
	n->rec.value_count = n->value_count;
	return &n->rec;
}
