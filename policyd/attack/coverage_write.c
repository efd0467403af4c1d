#include "policyd/attack/coverage_parts.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json_out.h"

enum { NAME_COLUMN = 56, BAR_CHARS = 24 };

/* What one tactic holds. */
struct tally {
	size_t rules;                /* different ones */
	size_t covered;              /* techniques and sub-techniques that a rule names */
	size_t known;                /* of Windows, or before any platform */
};

/* Of Windows; the two tactics before an attack reaches a machine know no platform. */
static bool counts(const struct attack_technique *t)
{
	return !t->other && !(t->platforms & ATTACK_NEWER) && (t->platforms & ATTACK_WINDOWS || t->tactics <= 3);
}

static size_t first_of_tactic(const struct coverage *c, size_t tactic)
{
	size_t i = 0;

	while (i < c->hit_count && c->hits[i].tactic < tactic)
		i++;
	return i;
}

static int compare_rules(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Different rules of the hits [from, to). */
static size_t count_rules(const struct coverage *c, size_t from, size_t to)
{
	uint32_t *rules = to > from ? malloc((to - from) * sizeof *rules) : NULL;
	size_t count = 0;

	if (!rules)
		return 0;
	for (size_t i = from; i < to; i++)
		rules[i - from] = c->hits[i].rule;
	qsort(rules, to - from, sizeof *rules, compare_rules);
	for (size_t i = 0; i < to - from; i++)
		count += i == 0 || rules[i] != rules[i - 1];
	free(rules);
	return count;
}

static struct tally tally_of(const struct coverage *c, size_t tactic)
{
	size_t from = first_of_tactic(c, tactic), to = first_of_tactic(c, tactic + 1);
	struct tally t = { .rules = count_rules(c, from, to) };

	for (size_t i = from; i < to; i = coverage_cell_at(c, i).to) {
		struct coverage_cell cell = coverage_cell_at(c, i);

		t.covered += cell.technique && cell.direct && counts(cell.technique);
	}
	for (size_t i = 0; i < attack_technique_count(); i++) {
		const struct attack_technique *technique = attack_technique(i);

		t.known += counts(technique) && technique->tactics >> tactic & 1;
	}
	return t;
}

/* ---- text ---- */

static void write_row(const struct attack_technique *t, const struct coverage_cell *cell, struct buf *out)
{
	bool is_sub = strchr(t->id, '.') != NULL;
	size_t rules = cell ? cell->to - cell->from : 0;

	buf_printf(out, "  %-9s  %s%-*s", is_sub ? strchr(t->id, '.') : t->id, is_sub ? "  " : "",
		is_sub ? NAME_COLUMN - 2 : NAME_COLUMN, t->name);
	if (cell)
		buf_printf(out, "%4zu  ", rules);
	else
		buf_append_str(out, "   -");
	for (size_t i = 0; i < rules && i < BAR_CHARS; i++)
		buf_append_str(out, i + 1 == BAR_CHARS && rules > BAR_CHARS ? "+" : "#");
	buf_append_char(out, '\n');
}

/* Cells of one tactic, and with missing what stands between them in the table. */
static void write_cells(const struct coverage *c, size_t tactic, bool missing, struct buf *out)
{
	size_t at = first_of_tactic(c, tactic), to = first_of_tactic(c, tactic + 1);

	for (size_t i = 0; i < attack_technique_count(); i++) {
		const struct attack_technique *t = attack_technique(i);

		if (at < to && c->hits[at].technique == i) {
			struct coverage_cell cell = coverage_cell_at(c, at);

			write_row(t, &cell, out);
			at = cell.to;
		} else if (missing && counts(t) && t->tactics >> tactic & 1) {
			write_row(t, NULL, out);
		}
	}
}

bool coverage_write_text(const struct coverage *c, bool missing, struct buf *out)
{
	buf_printf(out, "ATT&CK %s as %zu rules claim it by their tags\n", ATTACK_RELEASE, c->rules);
	for (size_t i = 0; i < ATTACK_TACTIC_COUNT; i++) {
		struct tally t = tally_of(c, i);

		if (!t.rules && !missing)
			continue;
		buf_printf(out, "\n%s (%s): %zu rules, %zu of %zu Windows techniques\n", attack_tactic(i)->name, attack_tactic(i)->id,
			t.rules, t.covered, t.known);
		write_cells(c, i, missing, out);
	}
	buf_append_char(out, '\n');
	for (size_t i = 0; i < ATTACK_TACTIC_COUNT && !missing; i++) {
		if (!tally_of(c, i).rules)
			buf_printf(out, "No rule: %s (%s)\n", attack_tactic(i)->name, attack_tactic(i)->id);
	}
	if (c->rules_untagged)
		buf_printf(out, "Rules without a technique or tactic: %zu\n", c->rules_untagged);
	if (c->rules_left_out)
		buf_printf(out, "Rules that do not run, not counted: %zu\n", c->rules_left_out);
	for (size_t i = 0; i < c->unknown_count; i++)
		buf_printf(out, "Unknown: %s of rule %s\n", c->unknown[i].tag, c->unknown[i].rule->name);
	return !out->failed;
}

/* ---- JSON ---- */

static void write_rule_names(const struct coverage *c, const struct coverage_cell *cell, bool direct, struct json_out *j)
{
	json_open(j, direct ? "rules" : "rules_below", '[');
	for (size_t i = cell->from; i < cell->to; i++) {
		if (c->hits[i].direct == direct)
			json_text(j, NULL, ruleset_rule(c->rs, c->hits[i].rule)->name);
	}
	json_close(j, ']');
}

static void write_json_tactic(const struct coverage *c, size_t tactic, struct json_out *j)
{
	size_t at = first_of_tactic(c, tactic), to = first_of_tactic(c, tactic + 1);
	struct tally t = tally_of(c, tactic);

	json_open(j, NULL, '{');
	json_text(j, "id", attack_tactic(tactic)->id);
	json_text(j, "name", attack_tactic(tactic)->name);
	json_count(j, "rules", t.rules);
	json_count(j, "techniques_covered", t.covered);
	json_count(j, "techniques_of_windows", t.known);
	json_open(j, "techniques", '[');
	while (at < to) {
		struct coverage_cell cell = coverage_cell_at(c, at);

		at = cell.to;
		if (!cell.technique)
			continue;
		json_open(j, NULL, '{');
		json_text(j, "id", cell.technique->id);
		json_text(j, "name", cell.technique->name);
		write_rule_names(c, &cell, true, j);
		write_rule_names(c, &cell, false, j);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

bool coverage_write_json(const struct coverage *c, struct buf *out)
{
	struct json_out j = json_out_to(out);

	json_open(&j, NULL, '{');
	json_text(&j, "attack", ATTACK_RELEASE);
	json_count(&j, "rules", c->rules);
	json_count(&j, "rules_not_running", c->rules_left_out);
	json_count(&j, "rules_untagged", c->rules_untagged);
	json_open(&j, "tactics", '[');
	for (size_t i = 0; i < ATTACK_TACTIC_COUNT; i++)
		write_json_tactic(c, i, &j);
	json_close(&j, ']');
	json_open(&j, "unknown_tags", '[');
	for (size_t i = 0; i < c->unknown_count; i++) {
		json_open(&j, NULL, '{');
		json_text(&j, "rule", c->unknown[i].rule->name);
		json_text(&j, "tag", c->unknown[i].tag);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	return buf_append_char(out, '\n');
}

/* ---- Navigator ---- */

static void write_navigator_cell(const struct coverage *c, const struct coverage_cell *cell, struct json_out *j)
{
	struct buf names;

	buf_init(&names, 1 << 20);
	for (size_t i = cell->from; i < cell->to; i++) {
		if (c->hits[i].direct)
			buf_printf(&names, "%s%s", names.len ? ", " : "", ruleset_rule(c->rs, c->hits[i].rule)->name);
	}
	json_open(j, NULL, '{');
	json_text(j, "techniqueID", cell->technique->id);
	json_text(j, "tactic", attack_tactic(cell->tactic)->slug);
	json_count(j, "score", cell->to - cell->from);
	json_text(j, "comment", buf_cstr(&names));
	json_bool(j, "enabled", true);
	json_bool(j, "showSubtechniques", cell->direct < cell->to - cell->from);
	json_close(j, '}');
	buf_release(&names);
}

static void write_navigator_head(const struct coverage *c, const char *name, struct json_out *j)
{
	json_text(j, "name", name);
	json_open(j, "versions", '{');
	json_text(j, "attack", "18");
	json_text(j, "navigator", "5.2.0");
	json_text(j, "layer", "4.5");
	json_close(j, '}');
	json_text(j, "domain", "enterprise-attack");
	json_key(j, "description");
	buf_printf(j->to, "\"%zu rules; the score of a technique is the number of rules that name it or one below it\"", c->rules);
	json_number(j, "sorting", 3);
	json_open(j, "layout", '{');
	json_text(j, "layout", "side");
	json_bool(j, "showID", true);
	json_bool(j, "showName", true);
	json_text(j, "expandedSubtechniques", "annotated");
	json_close(j, '}');
	json_bool(j, "hideDisabled", false);
}

bool coverage_write_navigator(const struct coverage *c, const char *name, struct buf *out)
{
	struct json_out j = json_out_to(out);
	size_t most = 1;

	json_open(&j, NULL, '{');
	write_navigator_head(c, name, &j);
	json_open(&j, "techniques", '[');
	for (size_t at = 0; at < c->hit_count;) {
		struct coverage_cell cell = coverage_cell_at(c, at);

		at = cell.to;
		if (!cell.technique || cell.technique->platforms & ATTACK_NEWER)
			continue;
		if (cell.to - cell.from > most)
			most = cell.to - cell.from;
		write_navigator_cell(c, &cell, &j);
	}
	json_close(&j, ']');
	json_open(&j, "gradient", '{');
	json_open(&j, "colors", '[');
	json_text(&j, NULL, "#e0f2f1");
	json_text(&j, NULL, "#00695c");
	json_close(&j, ']');
	json_number(&j, "minValue", 0);
	json_count(&j, "maxValue", most);
	json_close(&j, '}');
	json_close(&j, '}');
	return buf_append_char(out, '\n');
}
