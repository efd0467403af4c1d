#include "policyd/daemon/ruleset_diff.h"

#include <string.h>

#include "policyd/correlate/correlation.h"

void ruleset_diff_init(struct ruleset_diff *d)
{
	*d = (struct ruleset_diff){ .added = 0 };
	buf_init(&d->text, 1 << 20);
}

void ruleset_diff_release(struct ruleset_diff *d)
{
	buf_release(&d->text);
}

static bool same_names(const struct name_list *a, const struct name_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->names[i], b->names[i]) != 0)
			return false;
	}
	return true;
}

static bool same_extra_fields(const struct rule *a, const struct rule *b)
{
	if (a->extra_field_count != b->extra_field_count)
		return false;
	for (size_t i = 0; i < a->extra_field_count; i++) {
		if (strcmp(a->extra_fields[i].name, b->extra_fields[i].name) != 0)
			return false;
	}
	return true;
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
	return a->priority == b->priority && a->runs == b->runs && strcmp(a->source, b->source) == 0 &&
		a->condition_hash == b->condition_hash && strcmp(a->output, b->output) == 0 &&
		strcmp(a->desc, b->desc) == 0 && same_names(&a->tags, &b->tags) && same_extra_fields(a, b) &&
		correlation_same(a->correlation, b->correlation);
}

static void name(struct ruleset_diff *d, char mark, const char *rule, size_t *left)
{
	if (*left == 0)
		return;
	--*left;
	buf_printf(&d->text, "%c %s\n", mark, rule);
}

void ruleset_diff_make(struct ruleset_diff *d, const struct ruleset *before, const struct ruleset *after, size_t max_named)
{
	size_t left = max_named, all;

	for (size_t i = 0; i < ruleset_rule_count(after); i++) {
		const struct rule *now = ruleset_rule(after, i), *old = ruleset_find(before, now->name);

		if (!old) {
			d->added++;
			name(d, '+', now->name, &left);
		} else if (!same_rule(old, now)) {
			d->changed++;
			name(d, '~', now->name, &left);
		}
	}
	for (size_t i = 0; i < ruleset_rule_count(before); i++) {
		if (ruleset_find(after, ruleset_rule(before, i)->name))
			continue;
		d->removed++;
		name(d, '-', ruleset_rule(before, i)->name, &left);
	}
	all = d->added + d->removed + d->changed;
	if (all > max_named)
		buf_printf(&d->text, "and %zu more\n", all - max_named);
}
