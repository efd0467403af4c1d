/* Output texts: what the configuration appends, what is old, and whether they compile (falco-language.md §2.10, §3.3). */
#include "policyd/ruleset/rule_build.h"

#include <stdio.h>
#include <string.h>

#include "policyd/alert/template.h"

static bool has_tag(const struct raw_rule *rule, const char *tag)
{
	for (size_t i = 0; i < rule->tags.count; i++)
		if (strcmp(rule->tags.items[i], tag) == 0)
			return true;
	return false;
}

static bool append_matches(const struct append_output *a, const struct raw_rule *rule)
{
	if ((a->rule && strcmp(a->rule, rule->item.name) != 0) || (a->source && strcmp(a->source, rule->source) != 0))
		return false;
	for (size_t i = 0; i < a->tag_count; i++)
		if (!has_tag(rule, a->tags[i]))
			return false;
	return true;
}

/* " a_b=%a.b" for every field that its vocabulary suggests. */
static void append_suggested(struct buf *out, const struct vocabulary *v)
{
	for (size_t i = 0; i < v->field_count; i++) {
		const char *name = v->fields[i].name;

		if (!(v->fields[i].flags & FIELD_SUGGESTED))
			continue;
		buf_append_char(out, ' ');
		for (const char *p = name; *p; p++)
			buf_append_char(out, *p == '.' ? '_' : *p);
		buf_printf(out, "=%%%s", name);
	}
}

static void append_extra(const struct ruleset_builder *b, const struct raw_rule *rule, struct buf *out)
{
	for (size_t i = 0; i < b->options.append_count; i++) {
		const struct append_output *a = &b->options.append[i];

		if (!append_matches(a, rule))
			continue;
		if (a->extra_output)
			buf_printf(out, " %s", a->extra_output);
		if (a->suggested_output)
			append_suggested(out, b->options.sources[rule->source_index].vocab);
	}
}

static void warn_output(struct ruleset_builder *b, const struct raw_rule *rule, const char *at, const char *field,
	const char *text)
{
	struct place_chain chain;
	struct load_message *m;

	text_place(&rule->output, (size_t)(at - rule->output.ptr), &chain);
	chain.exact.type = "rule output expression";
	m = load_log_add(&b->log, LOAD_DEPRECATED_ITEM, &chain.exact, "%s", text);
	if (m)
		m->deprecated_field = field;
}

/* Copies the output without %container.info, which Falco filled with what append_output gives today. */
static void append_without_container_info(struct ruleset_builder *b, const struct raw_rule *rule, struct buf *out)
{
	static const char field[] = "%container.info";
	const char *p = rule->output.ptr, *hit = strstr(p, field);

	if (hit)
		warn_output(b, rule, hit, "container.info", "%container.info is deprecated and no longer useful: "
			"it is removed from the output; container fields are added automatically");
	for (; hit; hit = strstr(p, field)) {
		buf_append(out, p, (size_t)(hit - p));
		p = hit + sizeof field - 1;
	}
	buf_append_str(out, p);
}

static void warn_deprecated(struct ruleset_builder *b, const struct raw_rule *rule)
{
	const struct vocabulary *v = b->options.sources[rule->source_index].vocab;

	for (size_t i = 0; i < v->field_count; i++) {
		const char *name = v->fields[i].name, *hit;
		char text[256];

		if (!(v->fields[i].flags & FIELD_DEPRECATED) || !(hit = strstr(rule->output.ptr, name)))
			continue;
		snprintf(text, sizeof text, "usage of deprecated field '%.150s' has been detected in the rule output", name);
		warn_output(b, rule, hit, name, text);
	}
}

/* text: the output with the leading "*" that Falco gives all of them. */
static bool output_failed(struct ruleset_builder *b, const struct raw_rule *rule, struct cond_diag *why, bool *skipped)
{
	size_t offset = why->pos.offset ? why->pos.offset - 1 : 0;
	struct place_chain chain;
	enum load_code code = LOAD_ERR_COMPILE_OUTPUT;

	if (why->code == COND_OUT_OF_MEMORY)
		b->log.out_of_memory = true;
	if (rule->skip_unknown && why->code == COND_UNKNOWN_FIELD) {
		code = LOAD_UNKNOWN_FILTER;
		*skipped = true;
	}
	near_other_source(b, rule, why);
	text_place(&rule->output, offset < rule->output.len ? offset : 0, &chain);
	chain.exact.type = "rule output expression";
	load_log_hint(&b->log, load_log_add(&b->log, code, &chain.exact, "%s", why->text), why->hint);
	return *skipped;
}

/* Into *out, in the arena that becomes the ruleset's. */
static enum status make_template(struct ruleset_builder *b, const struct raw_rule *rule, const char *format,
	const struct template **out, struct cond_diag *why)
{
	struct cond_checker checker = checker_for(b, rule->source_index);
	size_t len = strlen(format);
	char *text = arena_alloc(b->keep, len + 2);

	if (!text) {
		why->code = COND_OUT_OF_MEMORY;
		return ST_NOMEM;
	}
	text[0] = '*';
	memcpy(text + 1, format, len + 1);
	checker.arena = b->keep;
	return template_compile(&checker, text, len + 1, out, why);
}

/* Raw fields are formats of that field alone; formats print what is missing, as outputs do. */
static bool make_extra_field(struct ruleset_builder *b, const struct raw_rule *rule, const struct append_field *field,
	struct rule_extra_field *out)
{
	struct cond_diag why = { .code = COND_OK };
	struct place_chain chain;
	char text[512];

	out->raw = !field->format;
	out->name = arena_strdup(b->keep, field->name);
	snprintf(text, sizeof text, "%%%s", field->name);
	if (out->name && make_template(b, rule, field->format ? field->format : text, &out->format, &why) == ST_OK)
		return true;
	load_log_add(&b->log, LOAD_ERR_COMPILE_OUTPUT, item_place(&rule->item, &chain),
		"append_output: extra field '%s' does not compile: %s", field->name, why.text);
	return false;
}

static bool make_extra_fields(struct ruleset_builder *b, struct raw_rule *rule)
{
	struct rule_extra_field *list;
	size_t total = 0, n = 0;
	bool good = true;

	for (size_t i = 0; i < b->options.append_count; i++)
		total += append_matches(&b->options.append[i], rule) ? b->options.append[i].field_count : 0;
	list = arena_zalloc(b->keep, (total ? total : 1) * sizeof *list);
	if (!list) {
		b->log.out_of_memory = true;
		return false;
	}
	for (size_t i = 0; i < b->options.append_count; i++) {
		const struct append_output *a = &b->options.append[i];

		for (size_t k = 0; append_matches(a, rule) && k < a->field_count; k++)
			good = make_extra_field(b, rule, &a->fields[k], &list[n++]) && good;
	}
	rule->extra_fields = list;
	rule->extra_field_count = n;
	return good;
}

bool compile_output(struct ruleset_builder *b, struct raw_rule *rule, bool *skipped)
{
	struct cond_diag why = { .code = COND_OK };
	struct buf text;
	bool too_long;

	buf_init(&text, TEMPLATE_MAX_BYTES * 2);
	append_without_container_info(b, rule, &text);
	append_extra(b, rule, &text);
	too_long = text.failed;
	rule->full_output = arena_strdup(b->keep, buf_cstr(&text));
	buf_release(&text);
	if (!rule->full_output) {
		b->log.out_of_memory = true;
		return false;
	}
	if (too_long || !rule->full_output[0]) {
		why.code = COND_SYNTAX;
		snprintf(why.text, sizeof why.text, "%s",
			too_long ? "output is longer than 65536 bytes" : "empty formatting token");
		return output_failed(b, rule, &why, skipped);
	}
	if (make_template(b, rule, rule->full_output, &rule->output_template, &why) != ST_OK)
		return output_failed(b, rule, &why, skipped);
	warn_deprecated(b, rule);
	return make_extra_fields(b, rule);
}
