/* Values of the configuration as JSON, to show them and to tell whether they differ. */
#include "policyd/config/config_loader.h"

#include <inttypes.h>
#include <string.h>

#include "proto/base/text.h"

static void write_text(const char *text, struct buf *out)
{
	if (text)
		text_append_json(out, text, strlen(text));
	else
		buf_append_str(out, "null");
}

static void write_texts(const struct config_texts *texts, struct buf *out)
{
	buf_append_char(out, '[');
	for (size_t i = 0; i < texts->count; i++) {
		if (i)
			buf_append_char(out, ',');
		write_text(texts->texts[i], out);
	}
	buf_append_char(out, ']');
}

static void write_pairs(const struct config_pairs *pairs, struct buf *out)
{
	buf_append_char(out, '{');
	for (size_t i = 0; i < pairs->count; i++) {
		if (i)
			buf_append_char(out, ',');
		write_text(pairs->pairs[i].name, out);
		buf_append_char(out, ':');
		write_text(pairs->pairs[i].value, out);
	}
	buf_append_char(out, '}');
}

static void write_items(const struct config_key *key, const void *at, struct buf *out)
{
	const struct config_items *items = key->items;
	struct config_texts list;    /* every list lies in memory like this one */

	memcpy(&list, at, sizeof list);
	buf_append_char(out, '[');
	for (size_t i = 0; i < list.count; i++) {
		const char *item = (const char *)(const void *)list.texts + i * items->item_bytes;

		buf_append_str(out, i ? ",{" : "{");
		for (size_t k = 0; k < items->key_count; k++) {
			buf_append_str(out, k ? "," : "");
			write_text(items->keys[k].path, out);
			buf_append_char(out, ':');
			config_write_value(&items->keys[k], item, out);
		}
		buf_append_char(out, '}');
	}
	buf_append_char(out, ']');
}

void config_write_value(const struct config_key *key, const void *base, struct buf *out)
{
	const void *at = (const char *)base + key->offset;

	switch (key->type) {
	case CONFIG_BOOL:
		buf_append_str(out, *(const bool *)at ? "true" : "false");
		break;
	case CONFIG_INT:
	case CONFIG_DURATION:
		buf_printf(out, "%" PRId64, *(const int64_t *)at);
		break;
	case CONFIG_CHOICE:
		buf_printf(out, "%d", *(const int *)at);
		break;
	case CONFIG_PRIORITY:
		write_text(priority_name(*(const enum priority *)at), out);
		break;
	case CONFIG_TEXT:
		write_text(*(const char *const *)at, out);
		break;
	case CONFIG_TEXTS:
		write_texts(at, out);
		break;
	case CONFIG_PAIRS:
		write_pairs(at, out);
		break;
	default:
		write_items(key, at, out);
	}
}

void config_restart_needed(const struct config *running, const struct config *wanted, struct buf *out)
{
	const struct config_items *all = config_keys();
	struct buf a, b;

	buf_init(&a, CONFIG_ARENA_BYTES);
	buf_init(&b, CONFIG_ARENA_BYTES);
	for (size_t i = 0; i < all->key_count; i++) {
		const struct config_key *key = &all->keys[i];

		if (key->flags & CONFIG_LIVE)
			continue;
		buf_clear(&a);
		buf_clear(&b);
		config_write_value(key, running, &a);
		config_write_value(key, wanted, &b);
		if (strcmp(buf_cstr(&a), buf_cstr(&b)) != 0)
			buf_printf(out, "%s%s", out->len ? ", " : "", key->path);
	}
	buf_release(&a);
	buf_release(&b);
}
