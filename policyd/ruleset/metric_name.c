#include "policyd/ruleset/metric_name.h"

static bool is_allowed(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':';
}

bool metric_name_append(struct buf *out, const char *name, size_t len)
{
	size_t start = out->len;

	for (size_t i = 0; i < len; i++) {
		bool after_underscore = out->len > start && out->data[out->len - 1] == '_';

		if (is_allowed(name[i]))
			buf_append_char(out, name[i]);
		else if (!after_underscore)
			buf_append_char(out, '_');
	}
	if (!out->failed && out->len > start && out->data[out->len - 1] == '_')
		out->len--;
	return !out->failed;
}
