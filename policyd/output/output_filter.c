#include "policyd/output/output_filter.h"

#include <string.h>

#include "policyd/ruleset/wildcard.h"

static bool has_tag(const struct alert_record *r, const char *tag)
{
	for (size_t i = 0; i < r->tag_count; i++)
		if (strcmp(r->tags[i], tag) == 0)
			return true;
	return false;
}

static bool tags_pass(const struct output_filter *f, const struct alert_record *r)
{
	for (size_t i = 0; i < f->tag_count; i++)
		if (has_tag(r, f->tags[i]))
			return true;
	return f->tag_count == 0;
}

static bool rules_pass(const struct output_filter *f, const struct alert_record *r)
{
	for (size_t i = 0; i < f->rule_count; i++)
		if (wildcard_match(f->rules[i], r->rule))
			return true;
	return f->rule_count == 0;
}

bool output_filter_passes(const struct output_filter *f, const struct alert_record *r)
{
	return r->priority <= f->min_priority && tags_pass(f, r) && rules_pass(f, r);
}
