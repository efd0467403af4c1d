/* What was probably meant by a name that nothing has. Hints only: they change no outcome. */
#include "policyd/ruleset/rule_build.h"

#include <stdio.h>
#include <string.h>

#include "policyd/engine/suggest.h"
#include "proto/base/text.h"

static void add_hint(struct ruleset_builder *b, struct load_message *m, const struct suggest *s)
{
	char text[SUGGEST_MAX_LEN + 32];

	suggest_text(s, text, sizeof text);
	load_log_hint(&b->log, m, text);
}

void near_key(struct ruleset_builder *b, struct load_message *m, enum item_kind kind, const char *name)
{
	struct suggest s;

	suggest_init(&s, name, strlen(name));
	for (size_t i = 0; i < rule_key_count; i++)
		if (rule_keys[i].item == kind)
			suggest_offer(&s, rule_keys[i].name);
	add_hint(b, m, &s);
}

void near_override(struct ruleset_builder *b, struct load_message *m, enum item_kind kind, const char *name)
{
	struct suggest s;

	suggest_init(&s, name, strlen(name));
	for (size_t i = 0; i < rule_key_count; i++)
		if (rule_keys[i].item == kind && (rule_keys[i].append || rule_keys[i].replace))
			suggest_offer(&s, rule_keys[i].name);
	add_hint(b, m, &s);
}

void near_item(struct ruleset_builder *b, struct load_message *m, const struct yaml_node *map)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_node *key = map->entries[i].key;
		struct suggest s;

		if (!yaml_is_scalar(key))
			continue;
		suggest_init(&s, key->text, key->count);
		for (enum item_kind k = 0; k < ITEM_KIND_COUNT; k++)
			suggest_offer(&s, item_kind_key(k));
		if (!s.best)
			continue;
		add_hint(b, m, &s);
		return;
	}
}

void near_priority(struct ruleset_builder *b, struct load_message *m, const char *text)
{
	static const char *const names[] = { "emergency", "alert", "critical", "error", "warning", "notice",
		"informational", "debug" };
	size_t len = strlen(text);
	char word[SUGGEST_MAX_LEN + 1], hint[160];
	struct suggest s;

	for (size_t i = 0; i <= len && i <= SUGGEST_MAX_LEN; i++)
		word[i] = text_fold(text[i]);
	suggest_init(&s, word, len);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (len >= 3 && len <= strlen(names[i]) && memcmp(word, names[i], len) == 0)
			s.best = names[i];
		else
			suggest_offer(&s, names[i]);
	}
	suggest_text(&s, hint, sizeof hint);
	if (!hint[0])
		snprintf(hint, sizeof hint, "one of emergency, alert, critical, error, warning, notice, informational, debug");
	load_log_hint(&b->log, m, hint);
}

void near_source(struct ruleset_builder *b, struct load_message *m, const char *source)
{
	const struct ruleset_options *o = &b->options;
	struct suggest s;
	struct buf hint;

	suggest_init(&s, source, strlen(source));
	for (size_t i = 0; i < o->source_count; i++)
		suggest_offer(&s, o->sources[i].vocab->source);
	buf_init(&hint, 1024);
	if (s.best)
		buf_printf(&hint, "did you mean '%s'? ", s.best);
	buf_append_str(&hint, "known are: ");
	for (size_t i = 0; i < o->source_count; i++)
		buf_printf(&hint, "%s%s", i ? ", " : "", o->sources[i].vocab->source);
	load_log_hint(&b->log, m, buf_cstr(&hint));
	buf_release(&hint);
}

void near_defined(struct ruleset_builder *b, struct load_message *m, const struct ptr_list *defined, const char *name)
{
	struct suggest s;

	suggest_init(&s, name, strlen(name));
	for (size_t i = 0; i < defined->count && b->suggestions < BUILD_MAX_SUGGESTIONS; i++, b->suggestions++) {
		const struct raw_item *item = defined->items[i];    /* rules, macros and lists begin with it */

		suggest_offer(&s, item->name);
	}
	add_hint(b, m, &s);
}

static bool knows(const struct vocabulary *v, const struct field_index *fields, const struct cond_diag *why)
{
	if (why->code == COND_UNKNOWN_FIELD)
		return field_find(v, fields, why->name, why->name_len) != NULL;
	for (size_t i = 0; i < v->event_type_count; i++)
		if (strlen(v->event_types[i]) == why->name_len && memcmp(v->event_types[i], why->name, why->name_len) == 0)
			return true;
	return false;
}

void near_other_source(struct ruleset_builder *b, const struct raw_rule *rule, struct cond_diag *why)
{
	const struct ruleset_options *o = &b->options;
	bool unknown = why->code == COND_UNKNOWN_FIELD || why->code == COND_UNKNOWN_EVENT_TYPE;

	if (!unknown || why->name_len == 0)
		return;
	for (size_t i = 0; i < o->source_count; i++) {
		const struct vocabulary *v = o->sources[i].vocab;

		if (i == rule->source_index || !knows(v, b->fields[i], why))
			continue;
		snprintf(why->hint, sizeof why->hint, "'%.*s' belongs to source '%s'%s%s%s", (int)why->name_len, why->name,
			v->source, v->windows ? ": does the rule lack `source: " : ", the rule's is '",
			v->windows ? v->source : rule->source, v->windows ? "`?" : "'");
		return;
	}
}
