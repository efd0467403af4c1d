#include "policyd/daemon/log_output.h"

#include <stdio.h>
#include <string.h>

#include "proto/base/buf.h"
#include "proto/base/clock.h"
#include "proto/base/text.h"
#include "proto/host/os_file.h"

static const char *const level_names[] = { "debug", "info", "warning", "error" };

static void append_time(struct buf *out)
{
	struct calendar c;

	calendar_from_unix_ns(os_wall_ns(), &c);
	buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%03uZ", c.year, c.month, c.day, c.hour, c.minute, c.second,
		c.nanosecond / 1000000);
}

void log_output_sink(void *ctx, enum log_level level, const char *line)
{
	struct log_output *l = ctx;
	struct buf out;

	if (!l->enabled || (int)level < l->level)
		return;
	buf_init(&out, 16 << 10);
	if (l->json) {
		buf_append_str(&out, "{\"time\":\"");
		append_time(&out);
		buf_printf(&out, "\",\"level\":\"%s\",\"message\":", level_names[level]);
		text_append_json(&out, line, strlen(line));
		buf_append_str(&out, "}\n");
	} else {
		append_time(&out);
		buf_printf(&out, " %s: %s\n", level_names[level], line);
	}
	fwrite(out.data, 1, out.len, l->to);
	fflush(l->to);
	buf_release(&out);
}

void log_output_text(enum log_level level, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		log_line(level, "%.*s", n > 900 ? 900 : (int)n, text);
		text += n + (text[n] == '\n');
	}
}
