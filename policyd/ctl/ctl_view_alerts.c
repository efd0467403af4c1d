/* Alerts as rows of a table. Their texts hold what programs on the watched machine wrote: nothing of it may reach the terminal
 * as a control sequence. */
#include "policyd/ctl/ctl_view.h"

#include <string.h>

#include "policyd/ctl/ctl_json.h"

enum { WHERE_COLUMNS = 24, MAX_RULE_COLUMNS = 48 };

/* Length of the control character at text: C0 and DEL, or C1 in UTF-8; 0: it is none. */
static size_t control_bytes(const char *text)
{
	unsigned char first = (unsigned char)text[0], second = (unsigned char)(first ? text[1] : 0);

	if ((first && first < 0x20) || first == 0x7f)
		return 1;
	return first == 0xc2 && second >= 0x80 && second < 0xa0 ? 2 : 0;
}

/* Columns written: a character of UTF-8 counts as one. */
static size_t append_shown(struct buf *out, const char *text)
{
	size_t columns = 0;

	while (*text) {
		size_t control = control_bytes(text);

		if (control)
			buf_append_char(out, '?');
		else
			buf_append_char(out, *text);
		columns += control || ((unsigned char)*text & 0xc0) != 0x80;
		text += control ? control : 1;
	}
	return columns;
}

static void append_cell(struct buf *out, const char *text, size_t width)
{
	size_t columns = append_shown(out, text);

	do
		buf_append_char(out, ' ');
	while (++columns <= width);
}

/* Falco's line without its time and priority, which have columns of their own. */
static const char *message_of(const json_t *alert)
{
	const char *output = ctl_json_text(alert, "output"), *priority = ctl_json_text(alert, "priority");
	const char *at = strstr(output, ": ");
	size_t len = strlen(priority);

	return at && len && strncmp(at + 2, priority, len) == 0 && at[2 + len] == ' ' ? at + 3 + len : output;
}

/* "2026-01-02T03:04:05.678901234Z" to the millisecond. */
static void append_time(struct buf *out, const char *time)
{
	enum { TO_MILLISECONDS = 23 };

	if (strlen(time) <= TO_MILLISECONDS) {
		append_cell(out, time, TO_MILLISECONDS + 1);
		return;
	}
	buf_append(out, time, TO_MILLISECONDS);
	buf_append_str(out, "Z ");
}

static void append_row(const json_t *alert, size_t rule_columns, struct buf *out)
{
	const char *pod = ctl_json_text(json_object_get(alert, "output_fields"), "k8s.pod.name");

	append_time(out, ctl_json_text(alert, "time"));
	append_cell(out, ctl_json_text(alert, "priority"), sizeof "Informational" - 1);
	append_cell(out, pod[0] ? pod : ctl_json_text(alert, "hostname"), WHERE_COLUMNS);
	append_cell(out, ctl_json_text(alert, "rule"), rule_columns);
	append_shown(out, message_of(alert));
	buf_append_char(out, '\n');
}

bool ctl_view_alert(struct view json, struct buf *out)
{
	json_t *root = ctl_json_parse(json);
	bool is_alert = json_is_object(root);

	if (is_alert)
		append_row(root, MAX_RULE_COLUMNS, out);
	json_decref(root);
	return is_alert;
}

static size_t rule_columns(const json_t *alerts)
{
	size_t widest = sizeof "RULE" - 1, i;
	json_t *a;

	json_array_foreach(alerts, i, a) {
		size_t n = strlen(ctl_json_text(json_object_get(a, "alert"), "rule"));

		widest = n > widest ? n : widest;
	}
	return widest < MAX_RULE_COLUMNS ? widest : MAX_RULE_COLUMNS;
}

bool ctl_view_alerts(struct view json, struct buf *out)
{
	json_t *root = ctl_json_parse(json), *a;
	const json_t *alerts = json_object_get(root, "alerts");
	bool ok = json_is_array(alerts);
	size_t columns = rule_columns(alerts), i;

	if (ok && json_array_size(alerts))
		buf_printf(out, "%-24s %-13s %-*s %-*s %s\n", "TIME", "PRIORITY", WHERE_COLUMNS, "POD OR HOST", (int)columns, "RULE", "MESSAGE");
	else if (ok)
		buf_append_str(out, "no alert fits\n");
	json_array_foreach(alerts, i, a)
		append_row(json_object_get(a, "alert"), columns, out);
	if (json_is_true(json_object_get(root, "cut")))
		buf_append_str(out, "... there are more; ask for fewer with --since, --rule, --priority or --limit\n");
	json_decref(root);
	return ok;
}
