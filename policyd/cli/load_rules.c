#include "policyd/cli/load_rules.h"

#include <stdio.h>

#include "policyd/fields/fields.h"
#include "policyd/ruleset/falco_syscall.h"
#include "proto/host/folder.h"
#include "proto/host/places.h"

enum { MESSAGES_BYTES = 16 << 20 };

struct ruleset_builder *load_rules_builder(const char *const *paths, size_t path_count, enum load_use use,
	struct ruleset **out)
{
	/* Falco's own rules load and are checked; on a Windows stream they never run. */
	const struct ruleset_source sources[] = { { .vocab = fields_vocabulary() },
		{ .vocab = falco_syscall_vocabulary(), .inactive = true } };
	const struct ruleset_options options = { .sources = sources, .source_count = 2, .min_priority = PRIORITY_DEBUG,
		.describe = use == LOAD_TO_DESCRIBE };
	struct ruleset_builder *b = ruleset_builder_create(&options);
	enum status st = b ? ST_OK : ST_NOMEM;

	*out = NULL;
	for (size_t i = 0; st == ST_OK && i < path_count; i++)
		st = ruleset_builder_add_path(b, paths[i]);
	if (st == ST_OK)
		st = ruleset_builder_finish(b, out);
	if (st == ST_OK || st == ST_MALFORMED)
		return b;
	fprintf(stderr, "policyd: rules cannot be loaded: %s\n", status_text(st));
	ruleset_builder_destroy(b);
	return NULL;
}

struct ruleset *load_rules(const char *const *paths, size_t path_count, enum load_use use)
{
	char room[PLACE_BYTES];
	const char *fallback = place_expand(PLACE_RULES, room);
	struct ruleset *rs = NULL;
	struct ruleset_builder *b;
	const struct load_results *results;
	struct buf text;

	if (path_count == 0) {
		paths = &fallback;
		path_count = 1;
		if (path_kind_of(fallback) == PATH_ABSENT) {
			fprintf(stderr, "policyd: no rules: give -r FILE|DIR (there is no %s)\n", fallback);
			return NULL;
		}
	}
	b = load_rules_builder(paths, path_count, use, &rs);
	if (!b)
		return NULL;
	results = ruleset_builder_results(b);
	buf_init(&text, MESSAGES_BYTES);
	if (results->errors || (use == LOAD_TO_RUN && results->warnings + results->hints)) {
		load_results_append_text(&text, results);
		fputs(buf_cstr(&text), stderr);
	}
	buf_release(&text);
	if (rs && results->file_count == 0)
		fprintf(stderr, "policyd: no rules: there is no rules file in %s\n", paths[0]);
	ruleset_builder_destroy(b);
	return rs;
}
