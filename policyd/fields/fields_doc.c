/* docs/fields.md, from the vocabulary. */
#include "policyd/fields/fields.h"

static const char *type_name(const struct field *f)
{
	static const char *const names[VALUE_TYPE_COUNT] = { [VT_STRING] = "text", [VT_PATH] = "path",
		[VT_BYTES] = "bytes", [VT_INT8] = "int8", [VT_INT16] = "int16", [VT_INT32] = "int32", [VT_INT64] = "int64",
		[VT_UINT8] = "uint8", [VT_UINT16] = "uint16", [VT_UINT32] = "uint32", [VT_UINT64] = "uint64",
		[VT_PORT] = "port", [VT_BOOL] = "bool", [VT_DOUBLE] = "double", [VT_RELTIME] = "duration",
		[VT_ABSTIME] = "time", [VT_IPADDR] = "address", [VT_IPNET] = "network" };

	return names[f->type];
}

static const char *argument(const struct field *f)
{
	switch (f->arg) {
	case FIELD_ARG_KEY_REQUIRED:
		return "[name]";
	case FIELD_ARG_KEY_OPTIONAL:
		return "[name]?";
	case FIELD_ARG_INDEX_REQUIRED:
		return "[n]";
	case FIELD_ARG_INDEX_OPTIONAL:
		return "[n]?";
	default:
		return "";
	}
}

static size_t class_len(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot ? (size_t)(dot - name) : strlen(name);
}

static void write_notes(const struct field *f, struct buf *out)
{
	static const struct {
		uint32_t flag;
		const char *text;
	} notes[] = { { FIELD_WINDOWS_NAME, "ignores case" }, { FIELD_ANCESTOR, "any ancestor without index" },
		{ FIELD_FILTER_ONLY, "conditions only" }, { FIELD_DEPRECATED, "deprecated" } };
	const char *between = "";

	for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
		if (!(f->flags & notes[i].flag))
			continue;
		buf_printf(out, "%s%s", between, notes[i].text);
		between = ", ";
	}
}

static void write_doc(const char *doc, struct buf *out)
{
	for (; *doc; doc++) {
		if (*doc == '|' || *doc == '<' || *doc == '\\')
			buf_append_char(out, '\\');
		buf_append_char(out, *doc);
	}
}

static void write_row(const struct field *f, struct buf *out)
{
	buf_printf(out, "| `%s%s` | %s%s | ", f->name, argument(f), f->flags & FIELD_LIST ? "list of " : "", type_name(f));
	write_notes(f, out);
	buf_append_str(out, " | ");
	write_doc(f->doc, out);
	buf_append_str(out, " |\n");
}

static bool same_class(const char *a, const char *b)
{
	size_t n = class_len(a);

	return n == class_len(b) && memcmp(a, b, n) == 0;
}

static bool class_seen_before(const struct vocabulary *v, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (same_class(v->fields[i].name, v->fields[at].name))
			return true;
	}
	return false;
}

bool fields_write_markdown(struct buf *out)
{
	const struct vocabulary *v = fields_vocabulary();

	buf_append_str(out, "# Fields\n\n"
			    "Made from the tables in `policyd/fields/` (a test keeps it so): what conditions and outputs of rules "
			    "with `source: windows` can ask of an event.\n"
			    "A value that an event does not have is missing: every check on it is false, `exists` and `!=` "
			    "included. *Ignores case*: letters A to Z compare equal in either case, as Windows compares names.\n"
			    "`[n]` and `[name]` are arguments; with `?` they may be left out.\n"
			    "`policyd dump` prints what is a number here, durations in ns and times in ns since 1970 included, as a "
			    "number, all else as text. In the JSON of alerts `evt.time` and `evt.datetime` are ns since 1970, as in "
			    "Falco's.\n");
	for (size_t i = 0; i < v->field_count; i++) {
		const char *name = v->fields[i].name;

		if (class_seen_before(v, i))
			continue;
		buf_printf(out, "\n## %.*s\n\n| field | type | notes | meaning |\n|---|---|---|---|\n", (int)class_len(name),
			name);
		for (size_t k = i; k < v->field_count; k++) {
			if (same_class(name, v->fields[k].name))
				write_row(&v->fields[k], out);
		}
	}
	return !out->failed;
}
