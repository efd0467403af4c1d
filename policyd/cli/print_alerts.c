#include "policyd/cli/print_alerts.h"

enum { ALERT_LINE_BYTES = 4 << 20 };    /* an alert larger than this is cut by nobody downstream in a useful way */

bool print_alerts_init(struct print_alerts *p, const struct alert_settings *settings, FILE *out)
{
	*p = (struct print_alerts){ .out = out, .writer = alert_writer_create(settings) };
	buf_init(&p->line, ALERT_LINE_BYTES);
	return p->writer != NULL;
}

void print_alerts_release(struct print_alerts *p)
{
	alert_writer_destroy(p->writer);
	buf_release(&p->line);
}

bool print_alerts_sink(void *ctx, const struct alert *a)
{
	struct print_alerts *p = ctx;

	buf_clear(&p->line);
	if (!alert_write(p->writer, a, &p->line) || !buf_append_char(&p->line, '\n'))
		p->too_long++;
	else if (fwrite(p->line.data, 1, p->line.len, p->out) != p->line.len)
		p->failed = true;
	return !p->failed;
}
