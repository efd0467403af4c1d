#include "policyd/ruletest/junit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/base/text.h"

void junit_init(struct junit *j)
{
	memset(j, 0, sizeof *j);
	buf_init(&j->cases, JUNIT_MAX_BYTES);
	buf_init(&j->suites, JUNIT_MAX_BYTES);
}

void junit_release(struct junit *j)
{
	buf_release(&j->cases);
	buf_release(&j->suites);
}

/* XML 1.0 has no way to write most control characters; what is no UTF-8 becomes U+FFFD. */
static void append_xml(struct buf *out, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t n = text_utf8_sequence(text, left);
		unsigned char c = (unsigned char)*text;

		if (n == 0)
			buf_append_str(out, "\xEF\xBF\xBD");
		else if (c == '<' || c == '&' || c == '>' || c == '"' || c == '\n')
			buf_printf(out, "&#%u;", c);
		else if (c < 0x20 && c != '\t')
			buf_append_char(out, '?');
		else
			buf_append(out, text, n);
		text += n ? n : 1;
		left -= n ? n : 1;
	}
}

static void append_attribute(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, " %s=\"", name);
	append_xml(out, text);
	buf_append_char(out, '"');
}

static void append_seconds(struct buf *out, uint64_t ns)
{
	buf_printf(out, " time=\"%" PRIu64 ".%06" PRIu64 "\"", ns / 1000000000, ns % 1000000000 / 1000);
}

static void end_suite(struct junit *j)
{
	if (!j->file[0])
		return;
	buf_append_str(&j->suites, "  <testsuite");
	append_attribute(&j->suites, "name", j->file);
	buf_printf(&j->suites, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\"", j->tests, j->failures);
	append_seconds(&j->suites, j->elapsed_ns);
	buf_append_str(&j->suites, ">\n");
	if (j->cases.failed)
		j->suites.failed = true;
	buf_append(&j->suites, j->cases.data, j->cases.len);
	buf_append_str(&j->suites, "  </testsuite>\n");
	buf_clear(&j->cases);
	j->tests = j->failures = 0;
	j->elapsed_ns = 0;
}

void junit_add(struct junit *j, const struct ruletest_case *c)
{
	if (strcmp(j->file, c->file) != 0)
		end_suite(j);
	snprintf(j->file, sizeof j->file, "%s", c->file);
	j->tests++;
	j->all_tests++;
	j->failures += !c->passed;
	j->all_failures += !c->passed;
	j->elapsed_ns += c->elapsed_ns;
	buf_append_str(&j->cases, "    <testcase");
	append_attribute(&j->cases, "classname", c->file);
	append_attribute(&j->cases, "name", c->name);
	buf_printf(&j->cases, " line=\"%u\"", c->line);
	append_seconds(&j->cases, c->elapsed_ns);
	if (c->passed) {
		buf_append_str(&j->cases, "/>\n");
		return;
	}
	buf_append_str(&j->cases, ">\n      <failure message=\"");
	append_xml(&j->cases, c->why);
	buf_append_str(&j->cases, "\"/>\n    </testcase>\n");
}

bool junit_write(struct junit *j, struct buf *out)
{
	end_suite(j);
	j->file[0] = '\0';
	buf_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%zu\" failures=\"%zu\">\n",
		j->all_tests, j->all_failures);
	buf_append(out, j->suites.data, j->suites.len);
	buf_append_str(out, "</testsuites>\n");
	return !out->failed && !j->suites.failed;
}
