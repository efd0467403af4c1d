#include "policyd/ruleset/ruleset.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/engine/program.h"
#include "policyd/ruleset/ruleset_parts.h"

struct ruleset *ruleset_ref(struct ruleset *rs)
{
	atomic_fetch_add(&rs->refs, 1);
	return rs;
}

void ruleset_unref(struct ruleset *rs)
{
	if (!rs || atomic_fetch_sub(&rs->refs, 1) != 1)
		return;
	for (size_t i = 0; i < rs->source_count; i++)
		program_destroy(rs->sources[i].program);
	arena_destroy(rs->arena);
	free(rs);
}

size_t ruleset_rule_count(const struct ruleset *rs)
{
	return rs->rule_count;
}

const struct rule *ruleset_rule(const struct ruleset *rs, size_t index)
{
	return &rs->rules[index];
}

const struct rule *ruleset_find(const struct ruleset *rs, const char *name)
{
	return rule_names_get(&rs->by_name, name, strlen(name));
}

size_t ruleset_macro_count(const struct ruleset *rs)
{
	return rs->macro_count;
}

const struct macro_info *ruleset_macro(const struct ruleset *rs, size_t index)
{
	return &rs->macros[index];
}

size_t ruleset_list_count(const struct ruleset *rs)
{
	return rs->list_count;
}

const struct list_info *ruleset_list(const struct ruleset *rs, size_t index)
{
	return &rs->lists[index];
}

struct ruleset_runs ruleset_runs(const struct ruleset *rs, const char *source)
{
	struct ruleset_runs none = { .program = NULL };

	for (size_t i = 0; i < rs->source_count; i++) {
		const struct source_program *s = &rs->sources[i];

		if (strcmp(s->source, source) == 0)
			return (struct ruleset_runs){ .program = s->program, .rules = s->rules, .rule_count = s->rule_count,
				.steps = s->steps, .step_count = s->step_count };
	}
	return none;
}

size_t ruleset_held_bytes(const struct ruleset *rs)
{
	size_t bytes = sizeof *rs + arena_held_bytes(rs->arena);

	for (size_t i = 0; i < rs->source_count; i++)
		if (rs->sources[i].program)
			bytes += program_bytes(rs->sources[i].program);
	return bytes;
}
