#include "tests/conformance/case.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *case_text(const struct case_run *run, const char *key)
{
	const struct yaml_node *node = yaml_map_get(run->node, key);

	return yaml_is_scalar(node) && !node->is_null ? node->text : NULL;
}

const struct yaml_node *case_expected(const struct case_run *run, const char *key)
{
	return yaml_map_get(run->expected, key);
}

void case_fail(struct case_run *run, const char *fmt, ...)
{
	char text[4096];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	buf_printf(run->failure, "    %s\n", text);
}

void case_expect_bool(struct case_run *run, const char *key, bool got)
{
	const struct yaml_node *want = case_expected(run, key);

	if (want && yaml_scalar_is(want, "true") != got)
		case_fail(run, "%s: expected %s, got %s", key, want->text, got ? "true" : "false");
}

void case_expect_number(struct case_run *run, const char *key, int64_t got)
{
	const struct yaml_node *want = case_expected(run, key);

	if (yaml_is_scalar(want) && strtoll(want->text, NULL, 10) != got)
		case_fail(run, "%s: expected %s, got %" PRId64, key, want->text, got);
}

static void compare_text(struct case_run *run, const char *what, const struct yaml_node *want, const char *got)
{
	const char *text = yaml_is_scalar(want) && !want->is_null ? want->text : NULL;

	if (!text && !got)
		return;
	if (!text || !got || strcmp(text, got) != 0)
		case_fail(run, "%s: expected %s, got %s", what, text ? text : "null", got ? got : "null");
}

void case_expect_text(struct case_run *run, const char *key, const char *got)
{
	const struct yaml_node *want = case_expected(run, key);

	if (want)
		compare_text(run, key, want, got);
}

void case_expect_contains(struct case_run *run, const char *key, const char *got)
{
	const struct yaml_node *want = case_expected(run, key);

	if (run->strict_text && yaml_is_scalar(want) && (!got || !strstr(got, want->text)))
		case_fail(run, "%s: expected ...%s..., got %s", key, want->text, got ? got : "no text");
}

static void join_names(struct buf *out, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s%s", i ? ", " : "", names[i]);
}

static void join_items(struct buf *out, const struct yaml_node *want)
{
	for (size_t i = 0; i < want->count; i++)
		buf_printf(out, "%s%s", i ? ", " : "", yaml_is_scalar(want->items[i]) ? want->items[i]->text : "?");
}

static void fail_lists(struct case_run *run, const char *what, const struct yaml_node *want, const struct buf *names)
{
	struct buf items;

	buf_init(&items, 1 << 16);
	join_items(&items, want);
	case_fail(run, "%s: expected [%s], got [%.*s]", what, buf_cstr(&items), (int)names->len,
		names->data ? (const char *)names->data : "");
	buf_release(&items);
}

static void compare_joined(struct case_run *run, const char *what, const struct yaml_node *want,
	const char *const *got, size_t count)
{
	struct buf names;

	buf_init(&names, 1 << 16);
	join_names(&names, got, count);
	fail_lists(run, what, want, &names);
	buf_release(&names);
}

void case_compare_list(struct case_run *run, const char *what, const struct yaml_node *want, const char *const *got,
	size_t count)
{
	bool same = yaml_is_sequence(want) && want->count == count;

	for (size_t i = 0; same && i < count; i++)
		same = yaml_scalar_is(want->items[i], got[i]);
	if (!same && yaml_is_sequence(want))
		compare_joined(run, what, want, got, count);
}

void case_expect_list(struct case_run *run, const char *key, const char *const *got, size_t count)
{
	case_compare_list(run, key, case_expected(run, key), got, count);
}

static size_t count_in_node(const struct yaml_node *want, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < want->count; i++)
		n += yaml_scalar_is(want->items[i], name);
	return n;
}

static size_t count_in_names(const char *const *got, size_t count, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += strcmp(got[i], name) == 0;
	return n;
}

void case_expect_multiset(struct case_run *run, const char *key, const char *const *got, size_t count)
{
	const struct yaml_node *want = case_expected(run, key);
	bool same;

	if (!yaml_is_sequence(want))
		return;
	same = want->count == count;
	for (size_t i = 0; same && i < count; i++)
		same = count_in_node(want, got[i]) == count_in_names(got, count, got[i]);
	if (!same)
		compare_joined(run, key, want, got, count);
}

void case_expect_named_text(struct case_run *run, const char *key, const char *name, const char *got)
{
	const struct yaml_node *want = yaml_map_get(case_expected(run, key), name);
	char what[256];

	snprintf(what, sizeof what, "%s of %s", key, name);
	if (want)
		compare_text(run, what, want, got);
}
