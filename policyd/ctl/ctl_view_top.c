/* policyctl top: what changed between two answers, the largest first. */
#include "policyd/ctl/ctl_view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/ctl/ctl_json.h"

enum { MAX_ROWS = 4096 };

struct row {
	char name[80];
	double rate;               /* per second; for rules: microseconds of time per second */
	int64_t total;
};

struct table {
	struct row *rows;
	size_t count;
};

static int by_rate(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->rate != y->rate)
		return x->rate < y->rate ? 1 : -1;
	return x->total < y->total ? 1 : x->total > y->total ? -1 : strcmp(x->name, y->name);
}

static void add_row(struct table *t, const char *name, double rate, int64_t total)
{
	struct row *row = &t->rows[t->count];

	if (t->count == MAX_ROWS)
		return;
	t->count++;
	snprintf(row->name, sizeof row->name, "%.*s", (int)sizeof row->name - 1, name);
	row->rate = rate;
	row->total = total;
}

static const json_t *find(const json_t *array, const char *key, const json_t *value)
{
	size_t i;
	json_t *item;

	json_array_foreach(array, i, item) {
		if (json_equal(json_object_get(item, key), value))
			return item;
	}
	return NULL;
}

static void write_table(struct table *t, size_t lines, const char *head, struct buf *out)
{
	buf_printf(out, "\n%s\n", head);
	qsort(t->rows, t->count, sizeof *t->rows, by_rate);
	for (size_t i = 0; i < t->count && i < lines; i++)
		buf_printf(out, "%12.0f %14" PRId64 "  %s\n", t->rows[i].rate, t->rows[i].total, t->rows[i].name);
	t->count = 0;
}

static void fill_types(struct table *t, const json_t *before, const json_t *now, double seconds)
{
	const json_t *old = json_object_get(before, "events_by_type");
	const char *type;
	json_t *n;

	json_object_foreach(json_object_get(now, "events_by_type"), type, n) {
		int64_t total = json_integer_value(n);

		add_row(t, type, seconds > 0 ? (double)(total - ctl_json_number(old, type)) / seconds : 0, total);
	}
}

static void fill_rules(struct table *t, const json_t *before, const json_t *now, double seconds)
{
	const json_t *old = json_object_get(before, "rules");
	size_t i;
	json_t *r;

	json_array_foreach(json_object_get(now, "rules"), i, r) {
		int64_t spent = ctl_json_number(r, "time_ns") - ctl_json_number(find(old, "name", json_object_get(r, "name")), "time_ns");

		add_row(t, ctl_json_text(r, "name"), seconds > 0 ? (double)spent / 1000 / seconds : 0, ctl_json_number(r, "matches"));
	}
}

static void fill_processes(struct table *t, const json_t *before, const json_t *now, double seconds)
{
	const json_t *old = json_object_get(before, "processes");
	size_t i;
	json_t *p;

	json_array_foreach(json_object_get(now, "processes"), i, p) {
		int64_t total = ctl_json_number(p, "events");
		int64_t more = total - ctl_json_number(find(old, "pid", json_object_get(p, "pid")), "events");
		char name[100];

		snprintf(name, sizeof name, "%" PRId64 " %.64s", ctl_json_number(p, "pid"), ctl_json_text(p, "name"));
		add_row(t, name, seconds > 0 ? (double)more / seconds : 0, total);
	}
}

bool ctl_view_top(struct view before, struct view now, size_t lines, struct buf *out)
{
	json_t *a = ctl_json_parse(before), *b = ctl_json_parse(now);
	struct table t = { .rows = calloc(MAX_ROWS, sizeof *t.rows) };
	double seconds = a ? (double)(ctl_json_number(b, "clock_ns") - ctl_json_number(a, "clock_ns")) / 1e9 : 0;
	bool ok = b && t.rows;

	if (ok) {
		double rate = seconds > 0 ? (double)(ctl_json_number(b, "events") - ctl_json_number(a, "events")) / seconds : 0;

		buf_printf(out, "%.0f events/s, %" PRId64 " events, %" PRId64 " alerts\n", rate, ctl_json_number(b, "events"),
			ctl_json_number(b, "alerts"));
		fill_types(&t, a, b, seconds);
		write_table(&t, lines, "    EVENTS/S          TOTAL  TYPE", out);
		fill_rules(&t, a, b, seconds);
		write_table(&t, lines, "  TIME us/s        MATCHES  RULE", out);
		fill_processes(&t, a, b, seconds);
		write_table(&t, lines, "    EVENTS/S          TOTAL  PROCESS", out);
	}
	free(t.rows);
	json_decref(a);
	json_decref(b);
	return ok;
}
