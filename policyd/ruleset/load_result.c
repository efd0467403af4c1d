#include "policyd/ruleset/load_result.h"

#include <string.h>

#include "proto/base/text.h"

/* clang-format off */
static const struct {
	const char *name, *text;
	enum load_severity severity;
} codes[LOAD_CODE_COUNT] = {
	[LOAD_ERR_FILE_READ] = { "LOAD_ERR_FILE_READ", "File read error", LOAD_SEVERITY_ERROR },
	[LOAD_ERR_YAML_PARSE] = { "LOAD_ERR_YAML_PARSE", "YAML parse error", LOAD_SEVERITY_ERROR },
	[LOAD_ERR_YAML_VALIDATE] = { "LOAD_ERR_YAML_VALIDATE", "Error validating internal structure of YAML file",
		LOAD_SEVERITY_ERROR },
	[LOAD_ERR_COMPILE_CONDITION] = { "LOAD_ERR_COMPILE_CONDITION", "Error compiling condition", LOAD_SEVERITY_ERROR },
	[LOAD_ERR_COMPILE_OUTPUT] = { "LOAD_ERR_COMPILE_OUTPUT", "Error compiling output", LOAD_SEVERITY_ERROR },
	[LOAD_ERR_VALIDATE] = { "LOAD_ERR_VALIDATE", "Error validating rule/macro/list/exception objects",
		LOAD_SEVERITY_ERROR },
	[LOAD_ERR_EXTENSION] = { "LOAD_ERR_EXTENSION", "Error in extension item", LOAD_SEVERITY_ERROR },
	[LOAD_UNKNOWN_SOURCE] = { "LOAD_UNKNOWN_SOURCE", "Unknown event source", LOAD_SEVERITY_WARNING },
	[LOAD_UNSAFE_NA_CHECK] = { "LOAD_UNSAFE_NA_CHECK", "Unsafe <NA> comparison in condition", LOAD_SEVERITY_WARNING },
	[LOAD_NO_EVTTYPE] = { "LOAD_NO_EVTTYPE", "Condition has no event-type restriction", LOAD_SEVERITY_WARNING },
	[LOAD_UNKNOWN_FILTER] = { "LOAD_UNKNOWN_FILTER", "Unknown field or event-type in condition or output",
		LOAD_SEVERITY_WARNING },
	[LOAD_UNUSED_MACRO] = { "LOAD_UNUSED_MACRO", "Unused macro", LOAD_SEVERITY_WARNING },
	[LOAD_UNUSED_LIST] = { "LOAD_UNUSED_LIST", "Unused list", LOAD_SEVERITY_WARNING },
	[LOAD_UNKNOWN_ITEM] = { "LOAD_UNKNOWN_ITEM", "Unknown rules file item", LOAD_SEVERITY_WARNING },
	[LOAD_DEPRECATED_ITEM] = { "LOAD_DEPRECATED_ITEM", "Used deprecated item", LOAD_SEVERITY_WARNING },
	[LOAD_WARNING_EXTENSION] = { "LOAD_WARNING_EXTENSION", "Warning in extension item", LOAD_SEVERITY_WARNING },
	[LOAD_APPEND_NO_VALUES] = { "LOAD_APPEND_NO_VALUES", "Overriding/appending with no values", LOAD_SEVERITY_WARNING },
	[LOAD_EXCEPTION_NAME_NOT_UNIQUE] = { "LOAD_EXCEPTION_NAME_NOT_UNIQUE",
		"Multiple exceptions defined with the same name", LOAD_SEVERITY_WARNING },
	[LOAD_INVALID_MACRO_NAME] = { "LOAD_INVALID_MACRO_NAME", "Invalid macro name", LOAD_SEVERITY_WARNING },
	[LOAD_INVALID_LIST_NAME] = { "LOAD_INVALID_LIST_NAME", "Invalid list name", LOAD_SEVERITY_WARNING },
	[LOAD_COMPILE_CONDITION] = { "LOAD_COMPILE_CONDITION", "Warning in rule condition", LOAD_SEVERITY_WARNING },
	[LOAD_UNKNOWN_KEY] = { "LOAD_UNKNOWN_KEY", "Unknown key in item definition", LOAD_SEVERITY_WARNING },
	[LOAD_HINT] = { "LOAD_HINT", "Hint", LOAD_SEVERITY_HINT },
};
/* clang-format on */

const char *load_code_name(enum load_code code)
{
	return codes[code].name;
}

const char *load_code_short(enum load_code code)
{
	return codes[code].text;
}

enum load_severity load_code_severity(enum load_code code)
{
	return codes[code].severity;
}

static const char *severity_name(enum load_code code)
{
	static const char *const names[] = { "error", "warning", "hint" };

	return names[load_code_severity(code)];
}

/* Blanks up to the caret; tabs are repeated, so that the caret stands right whatever their width. */
static void append_caret(struct buf *out, const struct load_message *m)
{
	const char *p = m->line_text;
	size_t left = strlen(p);

	buf_append_str(out, "    ");
	for (uint32_t i = 0; i < m->caret; i++) {
		size_t n = left ? text_utf8_sequence(p, left) : 0;

		buf_append_char(out, left && *p == '\t' ? '\t' : ' ');
		p += n;
		left -= n;
	}
	buf_append_str(out, "^\n");
}

/* "in rule 'X', exceptions": every named place but the file as a whole, the outer one first. */
static void append_chain(struct buf *out, const struct load_message *m)
{
	bool any = false;

	for (size_t i = 0; i < m->place_count; i++) {
		const struct load_place *p = &m->places[i];

		if (strcmp(p->type, "rules content") == 0 || strcmp(p->type, "rules content item") == 0)
			continue;
		buf_append_str(out, any ? ", " : "    in ");
		buf_append_str(out, p->type);
		if (p->name[0])
			buf_printf(out, " '%s'", p->name);
		any = true;
	}
	if (any)
		buf_append_char(out, '\n');
}

bool load_message_append_text(struct buf *out, const char *file, const struct load_message *m)
{
	const struct load_place *at = m->place_count ? &m->places[m->place_count - 1] : NULL;

	buf_append_str(out, file);
	if (at && at->line)
		buf_printf(out, ":%u:%u", (unsigned)at->line, (unsigned)at->column);
	buf_printf(out, ": %s: %s", severity_name(m->code), m->text);
	if (m->hint[0])
		buf_printf(out, "; %s", m->hint);
	buf_append_char(out, '\n');
	if (m->line_text) {
		buf_printf(out, "    %s\n", m->line_text);
		append_caret(out, m);
	}
	append_chain(out, m);
	buf_printf(out, "    %s (%s)\n", load_code_name(m->code), load_code_short(m->code));
	return !out->failed;
}

static const char *verdict(const struct load_file_result *r)
{
	return r->errors ? "Invalid" : r->warnings ? "Ok, with warnings" : "Ok";
}

bool load_results_append_text(struct buf *out, const struct load_results *results)
{
	for (const struct load_file_result *r = results->first; r; r = r->next) {
		buf_printf(out, "%s: %s\n", r->name, verdict(r));
		for (const struct load_message *m = r->first; m; m = m->next)
			load_message_append_text(out, r->name, m);
		if (r->not_shown)
			buf_printf(out, "%s: %zu more are not shown\n", r->name, r->not_shown);
	}
	return !out->failed;
}

static void append_short_list(struct buf *out, const struct load_file_result *r, enum load_severity severity)
{
	const char *sep = "";

	buf_append_char(out, '[');
	for (const struct load_message *m = r->first; m; m = m->next) {
		if (load_code_severity(m->code) != severity)
			continue;
		buf_printf(out, "%s%s (%s)", sep, load_code_name(m->code), load_code_short(m->code));
		sep = " ";
	}
	buf_append_char(out, ']');
}

bool load_results_append_short(struct buf *out, const struct load_results *results)
{
	for (const struct load_file_result *r = results->first; r; r = r->next) {
		buf_printf(out, "%s: %s", r->name, verdict(r));
		if (r->errors) {
			buf_printf(out, " %zu errors: ", r->errors);
			append_short_list(out, r, LOAD_SEVERITY_ERROR);
		}
		if (r->warnings) {
			buf_printf(out, " %zu warnings: ", r->warnings);
			append_short_list(out, r, LOAD_SEVERITY_WARNING);
		}
		buf_append_char(out, '\n');
	}
	return !out->failed;
}

static void append_string(struct buf *out, const char *key, const char *text)
{
	buf_printf(out, "\"%s\":", key);
	text_append_json(out, text, strlen(text));
}

static void append_locations(struct buf *out, const char *file, const struct load_message *m)
{
	for (size_t i = 0; i < m->place_count; i++) {
		const struct load_place *p = &m->places[i];

		buf_append_str(out, i ? ",{" : "{");
		append_string(out, "item_type", p->type);
		buf_append_char(out, ',');
		append_string(out, "item_name", p->name);
		buf_append_str(out, ",\"position\":{");
		append_string(out, "name", file);
		buf_printf(out, ",\"line\":%u,\"column\":%u,\"offset\":%u}}", (unsigned)(p->line ? p->line - 1 : 0),
			(unsigned)(p->column ? p->column - 1 : 0), (unsigned)p->offset);
	}
}

static void append_json_message(struct buf *out, const char *file, const struct load_message *m)
{
	struct buf snippet;

	buf_append_char(out, '{');
	append_string(out, "code", load_code_name(m->code));
	buf_append_char(out, ',');
	append_string(out, "codedesc", load_code_short(m->code));
	buf_append_str(out, ",\"message\":\"");
	text_append_json_body(out, m->text, strlen(m->text));
	if (m->hint[0]) {
		buf_append_str(out, "; ");
		text_append_json_body(out, m->hint, strlen(m->hint));
	}
	buf_append_str(out, "\",\"context\":{\"locations\":[");
	append_locations(out, file, m);
	buf_append_str(out, "],");
	buf_init(&snippet, 8192);
	if (m->line_text) {
		buf_printf(&snippet, "%s\n", m->line_text);
		for (uint32_t i = 0; i < m->caret; i++)
			buf_append_char(&snippet, ' ');
		buf_append_str(&snippet, "^\n");
	}
	append_string(out, "snippet", buf_cstr(&snippet));
	buf_release(&snippet);
	buf_append_char(out, '}');
	if (m->deprecated_field) {
		buf_append_char(out, ',');
		append_string(out, "deprecated_field", m->deprecated_field);
	}
	buf_append_char(out, '}');
}

static void append_json_list(struct buf *out, const struct load_file_result *r, enum load_severity severity)
{
	const char *sep = "";

	for (const struct load_message *m = r->first; m; m = m->next) {
		if (load_code_severity(m->code) != severity)
			continue;
		buf_append_str(out, sep);
		append_json_message(out, r->name, m);
		sep = ",";
	}
}

/* Falco checks files against a schema that is stricter than its loader. What the reader finds of that kind are unknown
 * keys and items and errors of structure. */
static bool schema_fits(const struct load_file_result *r)
{
	for (const struct load_message *m = r->first; m; m = m->next)
		if (m->code == LOAD_UNKNOWN_KEY || m->code == LOAD_UNKNOWN_ITEM || m->code == LOAD_ERR_YAML_VALIDATE ||
			m->code == LOAD_ERR_YAML_PARSE || m->code == LOAD_ERR_FILE_READ)
			return false;
	return true;
}

bool load_results_append_json(struct buf *out, const struct load_results *results)
{
	buf_append_str(out, "{\"falco_load_results\":[");
	for (const struct load_file_result *r = results->first; r; r = r->next) {
		buf_append_str(out, r == results->first ? "{" : ",{");
		append_string(out, "name", r->name);
		buf_printf(out, ",\"successful\":%s,\"schema_valid\":%s,\"schema_warnings\":[],\"errors\":[",
			r->errors ? "false" : "true", schema_fits(r) ? "true" : "false");
		append_json_list(out, r, LOAD_SEVERITY_ERROR);
		buf_append_str(out, "],\"warnings\":[");
		append_json_list(out, r, LOAD_SEVERITY_WARNING);
		buf_append_str(out, "]}");
	}
	buf_append_str(out, "]}");
	return !out->failed;
}
