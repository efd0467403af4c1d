#include "policyd/ruletest/expectation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/suggest.h"

enum { EXPECT_TEXT_BYTES = 1 << 20 };    /* one value as text */

static enum status refuse(const struct yaml_node *at, struct diag *why, const char *fmt, const char *a, const char *b)
{
	diag_set(why, ST_MALFORMED, fmt, a, b);
	why->line = (int)at->pos.line;
	why->column = (int)at->pos.column;
	return ST_MALFORMED;
}

/* ---- reading ---- */

static enum status read_count(const struct yaml_node *node, uint64_t *out, struct diag *why)
{
	*out = 1;
	if (!node)
		return ST_OK;
	*out = 0;
	for (size_t i = 0; yaml_is_scalar(node) && i < node->count && i < 9; i++) {
		if (node->text[i] < '0' || node->text[i] > '9')
			break;
		*out = *out * 10 + (uint64_t)(node->text[i] - '0');
		if (i + 1 == node->count)
			return ST_OK;
	}
	return refuse(node, why, "count is a whole number%s%s", "", "");
}

/* What alerts tell of throttle and threshold. */
static bool is_alert_number(const char *name)
{
	return strcmp(name, "alert.held_back") == 0 || strcmp(name, "alert.count") == 0 || strcmp(name, "alert.distinct") == 0;
}

static uint64_t alert_number(const char *name, const struct correlated *c)
{
	if (strcmp(name, "alert.held_back") == 0)
		return c->held_back;
	return c->distinct == (strcmp(name, "alert.distinct") == 0) ? c->count : 0;
}

static enum status read_field(const struct yaml_entry *e, const struct cond_checker *checker, struct expected_field *out,
	struct diag *why)
{
	struct cond_diag reason = { .text = "" };
	char text[512];
	int n;

	if (!yaml_is_scalar(e->key) || !yaml_is_scalar(e->value))
		return refuse(e->key, why, "match is a map of fields to values%s%s", "", "");
	out->name = e->key->text;
	out->text = e->value->is_null ? NULL : e->value->text;
	out->len = e->value->count;
	if (strncmp(out->name, "alert.", 6) == 0)
		return is_alert_number(out->name) ? ST_OK : refuse(e->key, why, "no field %s%s", out->name, "");
	n = snprintf(text, sizeof text, "*%%%s", e->key->text);
	if (n < 0 || (size_t)n >= sizeof text ||
		template_compile(checker, text, (size_t)n, &out->format, &reason) != ST_OK ||
		template_field_count(out->format) != 1)
		return refuse(e->key, why, reason.hint[0] ? "no field %s; %s" : "no field %s%s", e->key->text, reason.hint);
	return ST_OK;
}

static enum status read_fields(const struct yaml_node *match, const struct cond_checker *checker,
	struct expectation *out, struct diag *why)
{
	enum status st = ST_OK;

	if (!match)
		return ST_OK;
	if (!yaml_is_map(match))
		return refuse(match, why, "match is a map of fields to values%s%s", "", "");
	out->fields = arena_zalloc(checker->arena, (match->count + 1) * sizeof *out->fields);
	if (!out->fields)
		return diag_set(why, ST_NOMEM, "out of memory");
	for (size_t i = 0; st == ST_OK && i < match->count; i++)
		st = read_field(&match->entries[i], checker, &out->fields[out->field_count++], why);
	return st;
}

static enum status check_keys(const struct yaml_node *map, struct diag *why)
{
	static const char *const keys[] = { "rule", "count", "match" };

	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_node *key = map->entries[i].key;
		bool known = false;

		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
			known = known || yaml_scalar_is(key, keys[k]);
		if (!known)
			return refuse(key, why, "an expectation has rule, count and match, but no %s%s",
				yaml_is_scalar(key) ? key->text : "such key", "");
	}
	return ST_OK;
}

static enum status read_one(const struct yaml_node *node, const struct cond_checker *checker, struct expectation *out,
	struct diag *why)
{
	const struct yaml_node *rule = yaml_map_get(node, "rule");
	enum status st;

	if (!yaml_is_map(node) || !yaml_is_scalar(rule))
		return refuse(node, why, "an expectation is a map with a rule%s%s", "", "");
	*out = (struct expectation){ .node = node, .rule = yaml_scalar_is(rule, "*") ? NULL : rule->text };
	st = check_keys(node, why);
	if (st == ST_OK)
		st = read_count(yaml_map_get(node, "count"), &out->count, why);
	if (st == ST_OK)
		st = read_fields(yaml_map_get(node, "match"), checker, out, why);
	return st;
}

enum status expectations_read(const struct yaml_node *node, const struct cond_checker *checker, struct expectations *out,
	struct diag *why)
{
	enum status st = ST_OK;

	memset(out, 0, sizeof *out);
	buf_init(&out->text, EXPECT_TEXT_BYTES);
	if (!yaml_is_sequence(node) || node->count > EXPECT_MAX)
		return refuse(node, why, "expect is a list of expectations%s%s", "", "");
	out->items = arena_zalloc(checker->arena, (node->count + 1) * sizeof *out->items);
	if (!out->items)
		return diag_set(why, ST_NOMEM, "out of memory");
	for (size_t i = 0; st == ST_OK && i < node->count; i++)
		st = read_one(node->items[i], checker, &out->items[out->count++], why);
	return st;
}

void expectations_release(struct expectations *e)
{
	buf_release(&e->text);
}

enum status expectations_check_rules(const struct expectations *e, const struct ruleset *rs, struct diag *why)
{
	for (size_t i = 0; i < e->count; i++) {
		const char *name = e->items[i].rule;
		struct suggest near;
		char hint[160];

		if (!name || ruleset_find(rs, name))
			continue;
		suggest_init(&near, name, strlen(name));
		for (size_t k = 0; k < ruleset_rule_count(rs); k++)
			suggest_offer(&near, ruleset_rule(rs, k)->name);
		suggest_text(&near, hint, sizeof hint);
		return refuse(e->items[i].node, why, hint[0] ? "no rule '%s'; %s" : "no rule '%s'%s", name, hint);
	}
	return ST_OK;
}

/* ---- counting ---- */

static bool field_fits(struct expectations *e, const struct expected_field *f, const struct event_view *view)
{
	static const struct template_style style = { .base64_buffers = false };

	buf_clear(&e->text);
	if (!f->text) {
		template_field_json(f->format, 0, view, &style, &e->text);
		return strcmp(buf_cstr(&e->text), "null") == 0;
	}
	return template_render(f->format, view, &style, &e->text) == TEMPLATE_DONE && e->text.len == f->len &&
	       (f->len == 0 || memcmp(e->text.data, f->text, f->len) == 0);
}

/* Missing and 0 are the same: alerts tell such numbers only when there are some. */
static bool number_fits(const struct expected_field *x, const struct finding *f)
{
	uint64_t number = alert_number(x->name, &f->more);
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, number);
	return x->text ? strcmp(x->text, text) == 0 : number == 0;
}

static bool fits(struct expectations *e, const struct expectation *x, const struct finding *f,
	const struct event_view *view)
{
	if (x->rule && strcmp(x->rule, f->rule->name) != 0)
		return false;
	for (size_t i = 0; i < x->field_count; i++)
		if (x->fields[i].format ? !field_fits(e, &x->fields[i], view) : !number_fits(&x->fields[i], f))
			return false;
	return true;
}

static void note_seen(struct expectations *e, const char *name)
{
	size_t i = 0;

	while (i < e->seen_count && strcmp(e->seen[i].name, name) != 0)
		i++;
	if (i == EXPECT_MAX_SEEN)
		return;
	e->seen[i].name = name;
	e->seen[i].count++;
	if (i == e->seen_count)
		e->seen_count++;
}

void expectations_note(struct expectations *e, const struct finding *f, const struct event_view *view)
{
	e->alerts++;
	note_seen(e, f->rule->name);
	for (size_t i = 0; i < e->count; i++)
		e->items[i].got += fits(e, &e->items[i], f, view);
}

/* ---- the result ---- */

static void tell(const struct expectation *x, struct buf *out)
{
	buf_printf(out, "    line %u: expected %" PRIu64 " of %s%s%s", x->node->pos.line, x->count, x->rule ? "'" : "",
		x->rule ? x->rule : "all alerts together", x->rule ? "'" : "");
	for (size_t i = 0; i < x->field_count; i++)
		buf_printf(out, "%s%s=%s", i ? ", " : " with ", x->fields[i].name, x->fields[i].text ? x->fields[i].text : "<NA>");
	buf_printf(out, ", got %" PRIu64 "\n", x->got);
}

bool expectations_met(const struct expectations *e, struct buf *why)
{
	bool met = true;

	for (size_t i = 0; i < e->count; i++) {
		if (e->items[i].got == e->items[i].count)
			continue;
		met = false;
		tell(&e->items[i], why);
	}
	if (e->count == 0 && e->alerts) {
		met = false;
		buf_printf(why, "    expected no alert, got %" PRIu64 "\n", e->alerts);
	}
	if (met)
		return true;
	buf_append_str(why, e->alerts ? "    alerts:\n" : "    alerts: none\n");
	for (size_t i = 0; i < e->seen_count; i++)
		buf_printf(why, "        %" PRIu64 " x %s\n", e->seen[i].count, e->seen[i].name);
	return false;
}
